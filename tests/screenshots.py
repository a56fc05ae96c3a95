"""`make screenshots`: every screen of the demo, as people see it, into docs/screens/.

Starts servers of its own, loads the demo, walks through the screens in Chromium as each role, and stops everything.
"""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from casemgmt import embedded
from tests import servers

OUT = Path(__file__).resolve().parent.parent / "docs" / "screens"
QUALITY = 82
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One screen: who looks, where, and what they do there before the picture is taken."""

    name: str
    role: str = ""
    path: str = ""
    then: Callable[[Page], object] | None = None
    phone: bool = False
    languages: tuple[str, ...] = ("zh", "en")
    dark: bool = False


def _first_case(page: Page) -> None:
    page.locator("table.desk tbody th a, a.case-card").first.click()
    page.wait_for_load_state()


def _without_paths(page: Page) -> None:
    """Where this machine keeps the demo's passwords is nobody's business."""
    page.locator("main aside").evaluate("one => one.remove()")


def _preview(page: Page) -> None:
    page.keyboard.press("j")
    page.wait_for_timeout(600)


def _receipt(page: Page) -> None:
    _first_case(page)
    page.locator("main a[href*='/deadlines/']").first.click()
    page.locator("dialog[open]").wait_for()
    page.wait_for_timeout(200)


def _dialog(action: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        _first_case(page)
        page.locator(f"a[data-sheet][href$='/do/{action}/']").first.click()
        page.locator("dialog[open] form").wait_for()
        page.wait_for_timeout(200)

    return opened


def _way(action: str) -> Callable[[Page], None]:
    """One of the ways to answer, unfolded beside the claim."""

    def unfolded(page: Page) -> None:
        _first_case(page)
        page.locator(f"#answer-{action} summary").click()

    return unfolded


STEPS = 9  # of filing: the seven questions, the check among them, the same with evidence, and the end


def _step(upto: int) -> Callable[[Page], None]:
    """Walk through filing to a page of it; the last one is the number."""

    def walk(page: Page) -> None:
        if page.locator("button[name=anew]").count():  # what an earlier picture began
            page.click("button[name=anew]")
            page.wait_for_load_state()
        for number, answer in enumerate(_ANSWERS[: upto - 1]):
            answer(page)
            page.click(_ATTACH if number == _EVIDENCE else "main form.panel button.btn-primary")
            page.wait_for_load_state()
            if number == _EVIDENCE:
                page.locator(".tile").wait_for()

    return walk


def _order(page: Page) -> None:
    """Each language another one: the same problem again would lead to the case that is open."""
    page.locator("input[name=which]").nth(int(page.locator("html").get_attribute("lang") == "en")).check()


def _problem(page: Page) -> None:
    """One that the demo has not about these orders."""
    page.locator("details.family:has([value^=product_quality]) summary").click()
    page.locator("input[name=both][value='product_quality/damaged']").check()


def _photo(page: Page) -> None:
    photo = {"name": "cup.png", "mimeType": "image/png", "buffer": base64.b64decode(_PIXEL)}
    page.set_input_files("input[name=file]", photo)  # type: ignore[arg-type]


_ATTACH = "form[enctype='multipart/form-data'] button"
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_STORY = "杯子到货时已经碎了，外箱完好。 The cup arrived broken; the box was whole."
_ANSWERS: tuple[Callable[[Page], object], ...] = (
    _order,
    _problem,
    lambda page: page.fill("[name=description]", _STORY),
    lambda page: page.locator("input[name=remedy]").first.check(),
    lambda page: page.fill("[name=contact]", "13800138000"),
    _photo,
    lambda page: None,
    lambda page: None,
)
_EVIDENCE = 5


SHOTS: tuple[Shot, ...] = (
    Shot(name="landing", then=_without_paths),
    Shot(name="sign-in", path="/sign-in/"),
    Shot(name="consumer-centre", role="consumer", phone=True),
    Shot(name="consumer-list", role="consumer", path="/cases/", phone=True),
    Shot(name="consumer-case", role="consumer", path="/cases/", then=_first_case, phone=True),
    Shot(name="consumer-case-wide", role="consumer", path="/cases/", then=_first_case),
    *(
        Shot(name=f"consumer-file-{number}", role="consumer", path="/cases/new/", then=_step(number), phone=True)
        for number in range(1, STEPS + 1)
    ),
    Shot(name="consumer-deadline", role="consumer", path="/cases/", then=_receipt, phone=True),
    Shot(name="consumer-notices", role="consumer", path="/notices/", phone=True),
    Shot(name="consumer-me", role="consumer", path="/me/", phone=True),
    Shot(name="second-factor", role="consumer", path="/me/app/", phone=True),
    Shot(name="seller-queue", role="seller_staff"),
    Shot(name="seller-case", role="seller_staff", path="/cases/?status=awaiting_seller&view=open", then=_first_case),
    Shot(
        name="seller-refuse",
        role="seller_staff",
        path="/cases/?status=awaiting_seller&view=open",
        then=_way("refuse"),
    ),
    Shot(name="seller-shop", role="seller_staff", path="/shop/"),
    Shot(name="seller-shop", role="seller_staff", path="/shop/"),
    Shot(name="agent-calls", role="agent", path="/calls/?q=13900000001"),
    Shot(name="agent-intake", role="agent", path="/cases/?view=intake"),
    Shot(name="arbitrator-desk", role="arbitrator"),
    Shot(name="arbitrator-preview", role="arbitrator", then=_preview),
    Shot(name="arbitrator-case", role="arbitrator", then=_first_case),
    Shot(
        name="arbitrator-evidence", role="arbitrator", path="/cases/?status=under_review", then=_dialog("open_evidence")
    ),
    Shot(name="arbitrator-ruling", role="arbitrator", path="/cases/?status=under_review", then=_dialog("issue_ruling")),
    Shot(name="reviewer-desk", role="reviewer"),
    Shot(name="reviewer-case", role="reviewer", then=_first_case),
    Shot(name="supervisor-wall", role="supervisor"),
    Shot(name="supervisor-desk", role="supervisor", path="/cases/"),
    Shot(name="desk-keys", role="supervisor", path="/cases/", then=lambda page: page.keyboard.press("?")),
    Shot(name="supervisor-wall-dark", role="supervisor", languages=("zh",), dark=True),
    Shot(name="arbitrator-case-dark", role="arbitrator", then=_first_case, languages=("zh",), dark=True),
    Shot(
        name="consumer-case-dark",
        role="consumer",
        path="/cases/?order=old",
        then=_first_case,
        phone=True,
        languages=("zh",),
        dark=True,
    ),
)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is missing. Install it: sudo apt-get install chromium fonts-noto-cjk")
    OUT.mkdir(parents=True, exist_ok=True)
    with _site() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            for language in shot.languages:
                _take(browser, address, shot, language)
        browser.close()


def _take(browser: Browser, address: str, shot: Shot, language: str) -> None:
    context = browser.new_context(
        locale=LOCALES[language], viewport=PHONE if shot.phone else DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if shot.dark else "light", timezone_id="Asia/Shanghai", reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies([{"name": "django_language", "value": {"zh": "zh-hans", "en": "en"}[language], "url": address}])
    page = context.new_page()
    page.goto(address + "/")
    if shot.role:
        page.locator(f"form[data-role='{shot.role}'] button").first.click()
        page.wait_for_load_state()
    if shot.path:
        page.goto(address + shot.path)
    if shot.then:
        shot.then(page)
    page.wait_for_load_state("networkidle")
    picture = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (OUT / f"{shot.name}-{language}.webp").write_bytes(base64.b64decode(picture["data"]))
    context.close()


@contextmanager
def _site() -> Iterator[str]:
    """The demo on servers of its own."""
    servers.start()
    port = embedded.free_port()
    os.environ |= {"DEMO": "1", "PUBLIC_URL": f"http://127.0.0.1:{port}", "THROTTLE_ADDRESS": "100000/min"}
    subprocess.run([sys.executable, "manage.py", "prepare"], check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    web = subprocess.Popen([*command, "--blocking-threads", "2", "casemgmt.wsgi:application"], start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(web.pid, signal.SIGTERM)
        web.wait(10)
        servers.stop()


def _wait(address: str) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not answer.")


if __name__ == "__main__":
    main()
