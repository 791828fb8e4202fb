"""The same figures by OpenSocle and by the R packages laeken and survey, on the same people in the same session: whether they agree, and times.

    python benchmarks/impact/peers.py [--data FOLDER] [--times 3] [--keep]

EU-SILC's synthetic persons (eusilc_person.csv) are repeated 10 and 100 times, the incomes and weights of each copy moved a little. Both sides have
read the people before the clock starts. laeken: the Gini coefficient, the poverty rate, S80/S20 and the relative median gap, of all and by five
splits, without errors; survey: means and totals with linearised standard errors. OpenSocle does the first without errors too, and once more with
them. R's convey, which would do the first with errors, is not in Debian.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from showing import HERE, Asked, asked_for, middle_of, show

from figures import Figure
from opensocle.analysis.impact.battery import Battery, Columns
from opensocle.analysis.impact.groups import Split
from opensocle.analysis.impact.inequality import gini, share_ratio
from opensocle.analysis.impact.measured import Measured
from opensocle.analysis.impact.model import ALL, CURRENT, Group, Grouping
from opensocle.analysis.impact.poverty import relative_median_gap
from opensocle.analysis.impact.sample import mean, total
from opensocle.analysis.impact.settings import Line
from opensocle.analysis.impact.view import Ground, View, errors
from opensocle.population.survey.design import Design

Array = NDArray[np.float64]
Key = tuple[str, str, str]
Spent = tuple[float, float]
"""Seconds by the clock, and of the processor."""
COPIES, MANY, QUICK = 10, 100, 2
FIXED = 10_000.0
AGES = (0, 18, 65)
TIMES_FASTER = 10.0
CLOSE = 1e-9
GROUPINGS = ("sex", "age_group", "region", "citizenship", "size")
OF_HOUSEHOLDS = ("region", "size")


# --- the people


def people(source: Path, copies: int) -> dict[str, np.ndarray]:
    """The persons `copies` times, each copy with households of its own, whose incomes and weights are times about 1 (log-normal, 5 %).

    So no sum of weights is exactly half of all: there laeken's median is the next value above, and OpenSocle's the value that reaches the half.
    """
    with source.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rng = np.random.default_rng(1)
    homes = np.unique([row["hid"] for row in rows], return_inverse=True)[1]
    count = int(homes.max()) + 1
    hid = np.concatenate([homes + count * copy for copy in range(copies)])
    moved, heavier = np.exp(0.05 * rng.standard_normal((2, count * copies)))
    moved[:count] = heavier[:count] = 1.0  # the first copy is the survey itself

    def column(name: str, kind: type = float) -> np.ndarray:
        return np.tile(np.array([kind(row[name]) for row in rows]), copies)

    age = column("age")
    return {
        "hid": hid,
        "region": column("region", str),
        "sex": column("sex", str),
        "citizenship": column("citizenship", str),
        "size": column("hsize").astype(np.int64),
        "age_group": np.array([f"{first}+" for first in AGES])[np.searchsorted(AGES, age, side="right") - 1],
        "w": column("weight") / copies * heavier[hid],
        "y": column("y_final") * moved[hid],
        "t": column("t_family"),
    }


def written(made: dict[str, np.ndarray], file: Path) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(made)
        writer.writerows(zip(*(column.tolist() for column in made.values()), strict=True))
    return file


# --- OpenSocle


class Ours:
    """The people as a study sees them: households whose members share an income, and persons in groups."""

    def __init__(self, made: dict[str, np.ndarray]) -> None:
        self.design = Design.of(made["w"], made["region"], made["hid"])
        self.of = made["hid"]
        homes = int(self.of.max()) + 1
        first = np.zeros(homes, dtype=np.int64)
        first[self.of[::-1]] = np.arange(len(self.of))[::-1]
        splits = tuple(self._split(name, made[name], first) for name in GROUPINGS)
        self.ground = Ground(self.design, self.of, np.ones(len(self.of), dtype=bool), np.ones(homes, dtype=bool), splits)
        self.y = made["y"][first]
        members = np.bincount(self.of, minlength=homes)
        self.t = np.bincount(self.of, made["t"], homes) / members  # equivalised: all members have the same
        self.poor = (self.y < FIXED).astype(np.float64)

    def _split(self, name: str, column: np.ndarray, first: np.ndarray) -> Split:
        names, codes = np.unique(column, return_inverse=True)
        named = Grouping(name, {}, tuple(Group(str(one), {}) for one in names))
        return Split(named, codes[first] if name in OF_HOUSEHOLDS else codes, name in OF_HOUSEHOLDS)

    def like_laeken(self, influences: bool) -> tuple[dict[Key, Measured], list[float]]:
        """What laeken gives; with standard errors, where influences are worked out (of the median gap: at the line as it is)."""
        battery = Battery(
            View(self.ground, self.design.weights, influences), Columns({CURRENT: self.y}, {}, {}, {}, np.ones(0), (Line("at", {}, share=0.6),))
        )
        line = battery.lines["at", CURRENT]
        found: dict[Key, Measured] = {("arpt", ALL, ALL): battery.added(line.whole)} if isinstance(line.whole, Measured) else {}
        for grouping, domain in self._domains(battery.view):
            welfare = battery.cut(self.y, domain)
            sample = battery.sorted(battery.view.sample(domain), CURRENT, welfare)
            found["gini", grouping, domain.group] = battery.view.by_cluster(sample, gini(sample, welfare))
            found["arpr", grouping, domain.group] = battery.fgts(sample, welfare, line)[0]
            found["qsr", grouping, domain.group] = battery.view.by_cluster(sample, share_ratio(sample, welfare))
            found["rmpg", grouping, domain.group] = battery.view.by_cluster(sample, relative_median_gap(sample, welfare, line.value))
        return found, errors(self.ground, list(found.values())).tolist() if influences else []

    def like_survey(self) -> tuple[dict[Key, Measured], list[float]]:
        """Means and totals with standard errors."""
        view, found = View(self.ground, self.design.weights), {}
        for grouping, domain in self._domains(view):
            sample = view.sample(domain)
            for name, measure, column in (
                ("mean poor", mean, self.poor), ("mean y", mean, self.y), ("total poor", total, self.poor), ("total t", total, self.t),
            ):  # fmt: skip
                found[name, grouping, domain.group] = view.by_cluster(sample, measure(sample, column[domain.rows]))
        return found, errors(self.ground, list(found.values())).tolist()

    def gini_by_region(self) -> list[float]:
        """The Gini coefficient of all and of each region with its standard error."""
        view = View(self.ground, self.design.weights)
        found = []
        for domain in (view.everyone, *view.domains(self.ground.splits[GROUPINGS.index("region")])):
            sample = view.sample(domain)
            found.append(view.by_cluster(sample, gini(sample, self.y[domain.rows])))
        return errors(self.ground, found).tolist()

    def _domains(self, view: View) -> Iterator[tuple[str, object]]:
        yield ALL, view.everyone
        for split in self.ground.splits:
            for domain in view.domains(split):
                yield split.named.name, domain


# --- R


def by_r(file: Path, rounds: int, blocks: str) -> tuple[dict[Key, tuple[float, float]], dict[str, list[Spent]], str]:
    """Values with standard errors (NaN: none), seconds of each block, versions."""
    values, seconds = file.with_suffix(".values.csv"), file.with_suffix(".seconds.csv")
    command = ["Rscript", "--vanilla", str(HERE / "peers.R"), str(file), str(values), str(seconds), str(rounds), blocks]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"R ended with an error: {ended.stderr.strip()[-1000:]}")
    found: dict[Key, tuple[float, float]] = {}
    spent: dict[str, list[Spent]] = {}
    with values.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            estimate, se = (float("nan" if row[name] in ("NA", "NaN") else row[name]) for name in ("estimate", "se"))
            found[row["measure"], row["grouping"], row["group"]] = estimate, se
    with seconds.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            spent.setdefault(row["block"], []).append((float(row["seconds"]), float(row["processor"])))
    return found, spent, ended.stdout.strip()


def without_r() -> str:
    """Why R cannot be asked; nothing where it can."""
    if shutil.which("Rscript") is None:
        return "R is not installed (Debian: r-base-core, r-cran-survey, r-cran-laeken)"
    ended = subprocess.run(["Rscript", "--vanilla", "-e", "library(laeken); library(survey)"], capture_output=True, text=True, check=False)
    return "" if not ended.returncode else "R has not both packages, laeken and survey (Debian: r-cran-laeken, r-cran-survey)"


# --- both


def taken(task: Callable[[], object], times: int) -> list[Spent]:
    found = []
    for _ in range(times):
        started, spent = time.perf_counter(), time.process_time()
        task()
        found.append((time.perf_counter() - started, time.process_time() - spent))
    return found


def apart(ours: dict[Key, Measured], se: list[float], theirs: dict[Key, tuple[float, float]]) -> tuple[float, float, int]:
    """The largest relative difference of the estimates and of the standard errors, and how many figures both have."""
    both = [key for key in ours if key in theirs]
    missing = {key for key in theirs if key[0] in {one[0] for one in ours}} - set(both)
    if missing:
        raise SystemExit(f"OpenSocle lacks {sorted(missing)[:3]} of {len(missing)}")
    errors_ = dict(zip(ours, se, strict=True)) if se else {}
    far = max(_apart(ours[key].estimate, theirs[key][0]) for key in both)
    known = [_apart(errors_[key], theirs[key][1]) for key in both if errors_ and not isnan(theirs[key][1])]
    return far, max(known, default=nan), len(both)


def _apart(one: float, other: float) -> float:
    """The difference as a share of the second; none where neither has a value, infinite where one has."""
    if isnan(one) or isnan(other) or not other:
        return 0.0 if one == other or (isnan(one) and isnan(other)) else inf
    return abs(one / other - 1)


def compared(file: Path, made: dict[str, np.ndarray], times: int) -> tuple[list[Figure], str]:
    """The figures of one size."""
    theirs, seconds, versions = by_r(written(made, file), times, "laeken,survey")
    ours = Ours(made)
    what = f"{len(made['hid']):,} persons"
    rows = []
    alone, _ = ours.like_laeken(False)
    far, _, count = apart(alone, [], theirs)
    rows.append(Figure(f"{what}: laeken's {count} estimates, largest relative difference", f"{far:.1e}", "", f"≤ {CLOSE:g}", far <= CLOSE))
    found, se = ours.like_survey()
    far, wide, count = apart(found, se, theirs)
    rows.append(Figure(f"{what}: survey's {count} estimates, largest relative difference", f"{far:.1e}", "", f"≤ {CLOSE:g}", far <= CLOSE))
    rows.append(Figure(f"{what}: survey's {count} standard errors, largest relative difference", f"{wide:.1e}", "", f"≤ {CLOSE:g}", wide <= CLOSE))
    rows += raced(f"{what}: laeken's estimates", taken(lambda: ours.like_laeken(False), 2 * times + 1), seconds["laeken"], TIMES_FASTER)
    rows += raced(f"{what}: the same, ours with standard errors", taken(lambda: ours.like_laeken(True), 2 * times + 1), seconds["laeken"], None)
    rows += raced(f"{what}: survey's means and totals with errors", taken(ours.like_survey, 2 * times + 1), seconds["survey"], TIMES_FASTER)
    return rows, versions


def raced(what: str, ours: list[Spent], theirs: list[Spent], target: float | None) -> list[Figure]:
    """How much faster by the clock; in seconds of the processor, of all threads, beside it."""
    clock, processor = (middle_of([one[part] for one in theirs]) / middle_of([one[part] for one in ours]) for part in (0, 1))
    asked, met = ("", None) if target is None else (f"≥ {target:g} ×", clock >= target)
    text = f"{middle_of([one[0] for one in theirs]):.2f} s / {middle_of([one[0] for one in ours]):.3f} s = {clock:.0f} ×"
    return [Figure(f"{what}, R / OpenSocle", text, f"processor {processor:.0f} ×", asked, met)]


def figures(asked: Asked) -> list[Figure]:
    source = asked.data / "eusilc_person.csv"
    why = without_r() or ("" if source.is_file() else f"there is no {source.name} (--data)")
    if why:
        return [Figure("beside R's laeken and survey", f"not measured: {why}")]
    folder = asked.folder / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[Figure] = []
    for copies, times in ((QUICK, 1),) if asked.quick else ((COPIES, asked.times), (MANY, 1)):
        found, versions = compared(folder / f"{copies}.csv", people(source, copies), times)
        rows += found
    small = people(source, 1)
    _, seconds, _ = by_r(written(small, folder / "1.csv"), 1, "bootstrap")
    ours = Ours(small)
    rows += raced(
        f"{len(small['hid']):,} persons: Gini coefficient by region with errors (laeken's bootstrap of 100; ours linearised)",
        taken(ours.gini_by_region, 2 * asked.times), seconds["bootstrap"], TIMES_FASTER,
    )  # fmt: skip
    return [Figure("versions", versions), *rows]


if __name__ == "__main__":
    show(figures, asked_for(__doc__ or "", Path(__file__).name))
