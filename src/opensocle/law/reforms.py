"""The reforms that a scenario's file names, and the indexation that they end without saying so.

A parameter follows its index only past its last enacted value. A reform that enacts a value for 2030 therefore ends the indexation of the years
before it: the law's text says so, and whoever writes the reform seldom means it. `stopped` warns of each year that is lost.
Decision: docs/decisions/0006-reforms-and-indexation.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from ..errors import LawError
from .loading import LawText
from .model import Parameter, Scheme
from .nodes import Findings, Node
from .overlays import Overlay, apply_overlay, overlay_of
from .parameters import steps
from .reading import below, read_file

SCENARIOS = "scenarios"


def overlays_named(node: Node, stem: str, folder: Path, found: Findings) -> tuple[Overlay, ...]:
    """The overlays of a scenario: the files under `reforms`, then what is written under `law`."""
    overlays = []
    reforms = node.get("reforms")
    for item in reforms.as_list(found, "'reforms'") if reforms else []:
        text = item.as_text(found, "a reform")
        if text is None:
            continue
        if not below(text):
            found.problem("P068", "the path of the reform leaves the folder", item.place, "write a path below the country's: overlays/name.yaml")
            continue
        tree = read_file(folder / text, text, found, inside=folder)
        overlay = overlay_of(tree, Path(text).stem, found) if tree is not None else None
        overlays += [overlay] if overlay else []
    law = node.get("law")
    if law is not None:
        overlay = overlay_of(law, stem, found)
        overlays += [overlay] if overlay else []
    return tuple(overlays)


def warnings_of(text: LawText, overlays: Sequence[Overlay]) -> list[LawError]:
    """Every indexation that these overlays, applied in turn, end before their own values."""
    found: list[LawError] = []
    for overlay in overlays:
        after = apply_overlay(text, overlay)
        found += stopped(text, after)
        text = after
    return found


def scenario_warnings(folder: Path, text: LawText) -> list[LawError]:
    """The warnings of the reforms of all scenarios of a folder, each once; reforms that cannot be read are left to whoever reads the scenario."""
    warnings: dict[tuple[str, str], LawError] = {}
    for path in sorted((folder / SCENARIOS).glob("*.yaml")):
        found = Findings()
        node = read_file(path, f"{SCENARIOS}/{path.name}", found, inside=folder)
        if node is None or not isinstance(node.value, dict):
            continue
        for warning in warnings_of(text, overlays_named(node, path.stem, folder, found)):
            warnings[warning.at, warning.what] = warning
    return list(warnings.values())


def stopped(before: LawText, after: LawText) -> list[LawError]:
    """The years of indexation that the law had before, and that a later value of the law after ends without giving a value of its own."""
    owners = [(before.concepts, after.concepts), *((scheme, after.schemes[name]) for name, scheme in before.schemes.items() if name in after.schemes)]
    return [warning for old, new in owners for warning in _of_owner(old, new)]


def _of_owner(old: Scheme, new: Scheme) -> Iterator[LawError]:
    for name, parameter in old.parameters.items():
        other = new.parameters.get(name)
        lost = _lost(parameter, other) if other else []
        if not other or not lost:
            continue
        years = sorted({step.year for step in lost})
        first = next(dated for dated in other.values if dated.since > lost[-1])
        said = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
        what = f"{old.name}.{name}: the value of {first.since} ends the indexation of {said}, which the law before the reform has"
        hint = f"enact what holds until then, such as values: {{{lost[0]}: …}}; or nothing, if the figure is meant to stay"
        yield LawError("L034", what, at=str(first.place), hint=hint)


def _lost(old: Parameter, new: Parameter) -> list[date]:
    """The days of indexation after the old law's last value, before the new law's last, that no value of the new law stands for."""
    if old.index is None or not old.values or old.values[-1].value is None or not new.values:
        return []
    last, until = old.values[-1].since, new.values[-1].since
    if old.until is not None:
        until = min(until, old.until)
    enacted = [dated.since for dated in new.values if dated.since > last]
    lost, previous = [], last
    for step in steps(old.index, last, until):
        if step < until and not any(previous < day <= step for day in enacted):
            lost.append(step)
        previous = step
    return lost
