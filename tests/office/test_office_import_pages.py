"""The pages of imports, exports and duplicates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from test_office_import import FAMILY, HEAD, HOMES, MAPPING

from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry
from opensocle.office.audit.services import act
from opensocle.office.people.importing import uploads
from opensocle.office.people.models import Import, Pair, Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploads, "_root", lambda: tmp_path / "imports")
    return tmp_path / "imports"


@pytest.fixture
def client_of(user: Callable[..., User]) -> Callable[..., Client]:
    def make(role: str, area: str = "XE") -> Client:
        client = Client()
        client.force_login(user(role, area), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def table(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def sent(**more: Any) -> dict[str, Any]:
    files = [
        SimpleUploadedFile("persons.csv", table([HEAD, *FAMILY])),
        SimpleUploadedFile("households.csv", table([["HH", "DISTRICT", "ROOMS"], *HOMES])),
    ]
    return {"tables": files, "mapping": SimpleUploadedFile("m.yaml", yaml.safe_dump(MAPPING).encode()), "source": "civil", **more}


def pair_of(areas: dict[str, Area], first: str = "d01", second: str = "d01") -> Pair:
    with act("test", by=None):
        left, right = (
            Person.plain.create(given_name=name, surname="Mensah", birth_date=date(1980, 5, 6), area=areas[code], district=areas[code])
            for name, code in (("Awa", first), ("Hawa", second))
        )
        return Pair.objects.create(left=left, right=right, probability=0.93)


def test_files_are_sent_looked_at_imported_and_what_was_set_aside_is_kept_until_it_is_deleted(
    areas: dict[str, Area], client_of: Callable[..., Client], folder: Path
) -> None:
    client = client_of("supervisor")
    answer = client.post(reverse("exchange:import"), sent())
    look = answer["Location"]
    page = client.get(look).content.decode()
    assert "What the import would do" in page and "Kofi" in page and not Person.plain.exists()
    answer = client.post(look + "run/", follow=True)
    assert "The files were imported" in answer.content.decode() and Person.plain.count() == 4
    assert client.get(look + "rejected/").status_code == 404  # nothing was set aside
    client.post(look + "run/")
    assert Import.objects.count() == 1 and not list(folder.rglob("persons.csv"))
    entry = Entry.objects.get(action="import.people")
    assert entry.by is not None and entry.by.username == "supervisor-XE"
    client.post(look + "forget/")
    assert client.get(look).status_code == 404 and not list(folder.iterdir())


def test_rows_that_were_set_aside_can_be_saved(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    rows = [*FAMILY, *([str(number), "", "", "Afi", "Kossi", "2", "01/01/1990", "", "", "", "", ""] for number in range(10, 40))]
    rows[-1][4], rows[-1][3] = "", ""
    mapping = {"tables": {**MAPPING["tables"], "persons": MAPPING["tables"]["persons"]}}
    data = sent(area="d05", mapping=SimpleUploadedFile("m.yaml", yaml.safe_dump(mapping).encode()))
    data["tables"][0] = SimpleUploadedFile("persons.csv", table([HEAD, *rows]))
    client = client_of("supervisor")
    look = client.post(reverse("exchange:import"), data)["Location"]
    assert "neither given name nor surname" in client.get(look).content.decode()
    client.post(look + "run/")
    assert Person.plain.count() == 33
    saved = b"".join(client.get(look + "rejected/")).decode()
    assert "neither given name nor surname" in saved and '""39""' in saved


def test_a_wrong_mapping_is_explained_and_nothing_is_imported(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    client = client_of("supervisor")
    wrong = SimpleUploadedFile("m.yaml", b"tables: {persons: {file: persons.csv, columns: {person_id: ID, shoe: SEX}}}")
    look = client.post(reverse("exchange:import"), sent(mapping=wrong))["Location"]
    answer = client.get(look)
    assert answer.status_code == 422 and "shoe" in answer.content.decode()
    assert client.post(look + "run/").status_code == 422 and not Person.plain.exists()


def test_a_file_of_another_kind_is_not_taken(areas: dict[str, Area], client_of: Callable[..., Client], folder: Path) -> None:
    answer = client_of("supervisor").post(reverse("exchange:import"), sent(tables=[SimpleUploadedFile("a.exe", b"x")]))
    assert answer.status_code == 422 and "Send CSV, Excel or Parquet files." in answer.content.decode() and not folder.exists()


def test_nobody_else_sees_an_upload_and_a_path_is_no_reference(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    look = client_of("supervisor").post(reverse("exchange:import"), sent())["Location"]
    other = client_of("administrator")
    assert other.get(reverse("exchange:import")).status_code == 200
    for address in (look, "/import/..%2F..%2Fetc/", "/import/0000-0000-0000/"):
        assert other.get(address).status_code == 404
    assert other.post(look + "run/").status_code == 404 and not Person.plain.exists()
    assert client_of("caseworker").get(reverse("exchange:import")).status_code == 403


def test_uploads_that_wait_too_long_are_deleted(areas: dict[str, Area], client_of: Callable[..., Client], folder: Path) -> None:
    client = client_of("supervisor")
    client.post(reverse("exchange:import"), sent())
    uploads.sweep(timezone.now())
    assert len(list(folder.iterdir())) == 1
    uploads.sweep(timezone.now() + uploads.KEPT + timedelta(minutes=1))
    assert not list(folder.iterdir())


def test_an_export_is_a_file_of_the_users_district(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    pair_of(areas, "d01", "d02")
    client = client_of("caseworker", "d01")
    said = {"names": "yes", "columns": ["given_name", "district"], "area": "", "form": "csv", "why": "check"}
    assert client.get(reverse("exchange:export")).status_code == 200
    answer = client.post(reverse("exchange:export"), said)
    text = b"".join(answer).decode("utf-8-sig")
    assert answer["Content-Disposition"] == 'attachment; filename="persons.csv"' and text.split() == ["given_name,district", "Awa,d01"]
    answer = client.post(reverse("exchange:export"), {**said, "names": "no"})
    assert answer.status_code == 422 and "says who somebody is" in answer.content.decode()
    assert client.post(reverse("exchange:export"), {**said, "area": "d02"}).status_code == 422
    assert client_of("intake", "d01").get(reverse("exchange:export")).status_code == 403


def test_two_files_are_compared_and_found_to_be_two_persons(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    pair, client = pair_of(areas), client_of("supervisor", "d01")
    assert "93" in client.get(reverse("exchange:duplicates")).content.decode()
    page = reverse("exchange:duplicate", args=[pair.pk])
    text = client.get(page).content.decode()
    assert "Hawa Mensah" in text and pair.left.reference in text
    assert Entry.objects.filter(action="person.read").count() == 2
    client.post(page, {"verdict": "perhaps"})
    pair.refresh_from_db()
    assert pair.verdict == "open"
    client.post(page, {"verdict": "different"})
    pair.refresh_from_db()
    assert pair.verdict == "different" and client.get(page).status_code == 404
    assert pair.left.name not in client.get(reverse("exchange:duplicates")).content.decode()


def test_a_pair_that_reaches_into_another_district_does_not_exist_there(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    pair, client = pair_of(areas, "d01", "d02"), client_of("supervisor", "d01")
    assert "Mensah" not in client.get(reverse("exchange:duplicates")).content.decode()
    assert client.get(reverse("exchange:duplicate", args=[pair.pk])).status_code == 404
    assert client.post(reverse("exchange:duplicate", args=[pair.pk]), {"verdict": "different"}).status_code == 404
    assert client_of("caseworker").get(reverse("exchange:duplicates")).status_code == 403


def test_duplicates_are_looked_for_from_the_page(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    with act("test", by=None):
        Pair.objects.all().delete()
    pair = pair_of(areas)
    with act("test", by=None):
        Pair.objects.all().delete()
        Person.plain.filter(pk=pair.right_id).update(given_name="Awa")
    answer = client_of("supervisor").post(reverse("exchange:duplicates_search"), follow=True)
    assert answer.status_code == 200 and Entry.objects.filter(action="pair.find").exists()


def test_two_files_are_joined_into_the_one_that_the_officer_keeps(areas: dict[str, Area], client_of: Callable[..., Client]) -> None:
    pair, client = pair_of(areas), client_of("supervisor", "d01")
    answer = client.post(reverse("exchange:duplicate", args=[pair.pk]), {"verdict": "right"}, follow=True)
    assert "The two files were joined." in answer.content.decode()
    assert Person.plain.get(pk=pair.left_id).merged_into_id == pair.right_id
