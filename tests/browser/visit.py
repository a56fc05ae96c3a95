"""One person at one browser. Whatever goes wrong on a page while they are there is written down, and fails the test."""

from __future__ import annotations

import mimetypes
import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response

from tests.browser import wording
from tests.browser.site import AXE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = {"width": 360, "height": 740}
_LOADED = re.compile(r"the server responded with a status of (\d+)")
_JUDGE = """async ([tags, rules, within]) => {
  const said = await axe.run(within || document, {
    runOnly: rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags },
    resultTypes: ["violations"], preload: false,
  });
  return said.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 150)} ${node.any.map((why) => why.message).join(" ")}`));
}"""
TOO_WIDE = """() => {
  const sheet = document.querySelector("dialog[open]") || document.documentElement;
  return [...new Set([document.documentElement, sheet])].filter((box) => box.scrollWidth > box.clientWidth).map((box) => {
    const out = [...box.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > box.clientWidth + 1);
    return `${box.scrollWidth} px wide by ${out.slice(-3).map((one) => one.outerHTML.slice(0, 90)).join(" | ")}`;
  });
}"""
_TELL = "addEventListener('securitypolicyviolation', (e) => window.policyViolated(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))"


class Visit:
    """A page with its watch. `wrong` is what was seen that must not be."""

    def __init__(self, context: BrowserContext, *, address: str, language: str, scheme: str) -> None:
        self.wrong: list[str] = []
        self.context = context
        self.address = address
        self.language = language
        self.scheme = scheme
        self.expected: set[int] = set()  # answers that are refusals on purpose
        self.forgiven = ""  # what the console may say, where the test broke something
        self.posts: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfailed", self._on_failed)
        context.expose_binding("policyViolated", lambda _source, said: self.wrong.append(f"policy: {said}"))
        context.add_init_script(_TELL)
        self.page: Page = context.new_page()

    def open(self, path: str, *, expect: int = 200) -> Page:
        """Go there; the answer must have that status."""
        if expect >= 400:
            self.expected.add(expect)
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == expect, f"{path}: {answer and answer.status}"
        return self.page

    def press(self, words: str | Locator, *, expect: int = 200) -> None:
        """Press what leads to another page, and be there."""
        button = self.page.get_by_role("button", name=words, exact=True) if isinstance(words, str) else words
        if expect >= 400:
            self.expected.add(expect)
        with self.page.expect_navigation():
            button.click()

    def fill(self, within: str, **answers: str) -> None:
        """Answer a form's questions by their names, whatever they look like (`a__0__b` is a.0.b)."""
        for name, answer in answers.items():
            box = self.page.locator(f"{within} [name='{name.replace('__', '.')}']")
            match box.first.evaluate("(one) => one.type || one.tagName"):
                case "radio" | "checkbox":
                    self.page.locator(f"{within} [name='{name.replace('__', '.')}'][value='{answer}']").check()
                case "select-one":
                    box.select_option(answer)
                case _:
                    box.fill(answer)

    def acts(self, action: str, **answers: str) -> None:
        """On the page of a case: the action's form, filled in and sent; back on the page, which says that it is done."""
        within = self.opens(action)
        self.fill(within, **answers)
        self.sends(within)
        assert self.page.locator("[role=status] .alert-success").count() == 1, self.page.locator("main").inner_text()

    def opens(self, action: str) -> str:
        """The form of an action, unfolded in the page or in its dialog; where it is."""
        way = self.page.locator(f"#answer-{action}")
        if way.count():
            if way.get_attribute("open") is None:
                way.locator("summary").click()
            return f"#answer-{action} form[action$='/do/{action}/']"
        self.page.locator(f"main a[data-sheet][href$='/do/{action}/']").first.click()
        self.page.locator("dialog[open] form").wait_for()
        return "dialog[open]"

    def sends(self, within: str, *, expect: int = 200) -> None:
        """Press the button of a form that carries its action out."""
        self.press(self.page.locator(f"{within} .buttons button:not([formaction])"), expect=expect)

    def hands_in(self, slot: str, *files: tuple[str, bytes]) -> Locator:
        """Files from this person's device, all at once; the list that says how each of them fares."""
        form = self.page.locator("form[enctype='multipart/form-data']")
        form.locator("[name=slot]").select_option(slot)
        chosen = [
            {"name": name, "mimeType": mimetypes.guess_type(name)[0], "buffer": content} for name, content in files
        ]
        form.locator("[name=file]").set_input_files(chosen)  # type: ignore[arg-type]
        form.locator("button:not([type=button])").click()
        return form.locator("[data-files] li")

    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def check(self, name: str = "", *, within: str = "") -> None:
        """Words, axe in both colour schemes, and nothing wider than the narrowest phone. `within`: a selector."""
        name = name or self.path()
        self.page.wait_for_load_state()
        found = [
            f"words: {text}"
            for text in wording.strange(self.page.evaluate(wording.COLLECT, within), language=self.language)
        ]
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found += self._judged(within)
        if self.scheme == "both":
            self.page.emulate_media(color_scheme="dark")
            self.page.locator("html[data-bs-theme=dark]").wait_for(state="attached")
            found += [f"dark {said}" for said in self._judged(within, "color-contrast")]
            self.page.emulate_media(color_scheme="light")
        size = self.page.viewport_size
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        found += [f"narrow: {said}" for said in self.page.evaluate(TOO_WIDE)]
        if size:
            self.page.set_viewport_size(size)
        self.wrong += [f"{name} ({self.language}) {said}" for said in found]

    def _judged(self, within: str, *rules: str) -> list[str]:
        said: list[str] = self.page.evaluate(_JUDGE, [TAGS, list(rules), within])
        return said

    def _on_console(self, message: ConsoleMessage) -> None:
        refused = _LOADED.search(message.text)
        forgiven = bool(self.forgiven) and self.forgiven in message.text
        if message.type == "error" and not forgiven and not (refused and int(refused[1]) in self.expected):
            self.wrong.append(f"console: {message.text} {message.location.get('url', '')}")

    def _on_request(self, request: Request) -> None:
        if request.method == "POST":
            self.posts.append(request.url.removeprefix(self.address))

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status}: {response.url}")

    def _on_failed(self, request: Request) -> None:
        """What a page left behind may be cut off; nothing else."""
        why = request.failure or ""
        if "ERR_ABORTED" not in why and not (self.forgiven and self.forgiven in why):
            self.wrong.append(f"not loaded: {why} {request.url}")

    def close(self) -> Any:
        self.context.close()
        return self.wrong
