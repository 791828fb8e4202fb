"""Files of other systems read into the registry: looked at, taken over, read again, changed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from opensocle.errors import InputError, Problems
from opensocle.office.access.models import User
from opensocle.office.access.rules import Refused
from opensocle.office.audit.models import Entry, RowChange
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.people.importing import Done, import_people, preview_people
from opensocle.office.people.models import (
    Contact,
    Document,
    Fact,
    Household,
    Identifier,
    Import,
    Membership,
    Person,
    Record,
    SearchKey,
    SourceKey,
    Spelling,
)
from opensocle.office.people.naming import search_keys
from opensocle.office.people.services.keys import rebuild_keys
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
MAPPING: dict[str, Any] = {
    "tables": {
        "persons": {
            "file": "persons.csv",
            "columns": {
                "person_id": "ID",
                "household_id": "HH",
                "relationship_to_head": {"column": "REL", "codes": {"1": "head", "2": "spouse", "3": "child"}},
                "given_name": "GIVEN",
                "surname": "SURNAME",
                "sex": {"column": "SEX", "codes": {"1": "male", "2": "female"}},
                "birth_date": {"column": "BORN", "format": "%d/%m/%Y"},
                "identifier_national_id": "NIN",
                "phone": "PHONE",
                "mother_id": "MOTHER",
                "earnings": "PAY",
                "pregnant": {"column": "PREG", "codes": {"Y": "true", "N": "false"}},
            },
        },
        "households": {"file": "households.csv", "columns": {"household_id": "HH", "area": "DISTRICT", "rooms": "ROOMS"}},
    }
}
HEAD = ["ID", "HH", "REL", "GIVEN", "SURNAME", "SEX", "BORN", "NIN", "PHONE", "MOTHER", "PAY", "PREG"]
FAMILY = [
    ["1", "A", "1", "Kofi", "Mensah", "1", "03/04/1980", "TG-001", "90 11 22 33", "", "1200.50", ""],
    ["2", "A", "2", "Aïssatou", "N'Diaye", "2", "17/09/1985", "TG-002", "", "", "", "Y"],
    ["3", "A", "3", "Ama", "Mensah", "2", "01/01/2015", "", "", "2", "", ""],
    ["4", "B", "1", "Yao", "Kossi", "1", "30/06/1950", "", "+22890445566", "", "0", ""],
]
HOMES = [["A", "d01", "3"], ["B", "d02", "1"]]


def write(folder: Path, persons: Sequence[Sequence[str]], homes: Sequence[Sequence[str]] = HOMES) -> Path:
    folder.mkdir(exist_ok=True)
    for name, head, rows in (("persons.csv", HEAD, persons), ("households.csv", ["HH", "DISTRICT", "ROOMS"], homes)):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    return folder


def run(folder: Path, by: User | None = None, on: date = TODAY, mapping: Mapping[str, Any] = MAPPING, **more: Any) -> Done:
    return import_people(by=by, on=on, files=folder, mapping=mapping, source=more.pop("source", "civil"), **more)


def changed(person: int, **cells: str) -> list[list[str]]:
    """The family with other cells in one person's row."""
    return [[cells.get(name, cell) for name, cell in zip(HEAD, row, strict=True)] if row[0] == str(person) else row for row in FAMILY]


def of(key: str, source: str = "civil") -> Person:
    found = SourceKey.objects.get(source=source, kind="person", key=key).person
    assert found is not None
    return found


def facts(about: Person | Household, on: date | None = None) -> dict[str, tuple[str, date | None, date | None]]:
    rows = about.facts.filter(withdrawn__isnull=True)
    return {row.name: (row.value, row.since, row.until) for row in rows.order_by("since", "pk") if on is None or not row.until or row.until > on}


def counts() -> dict[str, int]:
    models = (Person, Household, Membership, Fact, Identifier, Contact, SourceKey, SearchKey, Record, Spelling)
    return {model.__name__: model._base_manager.count() for model in models}


