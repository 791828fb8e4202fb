"""Pages of the office as a whole: components, form fields, wording, signing in, errors, languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import translation

from opensocle.law.model import Currency
from opensocle.office.access.models import User
from opensocle.office.access.rules import Refused
from opensocle.office.audit.models import Entry
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.counter.menu import entries, shown
from opensocle.office.design import wording
from opensocle.office.design.dates import DayField, PartialDay, PartialDayField
from opensocle.periods import Month

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
COTTON = Path(settings.HERE) / "templates/cotton"


def render(markup: str, **context: Any) -> str:
    """A template of components as a page has it, on one line."""
    from django_cotton.compiler_regex import CottonCompiler

    text = Template("{% load i18n office %}" + CottonCompiler().process(markup)).render(Context(context))
    return " ".join(text.split())


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    with act("user.password", by=None, about=user):
        user.save()
    return user


def confirm(client: Client) -> None:
    """Says once more who she is, as for everything that protects the account."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"}).status_code == 302


def sign_in(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/accounts/login/", {"login": username, "password": password})


# --- wording


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 January 2026", "05/01/2026", "January 2026", "1,234.5", "XOF\u00a01,234,567", "EUR\u00a0\u22121.05", "JOD\u00a01.500", "–"]),
        (
            "fr",
            [
                "1er janvier 2026",
                "05/01/2026",
                "janvier 2026",
                "1\u202f234,5",
                "1\u202f234\u202f567\u00a0XOF",
                "\u22121,05\u00a0EUR",
                "1,500\u00a0JOD",
                "–",
            ],
        ),
    ],
)
def test_numbers_dates_and_amounts_are_written_as_the_language_does(language: str, said: list[str]) -> None:
    with translation.override(language):
        assert [
            wording.day(date(2026, 1, 1)),
            wording.day(date(2026, 1, 5), "short"),
            wording.month(Month(2026, 1)),
            wording.number(Decimal("1234.5")),
            wording.money(1234567, "XOF"),
            wording.money(-105, "EUR"),
            wording.money(1500, "JOD"),
            wording.money(None, "XOF"),
        ] == said


def test_an_amount_follows_the_decimals_that_the_law_gives_its_currency() -> None:
    with translation.override("en"):
        assert wording.money(12345, Currency("XMU", 3)) == "XMU\u00a012.345"


def test_a_moment_is_shown_in_the_offices_time_zone() -> None:
    with translation.override("fr"), override_settings(TIME_ZONE="Asia/Amman"):
        assert wording.moment(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "1er février 2026, 02:30"


# --- dates


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["27", "3", "1958", ""], PartialDay(date(1958, 3, 27), "day")),
        (["", "3", "1958", ""], PartialDay(date(1958, 3, 1), "month")),
        (["", "", " 1958 ", ""], PartialDay(date(1958, 1, 1), "year")),
        (["", "", "1958", "on"], PartialDay(date(1958, 1, 1), "estimated")),
        (["29", "2", "2024", ""], PartialDay(date(2024, 2, 29), "day")),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(typed: list[str], found: PartialDay) -> None:
    assert PartialDayField().clean(typed) == found


