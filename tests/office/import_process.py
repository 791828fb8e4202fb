"""An import as a process of its own, which can be killed: `python import_process.py OFFICE DATA`. Says `ready`, imports, and says what it did."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path


def main(office: Path, data: Path) -> None:
    from opensocle.office.running import prepare

    prepare(office)
    from opensocle.office.audit.selectors import verify
    from opensocle.office.people.importing import import_people

    print("ready", flush=True)
    done = import_people(by=None, on=date(2026, 3, 1), files=None, mapping=data / "mapping.yaml", source="civil")
    print(json.dumps({"added": done.added, "same": done.same, "sound": verify().sound}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
