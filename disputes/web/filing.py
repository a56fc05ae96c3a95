"""Filing a complaint, one question a page. What was said is kept by the server: as answers, then as a draft."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casemgmt import clock
from casemgmt.accounts.actors import Actor
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.errors import DomainError, WrongState
from disputes import casefile, drafts, intake, rules, unfinished, workflow
from disputes.models import Case, Unfinished
from disputes.states import Status
from disputes.taxonomy import Subtype
from disputes.web import desk, page
from disputes.web.acting import FormOnce, person, seen
from disputes.web.asked import render_page
from disputes.web.told import LAST_BEFORE_DRAFT, STEPS, Told, said_of, steps_for

ELSEWHERE = frozenset({"other", "none"})  # what one can choose instead of an order of the list


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """A page of a complaint that is not a draft yet; where one has come of it, its pages."""
    user, _actor = person(request)
    if user.role not in (Role.CONSUMER, Role.AGENT, Role.SUPERVISOR):
        raise Http404
    if request.method == "POST" and "anew" in request.POST:
        unfinished.forget(person=user)
        return redirect("file")
    first = steps_for(user)[0]
    step = request.GET.get("step", first)
    if step not in steps_for(user):
        return redirect("file")
    begun = unfinished.of(person=user, at=clock.now())
    going_on = request.method == "POST" or "step" in request.GET
    if begun and begun.case and begun.case.status != Status.DRAFT:
        if step != first:
            return _is_filed(request, begun.case)
        return _tell(request, user, begun, step)
    if begun and not going_on and (begun.case or begun.answers):
        return _begun(request, user, begun)
    if begun and begun.case:
        return _change(request, user, begun.case, step)
    return _tell(request, user, begun, step)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of a draft; without saying which, the first that is still open."""
    user, actor = person(request)
    case, _same = seen(request, reference)
    if case.status != Status.DRAFT:
        return _is_filed(request, case)
    if not (rules.buyer | rules.filed_it)(actor, case):
        raise Http404
    return _change(request, user, case, request.GET.get("step", ""))


@login_required
@never_cache
@require_safe
def filed(request: HttpRequest, reference: str) -> HttpResponse:
    """It is done: the number, what happens next, whose turn it is and until when."""
    case, actor = seen(request, reference)
    if case.status == Status.DRAFT:
        return redirect("draft", reference=case.reference)
    if not (rules.buyer | rules.filed_it)(actor, case):
        return redirect("case-page", reference=case.reference)
    at = clock.now()
    found = casefile.rows(Case.objects.filter(pk=case.pk)).get()
    end = next((one for one in getattr(found, "waiting", ()) if one.kind == "resolution"), None)
    shown = {
        "case": found, "row": desk.line(found, actor, at), "end": end, "own": rules.buyer(actor, case),
        "patterns": page.patterns(), "at": at,
    }  # fmt: skip
    return render(request, "disputes/filed.html", shown)


def _is_filed(request: HttpRequest, case: Case) -> HttpResponse:
    """Going back, reloading or a second click: nothing is filed twice, and what is filed stands."""
    if request.method == "POST" and request.GET.get("step") != "check":
        messages.warning(request, _("This complaint was filed before. Write what is new as a message on its page."))
    return redirect("filed", reference=case.reference)


def _begun(request: HttpRequest, user: User, begun: Unfinished) -> HttpResponse:
    """There is something unfinished: go on with it, or start anew."""
    case = begun.case
    told = Told(request, user, said_of(case) if case else begun.answers, case)
    onward = reverse("draft", args=[case.reference]) if case else address(told.first_open)
    kind = told.said.get("subtype", "")
    shown = {
        "told": told, "begun": begun, "case": case, "onward": onward,
        "problem": Subtype(kind).label if kind in Subtype.values else "",
    }  # fmt: skip
    return render(request, "disputes/file_begun.html", shown)


def address(step: str, case: Case | None = None, **more: str) -> str:
    """Where this page is, of a draft or of what is none yet."""
    base = reverse("draft", args=[case.reference]) if case else reverse("file")
    return f"{base}?{urlencode({'step': step, **more})}"


def _tell(request: HttpRequest, user: User, begun: Unfinished | None, step: str) -> HttpResponse:
    kept: dict[str, str] = begun.answers if begun and not begun.case else {}
    before = Told(request, user, kept)
    if request.method != "POST":
        return _read(request, before, step)
    if before.place(step) > before.place(LAST_BEFORE_DRAFT):
        return redirect(address(before.first_open))  # it is asked of a draft
    at, said = clock.now(), answered(request, step)
    same = step != "caller" or kept.get("consumer") in (None, said["consumer"])
    said = {**kept, **said} if same else said  # what was told about one caller is not said of another
    if not unfinished.keep(person=user, answers=said, instead_of=begun.case if begun else None, at=at):
        return redirect(address(step))  # something has come of it meanwhile, in another tab
    told = Told(request, user, said)
    told.torn = step == "order" and _is_torn(request, kept)
    if wrong := told.wrong_at(step):
        return render_page(request, told, step, errors=wrong, status=422)
    try:
        if step == "problem" and (twin := _open_already(request, told, at)):
            return _goes_on_there(request, twin)
        if step == LAST_BEFORE_DRAFT:
            return _becomes_a_draft(request, told, at)
    except DomainError as refusal:
        return render_page(request, told, step, refusal=refusal, status=refusal.status)
    return redirect(address(told.after(step)))