def test_persons_households_and_facts_are_registered_as_the_mapping_says(areas: dict[str, Area], tmp_path: Path) -> None:
    done = run(write(tmp_path, FAMILY))
    assert (done.rows, done.added, done.changed, done.same, done.refused) == (6, 6, 0, 0, 0)
    kofi, ama = of("1"), of("3")
    assert (kofi.given_name, kofi.surname, kofi.sex, kofi.birth_date) == ("Kofi", "Mensah", "male", date(1980, 4, 3))
    assert (kofi.area, kofi.district, of("4").district) == (areas["d01"], areas["d01"], areas["d02"])
    assert [(i.type, i.value, i.normal, i.country) for i in kofi.identifiers.all()] == [("national_id", "TG-001", "TG001", "XE")]
    assert [c.value for c in Contact.objects.order_by("pk")] == ["90112233", "+22890445566"]
    assert facts(kofi) == {"earnings": ("1200.5", TODAY, None)}
    assert facts(ama) == {"mother_id": (of("2").reference, TODAY, None)}
    home = ama.memberships.get().household
    assert facts(home) == {"rooms": ("3", TODAY, None)} and home.district == areas["d01"]
    members = home.memberships.order_by("pk").values_list("person", "relationship", "since", "until")
    assert list(members) == [(of(key).pk, said, TODAY, None) for key, said in (("1", "head"), ("2", "spouse"), ("3", "child"))]


