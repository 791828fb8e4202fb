"""What the office keeps long enough is erased, from the audit as well, and the audit can still be verified."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from axes.models import AccessLog
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from made_districts import World

from opensocle.errors import Problems
from opensocle.office.audit.models import Entry, RowChange
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act, digest_of, redact
from opensocle.office.cases.models import Claim, Decision, Determination, Entitlement, Letter
from opensocle.office.laws.deciding import replay
from opensocle.office.people import services
from opensocle.office.people.models import Document, Draft, Person
from opensocle.office.people.selectors import person_as_of
from opensocle.office.people.services import retention
from opensocle.office.place import RETENTION, make_place, read_place
from opensocle.periods import add_months

pytestmark = pytest.mark.django_db


def ended(world: World) -> date:
    """The child of d01 dies and all her rights end; the day from which her file may be erased."""
    today, person = timezone.localdate(), world.ours.person
    services.record_death(by=None, on=today, person=person, died=today, reason="statement")
    with act("test.end", by=None):
        Claim.plain.filter(person=person).update(state="decided")
        Entitlement.plain.filter(person=person).update(state="ended", until=today)
    return add_months(today + timedelta(days=1), settings.PLACE.retention["files"])


def words_of(world: World) -> tuple[str, ...]:
    """What nothing in the database may say any more. The surname and the address are her mother's too, who stays."""
    return (
        "Awa",
        "KO110017",
        "KO-11-0017",
        "+221771234511",
        "kone@example.org",
        "711551",
        "Bank Kone",
        "Paper of Kone",
        "Grounds of Kone",
        "Complaint of Kone",
    )


