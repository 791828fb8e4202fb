"""What the scripts in this folder share: their options, and what becomes of their figures."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from figures import Figure, keep, table  # noqa: E402
from measuring import machine  # noqa: E402

BUILD = HERE.parents[1] / "build" / "bench"
DATA = HERE.parents[2] / "shared" / "data" / "distribution"


@dataclass(frozen=True)
class Asked:
    """quick: small sizes, to see that everything runs. times: runs of what is timed. folder: where populations are kept. data: EU-SILC."""

    quick: bool
    times: int
    folder: Path
    data: Path
    json: bool
    keep: bool
    command: str


def asked_for(about: str, name: str) -> Asked:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs; targets do not count")
    parser.add_argument("--times", type=int, default=3, help="runs of what is timed (3)")
    parser.add_argument("--folder", type=Path, default=BUILD, help="where populations are kept")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with eusilc_person.csv")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, for bench.py")
    parser.add_argument("--keep", action="store_true", help="put the figures into RESULTS.md")
    told = parser.parse_args()
    return Asked(told.quick, told.times, told.folder, told.data, told.json, told.keep, f"benchmarks/impact/{name}")


def middle_of(values: Sequence[float]) -> float:
    return statistics.median(values)


def show(figures: Callable[[Asked], list[Figure]], asked: Asked) -> None:
    """Prints the figures, keeps them where that is asked, and ends with 1 where a target is missed."""
    started = datetime.now(UTC)
    found = figures(asked)
    if asked.json:
        print(json.dumps([asdict(figure) for figure in found]))
        return
    own = f"OpenSocle {version('opensocle')}, NumPy {version('numpy')}, Python {platform.python_version()}"
    heading = [machine(), own, f"`python {asked.command}`"]
    print("\n".join([*heading, "", table(found)]))
    if asked.keep and not asked.quick:
        keep(found, started, heading)
    sys.exit(1 if not asked.quick and any(figure.met is False for figure in found) else 0)
