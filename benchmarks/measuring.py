"""Time, processor time and memory of whole processes, and of the machine that ran them."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds by the clock, seconds of processor (user and system, of all threads), bytes of memory at its peak."""

    seconds: float
    processor: float
    memory: int


class ProcessFailed(Exception):
    """A process that was to be measured ended with an error; its text is the end of what it wrote."""


def as_installed(bytecode: Path) -> dict[str, str]:
    """The environment of programs that keep their compiled modules, as installed ones do: all in a folder of ours, whatever the shell says."""
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, "PYTHONPYCACHEPREFIX": str(bytecode)}


def measure(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> Cost:
    """Runs a command and gives its cost. Raises ProcessFailed.

    Time includes the start of the process. Memory is the largest resident set that the system counted for this process alone.
    """
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise ProcessFailed(complaint.decode(errors="replace").strip()[-2000:] or f"ended with status {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit)


def taking_turns(commands: dict[str, Sequence[str | Path]], times: int, environment: dict[str, str] | None = None) -> dict[str, list[Cost]]:
    """The costs of several commands, run one after the other in turn, `times` rounds, after one round that is not counted."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(times + 1):
        for name, command in commands.items():
            cost = measure(command, environment)
            if number:
                costs[name].append(cost)
    return costs


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """`0.76–0.92`, or nothing where there is one value."""
    return f"{min(values):.{digits}f}–{max(values):.{digits}f}" if len(values) > 1 else ""


def machine() -> str:
    """Cores, memory and system, as one line without the machine's name."""
    memory = _memory()
    return f"{os.cpu_count()} cores ({_processor()}), {memory / 2**30:.0f} GiB, {platform.system()} {platform.machine()}"


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8", errors="replace")) if info.is_file() else None
    return found.group(1).strip() if found else platform.processor() or "unknown processor"
