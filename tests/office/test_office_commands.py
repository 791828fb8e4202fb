"""`socle office import`, `export`, `match` and `token`, on the office of the tests."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from opensocle.cli import main
from opensocle.office.access.models import User
from opensocle.office.api.models import Token
from opensocle.office.api.services import find_token
from opensocle.office.audit.models import Entry
from opensocle.office.demo.names import FEMALE, SURNAMES
from opensocle.office.people.models import Fact, Pair, Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db
TODAY = date.today()
HEADS = ("person_id", "household_id", "relationship_to_head", "given_name", "surname", "birth_date", "area", "phone", "earnings")
ROWS = (
    ("1", "A", "head", "Kofi", "Mensah", "1980-04-03", "d01", "90112233", "120.50"),
    ("2", "A", "child", "Ama", "Mensah", "2015-01-01", "d01", "", "0"),
    ("3", "B", "head", "Kofi", "Mensah", "1980-04-03", "d02", "90112233", ""),
)
Office = Callable[..., Result]


@pytest.fixture
def office(areas: dict[str, Area], settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Runs `socle office …` on the database of the test; the code must be the one given."""
    monkeypatch.setattr("opensocle.office.running.prepare", lambda folder: settings.PLACE)

    def run(*args: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["office", *map(str, args)], catch_exceptions=False)
        assert result.exit_code == code, result.output
        assert "U099" not in result.output
        return result

    return run


@pytest.fixture
def persons(tmp_path: Path) -> Path:
    path = tmp_path / "persons.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADS, *ROWS])
    return path


def test_a_preview_says_what_would_be_new_and_writes_nothing(office: Office, persons: Path) -> None:
    said = office("import", persons, "--source", "civil", "--preview").stdout
    assert "persons  " in said and "Nothing is written." in said and not Person.plain.exists()
    found = json.loads(office("import", persons, "--source", "civil", "--preview", "--json").stdout)
    assert found["new"]["persons"] == 3 and found["report"]["tables"]["persons"]["accepted"] == 3


def test_an_import_takes_a_file_over_once_and_says_so(office: Office, persons: Path) -> None:
    said = office("import", persons, "--source", "civil", "--since", "2026-01-01").stdout
    assert "3 rows read: 3 added, 0 changed, 0 the same, 0 set aside." in said
    assert Person.plain.count() == 3 and set(Fact.objects.values_list("since", flat=True)) == {date(2026, 1, 1)}
    again = json.loads(office("import", persons, "--source", "civil", "--json").stdout)
    assert (again["added"], again["same"]) == (0, 3) and Person.plain.count() == 3


