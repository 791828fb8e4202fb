"""Acts, triggers and seals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from opensocle.office.access.models import User
from opensocle.office.audit.models import Entry, RowChange, Seal
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act, mark
from opensocle.office.audit.triggers import missing
from opensocle.office.people.models import Person
from opensocle.office.places.models import Area

pytestmark = pytest.mark.django_db


def register(areas: dict[str, Area], by: User | None = None) -> Person:
    with act("person.register", by=by) as entry:
        person = Person.plain.create(given_name="Awa", area=areas["d01"], district=areas["d01"])
        mark(entry, person)
    return person


def test_every_trigger_is_there() -> None:
    assert missing() == []


def test_an_act_is_written_with_every_row_that_it_changed_and_sealed(areas: dict[str, Area], user: Callable[..., User]) -> None:
    officer = user("intake", "d01")
    person = register(areas, officer)
    entry = Entry.objects.get(action="person.register")
    assert (entry.by, entry.kind, entry.reference, entry.district) == (officer, "person", person.reference, areas["d01"])
    change = RowChange.objects.get(entry_number=entry.pk)
    assert (change.table, change.row, change.operation, change.old) == ("people_person", person.pk, "I", None)
    assert "Awa" in str(change.new) and Seal.objects.filter(entry=entry).exists()
    assert verify().sound


def test_nothing_remains_of_an_act_that_fails(areas: dict[str, Area]) -> None:
    with pytest.raises(ZeroDivisionError), act("person.register", by=None):
        Person.plain.create(given_name="Awa", area=areas["d01"], district=areas["d01"])
        raise ZeroDivisionError
    assert not Person.plain.exists() and not Entry.objects.filter(action="person.register").exists() and verify().sound


def test_acts_within_acts_have_each_their_rows(areas: dict[str, Area]) -> None:
    with act("outer", by=None) as outer:
        first = Person.plain.create(given_name="A", area=areas["d01"], district=areas["d01"])
        with act("inner", by=None) as inner:
            second = Person.plain.create(given_name="B", area=areas["d01"], district=areas["d01"])
        third = Person.plain.create(given_name="C", area=areas["d01"], district=areas["d01"])
    rows = dict(RowChange.objects.filter(table="people_person").values_list("row", "entry_number"))
    assert rows == {first.pk: outer.pk, second.pk: inner.pk, third.pk: outer.pk}
    assert verify().sound


def test_raw_and_bulk_changes_are_caught(areas: dict[str, Area]) -> None:
    person = register(areas)
    Person.plain.update(surname="Bulk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET surname = 'Raw' WHERE id = %s", [person.pk])
    outside = RowChange.objects.filter(entry_number=0, operation="U")
    assert outside.count() == 2
    assert set(verify().outside) == set(outside.values_list("pk", flat=True))


@pytest.mark.parametrize("table", ["audit_entry", "audit_rowchange", "audit_seal"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_the_audit_cannot_be_changed(areas: dict[str, Area], table: str, statement: str) -> None:
    register(areas)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
