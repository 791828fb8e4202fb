"""People whom the counter registers: a displaced person without a document, a newborn child, somebody who is registered already, and a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.utils import timezone

from ..access.models import User
from ..people.matching import find_duplicates
from ..people.models import Identifier, Membership, Person
from ..people.services import Birth, Names, drafts, register_displaced, register_newborn, register_person
from ..places.models import Area

ON = date(2026, 3, 19)


def register_some(users: Mapping[str, User]) -> None:
    """All of them, and the search for duplicates."""
    _displaced(users["karim"])
    _newborn(users["amina"])
    _twice(users["amina"])
    find_duplicates(by=None, on=ON)
    _draft(users["amina"])


def _displaced(by: User) -> None:
    """A woman at the camp of d03, of whose birth only the year is known."""
    register_displaced(
        by=by,
        on=ON,
        place=Area.objects.get(code="camp-d03"),
        names=Names("Zeinab", "Ouedrani", other_names=("زينب",)),
        since=date(2026, 3, 14),
        birth=Birth(date(1991, 1, 1), "year"),
        sex="female",
    )


def _newborn(by: User) -> None:
    """The first mother of d01 with a birth date between 1990 and 2002 who lives in a household."""
    homes = Membership.objects.filter(until__isnull=True, relationship__in=("head", "spouse"), person__sex="female", person__district__code="d01")
    place = homes.filter(person__birth_date__range=(date(1990, 1, 1), date(2002, 1, 1)), person__death_date__isnull=True).order_by("person").first()
    if place is not None:
        mother = Person.plain.get(pk=place.person_id)
        register_newborn(
            by=by, on=ON, mother=mother, names=Names("Sira", mother.surname), birth=Birth(date(2026, 3, 11)), sex="female", registered=True
        )


def _twice(by: User) -> None:
    """Somebody whom a hurried officer registers again, with the name spelled otherwise and without the card."""
    carded = Identifier.objects.filter(type="national_id", withdrawn=False).values("person")
    people = Person.plain.filter(district__code="d01", death_date__isnull=True, birth_date__lt=date(2000, 1, 1), pk__in=carded)
    person = people.exclude(second_name="").order_by("pk").first()
    if person is None:
        return
    names = Names(person.given_name, person.surname.replace("é", "e") + "e", person.second_name)
    register_person(by=by, on=ON, area=person.area, names=names, birth=Birth(person.birth_date), sex=person.sex)


def _draft(by: User) -> None:
    """A registration saved for later, in the form in which the pages keep it. It expires by the clock, as drafts do."""
    now = max(timezone.now(), datetime(2026, 3, 19, 9, tzinfo=UTC))
    draft = drafts.start_draft(by=by, now=now, flow="person")
    answer = {"given_name": ["Thandi"], "second_name": [""], "surname": ["Valondé"], "maiden_name": [""], "other_names": [""]}
    drafts.save_step(draft=draft, now=now, step="names", answer=answer)
