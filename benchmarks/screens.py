"""Every screen at CASES cases (100,000): server time (p95), queries, weight of the first load, and what Chromium feels.

`make bench NAME=screens`. Server time is measured over HTTP with one worker, beside django-helpdesk's ticket list and
ticket page at the same size (PEER=0 leaves it out). `weight` is what a first visit transfers, gzipped.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from benchmarks import load, rig

if TYPE_CHECKING:
    from benchmarks.crowd import People

CASES = int(os.environ.get("CASES", "100000"))
VISITS = int(os.environ.get("VISITS", "40"))
PEER = os.environ.get("PEER", "1") == "1"
KEYSTROKES = 40
KEYED = ("arbitrator-desk", "supervisor-desk")
FRAGMENTS = ("supervisor-preview",)  # part of another screen
LIMITS = {"ms": 150.0, "queries": 15.0, "KB": 250.0, "lcp": 2500.0, "cls": 0.1, "inp": 200.0, "key": 50.0}


def main() -> None:
    with rig.scratch("screens"), ExitStack() as stack:
        from django.core.management import call_command

        from benchmarks import api, crowd
        from benchmarks.peers import helpdesk

        people = crowd.people()
        call_command("collectstatic", interactive=False, verbosity=0)
        rig.say(f"filling {CASES} cases …")
        numbered = [
            api.numbered(pk) for pk in crowd.multiply(crowd.under_review(people), CASES)[:: max(1, CASES // VISITS)]
        ]
        peer = stack.enter_context(helpdesk.installed()) if PEER else None
        if peer:
            peer.fill(CASES)
        theirs = peer.pages() if peer else {}
        screens = _screens(people, numbered)
        with load.served("casemgmt.wsgi:application", workers=1, environment={"DEMO": "0"}) as port:
            for name, (person, paths) in screens.items():
                _served(port, name, person, paths, theirs.get(name))
            whole = {name: asked for name, asked in screens.items() if name not in FRAGMENTS}
            _felt(port, [(name, _session(person), paths[0]) for name, (person, paths) in whole.items()])


def _screens(people: People, references: list[str]) -> dict[str, tuple[Any, list[str]]]:
    """Name → who looks, and the addresses they visit in turn."""
    from django.urls import reverse

    page = [reverse("case-page", args=[reference]) for reference in references]
    rule = [reverse("act", args=[reference, "issue_ruling"]) for reference in references]
    desk, wall = reverse("desk"), reverse("wall")
    return {
        "consumer-list": (people.buyer, [desk]), "consumer-case": (people.buyer, page),
        "consumer-file": (people.buyer, [reverse("file")]), "seller-queue": (people.seller, [f"{desk}?view=open"]),
        "seller-case": (people.seller, page), "arbitrator-desk": (people.arbitrator, [desk]),
        "arbitrator-case": (people.arbitrator, page), "arbitrator-ruling": (people.arbitrator, rule),
        "supervisor-desk": (people.supervisor, [desk]), "supervisor-wall": (people.supervisor, [wall]),
        "supervisor-calls": (people.supervisor, [f"{reverse('calls')}?q={q}" for q in ("13800138000", "13900139999")]),
        "supervisor-preview": (people.supervisor, [reverse("preview", args=[one]) for one in references]),
        "consumer-deadline": (people.buyer, [reverse("deadline", args=[one, "resolution"]) for one in references]),
        "service": (people.buyer, [reverse("service")]), "shop": (people.seller, [reverse("shop")]),
        "notices": (people.buyer, [reverse("bell")]), "me": (people.buyer, [reverse("my-data")]),
    }  # fmt: skip


def _served(port: int, name: str, person: Any, paths: list[str], peer: float | None) -> None:
    cookie = {"Cookie": f"sessionid={_session(person)}"}
    visits = [load.Ask(method="GET", path=paths[place % len(paths)], headers=cookie) for place in range(VISITS)]
    load.timed(port, visits[:3], clients=1, expected=200)
    took = load.timed(port, visits, clients=1, expected=200)[1]
    rig.report(bench="screens", case=name, kind=f"p95 at {CASES}", unit="ms", ours=load.p95(took) * 1e3,
               peer=peer * 1e3 if peer else None, limit=LIMITS["ms"])  # fmt: skip
    rig.report(bench="screens", case=name, kind="queries", unit="queries", ours=_queries(person, paths[0]),
               limit=LIMITS["queries"])  # fmt: skip


def _felt(port: int, screens: list[tuple[str, str, str]]) -> None:
    """In Chromium: what a first load transfers, when the largest part is painted, what shifts, how it answers hands."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing. Install it: sudo apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, session, path in screens:
            context = browser.new_context(locale="zh-CN")
            address = f"http://127.0.0.1:{port}"
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            page.goto(address + path, wait_until="networkidle")
            seen = {**page.evaluate(_VITALS), **_answers_hands(page)}
            if name in KEYED:
                seen["key"] = _answers_keys(page)
            for kind, unit in (("KB", "KB"), ("lcp", "ms"), ("cls", ""), ("inp", "ms"), ("key", "ms")):
                if kind in seen:
                    ours = max(seen[kind], 0.001)
                    rig.report(bench="screens", case=name, kind=kind, unit=unit, ours=ours, limit=LIMITS[kind])
            context.close()
        browser.close()