@pytest.mark.parametrize(
    ("typed", "code", "whole"),
    [
        (["", "", ""], "required", "required"),
        (["29", "2", "2023"], "no_such_day", "no_such_day"),
        (["1", "13", "2023"], "no_such_day", "no_such_day"),
        (["1", "", "2023"], "day_without_month", "incomplete"),
        (["1", "2", ""], "no_year", "incomplete"),
        (["1", "2", "58"], "no_year", "no_year"),
        (["١", "2", "2023"], "figures", "figures"),
        (["1", "2", "-2023"], "figures", "figures"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_its_own_sentence(typed: list[str], code: str, whole: str) -> None:
    for field, wanted in ((PartialDayField(), code), (DayField(), whole)):
        with pytest.raises(forms.ValidationError) as caught:
            field.clean(typed)
        assert caught.value.error_list[0].code == wanted


def test_a_known_date_comes_back_into_its_boxes() -> None:
    class Both(forms.Form):
        birth = PartialDayField(initial=PartialDay(date(1958, 3, 1), "month"))
        since = DayField(initial=date(2019, 12, 1))

    html = str(Both())
    values = re.findall(r'name="(\w+)"(?: value="(\d+)")?', html)
    assert values == [
        ("birth_0", ""),
        ("birth_1", "3"),
        ("birth_2", "1958"),
        ("birth_3", ""),
        ("since_0", "1"),
        ("since_1", "12"),
        ("since_2", "2019"),
    ]


# --- components


def test_every_component_is_on_the_page_of_components(client: Client) -> None:
    shown_there = (COTTON.parent / "design/show.html").read_text(encoding="utf-8")
    inner = "".join(path.read_text(encoding="utf-8") for path in COTTON.glob("*.html"))
    names = {path.stem.replace("_", "-") for path in COTTON.glob("*.html")}
    assert [name for name in sorted(names) if f"<c-{name}" not in shown_there + inner] == []
    assert client.get("/design/").status_code == 200


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_has_inline_styles_scripts_or_english_left_in_french(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for address in ("/design/", "/accounts/login/", "/nothing/"):
        page = client.get(address).content.decode()
        assert f'<html lang="{language}"' in page and not re.search(r'\sstyle=|\son\w+="|<style|<script(?![^>]*(src=|application/json))', page)
        assert len(re.findall(r"<h1", page)) == 1
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address
        if language == "fr":
            assert not re.search(r">[^<]*\b(the|and|Save|Sign|Error|Username)\b[^<]*<", page), address


def test_what_is_typed_is_escaped_everywhere() -> None:
    nasty = '"><script>alert(1)</script>'

    class Form(forms.Form):
        name = forms.IntegerField(label=nasty, help_text="plain")

    form = Form({"name": nasty})
    form.add_error(None, nasty)
    html = render(
        '<c-error-summary :form="form" /><c-field :field="form.name" hint="{{ nasty }}" />'
        '<c-input name="q" value="{{ nasty }}" label="{{ nasty }}" :error="nasty" />'
        '<c-row label="{{ nasty }}" change="{{ nasty }}">{{ nasty }}</c-row>'
        '<c-card title="{{ nasty }}" /><c-tag>{{ nasty }}</c-tag><c-event :title="nasty" /><c-steps :steps="steps" />'
        '<c-select name="s" :options="pairs" value="{{ nasty }}" label="x" /><c-search-box value="{{ nasty }}" label="x" />',
        form=form,
        nasty=nasty,
        pairs=[(nasty, nasty)],
        steps=[nasty],
    )
    assert "<script" not in html and html.count("&lt;script&gt;") >= 10


def test_a_field_names_its_hint_and_its_error_to_screen_readers() -> None:
    class Form(forms.Form):
        age = forms.IntegerField(label="Age", help_text="In years")
        sex = forms.ChoiceField(label="Sex", choices=[("f", "F")], widget=forms.RadioSelect, help_text="As said")

    html = render('<c-field :field="form.age" inputmode="numeric" suffix="years" /><c-field :field="form.sex" />', form=Form({"age": "x"}))
    assert re.search(r'<input type="number"[^>]*aria-invalid="true"[^>]*aria-describedby="id_age_helptext id_age_error"', html)
    assert 'inputmode="numeric"' in html and 'id="id_age_error"' in html and 'id="id_age_helptext"' in html
    assert re.search(r'<fieldset id="id_sex" aria-describedby="id_sex_helptext id_sex_error">', html)


def test_a_field_that_may_stay_empty_says_so() -> None:
    class Form(forms.Form):
        a = forms.CharField(label="A", required=False)
        b = forms.CharField(label="B")

    with translation.override("en"):
        html = render('<c-field :field="form.a" />|<c-field :field="form.b" />', form=Form())
    assert ["(optional)" in half for half in html.split("|")] == [True, False]


def test_a_component_does_not_see_the_variables_of_the_page() -> None:
    assert "secret" not in render('<c-card title="T">x</c-card><c-notice>y</c-notice>', actions="secret", kind="secret")


def test_pages_are_linked_with_the_other_words_of_the_address() -> None:
    from django.core.paginator import Paginator

    request = RequestFactory().get("/x/?q=Awa+%26+co&page=2")
    request.user = User()
    template = "{% load cotton %}" + '{% cotton pagination :page="page" %}{% endcotton %}'
    from django.template import RequestContext

    html = Template(template).render(RequestContext(request, {"page": Paginator(range(100), 10).page(2)}))
    assert 'href="?q=Awa+%26+co&amp;page=3"' in html and html.count('aria-current="page"') == 1


def test_a_page_and_its_parts_are_light_enough_for_a_bad_line(client: Client) -> None:
    own = sum(Path(str(finders.find(f"office/{name}"))).stat().st_size for name in ("office.css", "theme.css", "office.js", "icon.svg"))
    assert own < 30_000
    assert len(client.get("/accounts/login/").content) < 10_000


# --- signing in


def test_a_user_signs_in_with_her_password_and_reads_her_language(client: Client, user: Callable[..., User]) -> None:
    officer = with_password(user("intake", "d01"))
    with act("user.language", by=None, about=officer):
        User.objects.filter(pk=officer.pk).update(language="fr")
    answer = sign_in(client, "intake-d01")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    page = client.get("/").content.decode()
    assert '<html lang="fr"' in page and "Guichet unique" in page and "intake-d01" in page and verify().sound


@pytest.mark.parametrize("name", ["intake-d01", "nobody"])
def test_a_wrong_password_and_a_wrong_name_are_answered_alike(client: Client, user: Callable[..., User], name: str) -> None:
    with_password(user("intake", "d01"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    page = sign_in(client, name, "wrong").content.decode()
    assert "Il y a un problème" in page and re.search(r'<div class="summary".*?</ul>', page, re.S)
    assert re.findall(r"<li>(.*?)</li>", page) == ["Le nom d&#x27;utilisateur ou le mot de passe est incorrect."]


def test_the_sixth_wrong_password_locks_the_name_also_for_the_right_one(client: Client, user: Callable[..., User]) -> None:
    with_password(user("intake", "d01"))
    codes = [sign_in(client, "intake-d01", f"wrong {number}").status_code for number in range(6)]
    assert codes == [200] * 5 + [429]
    answer = sign_in(client, "intake-d01")
    assert answer.status_code == 429 and "locked for half an hour" in answer.content.decode()
    with_password(user("auditor"))
    assert sign_in(client, "auditor-XE").status_code == 302


def test_a_second_lock_is_set_up_and_asked_for(client: Client, user: Callable[..., User]) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    officer = with_password(user("intake", "d01"))
    sign_in(client, "intake-d01")
    assert client.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    confirm(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r'<span class="code">([A-Z2-7]+)</span>', page)
    assert found and "<svg" in page and "data:" not in page and "<?xml" not in page
    secret = found[1]
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "There is a problem" in wrong.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).headers["Location"] == "/accounts/2fa/recovery-codes/"
    codes = re.findall(r'<li class="code">(\w+)</li>', client.get("/accounts/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10

    client = Client()
    assert sign_in(client, "intake-d01").headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/").status_code == 302
    assert "Enter the code" in client.get("/accounts/2fa/authenticate/").content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert officer.username in client.get("/accounts/2fa/").content.decode()


def test_pages_that_the_office_does_not_have_are_not_there(client: Client, user: Callable[..., User]) -> None:
    client.force_login(user("intake", "d01"), "django.contrib.auth.backends.ModelBackend")
    for address in ("signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "3rdparty/", "2fa/webauthn/signup/"):
        assert client.get(f"/accounts/{address}").status_code == 404, address


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_for_signing_in_shows_in_both_languages(client: Client, user: Callable[..., User], language: str) -> None:
    officer = with_password(user("intake", "d01"))
    sign_in(client, officer.username)
    client.post("/language/", {"language": language})
    confirm(client)
    for address in (
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "password/change/",
        "logout/",
        "reauthenticate/",
        "inactive/",
    ):
        answer = client.get(f"/accounts/{address}")
        page = answer.content.decode()
        assert answer.status_code == 200 and f'<html lang="{language}"' in page and len(re.findall("<h1", page)) == 1, address
        assert not re.search(r"\sstyle=|<script(?![^>]*(src=|application/json))", page), address


def test_a_password_is_changed_only_by_one_that_is_long_enough(client: Client, user: Callable[..., User]) -> None:
    officer = with_password(user("intake", "d01"))
    sign_in(client, officer.username)
    short = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "at least 12 characters" in client.post("/accounts/password/change/", short).content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


# --- languages


def test_the_language_is_kept_in_the_account_and_written_to_the_audit(client: Client, user: Callable[..., User]) -> None:
    officer = user("intake", "d01")
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    answer = client.post("/language/", {"language": "fr", "next": "/design/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/design/")
    officer.refresh_from_db()
    assert officer.language == "fr" and Entry.objects.filter(action="user.language", by=officer).count() == 1 and verify().sound
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    assert '<html lang="fr"' in client.get("/").content.decode()


@pytest.mark.parametrize(("language", "following"), [("xx", "/"), ("fr", "https://elsewhere.example/")])
def test_a_language_that_is_not_there_and_an_address_elsewhere_are_ignored(
    client: Client, user: Callable[..., User], language: str, following: str
) -> None:
    officer = user("intake", "d01")
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    assert client.post("/language/", {"language": language, "next": following}).headers["Location"] == "/"
    officer.refresh_from_db()
    assert officer.language == ("fr" if language == "fr" else "en")
    assert client.get("/language/").status_code == 405


# --- the menu


def test_the_menu_has_what_the_users_roles_allow_today(user: Callable[..., User]) -> None:
    officer = user("intake", "d01", until=date(2026, 1, 1))
    before, after = (shown(officer, "/", day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert [entry.address for entry in after] == [entry.address for entry in before if not _needs(entry.address)]
    assert [entry.here for entry in before if entry.address == "/"] == [True] and shown(None, "/", date(2026, 1, 1)) == []


def _needs(address: str) -> bool:
    from django.urls import reverse

    return any(entry.actions for entry in entries() if reverse(entry.url) == address)


# --- errors


def refused(request: HttpRequest) -> HttpResponse:
    raise Refused("claim.determine")


def invisible(request: HttpRequest) -> HttpResponse:
    raise Http404("person XE-0001 lies in d02")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Awa N'Diaye")


urlpatterns = [path("refused/", refused), path("invisible/", invisible), path("broken/", broken), path("", include("opensocle.office.urls"))]
handler500 = "opensocle.office.counter.views.server_error"


@override_settings(ROOT_URLCONF=__name__)
def test_what_is_missing_and_what_is_invisible_are_the_same_bytes(client: Client, user: Callable[..., User]) -> None:
    client.force_login(user("intake", "d01"), "django.contrib.auth.backends.ModelBackend")
    first, second = client.get("/invisible/"), client.get("/missing-page/")
    assert (first.status_code, first.content) == (second.status_code, second.content) == (404, client.get("/invisible/").content)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "english", "french"),
    [
        ("/refused/", 403, "You may not do this", "Vous ne pouvez pas faire cela"),
        ("/invisible/", 404, "There is nothing here", "Il n'y a rien ici"),
        ("/broken/", 500, "Something went wrong", "Une erreur s'est produite"),
    ],
)
def test_what_went_wrong_is_said_in_both_languages_without_details(
    user: Callable[..., User], address: str, status: int, english: str, french: str
) -> None:
    client = Client(raise_request_exception=False)
    for language, said in (("en", english), ("fr", french)):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == status and said in page.replace("&#x27;", "'") and f'lang="{language}"' in page
        assert not re.search("d02|Diaye|claim.determine|Traceback", page) and "Content-Security-Policy" in answer.headers


def test_a_page_that_failed_asks_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    from opensocle.office.counter.views import server_error

    with django_assert_num_queries(0):
        assert server_error(RequestFactory().get("/")).status_code == 500


def test_a_form_that_is_too_old_and_a_bad_host_have_their_pages(user: Callable[..., User]) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403 and "The form is too old" in answer.content.decode()
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400 and "could not be read" in answer.content.decode()
