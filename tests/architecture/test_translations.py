"""Every text of the program is there in Chinese, and what a Chinese reader is shown holds no English sentence."""

import gettext
import html
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db.models import Field
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from casemgmt import catalogues, field_names
from casemgmt.accounts import keys
from casemgmt.accounts.models import User
from casemgmt.accounts.roles import Role
from casemgmt.notifications import outbox, registry
from casemgmt.timeline import wording
from disputes import persons, states, taxonomy
from disputes.moves.law import LAWS
from tests.world import MONDAY, World

SOURCE = catalogues.ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\(\w+\)[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Three English words on end; codes, commands and header names are shorter or joined by signs.
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [A-Za-z]+ [A-Za-z]{2,}\b")
# What the API says to people; all else in an answer is codes, numbers, instants and people's own words.
SAID = {"says", "detail", "title", "subject", "body", "label", "name", "labels", "fields"}


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return catalogues.read(SOURCE)


def test_the_catalogue_holds_the_programs_texts_and_no_other(catalogue: Any) -> None:
    held = {catalogues.Text(message.id, message.context) for message in catalogue if message.id}
    assert held == set(catalogues.texts()), "run: python -m casemgmt.catalogues --update"
    assert not catalogue.obsolete


def test_every_text_is_translated(catalogue: Any) -> None:
    missing = [
        message.id for message in catalogue if message.id and not all(map(CHINESE.search, catalogues.forms(message)))
    ]
    assert missing == []
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_a_translation_has_the_places_of_its_text(catalogue: Any) -> None:
    for message in catalogue:
        if message.id:
            text = message.id if isinstance(message.id, str) else message.id[1]
            for said in catalogues.forms(message):
                assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(text)), text


def test_updating_changes_nothing_where_nothing_changed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert catalogues.update(folder) == []
    assert next(folder.glob("*/*/*.po")).read_bytes() == SOURCE.read_bytes()


def test_updating_adds_what_is_new_and_takes_out_what_is_gone(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    source = next(folder.glob("*/*/*.po"))
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('msgid "Draft"', 'msgid "Never said"', 1), encoding="utf-8")
    assert catalogues.update(folder) == ["Draft"]
    ids = {message.id for message in catalogues.read(source)}
    assert "Draft" in ids
    assert "Never said" not in ids


def test_a_catalogue_is_compiled_where_it_is_newer(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert len(catalogues.compile_stale(folder)) == 1
    assert catalogues.compile_stale(folder) == []
    with next(folder.glob("*/*/*.mo")).open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Draft") == "草稿"


def test_texts_of_pages_are_found_as_django_looks_them_up() -> None:
    page = """{% translate 'One' %}{% translate "Two" as two %}{% translate "Open" context "a door" %}
    {% blocktranslate trimmed with name=user %}
      Hello {{ name }},
      100%
    {% endblocktranslate %}
    {% blocktranslate count n=new context "mail" %}{{ n }} letter{% plural %}{{ n }} letters{% endblocktranslate %}"""
    assert list(catalogues._texts_of_page(page)) == [
        ("One", None),
        ("Two", None),
        ("Open", "a door"),
        ("Hello %(name)s, 100%%", None),
        (("%(n)s letter", "%(n)s letters"), "mail"),
    ]


def test_texts_of_code_are_found_with_plurals_and_contexts(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text('_("One"); pgettext("a door", "Open"); ngettext("%(n)d day", "%(n)d days", n); _(name)')
    assert list(catalogues._texts_in(code)) == [
        ("One", None),
        ("Open", "a door"),
        (("%(n)d day", "%(n)d days"), None),
    ]


def test_every_guard_is_named_in_words() -> None:
    with translation.override("zh-hans"):
        for law in LAWS.values():
            assert not re.search(r"[A-Za-z]", persons.named(law.by.name)), law.by.name


def test_every_status_type_and_sentence_is_chinese() -> None:
    with translation.override("zh-hans"):
        for choices in (states.Status, states.Remedy, states.OutcomeReason, taxonomy.Type, taxonomy.Subtype, Role):
            assert all(CHINESE.search(str(label)) for label in choices.labels), choices
        assert all(CHINESE.search(str(one.text)) for one in wording.registered().values())
        assert all(CHINESE.search(str(one.subject)) for one in registry.templates().values())


def test_every_field_has_a_chinese_name_but_the_running_number() -> None:
    with translation.override("zh-hans"):
        english = [field for field in fields() if not CHINESE.search(str(field.verbose_name))]
    assert [str(field) for field in english if field.name != "id"] == []


def test_a_name_that_was_bettered_belongs_to_a_field() -> None:
    attributes = {name for field in fields() for name in (field.name, f"{field.model.__name__}.{field.name}")}
    assert set(field_names.BETTER) <= attributes
    with translation.override("en"):
        assert str(apps.get_model("timeline", "Event")._meta.get_field("seq").verbose_name) == "sequence number"
        assert str(apps.get_model("disputes", "Case")._meta.get_field("ruled_at").verbose_name) == "ruled at"


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nothing/here/"])
@pytest.mark.django_db
def test_a_page_holds_no_english_sentence(path: str) -> None:
    page = Client(headers={"accept-language": "zh-CN"}).get(path, follow=True).content.decode()
    shown = re.sub(r"<[^>]+>", "\n", page)
    assert CHINESE.search(shown)
    assert not ENGLISH.search(shown)


@pytest.fixture
def world(db: None) -> World:
    world = World()
    User.objects.update(language="zh-hans")
    return world


@pytest.fixture
def refused(world: World) -> Any:
    """A case whose seller refused, and which the platform took up."""
    story = world.files()
    story.does(world.seller, "refuse", reason="goods_fine", text="商品没有问题")
    return story.does(world.buyer, "escalate", reason="seller_refused")


@pytest.mark.parametrize("who", ["buyer", "seller", "agent", "handler", "reviewer", "supervisor", "auditor"])
def test_a_screen_holds_no_english_sentence(world: World, refused: Any, who: str) -> None:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(refused.handler if who == "handler" else getattr(world, who))
    case = f"/cases/{refused.case.reference}/"
    with world.at(world.now):
        own = [client.get(path, follow=True).content.decode() for path in ("/", "/cases/", case)]
        acts = set(re.findall(rf'"({case}do/\w+/)"', own[-1]))
        pages = [*own, *(client.get(path).content.decode() for path in sorted(acts))]
    for page in pages:
        shown = html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL))
        assert CHINESE.search(shown)
        assert [line for line in shown.splitlines() if ENGLISH.search(line)] == []


