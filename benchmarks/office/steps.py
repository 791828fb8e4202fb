"""One step of the import's benchmark, as a process of its own: python steps.py STEP OFFICE [DATA]. The last line is JSON."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

from people_files import DISTRICTS

FIRST, LATER = date(2026, 3, 1), date(2026, 4, 1)


def make(office: Path, database: str, **said: object) -> dict[str, object]:
    """A new office with twelve districts. said: more of office.yaml."""
    from opensocle.office import running

    running.init(office, {"country": "XE", "database": database, **said})
    from opensocle.office.places.services import load_areas

    rows = [{"code": "XE", "parent": "", "kind": "country"}, *({"code": code, "parent": "XE", "kind": "district"} for code in DISTRICTS)]
    load_areas([{**row, "name_en": row["code"], "name_fr": row["code"]} for row in rows], by=None)
    return {}


def take(office: Path, data: Path, step: str) -> dict[str, object]:
    """The import or its preview; `again` with another day."""
    from opensocle.office.running import prepare

    prepare(office)
    from opensocle.office.people.importing import import_people, preview_people

    print("ready", flush=True)
    started = time.perf_counter()
    on = FIRST if step == "import" else LATER
    if step == "preview":
        preview_people(by=None, on=on, files=None, mapping=data / "mapping.yaml", source="bench")
        return {"seconds": time.perf_counter() - started}
    done = import_people(by=None, on=on, files=None, mapping=data / "mapping.yaml", source="bench")
    return {"seconds": time.perf_counter() - started, "added": done.added, "changed": done.changed, "same": done.same}


def match(office: Path) -> dict[str, object]:
    """Looking for duplicates."""
    from opensocle.office.running import prepare

    prepare(office)
    from opensocle.office.people.matching import find_duplicates

    started = time.perf_counter()
    found = find_duplicates(by=None, on=LATER)
    return {"seconds": time.perf_counter() - started, "persons": found.persons, "pairs": found.pairs}


def count(office: Path) -> dict[str, object]:
    """What is in the registry, and whether the audit is sound."""
    from opensocle.office.running import prepare

    prepare(office)
    from opensocle.office.audit.models import RowChange
    from opensocle.office.audit.selectors import verify
    from opensocle.office.people.models import Fact, Import, Person

    models = {"persons": Person.plain, "facts": Fact.objects, "imports": Import.objects, "changes": RowChange.objects}
    return {name: rows.count() for name, rows in models.items()} | {"sound": verify().sound}


def main() -> None:
    step, office = sys.argv[1], Path(sys.argv[2])
    more = sys.argv[3:]
    if step == "make":
        answer = make(office, more[0])
    elif step in ("import", "again", "preview"):
        answer = take(office, Path(more[0]), step)
    else:
        answer = match(office) if step == "match" else count(office)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
