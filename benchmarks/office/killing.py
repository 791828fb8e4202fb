"""The processes of office_kills.py: python killing.py make|import|decide|merge|watch OFFICE [MORE]. Lines of JSON on the standard output.

`make`: an office with Exemplia's law, officers, children and disabled adults who can claim, and people who are registered twice.
`import`, `decide`, `merge`: work until there is none left; a line after each act that has ended, which must never be lost.
`watch`: for each line that comes in, says what is in the registry and what of it is wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from steps import make as make_office

TODAY, SINCE = date(2026, 3, 20), date(2020, 1, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KNOWN = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false"}
OURS = ("Child", "Adult", "Twice", "Again")


def say(**said: Any) -> None:
    print(json.dumps(said), flush=True)


# --- the office


def make(office: Path, database: str, each: int) -> None:
    """A new office; each: children, adults, and people who are registered twice."""
    from opensocle.vocabulary.model import HISTORIES

    make_office(office, database, registers=list(HISTORIES))
    import opensocle.countries
    from opensocle.office.access.models import Posting, User
    from opensocle.office.audit.services import act
    from opensocle.office.laws.models import InForce
    from opensocle.office.laws.services import install_law
    from opensocle.office.places.models import Area

    law = install_law(Path(opensocle.countries.__path__[0]) / "exemplia", by=None, on=TODAY)
    with act("law.test", by=None):
        InForce.objects.create(law=law, since=SINCE, approved=NOW)
    with act("user.test", by=None):
        for role in ("caseworker", "supervisor"):
            user = User.objects.create(username=role)
            Posting.objects.create(user=user, role=role, area=Area.objects.get(code="XE"), since=SINCE)
    with act("people.test", by=None):
        for number in range(each):
            _person(number, f"Child {number}", date(2024, 5, 4))
            _person(number, f"Adult {number}", date(1990, 1, 1), disability_degree="60", disabled="true", insured="false")
            _person(number, f"Twice {number}", date(1980, 1, 1), earnings="100")
            _person(number, f"Again {number}", date(1980, 1, 1), roof="metal" if number % 2 else "natural")
    say(made=True)


def _person(number: int, name: str, birth: date, **facts: str) -> None:
    from opensocle.office.people.models import Contact, Fact, Household, Identifier, Membership, Person
    from opensocle.office.people.services.keys import rebuild_keys
    from opensocle.office.places.models import Area

    area = list(Area.objects.filter(kind="district").order_by("code"))[number % 12]
    made = Person.plain.create(given_name=name.split()[0], surname=name.replace(" ", ""), sex="female", birth_date=birth, area=area, district=area)
    Fact.objects.bulk_create(Fact(person=made, name=key, value=value, recorded=NOW) for key, value in {**KNOWN, **facts}.items())
    home = Household.plain.create(area=area, district=area, since=SINCE)
    Membership.objects.create(person=made, household=home, relationship="head", since=SINCE)
    Identifier.objects.create(person=made, type="consular", value=name, normal=name.upper().replace(" ", ""), country="XE")
    Contact.objects.create(person=made, kind="phone", value=f"+22899{number:06d}")
    rebuild_keys([made.pk])


# --- the work


def take(data: Path, source: str) -> None:
    """An import of the whole file."""
    from opensocle.office.people.importing import import_people

    done = import_people(by=None, on=TODAY, files=None, mapping=data / "mapping.yaml", source=source)
    say(did="import", source=source, added=done.added, changed=done.changed, same=done.same)


def decide() -> None:
    """Claims of everybody who has none: opened, decided by one officer, or by two."""
    from opensocle.office.access.models import User
    from opensocle.office.cases import services
    from opensocle.office.cases.models import Claim, Decision
    from opensocle.office.people.models import Person

    officer, other = (User.objects.get(username=name) for name in ("caseworker", "supervisor"))
    for name, scheme in (("Child", "child_grant"), ("Adult", "disability_grant")):
        for person in Person.plain.filter(given_name=name).order_by("pk"):
            claim = Claim.plain.filter(person=person).first()
            if claim is None:
                claim = services.open_claim(by=officer, on=TODAY, person=person, scheme=scheme)
                say(did="open", claim=claim.reference)
            if claim.state in ("open", "ready"):
                services.propose(by=officer, on=TODAY, claim=claim)
                claim.refresh_from_db(from_queryset=Claim.plain.all())
                say(did=claim.state, claim=claim.reference)
            if claim.state == "proposed":
                services.approve(by=other, on=TODAY, decision=Decision.plain.get(claim=claim))
                say(did="decided", claim=claim.reference)


def merge() -> None:
    """The files of everybody who is registered twice are joined."""
    from opensocle.office.access.models import User
    from opensocle.office.people.models import Person
    from opensocle.office.people.services.merging import merge as join

    officer = User.objects.get(username="supervisor")
    for gone in Person.plain.filter(given_name="Again", merged_into=None).order_by("pk"):
        kept = Person.plain.get(surname=gone.surname.replace("Again", "Twice"))
        join(by=officer, on=TODAY, kept=kept, gone=gone, take=["place"])
        say(did="merged", gone=gone.reference)


# --- what is there


def watch() -> None:
    """Answers each line: the counts, the acts that have ended, and everything that is half done."""
    from django.db import connection

    for _ in sys.stdin:
        _wait_for_the_dead()
        said = _look()
        connection.close()
        say(**said)


def _wait_for_the_dead() -> None:
    """PostgreSQL's server ends the work of a process that is gone a moment later."""
    import time

    from django.db import connection

    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            if not (cursor.fetchone() or (0,))[0]:
                return
        time.sleep(0.02)


