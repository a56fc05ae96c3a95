"""The promises: what each requirement means, in our own words, and which tests show that it is kept.

`python -m tests.architecture.promised` writes docs/reference/promises.md anew.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "promises.md"

# Due with the first release; the others are kept as they come.
DUE = frozenset(
    [
        "R0-07",
        "R0-12",
        "R0-21",
        "R0-22",
        "R0-23",
        "R0-24",
        "R0-25",
        "R0-26",
        "R0-29",
        "R1-02",
        "R1-04",
        "R1-05",
        "R1-06",
        "R1-07",
        "R1-08",
        "R1-10",
        "R1-11",
        "R1-12",
        "R1-13",
        "R1-14",
        "R1-18",
        "R1-20",
        "R1-21",
        "R1-25",
        "R1-26",
        "R1-27",
        "R1-28",
        "R1-29",
        "R2-03",
        "R2-05",
        "R2-06",
        "R2-15",
        "R2-16",
        "R2-18",
        "R2-21",
        "R2-23",
        "R2-24",
        "R2-25",
        "R2-26",
        "R2-27",
        "R2-28",
        "R2-29",
        "R2-39",
        "R3-20",
        "R3-21",
        "R3-22",
        "R3-30",
        "R3-31",
        "R3-32",
        "R3-40",
        "R3-41",
        "R3-50",
        "R3-51",
        "R3-52",
    ]
)
MEANINGS: dict[str, str] = {
    "R0-01": "Questions about goods, orders, payment and shipping have categories of their own",
    "R0-02": "Lists, queues and timers stand a million contacts a day",
    "R0-03": "Filing is one click away on the web and in the app",
    "R0-04": "Scale of the app (context, nothing to build)",
    "R0-05": "A service centre shows a consumer the own cases and where to begin",
    "R0-06": "The service centre holds answers and a way to talk",
    "R0-07": "Complaints are taken at any hour, from anywhere",
    "R0-08": "People can look things up first; looking up never stands in the way of filing",
    "R0-09": "Simple questions help themselves, complex ones reach a person",
    "R0-11": "The online channel is open all day",
    "R0-12": "The kind of problem is asked first and leads the form",
    "R0-13": "What self-service cannot solve goes on to a person",
    "R0-14": "Asking for a person, by word or button, is never refused",
    "R0-15": "Who waits sees the place in the queue and the time it may take",
    "R0-16": "A live answer comes within minutes",
    "R0-17": "Peak periods have targets of their own and are reported apart",
    "R0-18": "A conversation survives a refresh: nothing is lost, nothing is doubled",
    "R0-19": "When a channel is closed the others are named",
    "R0-20": "Courtesy is asked of both sides",
    "R0-21": "The description is short and says where the defect is",
    "R0-22": "Order, contact and problem are asked for when filing",
    "R0-23": "Without an order number a complaint is filed all the same and completed later",
    "R0-24": "An order can be cancelled only before it is shipped",
    "R0-25": "A wrong address is a problem of its own, led to where it can be changed",
    "R0-26": "The consumer sees how far the refund is",
    "R0-27": "Staff never ask for bank data or passwords; such data is blocked or masked",
    "R0-28": "What leaks would harm is stored masked, and looking at it leaves a trace",
    "R0-29": "Service and outcome can be rated once after each closing",
    "R0-30": "Ratings flow back: by agent, seller and category, low ones into review",
    "R0-31": "Ratings stand a million rows",
    "R0-32": "Social media messages become cases",
    "R0-33": "A message left on the public account gets a call back",
    "R1-01": "Scale of the marketplace (context)",
    "R1-02": "Quality, logistics and after-sales are the families of problems",
    "R1-03": "Hotline numbers are data of the channel directory",
    "R1-04": "Every complaint has a type",
    "R1-05": "Each type says which evidence it needs",
    "R1-06": "Complete evidence makes a case faster",
    "R1-07": "Calm wording is asked for",
    "R1-08": "Every contact is logged with time, person and the opinion given",
    "R1-09": "The record can be taken along for later claims",
    "R1-10": "The consumer follows the case and can urge, within limits",
    "R1-11": "Complaining again joins the open case, counts, and raises its priority",
    "R1-12": "Quality problems end in return, exchange or repair",
    "R1-13": "For delay and loss our people ask the carrier",
    "R1-14": "Broken promises and bad service are problems we step into",
    "R1-15": "An agent files for a consumer out of a conversation",
    "R1-16": "There is a platform for complaints: pages and an API",
    "R1-17": "Social media has a response target of its own",
    "R1-18": "There is a window for filing, and the rest of it is shown",
    "R1-19": "Filing hints at what evidence is missing",
    "R1-20": "Each side has tasks with due dates, and silence has consequences",
    "R1-21": "A claim above what is reasonable is told so and tagged",
    "R1-22": "Complaining costs nothing",
    "R1-23": "The phone answers from nine to nine, every day",
    "R1-24": "If the phone does not answer, other channels are named",
    "R1-25": "A first opinion within one to three working days",
    "R1-26": "Handled within seven working days",
    "R1-27": "Time follows complexity: longer only with a reason and notice",
    "R1-28": "Who is not satisfied is heard again, by somebody else",
    "R1-29": "Nothing is refused for its kind",
    "R1-30": "The required facts are asked for (as R1-05)",
    "R1-31": "One case, seen the same in every channel, with notes of progress",
    "R2-02": "The platform steps into quality, advertising and return disputes",
    "R2-03": "The platform steps in after the seller was asked",
    "R2-04": "Questions before buying have a category",
    "R2-05": "No answer, or an unsatisfying one, is reason to come to the platform",
    "R2-06": "Wrong address, failed payment: order problems are taken",
    "R2-07": "Disputes after the sale are taken",
    "R2-08": "Service and help are found from the own page",
    "R2-09": "A bot may answer first, and always lets through to a person",
    "R2-10": "Each kind of question finds its own queue and number",
    "R2-11": "Answers to common questions can be searched",
    "R2-12": "Machines help and are measured; they never rule",
    "R2-13": "Arbitrators' skills are kept and trained",
    "R2-14": "Slow or busy service can itself be complained of",
    "R2-15": "Late shipping and the seller's other failings have types of their own",
    "R2-16": "The platform mediates: a proposal to both, accepted or declined by each",
    "R2-17": "Agreed and disputed facts are set side by side, in a moderated thread",
    "R2-18": "Both sides are heard and every ruling cites rules and laws",
    "R2-19": "Sellers see how they fare",
    "R2-21": "Where no ruling is possible the case ends saying so, with the reason",
    "R2-22": "Then the other ways are named, with the file to take along",
    "R2-23": "Evidence is kept and can be fetched by who gave it",
    "R2-24": "First the seller, then the platform; exceptions are stated",
    "R2-25": "A complaint without description, order or evidence is asked to complete itself",
    "R2-26": "The time to expect is shown honestly",
    "R2-27": "Item, price and return terms are kept as they were when bought",
    "R2-28": "Too few pieces is a problem of its own; the signing date is a fact",
    "R2-29": "Order pages, chats and photos are kinds of evidence",
    "R2-30": "Clusters of complaints are found",
    "R2-31": "Repeat offenders are recorded, then warned, restricted, removed",
    "R2-32": "Sellers are told what they have to do",
    "R2-34": "Direction of later work (context)",
    "R2-35": "Outcomes are compared for bias",
    "R2-36": "Second reviews and calibration even out subjectivity",
    "R2-37": "Checklists, stated conflicts and drawn assignments bind the arbitrator",
    "R2-38": "Quality is sampled and scored",
    "R2-39": "Only remedies of the catalogue, and what lies outside is told so",
    "R2-40": "Again: no ruling, legal aid (as R2-21, R2-22)",
    "R2-41": "Key figures are measured",
    "R3-02": "Filing is for who is signed in",
    "R3-03": "Online service is open day and night",
    "R3-04": "Urgent problems are led to the phone",
    "R3-05": "A second number exists: data again",
    "R3-06": "Menu codes of the phone map to categories",
    "R3-07": "Phone hours (as R1-23)",
    "R3-08": "Mail comes in at an address that is data",
    "R3-09": "Long texts come by mail, attachments become evidence",
    "R3-10": "Mail is checked like a form and asked back",
    "R3-11": "Mail is answered within one to two working days",
    "R3-12": "Social accounts are channels",
    "R3-20": "Quality, step one: the seller is found from the order and shown the evidence",
    "R3-21": "Quality, step two: the seller agrees, the goods go back as it says",
    "R3-22": "Quality, step three: it refuses, the platform arbitrates",
    "R3-30": "Logistics, step one: the tracking is there to see",
    "R3-31": "Logistics, step two: standing still, the carrier is asked",
    "R3-32": "Logistics, step three: lost or too late, refund or send again",
    "R3-40": "Colour, size and material that differ are problems of their own",
    "R3-41": "Not as described: the same three steps",
    "R3-50": "Bad service after the sale is a problem of its own",
    "R3-51": "Service, step one: the seller hears the grievance and the demand",
    "R3-52": "Service, step two: the platform arbitrates, and nothing is sent back",
    "R3-60": "Repeats of the rows above",
}


def shown() -> dict[str, list[str]]:
    """Requirement → the test files that carry its mark, in order."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for requirement in _marked(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(requirement, set()).add(path.relative_to(ROOT).as_posix())
    return {requirement: sorted(files) for requirement, files in found.items()}


def _marked(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "promise":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def page() -> str:
    """The whole page, in Markdown. Source ids only: the sources themselves are not ours to print."""
    tests = shown()
    head = (
        "# Promises\n\nWhat the product makes true, by the id of the requirement, and the tests that show it. Generated from "
        "the marks on the\ntests by `python -m tests.architecture.promised`, and held by a test. *Kept* means that tests show it, "
        "*later* that it\nis still to come, *context* that there is nothing to build.\n\n| id | promise | state | tests |\n"
        "| --- | --- | --- | --- |\n"
    )
    return head + "".join(
        f"| {requirement} | {meaning} | {_state(requirement, meaning, tests)} | {_links(tests.get(requirement, []))} |\n"
        for requirement, meaning in MEANINGS.items()
    )


def _state(requirement: str, meaning: str, tests: dict[str, list[str]]) -> str:
    if requirement in tests:
        return "kept"
    return "context" if "(context" in meaning else "later"


def _links(files: list[str]) -> str:
    return ", ".join(f"[{file.removeprefix('tests/')}](../../{file})" for file in files) or "—"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