def _answers_hands(page: Any) -> dict[str, float]:
    """The slowest of a few clicks and keys, up to the next frame: {"inp": ms}, as the browser counts interactions."""
    page.evaluate(_WATCH)
    for _time in range(3):
        page.locator("details.menu summary").first.click()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.locator("details.menu summary").first.click()
        page.locator("h1").first.click()
    return {"inp": float(page.evaluate(_SLOWEST))}


def _answers_keys(page: Any) -> float:
    """From a keystroke in the queue to the frame after the one that shows it, 95th percentile of KEYSTROKES."""
    page.evaluate(_STROKES)
    for number in range(KEYSTROKES):
        page.keyboard.press("j" if number % 20 < 10 else "k")
        page.wait_for_timeout(60)
    strokes: list[float] = page.evaluate("() => window.strokes")
    if len(strokes) != KEYSTROKES:
        raise SystemExit(f"{len(strokes)} of {KEYSTROKES} keystrokes were seen.")
    return load.p95(sorted(strokes))


# Interactions shorter than 16 ms are not told: they count as 16.
_WATCH = """() => {
  window.slowest = 16;
  window.watch = new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.interactionId) window.slowest = Math.max(window.slowest, one.duration);
  });
  window.watch.observe({ type: "event", durationThreshold: 16 });
}"""
_SLOWEST = "() => new Promise((done) => setTimeout(() => done(window.slowest), 300))"
_STROKES = """() => {
  window.strokes = [];
  addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => requestAnimationFrame(
    () => window.strokes.push(performance.now() - timeStamp))), true);
}"""
_VITALS = """() => new Promise((done) => {
  const seen = { KB: 0, lcp: 0, cls: 0 };
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  seen.KB = all.reduce((sum, one) => sum + one.transferSize, 0) / 1024;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.lcp = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.cls += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(seen), 300);
})"""


def _session(person: Any) -> str:
    from django.test import Client

    client = Client()
    _sign_in(client, person)
    return str(client.cookies["sessionid"].value)


def _sign_in(client: Any, person: Any) -> None:
    """With a second factor, as it is measured for staff."""
    from allauth.mfa.models import Authenticator

    from casemgmt.accounts import second_factor

    client.force_login(person)
    app, _new = Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {}})
    session = client.session
    session[second_factor.SHOWN] = app.pk
    session.save()


def _queries(person: Any, path: str) -> float:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    _sign_in(client, person)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return float(len(captured))


if __name__ == "__main__":
    main()