def test_search_keys_are_those_that_the_services_would_make(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    before = set(SearchKey.objects.values_list("person", "district", "kind", "key"))
    aissatou = of("2")
    assert {key[2:] for key in before if key[0] == aissatou.pk} == search_keys(["Aïssatou N'Diaye"], ["TG-002"])
    assert set(Spelling.objects.values_list("word", flat=True)) == {key for *_, kind, key in before if kind == "w"}
    with act("test", by=None):
        rebuild_keys(Person.plain.values_list("pk", flat=True))
    assert set(SearchKey.objects.values_list("person", "district", "kind", "key")) == before


def test_the_same_file_twice_changes_nothing_and_an_act_says_so(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    before, rows = counts(), RowChange.objects.count()
    done = run(tmp_path, on=LATER)
    assert (done.added, done.changed, done.same) == (0, 0, 6)
    assert counts() == before and RowChange.objects.count() == rows + 1  # the row of the import itself
    entries = Entry.objects.filter(action="import.people").order_by("pk")
    assert [(entry.details["added"], entry.details["same"]) for entry in entries] == [(6, 0), (0, 6)]
    assert Import.objects.count() == 2 and verify().sound


def test_every_row_is_in_the_audit_under_one_act_without_personal_data_in_its_details(areas: dict[str, Area], tmp_path: Path) -> None:
    done = run(write(tmp_path, FAMILY))
    entry = Entry.objects.get(action="import.people")
    assert (entry.kind, entry.reference) == ("import", done.reference)
    by_table = {name: RowChange.objects.filter(entry_number=entry.pk, table=f"people_{name}", operation="I").count() for name in ("person", "fact")}
    assert by_table == {"person": 4, "fact": Fact.objects.count()}
    assert not any(word in str(entry.details) for word in ("Kofi", "Mensah", "TG-001", "1200"))
    assert verify().sound


def test_a_changed_row_changes_just_its_facts_from_the_day_of_the_import(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    before = counts()
    done = run(write(tmp_path, changed(1, PAY="1500")), on=LATER)
    assert (done.added, done.changed, done.same, dict(done.words)) == (0, 1, 5, {"earnings": 1})
    rows = of("1").facts.order_by("pk").values_list("value", "since", "until", "withdrawn")
    assert [(*row[:3], row[3] is None) for row in rows] == [
        ("1200.5", TODAY, None, False),
        ("1200.5", TODAY, LATER, True),
        ("1500", LATER, None, True),
    ]
    assert {**counts(), "Fact": 0} == {**before, "Fact": 0}


def test_a_change_on_the_day_of_the_first_import_replaces_the_value(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    run(write(tmp_path, changed(1, PAY="1500")))
    assert facts(of("1")) == {"earnings": ("1500", TODAY, None)}


def test_what_an_officer_corrected_stays_until_the_source_says_something_new(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    with act("person.change", by=None):
        Person.plain.filter(pk=of("1").pk).update(surname="Mensa")
    run(write(tmp_path, changed(1, PAY="1500")), on=LATER)
    assert of("1").surname == "Mensa"
    done = run(write(tmp_path, changed(1, PAY="1500", SURNAME="Mensahh")), on=LATER)
    assert of("1").surname == "Mensahh" and dict(done.words) == {"surname": 1}
    assert SearchKey.objects.filter(person=of("1"), kind="w", key="mensahh").exists()


def test_an_empty_cell_takes_nothing_away(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    run(write(tmp_path, changed(1, PAY="", PHONE="", NIN="", BORN="")), on=LATER)
    kofi = of("1")
    assert facts(kofi) == {"earnings": ("1200.5", TODAY, None)} and kofi.birth_date == date(1980, 4, 3)
    assert kofi.identifiers.filter(withdrawn=False).count() == kofi.contacts.filter(withdrawn=False).count() == 1


def test_a_column_says_from_which_day_facts_hold(areas: dict[str, Area], tmp_path: Path) -> None:
    columns = {**MAPPING["tables"]["persons"]["columns"], "since": {"column": "MOTHER"}}
    columns.pop("mother_id")
    mapping = {"tables": {**MAPPING["tables"], "persons": {"file": "persons.csv", "columns": columns}}}
    run(write(tmp_path, changed(1, MOTHER="2025-06-01")[:1]), mapping=mapping)
    assert facts(of("1")) == {"earnings": ("1200.5", date(2025, 6, 1), None)}
    run(write(tmp_path, changed(1, MOTHER="2025-09-01", PAY="3")[:1]), mapping=mapping)
    rows = of("1").facts.filter(withdrawn__isnull=True).order_by("since").values_list("value", "since", "until")
    assert list(rows) == [("1200.5", date(2025, 6, 1), date(2025, 9, 1)), ("3", date(2025, 9, 1), None)]


def test_who_moves_leaves_one_household_for_another_and_heads_change_places(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    rows = [[*row[:2], {"1": "2", "2": "1"}.get(row[0], row[2]), *row[3:]] for row in FAMILY]
    rows[2][1] = "B"
    done = run(write(tmp_path, rows), on=LATER)
    assert done.words["household_id"] == 3
    now = {m.person_id: (m.relationship, m.since) for m in Membership.objects.filter(until__isnull=True)}
    assert now[of("1").pk] == ("spouse", LATER) and now[of("2").pk] == ("head", LATER) and now[of("3").pk] == ("child", LATER)
    assert of("3").memberships.filter(until=LATER).count() == 1
    run(tmp_path, on=LATER)
    same_day = [[*row[:2], {"1": "1", "2": "2"}.get(row[0], row[2]), *row[3:]] for row in rows]
    run(write(tmp_path, same_day), on=LATER)
    now = {m.person_id: m.relationship for m in Membership.objects.filter(until__isnull=True)}
    assert (now[of("1").pk], now[of("2").pk]) == ("head", "spouse")


BAD: list[tuple[int, dict[str, str], str]] = [
    (1, {"BORN": "31/02/1980"}, "birth_date: is not a date"),
    (1, {"BORN": "31/12/2090"}, "birth_date: is after"),
    (1, {"BORN": "03/04/1780"}, "birth_date: nobody is that old"),
    (1, {"SEX": "3"}, "sex: the code is not in the mapping"),
    (1, {"PAY": "much"}, "earnings: is not a number"),
    (1, {"GIVEN": "", "SURNAME": ""}, "given_name: neither given name nor surname"),
    (1, {"GIVEN": "12"}, "given_name: a name has letters"),
    (1, {"GIVEN": "x" * 121}, "given_name: has more than 120 signs"),
    (1, {"PHONE": "12"}, "phone: is no telephone number"),
    (1, {"NIN": "TG 002"}, "identifier_national_id: several rows have the same number"),
    (1, {"NIN": "-"}, "identifier_national_id: is no number of a document"),
    (1, {"ID": "2"}, "person_id: several rows have the same person_id"),
    (2, {"REL": "1"}, "relationship_to_head: the household has several heads"),
    (4, {"HH": "C"}, "household_id: no accepted row of households"),
]


@pytest.mark.parametrize(("person", "cells", "reason"), BAD, ids=[reason for _, _, reason in BAD])
def test_a_row_that_does_not_fit_is_set_aside_with_its_reason(
    areas: dict[str, Area], tmp_path: Path, person: int, cells: dict[str, str], reason: str
) -> None:
    away = tmp_path / "rejected.csv"
    done = run(write(tmp_path / "in", changed(person, **cells)), limit=Decimal(1), rejected=away)
    assert reason in done.report.as_text() and done.refused > 0
    rows = list(csv.DictReader(away.open(encoding="utf-8")))
    assert len(rows) == done.refused and all(row["reasons"] for row in rows)
    assert done.added + done.refused == 6 and Person.plain.count() == 4 - done.refused


def test_an_unknown_area_is_refused_and_a_default_area_takes_those_without(areas: dict[str, Area], tmp_path: Path) -> None:
    done = run(write(tmp_path, FAMILY, [["A", "d99", "3"], ["B", "d02", "1"]]), limit=Decimal(1))
    assert "households.area: is not in the code list area" in done.report.as_text() and Person.plain.count() == 1
    mapping = {"tables": {"persons": MAPPING["tables"]["persons"]}}
    run(tmp_path, mapping=mapping, area="d05", source="other")
    assert of("1", "other").district == areas["d05"]
    with pytest.raises(InputError, match="O110"):
        run(tmp_path, mapping=mapping, area="d99", source="other")


def test_too_many_bad_rows_stop_the_whole_file_and_nothing_remains(areas: dict[str, Area], tmp_path: Path) -> None:
    away = tmp_path / "rejected.csv"
    before = counts()
    with pytest.raises(InputError, match="O111 1 of 4 rows of the table persons"):
        run(write(tmp_path / "in", changed(1, SEX="3")), rejected=away)
    assert counts() == before and not Import.objects.exists() and not Entry.objects.filter(action="import.people").exists()
    assert len(list(csv.DictReader(away.open(encoding="utf-8")))) == 1


def test_words_that_follow_from_the_file_or_that_nobody_knows_are_refused_all_at_once(areas: dict[str, Area], tmp_path: Path) -> None:
    columns = {"person_id": "ID", "given_name": "GIVEN", "age": "PAY", "region": "HH", "shoe": "SEX"}
    with pytest.raises(Problems) as problems:
        run(write(tmp_path, FAMILY), mapping={"tables": {"persons": {"file": "persons.csv", "columns": columns}}})
    assert "'shoe' is not a word" in str(problems.value)
    columns.pop("shoe")
    with pytest.raises(Problems) as problems:
        run(tmp_path, mapping={"tables": {"persons": {"file": "persons.csv", "columns": columns}}})
    assert [problem.code for problem in problems.value.problems] == ["O110", "O110"]


def test_a_number_of_a_document_leads_to_the_person_who_has_it(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    other = write(
        tmp_path / "other", [["X9", "", "", "Aissatou", "NDIAYE", "", "01/01/1985", "tg002", "90000000", "", "77", "N"]], [["Z", "d01", "1"]]
    )
    done = run(other, on=LATER, source="tax")
    assert Person.plain.count() == 4 and of("X9", "tax") == of("2") and done.changed == 1
    aissatou = of("2")
    assert (aissatou.given_name, aissatou.birth_date) == ("Aïssatou", date(1985, 9, 17))  # what was known stays
    assert {name: row[0] for name, row in facts(aissatou).items()} == {"pregnant": "true", "earnings": "77"}  # what was not is added
    wrong = write(tmp_path / "wrong", [["X8", "", "", "Mohamed", "Traoré", "1", "01/01/1960", "TG-001", "", "", "", ""]], [["Z", "d01", "1"]])
    done = run(wrong, source="tax", limit=Decimal(1), on=LATER)
    assert "another person of the registry has a number of this row" in done.report.as_text() and Person.plain.count() == 4


def test_a_supervisor_imports_into_her_districts_only(areas: dict[str, Area], user: Callable[..., User], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    supervisor = user("supervisor", "d01")
    rows = [[*row[:3], "Other", *row[4:]] for row in FAMILY]
    done = run(write(tmp_path, rows), by=supervisor, on=LATER, limit=Decimal(1))
    assert done.refused == 2 and (of("4").given_name, of("1").given_name) == ("Yao", "Other")
    with pytest.raises(Refused):
        run(tmp_path, by=user("caseworker", "d01"))


def test_a_restricted_file_is_left_alone(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    with act("person.restrict", by=None):
        Person.plain.filter(pk=of("1").pk).update(restricted=TODAY)
    done = run(write(tmp_path, changed(1, SURNAME="Else")), on=LATER, limit=Decimal(1))
    assert done.refused == 1 and of("1").surname == "Mensah" and "restricted" in done.report.as_text()


def test_the_person_who_stays_after_a_merge_gets_the_changes_of_both_keys(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    kept, gone = of("2"), of("4")
    with act("person.merge", by=None):
        Membership.objects.filter(person=gone).delete()
        Person.plain.filter(pk=gone.pk).update(merged_into=kept)
    run(write(tmp_path, changed(4, PAY="55")), on=LATER)
    assert facts(kept)["earnings"][0] == "55"


def test_a_preview_counts_shows_and_explains_and_writes_nothing(areas: dict[str, Area], tmp_path: Path) -> None:
    arguments: dict[str, Any] = {"by": None, "on": TODAY, "mapping": MAPPING, "source": "civil"}
    preview = preview_people(files=write(tmp_path, changed(4, SEX="9")), **arguments)
    assert (dict(preview.new), preview.report.rejected) == ({"persons": 3, "households": 2}, 1)
    assert preview.first[0]["given_name"] == "Kofi" and "sex: the code is not in the mapping" in preview.report.as_text()
    assert not Person.plain.exists() and not Entry.objects.filter(action="import.people").exists()
    run(write(tmp_path, FAMILY))
    preview = preview_people(files=write(tmp_path, changed(1, PAY="7", SURNAME="Mensa")), **{**arguments, "on": LATER})
    assert (dict(preview.changed), dict(preview.same), dict(preview.words)) == (
        {"persons": 1, "households": 0}, {"persons": 3, "households": 2}, {"earnings": 1, "surname": 1},
    )  # fmt: skip


PAID = {"contributions": {"file": "paid.csv", "columns": {"person_id": "ID", "month": "MONTH", "earnings": "PAY", "paid": "PAID"}}}


def paid(folder: Path, *rows: Sequence[str]) -> Path:
    with (folder / "paid.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["ID", "MONTH", "PAY", "PAID"], *rows])
    return folder


def test_contributions_of_persons_whom_the_source_knows_are_added_corrected_and_never_doubled(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    mapping = {"tables": PAID}
    done = run(paid(tmp_path, ["1", "2026-01", "1000.00", "true"], ["1", "2026-02", "1000", "true"]), mapping=mapping)
    assert (done.added, Record.objects.count()) == (2, 2)
    assert Record.objects.order_by("start")[0].values == {"earnings": "1000", "paid": "true"}
    assert run(tmp_path, mapping=mapping).same == 2 and Record.objects.count() == 2
    done = run(paid(tmp_path, ["1", "2026-02", "1100", ""], ["9", "2026-02", "5", "true"]), mapping=mapping, limit=Decimal(1))
    assert (done.changed, done.refused) == (1, 1) and "nobody in the registry has this key" in done.report.as_text()
    rows = Record.objects.filter(withdrawn__isnull=True).order_by("start").values_list("start", "values")
    assert list(rows) == [(date(2026, 1, 1), {"earnings": "1000", "paid": "true"}), (date(2026, 2, 1), {"earnings": "1100", "paid": "true"})]
    assert verify().sound


def with_deaths(folder: Path, homes: Sequence[Sequence[str]] = HOMES, **died: str) -> tuple[Path, dict[str, Any]]:
    """The family with a column of deaths, by person; and its mapping."""
    columns = {**MAPPING["tables"]["persons"]["columns"], "death_date": "MOTHER"}
    columns.pop("mother_id")
    rows = [[*row[:9], died.get(f"p{row[0]}", ""), *row[10:]] for row in FAMILY]
    return write(folder, rows, homes), {"tables": {**MAPPING["tables"], "persons": {"file": "persons.csv", "columns": columns}}}


def test_a_death_in_the_civil_register_ends_what_it_ends_at_the_counter(areas: dict[str, Area], tmp_path: Path) -> None:
    folder, mapping = with_deaths(tmp_path)
    run(folder, mapping=mapping)
    assert of("4").memberships.filter(until__isnull=True).exists()
    folder, mapping = with_deaths(tmp_path, p4="2026-03-20")
    done = run(folder, mapping=mapping, on=LATER)
    assert of("4").death_date == date(2026, 3, 20) and dict(done.words) == {"death_date": 1}
    assert of("4").memberships.get().until == date(2026, 3, 21) and verify().sound
    assert run(folder, mapping=mapping, on=LATER).same == 6


def test_nobody_is_put_into_a_household_that_has_ended(areas: dict[str, Area], tmp_path: Path) -> None:
    run(write(tmp_path, FAMILY))
    home = of("4").memberships.get().household
    with act("test", by=None):
        Membership.objects.filter(household=home).update(until=LATER)
        Household.plain.filter(pk=home.pk).update(until=LATER)
    assert run(tmp_path, on=LATER).same == 6
    rows = [*changed(3, HH="B"), ["5", "B", "3", "Afi", "Kossi", "2", "", "", "", "", "", ""]]
    done = run(write(tmp_path, rows), on=LATER, limit=Decimal(1))
    assert "household_id: the household has ended in the registry: 1 row, row 5" in done.report.as_text()
    assert any("nobody was put into it" in note for note in done.notes) and home.memberships.filter(until__isnull=True).count() == 0


def test_a_death_to_come_or_before_the_birth_is_set_aside(areas: dict[str, Area], tmp_path: Path) -> None:
    folder, mapping = with_deaths(tmp_path, p4="2027-01-01", p1="1970-01-01")
    done = run(folder, mapping=mapping, limit=Decimal(1))
    assert "death_date: lies in the future" in done.report.as_text() and "death_date: is before the birth" in done.report.as_text()


def test_who_is_dead_already_is_in_no_household_afterwards(areas: dict[str, Area], tmp_path: Path) -> None:
    folder, mapping = with_deaths(tmp_path, p2="2020-01-01")
    run(folder, mapping=mapping)
    assert of("2").death_date == date(2020, 1, 1) and not of("2").memberships.exists() and of("1").memberships.exists()


def test_who_moves_to_another_district_takes_her_file_along(areas: dict[str, Area], tmp_path: Path) -> None:
    columns = {**MAPPING["tables"]["persons"]["columns"], "area": "MOTHER"}
    columns.pop("mother_id")
    mapping = {"tables": {"persons": {"file": "persons.csv", "columns": columns}}}
    run(write(tmp_path, [["4", "", "", "Yao", "Kossi", "1", "30/06/1950", "", "", "d02", "", ""]]), mapping=mapping)
    yao = of("4")
    with act("test", by=None):
        Document.plain.create(
            person=yao, district=areas["d02"], kind="other", title="x", media_type="text/plain", size=1, digest="0" * 64, added=yao.created
        )
    done = run(write(tmp_path, [["4", "", "", "Yao", "Kossi", "1", "30/06/1950", "", "", "d05", "", ""]]), mapping=mapping, on=LATER)
    yao.refresh_from_db()
    assert dict(done.words) == {"area": 1} and (yao.area, yao.district) == (areas["d05"], areas["d05"])
    assert Document.plain.get().district == areas["d05"]
    assert set(SearchKey.objects.values_list("district", flat=True)) == {areas["d05"].pk} and verify().sound


def test_an_excel_file_gives_the_same_persons(areas: dict[str, Area], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "persons"
    for row in [HEAD, *FAMILY]:
        book.active.append(row)
    homes = book.create_sheet("households")
    for row in [["HH", "DISTRICT", "ROOMS"], *HOMES]:
        homes.append(row)
    book.save(tmp_path / "all.xlsx")
    tables = {name: {**rule, "file": "all.xlsx"} for name, rule in MAPPING["tables"].items()}
    done = run(tmp_path, mapping={"tables": tables})
    assert done.added == 6 and of("1").birth_date == date(1980, 4, 3)
