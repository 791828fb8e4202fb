"""What the journeys share: an office that is served for a file of tests, and an officer at her desk who clicks, fills in, sends and looks.

`OPENSOCLE_TESTS_PICTURES=FOLDER` keeps a picture of every page that is seen.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone, translation
from made_districts import EXEMPLIA, SINCE, make_user

from opensocle.office.access.models import User
from opensocle.office.audit.services import act
from opensocle.office.audit.triggers import install
from opensocle.office.laws.models import InForce, InstalledLaw
from opensocle.office.laws.services import install_law
from opensocle.office.people import services
from opensocle.office.people.models import Person
from opensocle.office.people.services import Birth, Names
from opensocle.office.places.models import Area
from opensocle.office.places.reading import read_areas
from opensocle.office.places.services import load_areas
from opensocle.vocabulary.model import HISTORIES

TODAY = date(2026, 3, 10)
SMALL = {"width": 360, "height": 740}
PICTURES = os.environ.get("OPENSOCLE_TESTS_PICTURES", "")
JOURNEYS = [pytest.mark.django_db, pytest.mark.xdist_group("journeys")]
"""One process serves the offices of all journeys, each file's own."""
EVERYWHERE = pytest.mark.parametrize(("language", "js"), [("en", True), ("en", False), ("fr", True), ("fr", False)])
"""Each journey in both languages, with JavaScript on a wide screen and without it on a telephone."""
REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [document.documentElement.scrollWidth,
    ...[...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest('.scroll'))
    .map(one => one.outerHTML.slice(0, 120))]"""
"""What sticks out of a page that can be scrolled sideways; tables scroll by themselves."""
looked_at: set[tuple[Any, ...]] = set()
"""Pages that axe has seen, by journey, language, address and headings."""


def run(language: str, js: bool) -> int:
    """Which of the four runs of a journey: all are in one office, with other people each."""
    return 2 * (language == "fr") + js


def another(language: str, js: bool) -> str:
    """A second surname for a run."""
    return ("Keita", "Touré", "Cissé", "Sylla")[run(language, js)]


class Clock:
    """The day on which the office is: what `timezone.now` says, with the hours of the real day."""

    def __init__(self) -> None:
        self.today, self._now, self._began = TODAY, timezone.now, timezone.now()

    def now(self) -> datetime:
        return datetime.combine(self.today, time(9), tzinfo=UTC) + (self._now() - self._began)


@dataclass
class Bureau:
    """An office with Exemplia's areas and law, its clock, and `desk`, which seats an officer before a page."""

    areas: Mapping[str, Area]
    law: InstalledLaw
    clock: Clock
    open_page: Callable[..., Any] = field(repr=False)
    axe: Callable[..., list[str]] = field(repr=False)
    seated: list[Any] = field(default_factory=list, repr=False)

    def officer(self, role: str, area: str = "d01", name: str = "") -> User:
        return make_user(self.areas, role, area, name)

    def desk(self, who: User, language: str, js: bool, journey: str) -> Desk:
        options: dict[str, Any] = {} if js else {"viewport": SMALL}
        page = self.open_page(who, language, js=js, bypass_csp=js, accept_downloads=True, **options)
        self.seated.append(page.context)
        return Desk(page, language, js, journey, self.axe)

    def rise(self) -> None:
        """Everybody leaves; the next journey is of the same day."""
        while self.seated:
            self.seated.pop().close()
        self.clock.today = TODAY

    def person(self, given: str, surname: str, birth: date, facts: Mapping[str, str] | None = None, *, area: str = "d01", **more: Any) -> Person:
        """A woman or girl of the registry, by the service; facts since birth, without those that are empty."""
        names, here = Names(given, surname), self.areas[area]
        made = services.register_person(by=None, on=TODAY, area=here, names=names, birth=Birth(birth), sex="female", **more)
        for name, value in {"residence_status": "usual_resident", "migration_status": "national", **(facts or {})}.items():
            if value:
                services.record_fact(by=None, on=TODAY, about=made, name=name, value=value, since=birth)
        return made

    def home(self, head: Person, *children: Person) -> Any:
        household = services.make_household(by=None, on=TODAY, head=head, since=SINCE)
        for child in children:
            since = max(child.birth_date or SINCE, SINCE)
            services.join_household(by=None, on=TODAY, person=child, household=household, relationship="child", since=since)
        return household


@contextmanager
def made_bureau(folder: Path, open_page: Callable[..., Any], axe: Callable[..., list[str]]) -> Iterator[Bureau]:
    """The office, made by commands; emptied after the journeys of a file."""
    clock = Clock()
    place = replace(settings.PLACE, registers=HISTORIES)
    with pytest.MonkeyPatch.context() as patch, override_settings(PLACE=place, MEDIA_ROOT=folder):
        patch.setattr(timezone, "now", clock.now)
        install()
        load_areas(read_areas((EXEMPLIA / "data/areas.csv").read_text(encoding="utf-8"), "areas.csv"), by=None)
        law = install_law(EXEMPLIA, by=None, on=TODAY, title="Exemplia 2020–2026")
        with act("law.approve", by=None):
            InForce.objects.create(law=law, since=SINCE, approved=timezone.now())
        yield Bureau({area.code: area for area in Area.objects.all()}, law, clock, open_page, axe)


