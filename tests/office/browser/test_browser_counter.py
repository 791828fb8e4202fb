"""The counter in a browser: typing a name, registering without JavaScript, nothing that bars anybody, nothing wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from opensocle.office.access.models import User
from opensocle.office.people import services
from opensocle.office.people.models import Person
from opensocle.office.people.services import Birth, Names, Number
from opensocle.office.places.models import Area

MakeUser = Callable[..., User]


@pytest.fixture
def awa(office: str, areas: dict[str, Area]) -> Person:
    """A file with something in every part, in a household of two."""
    today = timezone.localdate()
    made = services.register_person(
        by=None,
        on=today,
        area=areas["d01"],
        names=Names("Awa", "Diallo", other_names=("أوا ديالو",)),
        birth=Birth(date(1990, 5, 17)),
        sex="female",
        identifiers=[Number("national_id", "XE-1990-04417")],
        phones=["+221771234567"],
        facts={"earnings": "1250"},
    )
    home = services.make_household(by=None, on=today, head=made, since=date(2020, 1, 1))
    services.register_newborn(by=None, on=today, mother=made, names=Names("Bintou", "Diallo"), birth=Birth(date(2024, 5, 4)))
    services.record_fact(by=None, on=today, about=home, name="rooms", value=3, since=None)
    services.give_consent(by=None, on=today, person=made, purpose="messages")
    services.add_account(by=None, on=today, person=made, kind="mobile", provider="Mobile money", number="+221771234567")
    return made


def pages_of(person: Person) -> list[str]:
    file, home = f"/people/{person.reference}", f"/households/{person.memberships.get().household.reference}"
    return [
        "/",
        "/people/?q=awa",
        "/people/register/",
        *(f"{file}/{part}" for part in ("", "facts/", "documents/", "then/", "facts/earnings/", "do/death/", "do/document/")),
        f"{home}/",
    ]


def test_people_are_found_while_a_name_is_typed(page_for: Callable[..., Any], user: MakeUser, awa: Person) -> None:
    page = page_for(user("caseworker", "d01"))
    page.goto("/")
    page.locator("#id_q").press_sequentially("diallo aw")
    page.locator("#results a", has_text="Awa Diallo").click()
    assert page.locator("h1").inner_text() == "Awa Diallo" and page.complaints == []


@pytest.mark.parametrize("js", [True, False])
def test_somebody_is_registered_after_the_files_that_may_be_the_same_were_shown(
    page_for: Callable[..., Any], user: MakeUser, awa: Person, js: bool
) -> None:
    page = page_for(user("intake", "d01"), js=js)
    page.goto("/people/register/")

    def on() -> None:
        page.locator("main .button.primary").click()
        page.wait_for_load_state()

    on()
    page.get_by_label("Given names").fill("Hawa")
    page.get_by_label("Surname").fill("Jallow")
    on()
    page.locator("#id_birth_2").fill("1990")
    on()
    page.get_by_label("Female").check()
    on()
    on()  # no document
    on()  # the only district is chosen already
    page.get_by_label("Telephone").fill("+221 77 123 45 67")
    on()
    assert page.locator("td", has_text="has the same telephone").count() == 1
    on()
    assert page.locator(".summary").is_visible()
    page.get_by_label("None of these is the person").check()
    on()
    assert page.locator("h1").inner_text() == "Hawa Jallow"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_is_barred_from_the_pages_of_the_counter(
    page_for: Callable[..., Any], user: MakeUser, awa: Person, axe: Callable[..., list[str]], language: str
) -> None:
    page = page_for(user("caseworker", "d01"), language, bypass_csp=True)
    for address in pages_of(awa):
        page.goto(address)
        assert axe(page) == [], address


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_but_tables_scrolls_sideways_at_the_counter(page_for: Callable[..., Any], user: MakeUser, awa: Person, width: int) -> None:
    page = page_for(user("caseworker", "d01"), "fr", viewport={"width": width, "height": 740})
    for address in pages_of(awa):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