def test_the_api_speaks_chinese_to_a_chinese_reader(world: World, refused: Any) -> None:
    client = called(world.buyer.pk)
    reference = refused.case.reference
    with world.at(world.now):
        said = [
            client.get(f"/api/v1/cases/{reference}/"),
            client.get(f"/api/v1/cases/{reference}/timeline/"),
            client.get("/api/v1/notices/"),
            client.get("/api/v1/catalogue/"),
            client.get("/api/v1/cases/nothing/"),
            client.post(f"/api/v1/cases/{reference}/actions/agree/"),
            client.post(f"/api/v1/cases/{reference}/actions/withdraw/", {}),
            client.post("/api/v1/cases/", {"type": "logistics"}),
            client.get("/api/v1/cases/?color=red"),
        ]
    assert [answer.status_code for answer in said] == [200, 200, 200, 200, 404, 403, 422, 422, 400]
    for answer in said:
        english = [sentence for sentence in sentences(answer.json()) if ENGLISH.search(sentence)]
        assert english == [], answer.request["PATH_INFO"]


@pytest.mark.parametrize("header", [None, "*", "xx-unheard-of"])
@pytest.mark.parametrize(("own", "title"), [("zh-hans", "未找到"), ("en", "Not found")])
def test_a_key_speaks_its_holders_language_where_none_is_asked_for(
    world: World, header: str | None, own: str, title: str
) -> None:
    User.objects.filter(pk=world.buyer.pk).update(language=own)
    client = called(world.buyer.pk)
    headers = {"accept-language": header} if header else {}
    assert client.get("/api/v1/cases/nothing/", headers=headers).json()["title"] == title


def test_a_session_speaks_its_persons_language_unless_asked_for_another(world: World) -> None:
    User.objects.filter(pk=world.buyer.pk).update(language="en")
    client = APIClient()
    client.force_login(User.objects.get(pk=world.buyer.pk))
    assert client.get("/api/v1/cases/nothing/").json()["title"] == "Not found"
    chinese = client.get("/api/v1/cases/nothing/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert chinese.json()["title"] == "未找到"


def test_each_side_gets_its_mail_in_its_own_language(world: World) -> None:
    User.objects.filter(pk=world.seller.pk).update(language="en")
    story = world.files()
    outbox.deliver(at=world.now)
    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects[world.seller.email] == f"Complaint {story.case.reference} was admitted"
    assert subjects[world.buyer.email].startswith("投诉")


def fields() -> "list[Field[Any, Any]]":
    ours = [model for model in apps.get_models() if model.__module__.partition(".")[0] in catalogues.APPS]
    return [field for model in ours for field in (*model._meta.fields, *model._meta.many_to_many)]


def called(user_id: int) -> APIClient:
    """A program with a key of this person's."""
    user = User.objects.get(pk=user_id)
    _key, secret = keys.make(
        user=user, name="test", scopes=list(keys.SCOPES), ttl=timedelta(days=300), at=MONDAY - timedelta(days=1)
    )
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")


def copied(folder: Path) -> Path:
    made = folder / "locale" / "zh_Hans" / "LC_MESSAGES"
    made.mkdir(parents=True)
    shutil.copy(SOURCE, made)
    return folder / "locale"


def sentences(answer: Any, name: str = "") -> Iterator[str]:
    """What an answer says in words."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from sentences(value, name if name in {"labels", "fields"} else key)
    elif isinstance(answer, list):
        for value in answer:
            yield from sentences(value, name)
    elif isinstance(answer, str) and (name in SAID or name.endswith("_label")):
        yield answer
