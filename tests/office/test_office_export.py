"""Exports: whom the user may see, in three forms, without formulas; an analyst's file without names."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.errors import InputError, Problems
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.models import Entry
from opensocle.office.audit.services import act
from opensocle.office.people.exporting import columns_for, export_people
from opensocle.office.people.exporting.files import RISKY, guarded
from opensocle.office.people.models import Contact, Fact, Household, Identifier, Membership, Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY, BEFORE = date(2026, 3, 1), date(2026, 2, 1)
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)  # noqa: UP017
COLUMNS = [
    "reference",
    "given_name",
    "surname",
    "birth_date",
    "district",
    "phone",
    "identifier_national_id",
    "earnings",
    "pregnant",
    "household.rooms",
]


@pytest.fixture
def people(areas: dict[str, Area]) -> list[Person]:
    """Three persons in two districts; the first two live together."""
    with act("test", by=None):
        home = Household.plain.create(area=areas["d01"], district=areas["d01"], since=BEFORE)
        found = []
        for number, (name, code) in enumerate((("=cmd()", "d01"), ("Ama", "d01"), ("Yao", "d02"))):
            person = Person.plain.create(
                given_name=name, surname="Mensah", birth_date=date(1980 + number, 5, 6), sex="female", area=areas[code], district=areas[code]
            )
            found.append(person)
            Fact.objects.create(person=person, name="earnings", value=f"{number + 1}00.5", since=BEFORE, recorded=NOW)
            if code == "d01":
                Membership.objects.create(person=person, household=home, relationship=("head", "child")[number], since=BEFORE)
        Fact.objects.create(person=found[0], name="pregnant", value="true", since=BEFORE, until=TODAY, recorded=NOW)
        Fact.objects.create(household=home, name="rooms", value="3", since=BEFORE, recorded=NOW)
        Contact.objects.create(person=found[0], kind="phone", value="+22890112233")
        Identifier.objects.create(person=found[0], type="national_id", value="TG-1", normal="TG1", country="XE")
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_holds_whom_the_user_may_see_with_the_facts_of_the_day(people: list[Person], user: Callable[..., User], tmp_path: Path) -> None:
    done = export_people(by=user("caseworker", "d01"), on=TODAY, out=tmp_path / "a.csv", columns=COLUMNS, why="check")
    found = rows(done.path)
    assert done.persons == 2 and [row["reference"] for row in found] == [person.reference for person in people[:2]]
    assert found[0] == {
        "reference": people[0].reference, "given_name": "'=cmd()", "surname": "Mensah", "birth_date": "1980-05-06", "district": "d01",
        "phone": "'+22890112233", "identifier_national_id": "TG-1", "earnings": "100.5", "pregnant": "", "household.rooms": "3",
    }  # fmt: skip
    done = export_people(by=user("caseworker", "XE"), on=BEFORE, out=tmp_path / "b.csv", columns=COLUMNS, why="check")
    assert done.persons == 3 and rows(done.path)[0]["pregnant"] == "true"


def test_an_area_narrows_the_export_and_one_elsewhere_does_not_exist(people: list[Person], user: Callable[..., User], tmp_path: Path) -> None:
    country = user("caseworker", "XE")
    assert export_people(by=country, on=TODAY, out=tmp_path / "a.csv", columns=["sex"], why="x", area="d02").persons == 1
    assert export_people(by=country, on=TODAY, out=tmp_path / "b.csv", columns=["sex"], why="x", area="north").persons == 3
    for area in ("d02", "north", "nowhere"):
        with pytest.raises(NotThere):
            export_people(by=user("caseworker", "d01"), on=TODAY, out=tmp_path / "c.csv", columns=["sex"], why="x", area=area)
    assert not (tmp_path / "c.csv").exists()


def test_an_export_is_in_the_audit_with_its_reason_and_count_and_no_names(people: list[Person], user: Callable[..., User], tmp_path: Path) -> None:
    officer = user("caseworker", "d01")
    export_people(by=officer, on=TODAY, out=tmp_path / "a.csv", columns=COLUMNS, why="yearly check")
    entry = Entry.objects.get(action="export.people")
    assert (entry.by, entry.details["persons"], entry.details["why"], entry.details["columns"]) == (officer, 2, "yearly check", COLUMNS)
    assert "Mensah" not in str(entry.details)
    with pytest.raises(InputError, match="O115"):
        export_people(by=officer, on=TODAY, out=tmp_path / "b.csv", columns=COLUMNS, why=" ")


@pytest.mark.parametrize("role", ["intake", "analyst", "administrator", "payments", "auditor"])
def test_other_roles_export_nothing(people: list[Person], user: Callable[..., User], tmp_path: Path, role: str) -> None:
    with pytest.raises(Refused):
        export_people(by=user(role, "XE"), on=TODAY, out=tmp_path / "a.csv", columns=["sex"], why="x")
    assert not list(tmp_path.iterdir())


def test_an_export_without_names_says_nobody(people: list[Person], user: Callable[..., User], tmp_path: Path) -> None:
    columns = columns_for(TODAY, names=False)
    done = export_people(by=user("supervisor", "XE"), on=TODAY, out=tmp_path / "a.csv", columns=columns, why="study", names=False)
    text = done.path.read_text(encoding="utf-8-sig")
    secret = ["Mensah", "Ama", "TG-1", "228901", "1980-05-06", *(person.reference for person in people)]
    assert done.persons == 3 and not any(word in text for word in secret)
    found = rows(done.path)
    assert sorted(row["person"] for row in found) == ["1", "2", "3"]
    homes = {row["birth_year"]: row["home"] for row in found}
    assert homes["1980"] == homes["1981"] != homes["1982"] == ""
    with pytest.raises(Problems) as problems:
        export_people(by=None, on=TODAY, out=tmp_path / "b.csv", columns=["surname", "mother_id", "sexe"], why="x", names=False)
    assert [problem.code for problem in problems.value.problems] == ["O113"] * 3 and not (tmp_path / "b.csv").exists()


def test_parquet_and_excel_hold_the_same_values_with_their_types(people: list[Person], tmp_path: Path) -> None:
    import openpyxl
    import pyarrow.parquet as pq

    export_people(by=None, on=TODAY, out=tmp_path / "a.parquet", columns=COLUMNS, why="x")
    table = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert table[0]["given_name"] == "=cmd()" and table[0]["earnings"] == Decimal("100.5") and table[0]["birth_date"] == date(1980, 5, 6)
    assert table[0]["household.rooms"] == 3 and table[2]["household.rooms"] is None
    export_people(by=None, on=TODAY, out=tmp_path / "a.xlsx", columns=COLUMNS, why="x")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cells = {name.value: cell for name, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["given_name"].value, cells["given_name"].data_type) == ("=cmd()", "s")
    assert cells["earnings"].value == 100.5 and cells["birth_date"].value.date() == date(1980, 5, 6)
    with pytest.raises(InputError, match="O114"):
        export_people(by=None, on=TODAY, out=tmp_path / "a.doc", columns=COLUMNS, why="x")


def test_persons_who_were_joined_to_others_or_erased_are_left_out(people: list[Person], tmp_path: Path) -> None:
    with act("test", by=None):
        Person.plain.filter(pk=people[1].pk).update(merged_into=people[0])
        Person.plain.filter(pk=people[2].pk).update(erased=NOW)
    assert export_people(by=None, on=TODAY, out=tmp_path / "a.csv", columns=["sex"], why="x").persons == 1


def test_pieces_make_one_whole(people: list[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opensocle.office.people.exporting.rows.PIECE", 1)
    for names in (True, False):
        path = tmp_path / f"{names}.csv"
        assert export_people(by=None, on=TODAY, out=path, columns=["district"], why="x", names=names).persons == 3
        assert sorted(row["district"] for row in rows(path)) == ["d01", "d01", "d02"]


@given(st.text(max_size=20))
def test_no_text_is_ever_a_formula_and_each_can_be_read_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(RISKY)
    assert cell == text or cell == f"'{text}"