def _becomes_a_draft(request: HttpRequest, told: Told, at: datetime) -> HttpResponse:
    if told.first_open != LAST_BEFORE_DRAFT:
        return redirect(address(told.first_open))  # this page was opened before those that come first
    becoming = unfinished.Becoming(person=told.user, at=at)
    consumer = told.consumer or told.user
    intake.file(told.complaint, consumer=consumer, actor=Actor.of(told.user), at=at, submit=False, recorder=becoming)
    return redirect(address(told.after(LAST_BEFORE_DRAFT), becoming.case))


def _change(request: HttpRequest, user: User, case: Case, step: str) -> HttpResponse:
    """A page of a draft. A new kind of problem is stored with what one wants then: one fits the other."""
    said = {**said_of(case), **_new_problem(request, step)}
    if request.method != "POST":
        return _read(request, Told(request, user, said, case), step)
    if step not in steps_for(user) or step == "caller":
        return redirect(address("order", case))
    told = Told(request, user, {**said, **answered(request, step)}, case)
    told.torn = step == "order" and _is_torn(request, said)
    if wrong := told.wrong_at(step):
        return render_page(request, told, step, errors=wrong, status=422)
    try:
        return _submit(request, told, case) if step == "check" else _store(request, told, case, step)
    except WrongState:
        return _is_filed(request, case)
    except DomainError as refusal:
        return render_page(request, told, step, refusal=refusal, status=refusal.status)


def _store(request: HttpRequest, told: Told, case: Case, step: str) -> HttpResponse:
    at, actor = clock.now(), Actor.of(told.user)
    if step == "problem" and (twin := _open_already(request, told, at)):
        return _goes_on_there(request, twin)
    then = {"then": "check"} if request.GET.get("then") == "check" else {}
    if step == "problem" and told.wrong_at("wish"):
        messages.info(request, _("For this problem other things can be asked for. Choose what you want."))
        return redirect(address("wish", case, both=f"{told.said['type']}/{told.said['subtype']}", **then))
    changes = told.changes(step) | (told.changes("problem") if _new_problem(request, step) else {})
    drafts.change(case_id=case.pk, changes=changes, actor=actor, at=at)
    return redirect(address(then.get("then") or told.after(step), case))


def _submit(request: HttpRequest, told: Told, case: Case) -> HttpResponse:
    at, actor = clock.now(), Actor.of(told.user)
    if (step := told.first_open) != "check":
        return render_page(request, told, step, errors=told.wrong_at(step), status=422)
    files_for = told.user.pk != case.consumer_id
    if files_for and not request.POST.get("read_back"):
        asked = {"read_back": [_("Read it back to the consumer first, and ask whether they agree.")]}
        return render_page(request, told, step, errors=asked, status=422)
    try:
        workflow.perform("submit", case_id=case.pk, actor=actor, at=at, details={"read_back": files_for})
    except DomainError as refusal:
        twin = _open_already(request, told, at) if refusal.code == "already_open" else None
        if twin is None:
            raise
        return _goes_on_there(request, twin)
    return redirect("filed", reference=case.reference)


def _open_already(request: HttpRequest, told: Told, at: datetime) -> Case | None:
    """The open case about the same order and problem, if there is one: it was asked for again, once per form."""
    said = told.said
    if not said.get("order_number") or told.consumer is None:
        return None
    same = intake.Complaint(
        type=said["type"], subtype=said["subtype"], order_number=said["order_number"],
        description="", contact="", remedy="",
    )  # fmt: skip
    once = FormOnce(request, at=at)
    return intake.count_repeat(same, consumer=told.consumer, actor=Actor.of(told.user), at=at, recorder=once)


def _goes_on_there(request: HttpRequest, twin: Case) -> HttpResponse:
    told = _("A complaint about this order and problem is open already. We noted that you ask again; add what is new.")
    messages.info(request, told)
    return redirect("case-page", reference=twin.reference)


def _read(request: HttpRequest, told: Told, step: str) -> HttpResponse:
    """The page, unless an earlier one is still open, or it is no page of a draft."""
    if told.case and request.path == reverse("file"):
        return redirect(address(step, told.case))
    if step not in told.steps or (told.case and step == "caller"):
        return redirect(address(told.first_open, told.case))
    if told.place(step) > told.place(told.first_open):
        return redirect(address(told.first_open, told.case))
    return render_page(request, told, step)


def answered(request: HttpRequest, step: str) -> dict[str, str]:
    """What the page of this step says. A newline counts as one character, as the page's own counter has it."""
    said = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in STEPS[step]}
    if step == "problem":
        said = _problem(request.POST.get("both", ""))
    if step == "order":
        match request.POST.get("which", "").strip():
            case "none":
                said["order_number"] = ""
            case "other":
                said["no_order_reason"] = ""
            case number if number:
                said = {"order_number": number, "no_order_reason": ""}
    return said


def _is_torn(request: HttpRequest, before: dict[str, str]) -> bool:
    """One order was chosen of the list, and the number of another one typed that was not there before."""
    chosen, typed = request.POST.get("which", "").strip(), request.POST.get("order_number", "").strip()
    named = chosen and chosen not in ELSEWHERE
    return bool(named and typed and typed not in (chosen, before.get("order_number", "")))


def _new_problem(request: HttpRequest, step: str) -> dict[str, str]:
    """What was chosen on the page before, where one must choose anew what one wants."""
    return _problem(request.GET["both"]) if step == LAST_BEFORE_DRAFT and "both" in request.GET else {}


def _problem(both: str) -> dict[str, str]:
    """Chosen together: a subtype belongs to one kind."""
    kind, _slash, subtype = both.partition("/")
    return {"type": kind, "subtype": subtype}
