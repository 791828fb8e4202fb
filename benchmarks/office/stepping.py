"""Steps of the office's benchmark as processes of their own, with what each took; and the peer's, in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Ran:
    """A step: what it said, the memory of its process at its peak in bytes, and its processor time in seconds, its start included."""

    said: dict[str, Any]
    memory: int
    processor: float


def _run(command: list[str | Path]) -> Ran:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO"))}
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(str(part) for part in command)} ended with {process.returncode}")
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Ran(json.loads(text.splitlines()[-1]), memory, used.ru_utime + used.ru_stime)


def step(name: str, office: Path, *more: str | Path) -> Ran:
    """A step of steps.py."""
    return _run([sys.executable, HERE / "steps.py", name, office, *more])


def ask(name: str, office: Path, number: int | None = None) -> Ran:
    """A step of asking.py."""
    return _run([sys.executable, HERE / "asking.py", name, office, *([str(number)] if number else [])])


def peer(folder: Path, number: int) -> dict[str, Any]:
    """Registrations by the peer: seconds of each one by one, and of one in bulk."""
    from environment import python

    return _run([python(), HERE / "peer.py", folder / "peer.sqlite3", str(number)]).said