def test_rows_that_do_not_fit_are_set_aside_and_beyond_the_limit_nothing_is_imported(office: Office, persons: Path, tmp_path: Path) -> None:
    persons.write_text(persons.read_text(encoding="utf-8").replace("2015-01-01", "long ago"), encoding="utf-8")
    assert "O111" in office("import", persons, "--source", "civil", code=2).stderr and not Person.plain.exists()
    said = office("import", persons, "--source", "civil", "--limit", "0.5", "--rejected", tmp_path / "rejected.csv").stdout
    assert "2 added" in said and "1 set aside" in said
    with (tmp_path / "rejected.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert json.loads(row["values"])["given_name"] == "Ama" and row["reasons"].startswith("birth_date")


def test_an_import_for_a_user_keeps_to_her_districts_and_roles(office: Office, persons: Path, user: Callable[..., User]) -> None:
    user("supervisor", "d01", "sofia")
    user("auditor", "XE", "halima")
    assert "O023" in office("import", persons, "--source", "civil", "--by", "halima", code=2).stderr
    assert "O021" in office("import", persons, "--source", "civil", "--by", "nobody", code=2).stderr
    office("import", persons, "--source", "civil", "--by", "sofia", "--limit", "0.5")
    assert set(Person.plain.values_list("district__code", flat=True)) == {"d01"}


def test_an_import_without_files_or_mapping_and_an_export_without_a_file_are_wrong_use(office: Office) -> None:
    assert "U001" in office("import", "--source", "civil", code=2).stderr
    assert "U001" in office("export", "--why", "to see", code=2).stderr


def test_an_export_has_the_columns_that_were_asked_for_and_the_audit_why(office: Office, persons: Path, tmp_path: Path) -> None:
    office("import", persons, "--source", "civil")
    out = tmp_path / "out.csv"
    assert "1 person" in office("export", out, "--columns", "surname,birth_date,earnings", "--why", "a list", "--area", "d02").stdout
    assert list(csv.reader(out.open(encoding="utf-8-sig"))) == [["surname", "birth_date", "earnings"], ["Mensah", "1980-04-03", ""]]
    entry = Entry.objects.get(action="export.people")
    assert entry.details["why"] == "a list" and entry.details["persons"] == 1
    assert "O115" in office("export", tmp_path / "more.csv", "--columns", "surname", code=2).stderr


def test_an_export_without_names_has_no_column_that_says_who_somebody_is(office: Office, persons: Path, tmp_path: Path) -> None:
    office("import", persons, "--source", "civil")
    listed = office("export", "--list", "--no-names").stdout.split()
    assert "sex" in listed and not {"surname", "birth_date", "reference"} & set(listed)
    assert "surname" in json.loads(office("export", "--list", "--json").stdout)
    assert "O113" in office("export", tmp_path / "x.csv", "--columns", "surname", "--no-names", "--why", "study", code=2).stderr
    found = json.loads(office("export", tmp_path / "y.csv", "--columns", "birth_year,earnings", "--no-names", "--why", "study", "--json").stdout)
    assert found["persons"] == 3 and "Mensah" not in (tmp_path / "y.csv").read_text(encoding="utf-8")


def test_a_search_for_duplicates_finds_who_is_registered_twice(office: Office, persons: Path) -> None:
    others = enumerate(zip(FEMALE, SURNAMES[::19], strict=False))
    rows = [(f"F{at}", f"H{at}", "head", *names, f"{1940 + at}-05-{at % 28 + 1:02d}", "d02", "", "") for at, names in others]
    with persons.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    office("import", persons, "--source", "civil")
    found = json.loads(office("match", "--json").stdout)
    assert (found["persons"], found["pairs"], found["new"]) == (3 + len(rows), 1, 1) and Pair.objects.get().verdict == "open"
    assert "1 pairs may be one person, 0 of them new" in office("match", "--threshold", "0.9").stdout


def test_a_token_is_shown_once_opens_the_door_and_can_be_ended(office: Office, user: Callable[..., User]) -> None:
    amina = user("intake", "d01", "amina")
    said = office("token", "add", "amina", "--scope", "people:read", "--scope", "rights:read", "--title", "kiosk")
    text = said.stdout.strip()
    made = find_token(text, TODAY)
    assert made is not None and made.user == amina and made.until == TODAY + timedelta(days=90)
    listed: list[dict[str, Any]] = json.loads(office("token", "list", "--json").stdout)
    assert [(one["user"], one["scopes"]) for one in listed] == [("amina", "people:read, rights:read")]
    assert text not in office("token", "list").stdout and "kiosk" in office("token", "list").stdout
    office("token", "end", made.pk)
    assert find_token(text, TODAY) is None and Token.objects.get().withdrawn == TODAY


def test_a_token_that_cannot_be_is_refused_with_the_next_step(office: Office, user: Callable[..., User]) -> None:
    user("intake", "d01", "amina")
    assert "O310" in office("token", "add", "amina", "--scope", "people:rea", "--title", "kiosk", code=2).stderr
    assert "O021" in office("token", "add", "amna", "--scope", "people:read", "--title", "kiosk", code=2).stderr
    assert "O023" in office("token", "add", "amina", "--scope", "people:read", "--title", "kiosk", "--by", "amina", code=2).stderr
    assert "O311" in office("token", "end", 7, code=2).stderr
    assert not Token.objects.exists()


def test_what_a_user_may_not_do_with_laws_is_said_in_words(office: Office, user: Callable[..., User]) -> None:
    user("intake", "d01", "amina")
    assert "O023" in office("law", "install", "exemplia", "--by", "amina", code=2).stderr
