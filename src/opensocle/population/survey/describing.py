"""What a mapping or a population.yaml says about a survey's design: `design:`, read and checked. Plain data, no library of numbers.

design:
  single: centre                     # refuse | certain | centre | average: what a stratum with one sampled cluster adds
  replicates:                        # where the survey comes with replicate weights
    columns: [wr*]                   # the source's columns, or patterns
    kind: bootstrap                  # bootstrap | jackknife | brr
    scale: 0.002                     # optional: by default 1/R, for a jackknife (R - 1)/R
    fay: 0.3                         # optional: Fay's factor of a brr
    centre: estimate                 # estimate | mean
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from ...errors import nearest

SingleUnit = Literal["refuse", "certain", "centre", "average"]
"""What a stratum with one sampled cluster adds: an error; nothing, as if drawn with certainty; its difference from the mean of all
clusters; the mean of the other strata."""
ReplicateKind = Literal["bootstrap", "jackknife", "brr"]
Centre = Literal["estimate", "mean"]

REPLICATE = "replicate_weight_"
"""Replicate weights are columns of persons: replicate_weight_1, replicate_weight_2, …"""
OPTIONS = ("single", "replicates")
REPLICATE_OPTIONS = ("columns", "kind", "scale", "factors", "fay", "centre")

Path = tuple[str | int, ...]
Wrong = Callable[[str, Path, str], None]
"""Notes a problem: what, where, hint."""


@dataclass(frozen=True, slots=True)
class ReplicatesSaid:
    """columns: of the source, or patterns (in a mapping); of the persons (in population.yaml). None: by the kind."""

    columns: tuple[str, ...]
    kind: ReplicateKind
    scale: Decimal | None = None
    factors: tuple[Decimal, ...] | None = None
    fay: Decimal = Decimal(0)
    centre: Centre = "estimate"

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for population.yaml."""
        data: dict[str, Any] = {"columns": list(self.columns), "kind": self.kind, "centre": self.centre}
        if self.scale is not None:
            data["scale"] = float(self.scale)
        if self.factors is not None:
            data["factors"] = [float(factor) for factor in self.factors]
        return data | ({"fay": float(self.fay)} if self.fay else {})


@dataclass(frozen=True, slots=True)
class DesignSaid:
    """The rule for strata with one cluster, and the replicate weights if there are any."""

    single: SingleUnit = "centre"
    replicates: ReplicatesSaid | None = None

    def without_replicates(self) -> DesignSaid:
        """The same for other weights, to which the replicate weights do not belong."""
        return DesignSaid(self.single)

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for population.yaml."""
        return {"single": self.single} | ({"replicates": self.replicates.as_data()} if self.replicates else {})


def read_design(data: Any, path: Path, wrong: Wrong) -> DesignSaid:
    """What `design:` says; every problem is given to `wrong`."""
    options = _options(data, OPTIONS, path, wrong)
    single = _choice(options.get("single", "centre"), get_args(SingleUnit), (*path, "single"), wrong)
    replicates = _replicates(options["replicates"], (*path, "replicates"), wrong) if "replicates" in options else None
    return DesignSaid(cast("SingleUnit", single), replicates)


def _replicates(data: Any, path: Path, wrong: Wrong) -> ReplicatesSaid | None:
    options = _options(data, REPLICATE_OPTIONS, path, wrong)
    columns = options.get("columns")
    columns = [columns] if isinstance(columns, str) else columns
    if not isinstance(columns, list) or not columns or not all(isinstance(name, str) for name in columns):
        wrong("replicates name no columns", (*path, "columns"), "write columns: [wr*]")
        columns = []
    if "kind" not in options:
        wrong("the kind of the replicate weights is missing", path, f"write kind: one of {', '.join(get_args(ReplicateKind))}")
    kind = _choice(options.get("kind", "bootstrap"), get_args(ReplicateKind), (*path, "kind"), wrong)
    centre = _choice(options.get("centre", "estimate"), get_args(Centre), (*path, "centre"), wrong)
    scale = _number(options["scale"], (*path, "scale"), wrong) if "scale" in options else None
    fay = _number(options.get("fay", 0), (*path, "fay"), wrong)
    if fay and (kind != "brr" or fay >= 1):
        wrong(f"a Fay factor of {fay} is not possible here", (*path, "fay"), "it belongs to brr, and is less than 1")
    if fay and scale is not None:
        wrong("give scale or fay, not both", (*path, "fay"), "the scale of a brr is 1 / (R (1 - fay)²)")
    factors = None
    if "factors" in options:
        given = options["factors"] if isinstance(options["factors"], list) else [options["factors"]]
        factors = tuple(_number(item, (*path, "factors"), wrong) for item in given)
    return ReplicatesSaid(tuple(columns), cast("ReplicateKind", kind), scale, factors, fay, cast("Centre", centre))


def _options(data: Any, known: tuple[str, ...], path: Path, wrong: Wrong) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        wrong("this must be a map of names and values", path, f"known: {', '.join(known)}")
        return {}
    for name in data:
        if name not in known:
            wrong(f"{name!r} is not an option here", (*path, str(name)), nearest(str(name), known))
    return {name: data[name] for name in data if name in known}


def _choice(value: Any, known: tuple[str, ...], path: Path, wrong: Wrong) -> str:
    if value not in known:
        wrong(f"{value!r} is not possible here", path, f"use one of {', '.join(known)}")
        return known[0]
    return str(value)


def _number(value: Any, path: Path, wrong: Wrong) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value < 0:
        wrong(f"{value!r} is not a number from 0", path, "write 0.5")
        return Decimal(0)
    return Decimal(str(value))
