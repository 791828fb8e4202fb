"""The demonstration office: its people, users and cases are made by the office's own services, and it is made once."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from opensocle import country_folder
from opensocle.errors import InputError
from opensocle.law.law import load
from opensocle.office.access.models import Posting, User
from opensocle.office.access.roles import ROLES
from opensocle.office.audit.models import RowChange
from opensocle.office.audit.selectors import verify
from opensocle.office.cases.models import Appeal, Claim, Decision, Determination, Difference, Entitlement, Grievance, Letter
from opensocle.office.demo.building import MadeOf, build
from opensocle.office.demo.cases import STORIES
from opensocle.office.demo.filling import ON, fill
from opensocle.office.demo.names import FEMALE, MALE, name_people
from opensocle.office.demo.papers import scan
from opensocle.office.demo.people import MOST, Wanted, write_files
from opensocle.office.laws.deciding import replay
from opensocle.office.laws.models import InForce
from opensocle.office.people.models import Draft, Household, Identifier, Membership, Pair, Person, Record
from opensocle.office.people.services import drafts
from opensocle.office.people.services.documents import media_type_of
from opensocle.office.places.reading import read_areas
from opensocle.office.places.services import load_areas
from opensocle.population.people import make_people
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
COUNTRY = country_folder("exemplia")
PASSWORD = "a long enough sentence"


PERSONS = 3_000
"""Enough people of Exemplia for every story."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """An office filled once for all tests that only look at it; nothing of it remains."""
    folder = tmp_path_factory.mktemp("demo")
    people = make_people(folder / "people", persons=PERSONS)
    place = replace(django_settings.PLACE, folder=folder, registers=HISTORIES)
    with django_db_blocker.unblock(), override_settings(PLACE=place, MEDIA_ROOT=folder / "documents"), transaction.atomic():
        areas = COUNTRY / "data" / "areas.csv"
        load_areas(read_areas(areas.read_text(encoding="utf-8"), str(areas)), by=None)
        done = fill(people, COUNTRY, PASSWORD, 1)
        assert done.persons == PERSONS and done.untold == ()
        yield
        transaction.set_rollback(True)


def test_the_office_has_every_role_all_districts_and_a_case_in_every_state(filled: None) -> None:
    assert set(Posting.objects.values_list("role", flat=True)) == set(ROLES)
    assert all(user.check_password(PASSWORD) for user in User.objects.filter(username__in=("karim", "ana")))
    assert Person.plain.values("district").distinct().count() == 12
    assert set(Record.objects.values_list("table", flat=True)) == set(HISTORIES)
    assert set(Claim.plain.values_list("state", flat=True)) == set(Claim.State.values)
    assert set(Decision.plain.values_list("outcome", flat=True)) == set(Decision.Outcome.values)
    assert set(Entitlement.plain.values_list("state", flat=True)) == set(Entitlement.State.values)
    assert Counter(Appeal.plain.values_list("outcome", flat=True)) == {"": 1, "upheld": 1, "changed": 1}
    assert Decision.plain.filter(replaces__isnull=False, outcome="granted").count() == 1
    assert sorted(grievance.answered_on is None for grievance in Grievance.plain.all()) == [False, True]
    assert Entitlement.plain.get(state="ended").person.death_date == date(2026, 2, 20)
    assert all(difference.after > difference.before for difference in Difference.objects.all()) and Difference.objects.count() == 2
    assert set(Letter.plain.values_list("language", flat=True)) == {"en", "fr"}
    assert Identifier.objects.filter(type="provisional").count() == 2  # a displaced woman and a newborn child
    assert Pair.objects.filter(verdict="open", probability__gt=0.9).exists()


def test_every_decision_is_what_the_law_says_and_can_be_computed_again(filled: None) -> None:
    for made in Determination.objects.all():
        assert replay(made).same
    for decision in Decision.plain.select_related("determination"):
        assert (decision.outcome == "granted") == (decision.determination.outcome == "entitled")
    two = Decision.plain.filter(two_officers=True, decided_on__isnull=False)
    assert two and all(decision.approved_by_id not in (None, decision.proposed_by_id) for decision in two)
    entry = InForce.objects.get()
    assert entry.approved and entry.approved_by != entry.proposed_by


def test_a_case_that_moved_is_in_the_new_district_with_all_that_hangs_on_it(filled: None) -> None:
    home = Household.plain.get(address="House 12, market road")
    claim = Claim.plain.get(person__memberships__household=home, person__memberships__until__isnull=True)
    decision = Decision.plain.select_related("entitlement").get(claim=claim)
    assert {home.district.code, claim.district.code, decision.district.code, decision.entitlement.district.code} == {"d03"}


def test_the_audit_holds_every_row_and_is_whole(filled: None) -> None:
    verdict = verify()
    assert verdict.sound and verdict.entries > 60
    for table, rows in (("people_person", Person.plain.count()), ("people_record", Record.objects.count())):
        assert RowChange.objects.filter(table=table, operation="I").count() == rows


def test_a_registration_is_saved_for_later_and_can_be_gone_on_with(filled: None) -> None:
    draft = Draft.objects.get()
    found = drafts.own_draft(User.objects.get(username="amina"), draft.reference, timezone.now())
    assert found.flow == "person" and found.answers["names"]["surname"] == ["Valondé"]


def test_nobody_was_born_and_nothing_happened_after_the_day_of_the_office(filled: None) -> None:
    assert not Person.plain.filter(death_date__gt=ON).exists() and not Person.plain.filter(birth_date__gt=ON).exists()
    assert not Record.objects.filter(start__gt=ON).exists()
    died = Person.plain.filter(death_date__lt=date(2026, 1, 1))
    assert died.exists() and all(Membership.objects.filter(person=person, until__gt=person.death_date).exists() for person in died)


# --- its parts


def test_names_are_the_same_for_the_same_seed_and_fit_the_sex_and_the_household() -> None:
    family = [(1, "male", "head"), (1, "female", "spouse"), *[(1, "female", "child")] * 5, (2, "female", "head")]
    names = name_people(family, 4)
    assert names == name_people(family, 4) != name_people(family, 5)
    assert names[0][0] in MALE and all(given in FEMALE for given, _, _ in names[1:])
    assert len({surname for _, _, surname in (names[0], *names[2:7])}) == 1
    assert len({given for given, _, _ in names[:7]}) == 7


def test_the_picture_of_a_paper_is_one_that_the_office_accepts() -> None:
    assert media_type_of(scan(1)) == "image/png" and scan(1) != scan(2)


def test_of_a_large_population_the_first_households_are_taken_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr("opensocle.office.demo.people.WHOLE", 1_000)
    monkeypatch.setattr("opensocle.office.demo.people.MOST", 500)
    people = make_people(tmp_path / "people", persons=1_200)
    write_files(Wanted(people, load(COUNTRY), date(2025, 1, 1), ON), tmp_path)
    given, all_of = pq.read_table(tmp_path / "persons.parquet"), pq.read_table(people / "persons.parquet")
    homes = set(given["household_id"].to_pylist())
    assert 450 < given.num_rows <= 500 < MOST and homes == set(range(1, len(homes) + 1))
    assert given.num_rows == sum(home in homes for home in all_of["household_id"].to_pylist())
    assert set(pq.read_table(tmp_path / "contributions.parquet")["person_id"].to_pylist()) <= set(given["person_id"].to_pylist())


def test_stories_say_what_they_are() -> None:
    assert len({story.__name__ for story in STORIES}) == len(STORIES)


# --- in a folder

_TWICE = """
import json, sys
from pathlib import Path
from opensocle import country_folder
from opensocle.cli.demo_office import office_of
from opensocle.law.law import load
said = []
built = office_of(Path(sys.argv[1]), load(country_folder("exemplia")), said.append)
print(json.dumps({"made": built.made, "password": built.password, "logins": str(built.logins), "said": "\\n".join(said)}))
"""


def _office_of(home: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO_"))}
    run = subprocess.run([sys.executable, "-c", _TWICE, str(home)], env=env, capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_the_office_of_last_time_is_used_again_and_its_password_is_told_once(tmp_path: Path) -> None:
    make_people(tmp_path / "people", persons=300)
    first, again = _office_of(tmp_path), _office_of(tmp_path)
    logins = Path(first["logins"])
    assert first["made"] and len(first["password"]) >= 16 and first["password"] in first["said"]
    assert not again["made"] and again["password"] == "" and first["password"] not in again["said"] and "of last time" in again["said"]
    assert first["password"] in logins.read_text(encoding="utf-8") and stat.S_IMODE(logins.stat().st_mode) == 0o600
    assert first["password"].encode() not in (logins.parent / "office.sqlite3").read_bytes()
    assert all(f"{name}" in again["said"] for name in ("karim", "sofia", "halima"))


def test_an_office_that_the_demonstration_did_not_make_is_left_alone(tmp_path: Path) -> None:
    people = make_people(tmp_path / "people", persons=50)
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "office.yaml").write_text("title: {en: ours}\n", encoding="utf-8")
    with pytest.raises(InputError, match="O004"):
        build(tmp_path / "office", MadeOf(people, COUNTRY, "x", {"en": "Exemplia"}, 1))
    assert (tmp_path / "office" / "office.yaml").read_text(encoding="utf-8") == "title: {en: ours}\n"
