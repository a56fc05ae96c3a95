"""Pages that others made: the API's description and Django's admin, under our policy and without an error."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from casemgmt.accounts.models import User
from tests.browser import site
from tests.browser.conftest import Browse

PAGES = (
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/organisation/",
    "/admin/disputes/clause/",
    "/admin/sla/policy/",
)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def whole_site(
    address: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """With the files of third parties, which the other tests do without."""
    with django_db_blocker.unblock():
        for role in ("supervisor", "auditor", "administrator"):
            site.session(User.objects.create(username=role, role=role, display_name="主管", is_staff=True))
        with site.serving(tmp_path_factory.mktemp("whole"), without=[]) as found:
            yield found
        site.emptied()


@pytest.mark.parametrize("role", ["supervisor", "auditor", "administrator"])
def test_the_back_office_opens_without_an_error(browse: Browse, whole_site: str, role: str) -> None:
    visit = browse(User.objects.get(username=role), at=whole_site)
    for path in PAGES:
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.locator("#site-name").is_visible()
    visit.page.locator("#result_list tbody a").first.click()
    visit.page.locator("#content form, #content .readonly").first.wait_for()


def test_a_person_is_added_in_the_back_office(browse: Browse, whole_site: str) -> None:
    visit = browse(User.objects.get(username="administrator"), at=whole_site)
    visit.open("/admin/accounts/organisation/add/")
    visit.page.locator("#memberships-group .add-row a").click()
    visit.page.locator("#memberships-0 .select2-selection").click()
    visit.page.locator(".select2-search__field").fill("nobody")
    visit.page.locator(".select2-results__message").wait_for()


def test_the_apis_description_opens_without_an_error(browse: Browse, whole_site: str) -> None:
    visit = browse(at=whole_site)
    visit.open("/api/docs/")
    visit.page.locator(".opblock").first.click()
    visit.page.locator(".opblock.is-open .opblock-body").wait_for()
