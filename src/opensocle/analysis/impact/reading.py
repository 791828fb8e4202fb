"""Reads `impact.yaml` as safely as a law is read, and reports every problem with its place and the next step.

API: `read_settings(file, law=None) -> Settings`; `settings_of(data, law=None, folder=None)` reads plain data. Format: docs/reference/impact.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from ...errors import InputError, Problems, nearest
from ...law.hashing import content_hash
from ...law.law import Law
from ...law.model import Place
from ...law.names import check_name
from ...law.nodes import Findings, Node, check_keys, from_data
from ...law.reading import read_file
from ...periods import Month, months, parse_period
from .pieces import ONE, ZERO, Pieces
from .settings import Line, Scale, Settings, Survey, TakeUp, Transfer, Welfare

KEYS = (
    "title", "month", "year", "scale", "transfers", "groups", "reforms", "causes", "multidimensional", "income", "unknown", "errors",
    "quantiles", "few", "level", "seed", "notes",
)  # fmt: skip
SCALES = ("per_capita", "oecd_modified", "square_root", "given")
IN_WELFARE = ("monthly", "yearly", "once", "per_claim")


def read_settings(path: str | Path, law: Law | None = None) -> Settings:
    """The settings of a file; paths in it start at its folder. Raises Problems with everything that is wrong."""
    path, found = Path(path), Findings()
    node = read_file(path, path.name, found)
    return _finish(node, law, path.parent, found)


def settings_of(data: Mapping[str, object], law: Law | None = None, folder: str | Path | None = None) -> Settings:
    """The settings of plain data (numbers as Decimal or int). Raises Problems."""
    return _finish(from_data(data, Place("settings")), law, Path(folder) if folder is not None else None, Findings())


def _finish(node: Node | None, law: Law | None, folder: Path | None, found: Findings) -> Settings:
    settings = Reader(found, law, folder).settings(node) if node is not None else None
    if found.problems or settings is None:
        raise Problems(found.problems)
    return settings


class Reader(Pieces):
    """Reads the parts of a study."""

    def settings(self, node: Node) -> Settings | None:
        if not node.is_map(self.found, "the settings of a study"):
            return None
        check_keys(node, self.found, "the study", ("welfare", "lines"), ("survey", *KEYS))
        transfers = self.transfers(node.get("transfers"))
        welfare = self.welfare(node.get("welfare"), {one.name: one for one in transfers})
        return Settings(
            title=self.title(node, "the study"),
            survey=self.survey(node.get("survey")),
            welfare=welfare,
            lines=self.lines(node.get("lines")),
            scale=self.scale(node.get("scale")),
            months=self.months(node),
            transfers=transfers,
            groups=self.groups(node.get("groups")),
            causes=self.causes(node.get("causes")),
            reforms=self.reforms(node.get("reforms")),
            deprivations=self.deprivations(node.get("multidimensional")),
            income=self.income(node.get("income"), {one.name: one for one in transfers}),
            unknown=self.choice(node, "unknown", ("leave_out", "reported")),
            errors=self.choice(node, "errors", ("taylor", "replicates", "none")),
            quantiles=self.whole(node, "quantiles", 10, 2, 100),
            few=self.whole(node, "few", 30, 0, 10_000),
            level=float(self.number(node, "level", "the level of the intervals", Decimal("0.5"), Decimal("0.999")) or Decimal("0.95")),
            seed=self.whole(node, "seed", 1, 0, 2**31 - 1),
            folder=self.folder,
            hash=content_hash(Node({"country": node})),
        )

    # --- parts

    def survey(self, node: Node | None) -> Survey:
        if node is None or not node.is_map(self.found, "'survey'"):
            return Survey()
        check_keys(node, self.found, "'survey'", (), ("folder", "mapping", "files", "events", "source", "uprate"))
        folder, mapping = self.path(node, "folder", "the survey's folder"), self.path(node, "mapping", "the survey's mapping")
        if (node.get("folder") is None) == (node.get("mapping") is None):
            self.found.problem("A072", "the survey is a folder, or a mapping of files: give one of them", node.place, "write folder: data/survey")
        moved = node.get("uprate") or Node({})
        if moved.map:
            check_keys(moved, self.found, "'uprate'", ("factor", "source"), ("years",))
        factor = self.number(moved, "factor", "the factor of 'uprate'", Decimal("0.000001"))
        return Survey(
            folder,
            mapping,
            self.path(node, "files", "the survey's files"),
            self.events(node.get("events")),
            self.text(node, "source"),
            factor or ONE,
            self.whole(moved, "years", 0, -50, 50),
            self.text(moved, "source"),
        )

    def events(self, node: Node | None) -> tuple[Month, ...]:
        """The twelve months about which the survey asks for events: a year, or a period of two years."""
        if node is None:
            return ()
        try:
            found = parse_period(node.text)
        except InputError as error:
            self.found.problem("A072", f"'events': {error.what}", node.place, "write 2025, or 2024-07:2025-06")
            return ()
        if len(found) != 12:
            self.found.problem("A072", f"'events' are of {len(found)} months", node.place, "write twelve: 2025, or 2024-07:2025-06")
        return found

    def months(self, node: Node) -> tuple[Month, ...]:
        """The month or the year of the law; none where neither is said."""
        month, year = node.get("month"), node.get("year")
        if month and year:
            self.found.problem("L010", "the study has a month and a year of the law", year.place, "keep one of them")
        if month:
            found = month.as_month(self.found, "'month'")
            return (found,) if found else ()
        number = year.as_integer(self.found, "'year'", 1900, 2300) if year else None
        return tuple(months(Month(number, 1), Month(number + 1, 1))) if number else ()

    def welfare(self, node: Node | None, transfers: Mapping[str, Transfer]) -> Welfare:
        if node is None or not node.is_map(self.found, "'welfare'"):
            return Welfare()
        optional = ("persons", "households", "concept", "period", "missing", "includes", "floor", "contributions")
        check_keys(node, self.found, "'welfare'", (), optional)
        persons, households = self.terms(node.get("persons"), "a term of welfare"), self.terms(node.get("households"), "a term of welfare")
        if not persons and not households:
            self.found.problem("L011", "'welfare' has no terms", node.place, "add persons: [earnings, other_income], or households: [consumption]")
        includes = node.get("includes")
        names = []
        for item in includes.as_list(self.found, "'includes'") if includes else []:
            transfer = transfers.get(item.text)
            if transfer is None or transfer.reported is None:
                hint = nearest(item.text, list(transfers)) if transfer is None else f"say what reports it: {item.text}: {{reported: COLUMN}}"
                self.found.problem("A077", f"welfare cannot include {item.shown}: it is no reported transfer of this study", item.place, hint)
            names.append(item.text)
        floor = self.number(node, "floor", "the least welfare")
        return Welfare(
            persons,
            households,
            self.choice(node, "concept", ("income", "consumption")),
            self.choice(node, "period", ("month", "year")),
            self.choice(node, "missing", ("unknown", "zero")),
            tuple(names),
            None if floor is None else float(floor),
            self.flag(node, "contributions"),
        )

    def scale(self, node: Node | None) -> Scale:
        if node is None:
            return Scale()
        if not isinstance(node.value, dict):
            return Scale(cast(Any, node.as_choice(self.found, "'scale'", SCALES) or "per_capita"))
        check_keys(node, self.found, "'scale'", ("other_adult", "child", "child_age"), ("adult",))
        values = [self.number(node, key, f"the scale's {key!r}", ZERO) for key in ("adult", "other_adult", "child")]
        adult, other, child = (float(value) if value is not None else 1.0 for value in values)
        if adult <= 0:
            self.found.problem("A073", "the first adult counts for nothing", node.place, "write adult: 1")
        return Scale("weights", adult, other, child, self.whole(node, "child_age", 14, 0, 100))

    def lines(self, node: Node | None) -> tuple[Line, ...]:
        lines = []
        for name, child in node.as_map(self.found, "'lines'").items() if node else ():
            check_name(name, node.key_place(name) if node else child.place, self.found, "a poverty line")
            line = self.line(name, child)
            lines += [line] if line else []
        if node and isinstance(node.value, dict) and not node.map:
            self.found.problem("A076", "the study has no poverty line", node.place, "write lines: {relative: {share: 0.6, of: median}}")
        return tuple(lines)

    def line(self, name: str, node: Node) -> Line | None:
        what = f"the line {name!r}"
        if not node.is_map(self.found, what):
            return None
        check_keys(node, self.found, what, (), ("value", "index", "parameter", "share", "of", "anchor", "source", "title"))
        kinds = [key for key in ("value", "parameter", "share") if node.get(key)]
        if len(kinds) != 1:
            hint = "write value: 96 with a source, parameter: poverty_line, or share: 0.6"
            self.found.problem("A076", f"{what} must have exactly one of value, parameter and share", node.place, hint)
            return None
        if kinds == ["value"] and not node.get("source"):
            self.found.problem("A076", f"{what} has no source", node.place, 'add source: "who set it, and at which prices"')
        value = self.number(node, "value", f"the value of {what}", Decimal("0.000001"))
        return Line(
            name,
            self.title(node, what),
            None if value is None else float(value * self.index(node, what)),
            self.parameter(node, what),
            None if (share := self.number(node, "share", f"the share of {what}", Decimal("0.01"), Decimal(2))) is None else float(share),
            self.choice(node, "of", ("median", "mean")),
            self.choice(node, "anchor", ("current", "own")),
            self.text(node, "source"),
        )

    def index(self, node: Node, what: str) -> Decimal:
        """What brings a line to the prices of the study: the index then and now."""
        child = node.get("index")
        if child is None:
            return ONE
        pair = [item.as_decimal(self.found, f"an index of {what}") for item in child.as_list(self.found, f"the index of {what}")]
        if len(pair) != 2 or any(number is None or number <= 0 for number in pair):
            self.found.problem("A076", f"the index of {what} must be two numbers above zero", child.place, "write [index then, index now]")
            return ONE
        return cast(Decimal, pair[1]) / cast(Decimal, pair[0])

    def parameter(self, node: Node, what: str) -> str:
        child = node.get("parameter")
        if child is None:
            return ""
        known = list(self.law.concepts.parameters) if self.law else []
        if child.text not in known:
            hint = nearest(child.text, known) or "write value: with a source, or share:"
            self.found.problem("A076", f"{what}: the law's concepts have no parameter {child.shown}", child.place, hint)
        return child.text

    def transfers(self, node: Node | None) -> tuple[Transfer, ...]:
        """The transfers named; every cash scheme of the law where none are."""
        if node is None:
            schemes = self.law.schemes.values() if self.law else ()
            return tuple(Transfer(s.name, s.title, True) for s in schemes if "benefit" in s.variables and s.paid in IN_WELFARE)
        made = []
        for name, child in node.as_map(self.found, "'transfers'").items():
            transfer = self.transfer(name, child, node)
            made += [transfer] if transfer else []
        return tuple(made)

    def transfer(self, name: str, node: Node, parent: Node) -> Transfer | None:
        what = f"the transfer {name!r}"
        if not node.is_null and not node.is_map(self.found, what):
            return None
        check_keys(node, self.found, what, (), ("mode", "reported", "take_up", "counted", "title"))
        scheme = self.law.schemes.get(name) if self.law else None
        simulated = scheme is not None and "benefit" in scheme.variables
        reported = self.term(child, f"what reports {name}") if (child := node.get("reported")) else None
        mode = self.choice(node, "mode", ("replace", "keep", "add") if simulated else ("keep", "replace", "add"))
        if not simulated and (mode != "keep" or reported is None):
            known = [s.name for s in self.law.schemes.values() if "benefit" in s.variables] if self.law else []
            hint = nearest(name, known) if known else "without a law a transfer is reported: write reported: COLUMN"
            self.found.problem("A077", f"{what} cannot be simulated: the law has no such benefit", parent.key_place(name), hint)
        elif mode != "replace" and reported is None:
            what = f"{what} has the mode {mode!r}, and nothing reports it"
            self.found.problem("A077", what, parent.key_place(name), "add reported: benefits_in_payment, or a column")
        title = self.title(node, what) or (scheme.title if scheme else {})
        take_up = self.take_up(node.get("take_up"), name)
        if take_up and take_up.kind == "reported" and reported is None:
            self.found.problem("A077", f"{name}: take-up by who reports receipt, and nothing reports it", parent.key_place(name), "add reported:")
        return Transfer(name, title, simulated, mode, reported, take_up, self.choice(node, "counted", ("transfer", "income", "no")))

    def take_up(self, node: Node | None, name: str) -> TakeUp | None:
        if node is None:
            return None
        what = f"the take-up of {name!r}"
        if not isinstance(node.value, dict):
            if node.text == "reported":
                return TakeUp("reported")
            if node.text == "assumptions":
                return TakeUp("assumptions")
            share = self.number(Node({"share": node}), "share", what, ZERO, ONE)
            return None if share is None else TakeUp("share", share)
        check_keys(node, self.found, what, (), ("rule", "assumptions"))
        if child := node.get("rule"):
            return TakeUp("rule", ONE, self.term(child, what))
        if self.text(node, "assumptions"):
            return TakeUp("assumptions", assumptions=self.text(node, "assumptions"))
        self.found.problem("A077", f"{what} says nothing", node.place, "write 0.8, reported, assumptions, or {rule: formula}")
        return None