def emptied() -> None:
    """Nothing is left for the tests that follow; the triggers, taken away before, come back."""
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)
    install()


class Desk:
    """An officer before her screen. Words of the office are said in English: they are looked for in the language of the page."""

    def __init__(self, page: Any, language: str, js: bool, journey: str, axe: Callable[..., list[str]]) -> None:
        self.page, self.language, self.js, self.journey, self.axe = page, language, js, journey, axe

    def words(self, text: str, **named: Any) -> str:
        """A text of the office in the page's language."""
        with translation.override(self.language):
            found = translation.gettext(text)  # older Pythons do not find a text that has a plural in this way
            return str(found if found != text else translation.ngettext(text, text, 1)) % named

    def money(self, en: str, fr: str) -> str:
        """An amount as the page writes it."""
        return fr + " XMU" if self.language == "fr" else "XMU " + en

    def in_(self, en: str, fr: str) -> str:
        """What stands in the law's text or is written by the test itself."""
        return fr if self.language == "fr" else en

    # --- going

    def go(self, address: str) -> int:
        """Types an address; gives the answer's status."""
        status = self.page.goto(address).status
        self.look()
        return int(status)

    def start(self) -> None:
        """The single window."""
        self.go("/")

    def follow(self, label: str, within: str = "main", **named: Any) -> None:
        """Clicks a link."""
        self._click(self.page.locator(within).get_by_role("link", name=self.words(label, **named)).first)

    def follow_name(self, text: str, within: str = "main") -> None:
        """Clicks a link that is called by a name or a title."""
        self._click(self.page.locator(within).get_by_role("link", name=text).first)

    def press(self, label: str, within: str = "main", **named: Any) -> None:
        """Presses a button that sends a form."""
        self._click(self.page.locator(within).get_by_role("button", name=self.words(label, **named)).first)

    def _click(self, what: Any) -> None:
        with self.page.expect_navigation(wait_until="load"):
            what.click()
        self.look()

    # --- filling in

    def fill(self, label: str, text: str) -> None:
        self.page.locator("main").get_by_label(self.words(label)).first.fill(text)

    def choose(self, label: str) -> None:
        """Ticks a choice that has a text of the office."""
        self.choose_name(self.words(label))

    def choose_name(self, text: str) -> None:
        """Ticks a choice that is called by a title of the law or a name."""
        self.page.locator("main").get_by_label(text, exact=False).first.check()

    def pick(self, label: str, option: str) -> None:
        """Chooses in a menu."""
        self.page.locator("main").get_by_label(self.words(label)).first.select_option(label=option)

    def day(self, name: str, day: date) -> None:
        """Fills the three boxes of a date."""
        for number, part in enumerate((day.day, day.month, day.year)):
            self.page.locator(f"#id_{name}_{number}").fill(str(part))

    def find(self, text: str, name: str) -> None:
        """From the single window to somebody's file, by the search."""
        self.start()
        self.page.locator("#id_q").fill(text)
        self.press("Search")
        self.follow_name(name)

    # --- looking

    @property
    def text(self) -> str:
        """What stands on the page, spaces as one."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def title(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("h1").inner_text())

    @property
    def reference(self) -> str:
        """The reference in the page's address."""
        found = REFERENCE.search(self.page.url)
        assert found, self.page.url
        return found[0]

    def sees(self, *texts: str) -> None:
        """The page says each of these, which are of the office, the law or the test, in the page's language."""
        text = self.text
        for wanted in texts:
            assert re.sub(r"\s+", " ", wanted) in text, f"{wanted!r} is not in {text!r}"

    def says(self, label: str, **named: Any) -> None:
        """The page says a text of the office."""
        self.sees(self.words(label, **named))

    def offers(self, label: str, role: str = "button") -> bool:
        """Whether there is such a button or link."""
        return bool(self.page.locator("main").get_by_role(role, name=self.words(label)).count())

    def look(self) -> None:
        """What holds of every page: its language, no complaint of the browser, nothing that bars anybody, nothing wider than the screen."""
        page, address = self.page, REFERENCE.sub("*", self.page.url)
        assert page.locator("html").get_attribute("lang") == self.language, address
        assert [said for said in page.complaints if not re.search(r"status of 4\d\d", said)] == [], address
        page.complaints.clear()
        headings = tuple(REFERENCE.sub("*", text) for text in page.locator("main").locator("h1, h2").all_inner_texts())
        key = (self.journey, self.language, self.js, re.sub(r"^https?://[^/]+", "", address), headings)
        if key in looked_at:
            return
        looked_at.add(key)
        text = f" {self.text} "
        assert not re.search(r"\bNone\b(?! of)|%\(", text), text
        if self.js:
            assert self.axe(page) == [], address
        else:
            assert (wide := page.evaluate(TOO_WIDE)) == [], (address, wide)
        if PICTURES:
            name = f"{self.journey}-{self.language}-{'wide' if self.js else 'small'}-{len(looked_at):03}.png"
            page.screenshot(path=Path(PICTURES) / name, full_page=True)
