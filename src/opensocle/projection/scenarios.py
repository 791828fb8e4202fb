"""Scenarios: named packages of reforms of the law and of assumptions, with what they replace, the levers that pay for them, and sensitivities.

API: `read_scenarios(country_folder, law, data_root=None) -> dict[str, Scenario]`, with every problem of all scenarios at once;
`Scenario.reform(law) -> Law`, `Scenario.assume(assumptions, law) -> Assumptions`; `Economy.money(amount, year)` gives an Amount of a year.
Format: docs/reference/projection.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import LawError, Problems, SocleError, nearest
from ..law.law import Law
from ..law.names import check_name, titles
from ..law.nodes import Findings, Node, check_keys
from ..law.overlays import Overlay
from ..law.reading import read_file
from ..law.reforms import SCENARIOS, overlays_named, warnings_of
from .assumptions import FOLDER, Assumptions, distinct, read_assumptions
from .model import Amount, Titles
from .reading import ANY, Reader
from .sections import read_amount

LEVERS = (
    "reallocation", "tax_increase", "contribution_coverage", "contribution_compliance", "aid", "debt", "illicit_flows", "solidarity_fund", "reserves"
)  # fmt: skip
KEYS = ("reforms", "law", "change", "schemes", "replaces", "levers", "sensitivity", "notes", "source", "baseline")


@dataclass(frozen=True)
class Lever:
    """An option of fiscal space."""

    kind: str
    title: Titles
    amount: Amount


@dataclass(frozen=True)
class Sensitivity:
    """An assumption with a low and a high value: nodes, as `Assumptions.with_` takes them. texts: the values as written."""

    path: str
    low: Node
    high: Node
    texts: tuple[str, str]


@dataclass(frozen=True)
class Scenario:
    """A scenario. schemes: those costed; None for all of the law's. changes: nodes by path."""

    name: str
    title: Titles
    assumptions: str
    overlays: tuple[Overlay, ...] = ()
    changes: Mapping[str, Node] = field(default_factory=dict)
    schemes: tuple[str, ...] | None = None
    replaces: Mapping[str, Amount] = field(default_factory=dict)
    levers: tuple[Lever, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    source: str = ""
    baseline: str = ""  # the scenario whose net cost is already financed; it may be this one
    warnings: tuple[LawError, ...] = field(default=(), compare=False)  # what the reforms do, and are seldom meant to do

    def reform(self, law: Law) -> Law:
        """The law with this scenario's overlays. Raises Problems."""
        return law.with_(*self.overlays) if self.overlays else law

    def assume(self, assumptions: Assumptions, law: Law) -> Assumptions:
        """The assumptions with this scenario's changes; `law` is the reformed one. Raises Problems."""
        if not self.changes and law is assumptions.law:
            return assumptions
        places = {path: node.place for path, node in self.changes.items()}
        return assumptions.with_(self.changes, law=law, source=self.source, places=places)


def read_scenarios(country_folder: str | Path, law: Law, data_root: str | Path | None = None) -> dict[str, Scenario]:
    """The scenarios of `scenarios/*.yaml` by name, in the order of their files. Raises Problems with all that is wrong with any.

    Their reforms and changes are tried on the law and on the assumptions that they name.
    """
    folder = Path(country_folder)
    read: dict[str, Scenario] = {}
    problems: list[SocleError] = []
    known: dict[str, Assumptions | None] = {}
    for path in sorted((folder / SCENARIOS).glob("*.yaml")):
        found = Findings()
        file = f"{SCENARIOS}/{path.name}"
        node = read_file(path, file, found, inside=folder)
        scenario = _scenario(node, path.stem, file, folder, law, found) if node is not None else None
        problems += found.problems
        if scenario is None or found.problems:
            continue
        try:
            _try(scenario, folder, law, data_root, known)
            assert law.text is not None
            scenario = replace(scenario, warnings=tuple(warnings_of(law.text, scenario.overlays)))
        except Problems as error:
            problems += error.problems
        read[scenario.name] = scenario
    problems += _baselines(read, known, [path.stem for path in (folder / SCENARIOS).glob("*.yaml")])
    if problems:
        raise Problems(distinct(problems))
    return read


def _baselines(scenarios: Mapping[str, Scenario], known: Mapping[str, Assumptions | None], names: Sequence[str]) -> list[SocleError]:
    """Baselines that are no scenario, or whose assumptions do not reach over the years of the scenario that names them."""
    problems: list[SocleError] = []
    for scenario in scenarios.values():
        name, at = scenario.baseline, f"{SCENARIOS}/{scenario.name}.yaml"
        if name and name not in names:
            problems.append(LawError("P068", f"the baseline {name!r} is no scenario", at=at, hint=nearest(name, list(names))))
        elif name in scenarios:
            own, other = (known.get(each.assumptions) for each in (scenario, scenarios[name]))
            if own and other and not set(own.years) <= set(other.years):
                what = f"the baseline {name!r} runs from {other.years[0]} to {other.years[-1]}, this scenario from {own.years[0]} to {own.years[-1]}"
                problems.append(LawError("P068", what, at=at, hint="let both use assumptions of the same years"))
    return problems


def _try(scenario: Scenario, folder: Path, law: Law, data_root: str | Path | None, known: dict[str, Assumptions | None]) -> None:
    """Apply the scenario's reforms, changes and sensitivities, for the sake of their problems."""
    name = scenario.assumptions
    if name not in known:
        known[name] = None
        known[name] = read_assumptions(folder, name, law, data_root)
    base = known[name]
    if base is None:
        return
    reformed = scenario.reform(law)
    unknown = [scheme for scheme in scenario.schemes or () if scheme not in reformed.schemes]
    problems: list[SocleError] = [
        LawError("P064", f"the law has no scheme {name!r}", at=f"{SCENARIOS}/{scenario.name}.yaml", hint=nearest(name, list(reformed.schemes)))
        for name in unknown
    ]
    try:
        assumed = scenario.assume(base, reformed)
    except Problems as error:
        raise Problems([*problems, *error.problems]) from None
    for swing in scenario.sensitivity:
        for node in (swing.low, swing.high):
            try:
                assumed.with_({swing.path: node}, source="sensitivity", places={swing.path: node.place})
            except Problems as error:
                problems += error.problems
    if problems:
        raise Problems(problems)


def _scenario(node: Node, stem: str, file: str, folder: Path, law: Law, found: Findings) -> Scenario | None:
    if not node.is_map(found, file):
        return None
    check_keys(node, found, file, ("scenario", "title", "assumptions"), KEYS)
    name = node.get("scenario")
    if name is not None and name.text != stem:
        found.problem("L018", f"the scenario is called {name.shown}, the file {stem}.yaml", name.place, "give both the same name")
    source_node, title = node.get("source"), titles(node.get("title"), found, law.country.languages, f"title of scenario {stem!r}")
    source = (source_node.as_text(found, "the source of the scenario") or "") if source_node else f"assumed in scenario {stem!r}"
    reader = Reader(found, law)
    assumptions = node.get("assumptions")
    used = (assumptions.as_text(found, "'assumptions'") or "") if assumptions else ""
    if assumptions and used and not (folder / FOLDER / f"{used}.yaml").is_file():
        names = [path.stem for path in (folder / FOLDER).glob("*.yaml")]
        found.problem("P068", f"there are no assumptions {used!r}", assumptions.place, nearest(used, names))
    return Scenario(
        name=stem,
        title=title,
        assumptions=used,
        overlays=overlays_named(node, stem, folder, found),
        changes=_changes(node.get("change"), found),
        schemes=_schemes(node.get("schemes"), found),
        replaces=_replaces(node.get("replaces"), reader),
        levers=_levers(node.get("levers"), reader),
        sensitivity=_sensitivity(node.get("sensitivity"), reader),
        source=source,
        baseline=_baseline(node, found),
    )


def _baseline(node: Node, found: Findings) -> str:
    child = node.get("baseline")
    return (child.as_text(found, "'baseline'") or "") if child is not None else ""


def _changes(node: Node | None, found: Findings) -> dict[str, Node]:
    """Nodes by path, each at the place of its path."""
    return dict(node.as_map(found, "'change'")) if node is not None else {}


def _schemes(node: Node | None, found: Findings) -> tuple[str, ...] | None:
    if node is None:
        return None
    names = [text for item in node.as_list(found, "'schemes'") if (text := item.as_text(found, "a scheme"))]
    return tuple(dict.fromkeys(names))


def _replaces(node: Node | None, reader: Reader) -> dict[str, Amount]:
    if node is None:
        return {}
    amounts = {}
    for name, child in node.as_map(reader.found, "'replaces'").items():
        check_name(name, node.key_place(name), reader.found, "spending that ends")
        amount = read_amount(child, f"replaces.{name}", reader)
        if amount:
            amounts[name] = amount
    return amounts


def _levers(node: Node | None, reader: Reader) -> tuple[Lever, ...]:
    levers = []
    for number, item in enumerate(node.as_list(reader.found, "'levers'") if node else [], 1):
        if not item.is_map(reader.found, f"lever {number}"):
            continue
        kind = item.get("lever")
        word = kind.as_choice(reader.found, f"lever {number}", LEVERS) if kind else None
        if kind is None:
            reader.problem("L011", f"lever {number} does not say which it is", item.place, f"add lever: one of {', '.join(LEVERS)}")
        title = titles(item.get("title"), reader.found, reader.law.country.languages, f"title of lever {number}")
        amount = read_amount(item, f"levers.{word or number}", reader)
        if word and amount:
            levers.append(Lever(word, title, amount))
    return tuple(levers)


def _sensitivity(node: Node | None, reader: Reader) -> tuple[Sensitivity, ...]:
    swings = []
    for number, item in enumerate(node.as_list(reader.found, "'sensitivity'") if node else [], 1):
        what = f"sensitivity {number}"
        if not item.is_map(reader.found, what):
            continue
        check_keys(item, reader.found, what, ("path", "low", "high"), ("title", "source"))
        path, low, high = item.get("path"), item.get("low"), item.get("high")
        text = path.as_text(reader.found, f"the path of {what}") if path else None
        if text and low is not None and high is not None:
            ends = [reader.number(end, what, ANY) for end in (low, high) if not end.map]
            if len(ends) == 2 and all(end is not None for end in ends):
                swings.append(Sensitivity(text, low, high, (low.text, high.text)))
            elif low.map or high.map:
                swings.append(Sensitivity(text, low, high, ("low", "high")))
    return tuple(swings)