def _look() -> dict[str, Any]:
    from opensocle.office.audit.selectors import verify
    from opensocle.office.cases.models import Claim
    from opensocle.office.people.models import Import, Person

    verdict = verify()
    wrong = [f"audit: {len(verdict.broken)} broken, {len(verdict.unsealed)} unsealed, {len(verdict.outside)} outside"] * (not verdict.sound)
    wrong += [*_database(), *_claims(), *_merges(), *_imported()]
    return {
        "wrong": wrong,
        "entries": verdict.entries,
        "imports": list(Import.objects.order_by("pk").values_list("source", flat=True)),
        "persons": Person.plain.count(),
        "states": dict(Claim.plain.values_list("reference", "state")),
        "merged": list(Person.plain.exclude(merged_into=None).values_list("reference", flat=True)),
        "waiting": Person.plain.filter(given_name="Again", merged_into=None).count(),
        "unclaimed": Person.plain.filter(given_name__in=("Child", "Adult")).exclude(claims__state="decided").count(),
    }


def _database() -> Iterator[str]:
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            faults = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
            loose = cursor.execute("PRAGMA foreign_key_check").fetchall()
        if faults != ["ok"] or loose:
            yield f"database: {faults[:3]}, {len(loose)} rows point nowhere"


def _claims() -> Iterator[str]:
    """A claim is opened with its determination; a decision has what its state says; each step is an act."""
    from opensocle.office.audit.models import Entry
    from opensocle.office.cases.models import Claim, Decision, Determination, Entitlement

    opened = set(Entry.objects.filter(action="claim.open").values_list("details__claim", flat=True))
    made = set(Determination.objects.values_list("claim", flat=True))
    rights = {right.decision_id: right for right in Entitlement.plain.all()}
    decided: dict[int, list[Decision]] = {}
    for decision in Decision.plain.all():
        decided.setdefault(decision.claim_id, []).append(decision)
    for claim in Claim.plain.all():
        decisions = decided.get(claim.pk, [])
        given = [rights[one.pk] for one in decisions if one.pk in rights]
        shape = (claim.pk in made, len(decisions), len(given), [one.decided_on is not None for one in decisions])
        fine = {"ready": (True, 0, 0, []), "proposed": (True, 1, 0, [False]), "decided": (True, 1, 1, [True])}
        if shape != fine.get(claim.state) or claim.reference not in opened or any(right.amount <= 0 for right in given):
            yield f"claim {claim.reference}: {claim.state}, {shape}"


def _merges() -> Iterator[str]:
    """A file that was joined has nothing left, and one that was not has everything."""
    from opensocle.office.people.models import Contact, Fact, Identifier, Membership, Merge, Person, SearchKey

    done = set(Merge.objects.values_list("gone", flat=True))
    tables = [_counts(model.objects) for model in (Membership, Identifier, Contact, SearchKey)]
    facts = _counts(Fact.objects.filter(withdrawn=None))
    for person in Person.plain.filter(given_name="Again"):
        rows = [*(counts.get(person.pk, 0) for counts in tables), facts.get(person.pk, 0)]
        joined, whole = person.merged_into_id is not None, [*rows[:3], rows[3] > 0, rows[4]] == [1, 1, 1, True, len(KNOWN) + 1]
        if joined != (person.pk in done) or (joined and any(rows)) or not (joined or whole):
            yield f"person {person.reference}: joined {joined}, {rows}"


def _counts(rows: Any) -> dict[int, int]:
    """How many rows each person has."""
    from django.db.models import Count

    return dict(rows.exclude(person=None).order_by().values_list("person").annotate(Count("pk")))


def _imported() -> Iterator[str]:
    """What an import adds is there with its act, or nothing of it is."""
    from opensocle.office.audit.models import Entry
    from opensocle.office.people.models import Import, Person, SourceKey

    ended, acts = list(Import.objects.values_list("source", flat=True)), Entry.objects.filter(action="import.people").count()
    keys = set(SourceKey.objects.values_list("source", flat=True))
    strangers = Person.plain.exclude(given_name__in=OURS).count()
    if acts != len(ended) or keys != set(ended) or (strangers and not ended):
        yield f"import: {ended}, {acts} acts, keys of {keys}, {strangers} persons"


WORK = {"decide": decide, "merge": merge, "watch": watch}


def main(arguments: Iterable[str]) -> None:
    what, office, *more = arguments
    if what == "make":
        make(Path(office), more[0], int(more[1]))
        return
    from opensocle.office.running import prepare

    prepare(Path(office))
    import opensocle.office.cases.services
    import opensocle.office.people.importing  # noqa: F401

    say(ready=True)
    if what == "import":
        take(Path(more[0]), more[1])
    else:
        WORK[what]()
    say(done=True)


if __name__ == "__main__":
    main(sys.argv[1:])