def everything(but: tuple[str, ...] = ()) -> dict[str, str]:
    """All rows of all tables as text."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = " ".join(str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor for cell in row)
    return {table: text for table, text in found.items() if table not in but}


def test_nothing_in_the_database_says_any_more_who_she_was(world: World) -> None:
    free, files = ended(world), world.ours
    before = everything()
    there = {table for table, text in before.items() if any(word in text for word in words_of(world))}
    assert {
        "people_person",
        "people_identifier",
        "people_contact",
        "people_account",
        "people_document",
        "audit_rowchange",
        "cases_grievance",
    } <= there
    money = list(Entitlement.plain.filter(person=files.person).values_list("reference", "amount", "currency", "since", "until"))
    kept = Determination.objects.get(pk=files.decision.determination_id)
    services.erase_person(by=None, on=free, person=files.person)
    found = {(table, word) for table, text in everything().items() for word in words_of(world) if word in text and word != "Awa"}
    assert found == set()
    assert not [table for table, text in everything(("django_session",)).items() if "Awa" in text.replace("Awatta", "")]
    assert "Awatta" not in " ".join(everything().values()), "the file that was joined to hers goes with it"
    assert list(Entitlement.plain.filter(person=files.person).values_list("reference", "amount", "currency", "since", "until")) == money
    assert Decision.plain.get(pk=files.decision.pk).outcome == "granted" and replay(kept).same
    assert bytes(Letter.plain.get(pk=files.letter.pk).pdf) == b"" and len(Letter.plain.get(pk=files.letter.pk).digest) == 64
    verdict = verify()
    assert verdict.sound and verdict.redacted > 10


def test_the_file_of_somebody_who_is_erased_is_still_found_by_its_reference(world: World) -> None:
    free, files = ended(world), world.ours
    services.erase_person(by=None, on=free, person=files.person)
    page = world.ask("caseworker", "GET", f"/people/{files.reference('person')}/")
    assert page.status_code == 200 and b"Awa" not in page.content
    assert world.ask("caseworker", "GET", f"/claims/{files.reference('claim')}/").status_code == 200
    for gone in (f"/letters/{files.reference('letter')}.pdf", f"/documents/{files.reference('document')}/"):
        assert world.ask("caseworker", "GET", gone).status_code == 404
    then = person_as_of(world.users["caseworker"], files.reference("person"), timezone.localdate(), timezone.now())
    assert then.name == ""


def test_what_somebody_else_has_stays(world: World) -> None:
    free = ended(world)
    before = {table: text for table, text in everything().items() if table == "audit_rowchange"}
    services.erase_person(by=None, on=free, person=world.ours.person)
    assert Person.plain.get(pk=world.ours.mother.pk).name == "Binta Kone"
    assert Person.plain.get(pk=world.theirs.person.pk).name == "Zenobia Quartermain"
    after = everything()
    for word in ("Binta", "Zenobia", "QU990017", "Paper of Quartermain"):
        assert word in after["audit_rowchange"] and word in before["audit_rowchange"]
    assert "Rue Kone 11" in after["people_household"], "her mother lives there"


def test_a_digest_cannot_be_guessed_from_the_words(world: World) -> None:
    """Each row has a secret of its own, which goes with the words: the same words twice have two digests."""
    free = ended(world)
    services.erase_person(by=None, on=free, person=world.ours.person)
    taken = RowChange.objects.exclude(digest="")
    assert not taken.exclude(salt="").exists() and not taken.exclude(old=None, new=None).exists()
    assert taken.count() == taken.values("digest").distinct().count()
    assert RowChange.objects.filter(digest="").exclude(salt="").values("salt").distinct().count() == RowChange.objects.filter(digest="").count()


TAMPERING = {
    "by no act": "UPDATE audit_rowchange SET old = NULL, new = NULL, salt = '', digest = '{x}' WHERE id = {row}",
    "by an act that is no erasure": "UPDATE audit_rowchange SET old=NULL, new=NULL, salt='', digest='{x}', redacted_by={other} WHERE id = {row}",
    "by an erasure that has ended": "UPDATE audit_rowchange SET old=NULL, new=NULL, salt='', digest='{x}', redacted_by={erasure} WHERE id = {row}",
    "again": "UPDATE audit_rowchange SET digest = '{x}', redacted_by = {erasure} WHERE id = {taken}",
    "with the table changed": "UPDATE audit_rowchange SET \"table\" = 'x' WHERE id = {row}",
    "by deleting": "DELETE FROM audit_rowchange WHERE id = {taken}",
}


@pytest.mark.parametrize("way", TAMPERING)
def test_words_are_taken_out_of_the_audit_in_no_other_way(world: World, way: str) -> None:
    services.erase_person(by=None, on=ended(world), person=world.ours.person)
    numbers = {
        "x": "0" * 64,
        "row": RowChange.objects.filter(digest="").latest("pk").pk,
        "taken": RowChange.objects.exclude(digest="").latest("pk").pk,
        "erasure": Entry.objects.get(action="person.erase").pk,
        "other": Entry.objects.filter(action="person.register").latest("pk").pk,
    }
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAMPERING[way].format(**numbers))
    with pytest.raises(DatabaseError, match="only added to"), act("person.change", by=None) as entry:
        redact(entry, RowChange.objects.filter(pk=numbers["row"]))
    assert verify().sound


def test_somebody_who_takes_the_triggers_off_is_found_out(world: World) -> None:
    services.erase_person(by=None, on=ended(world), person=world.ours.person)
    taken = RowChange.objects.exclude(digest="").latest("pk")
    name = "audit_rowchange_no_update" if connection.vendor == "sqlite" else '"audit_rowchange_no_change" ON audit_rowchange'
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
    RowChange.objects.filter(pk=taken.pk).update(digest="0" * 64)
    assert taken.entry_number in verify().broken
    RowChange.objects.filter(pk=taken.pk).update(digest=taken.digest)
    assert verify().sound
    other = RowChange.objects.filter(digest="", entry_number__gt=0).latest("pk")
    said = digest_of(other.salt, other.old, other.new)
    RowChange.objects.filter(pk=other.pk).update(old=None, new=None, salt="", digest=said, redacted_by=taken.redacted_by)
    assert verify().broken == (taken.redacted_by,), "the erasure said how many rows it took out"


# --- what is due


def test_what_is_due_is_listed_and_erased_each_in_an_act(world: World) -> None:
    free = ended(world)
    nothing = retention.due(free - timedelta(days=1))
    assert world.ours.reference("person") not in nothing.files
    found = retention.due(free)
    assert found.files == (world.ours.reference("person"),), "and nobody with a household, a claim or a right"
    done = retention.apply(found, on=free)
    assert done.files == found.files and Entry.objects.filter(action="person.erase", by=None).count() == 1
    assert not retention.due(free).files and verify().sound


def test_documents_go_before_the_file_but_not_while_a_right_runs(world: World) -> None:
    today = timezone.localdate()
    later = add_months(today, settings.PLACE.retention["documents"]) + timedelta(days=2)
    assert retention.due(later).documents == {}, "a right runs"
    ended(world)
    found = retention.due(later)
    assert found.documents == {world.ours.reference("person"): (world.ours.reference("document"),)} and not found.files
    with transaction.atomic():
        retention.apply(found, on=later)
    assert Document.plain.get(pk=world.ours.document.pk).erased and Person.plain.get(pk=world.ours.person.pk).given_name == "Awa"
    assert "Paper of Kone" not in everything()["audit_rowchange"] and verify().sound


def test_sign_ins_and_drafts_go_when_their_time_has_ended(world: World) -> None:
    AccessLog.objects.create(username="x", ip_address="192.0.2.7", user_agent="y", path_info="/")
    on = add_months(timezone.localdate(), settings.PLACE.retention["sign_ins"]) + timedelta(days=2)
    found = retention.due(on)
    assert found.sign_ins == AccessLog.objects.count() > 0 and found.drafts == Draft.objects.count() > 0 and found.sessions >= 8
    retention.apply(found, on=on)
    assert not AccessLog.objects.exists() and not Draft.objects.exists()


def test_the_months_are_those_of_the_office(world: World, settings: Any) -> None:
    free = ended(world)
    settings.PLACE = replace(settings.PLACE, retention={**RETENTION, "files": 12})
    assert services.erasable_from(Person.plain.get(pk=world.ours.person.pk)) == add_months(free, 12 - 120)


@pytest.mark.parametrize("said", [{"files": 0}, {"files": "ten"}, {"letters": 5}, {"files": True}, [1]])
def test_months_that_cannot_be_are_told(tmp_path: Path, said: Any) -> None:
    folder = tmp_path / "office"
    make_place(folder, {"country": "XE"})
    (folder / "office.yaml").write_text(yaml.safe_dump({"country": "XE", "retention": said}))
    with pytest.raises(Problems, match="O002"):
        read_place(folder)


def test_the_command_lists_and_applies(tmp_path: Path) -> None:
    folder = tmp_path / "office"

    def run(*words: str) -> str:
        there = {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE", "DJANGO"))}
        done = subprocess.run([sys.executable, "-m", "opensocle", "office", *words], capture_output=True, text=True, env=there, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("init", str(folder), "--country", "exemplia")
    listed = json.loads(run("retention", "--office", str(folder), "--on", "2040-01-01", "--json"))
    assert listed == {
        "on": "2040-01-01", "erased": False, "files": [], "documents": {}, "sign_ins": 0, "sessions": 0, "drafts": 0,
    }  # fmt: skip
    assert "120" in run("retention", "--office", str(folder), "--apply")
    rows = sqlite3.connect(folder / "office.sqlite3").execute("SELECT action FROM audit_entry ORDER BY id DESC LIMIT 1").fetchall()
    assert rows == [("retention.sweep",)]
