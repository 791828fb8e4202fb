"""The tables that `socle impact` shows: poverty, inequality, transfers, quantiles, groups, reforms, and why people are excluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..analysis.impact.labels import MEASURES
from ..analysis.impact.model import ALL, CURRENT, NONE, QUANTILE
from ..analysis.impact.writing import said

if TYPE_CHECKING:
    from ..analysis.impact.model import Figure, Grouping, Impact
    from ..publish.tables import Column, Shape, Table

WORDS = {
    "en": {
        "poverty": "Poverty and inequality", "measure": "Measure", "transfers": "Transfers today", "transfer": "Transfer", "effect": "Poverty effect",
        "poorest": "To the poorest {share}", "month": "Cost a month", "by": "{measure} of each transfer, by group of welfare before transfers",
        "groups": "{line}: poverty rate by group", "group": "Group", "reform": "{reform}: who gains and who loses", "gain": "Gain", "lose": "Lose",
        "mean": "Mean change", "lifted": "Lifted out of poverty", "cost": "Cost in the period", "each": "Cost per person lifted",
        "summary": "Reforms",
        "causes": "Why those whom a scheme is for are not entitled", "why": "First condition that fails", "persons": "Persons", "share": "Share",
        "few": "* fewer than {few} observed households", "line": "Line",
        "unit": "Amounts: {currency} a {period}; welfare an adult equivalent. Each figure stands before its standard error.",
        "month_": "month", "year_": "year", "what": "What is measured",
    },
    "fr": {
        "poverty": "Pauvreté et inégalités", "measure": "Indicateur", "transfers": "Transferts actuels", "transfer": "Transfert",
        "effect": "Effet sur la pauvreté", "poorest": "Aux {share} les plus pauvres", "month": "Coût par mois",
        "by": "{measure} de chaque transfert, par groupe de niveau de vie avant transferts", "groups": "{line} : taux de pauvreté par groupe",
        "group": "Groupe", "reform": "{reform} : gagnants et perdants", "gain": "Gagnants", "lose": "Perdants", "mean": "Variation moyenne",
        "lifted": "Sortis de la pauvreté", "cost": "Coût de la période", "each": "Coût par personne sortie", "summary": "Réformes",
        "causes": "Pourquoi ceux à qui un régime s'adresse n'y ont pas droit", "why": "Première condition non remplie", "persons": "Personnes",
        "share": "Part", "few": "* moins de {few} ménages observés", "line": "Seuil",
        "unit": "Montants : {currency} par {period} ; niveau de vie par équivalent adulte. Chaque chiffre précède son erreur type.",
        "month_": "mois", "year_": "an", "what": "Ce qui est mesuré",
    },
}  # fmt: skip
TOP = 3
"""Causes shown for each scheme."""


def tables(made: Impact, lang: str) -> Iterator[Table]:
    """Every table, the most asked first."""
    shown = _Shown(made, lang)
    yield shown.poverty()
    if made.transfers:
        yield shown.transfers()
        yield from (shown.by_quantile(measure) for measure in ("coverage", "incidence"))
    for grouping in made.groupings:
        if grouping.name not in (ALL, QUANTILE):
            yield shown.group(grouping)
    reforms = [name for name in made.scenarios if name not in (NONE, CURRENT)]
    if reforms:
        yield shown.summary(reforms)
    yield from (shown.winners(reform) for reform in reforms)
    if made.causes:
        yield shown.causes()


class _Shown:
    """Makes tables of one study in one language."""

    def __init__(self, made: Impact, lang: str) -> None:
        self.made, self.lang, self.words = made, lang, WORDS[lang]
        self.kept = {(f.measure, f.of, f.line, f.scenario, f.grouping, f.group): f for f in made.figures}

    def find(self, measure: str, of: str = "", line: str = "", scenario: str = CURRENT, grouping: str = ALL, group: str = ALL) -> Figure | None:
        return self.kept.get((measure, of, line, scenario, grouping, group))

    def value(self, figure: Figure | None, what: str = "estimate") -> Decimal | None:
        number = getattr(figure, what) if figure else float("nan")
        return Decimal(repr(number)) if isfinite(number) else None

    def label(self, measure: str) -> str:
        return said(MEASURES[measure], self.lang, measure)

    def line(self, name: str) -> str:
        title = said(self.made.lines[name], self.lang, name)
        alike = [one for one in self.made.lines if said(self.made.lines[one], self.lang, one) == title]
        return title if len(alike) == 1 else f"{title} ({name})"

    def scenario(self, name: str) -> str:
        return said(self.made.scenarios.get(name, {}), self.lang, name)

    def transfer(self, name: str) -> str:
        return said(self.made.transfers.get(name, {}), self.lang, name)

    # --- tables

    def poverty(self) -> Table:
        """Lines, rates, gaps and inequality in every scenario, each with its standard error."""
        names = list(self.made.scenarios)
        rows = []
        for line in self.made.lines:
            rows.append(_row((self.line(line),), "heading"))
            rows.append(self._measured("line", line, names, _shape("number", 1)))
            rows += [self._measured(measure, line, names, _shape("percent", 1)) for measure in ("fgt0", "fgt1", "fgt2")]
            rows.append(self._measured("poor", line, names, _shape("count")))
        rows.append(_row((self.words["what"],), "heading"))
        rows += [self._measured(measure, "", names, _shape("number", 1)) for measure in ("mean", "median")]
        rows += [self._measured(measure, "", names, _shape("number", 3)) for measure in ("gini", "palma", "s80s20")]
        columns = [_column(self.words["measure"])]
        for name in names:
            columns += [_column(self.scenario(name), _shape("number", 3)), _column("±", _shape("number", 3))]
        unit = self.words["unit"].format(currency=self.made.currency, period=self.words[f"{self.made.period}_"])
        return _table(self.words["poverty"], columns, rows, (unit,))

    def _measured(self, measure: str, line: str, scenarios: Sequence[str], shape: Shape) -> Any:
        cells: list[Any] = [self.label(measure)]
        for name in scenarios:
            figure = self.find(measure, "", line, name)
            cells += [self.value(figure), self.value(figure, "se")]
        return _row(tuple(cells), "data", shape)

    def transfers(self) -> Table:
        """Coverage, what recipients have, who gets the money, what poverty would be without, the cost."""
        line = next(iter(self.made.lines))
        quantiles = len(self.made.grouping(QUANTILE).groups)
        budgets = {(b.scenario, b.transfer): b.amount for b in self.made.budgets}
        fifth = [str(number) for number in range(1, max(quantiles // 5, 1) + 1)]
        rows = []
        for name in self.made.transfers:
            parts = [self.value(self.find("incidence", name, "", CURRENT, QUANTILE, group)) for group in fifth]
            poorest = sum((part for part in parts if part is not None), Decimal(0)) if all(part is not None for part in parts) else None
            cells = [self.value(self.find(measure, name)) for measure in ("coverage", "adequacy")]
            more = [self.value(self.find(measure, name, line)) for measure in ("to_poor", "poverty_effect")]
            rows.append(_row((self.transfer(name), *cells, poorest, *more, budgets.get((CURRENT, name)))))
        percent = _shape("percent", 1)
        poorest_ = self.words["poorest"].format(share=f"{100 * len(fifth) // quantiles} %")
        heads = [self.label("coverage"), self.label("adequacy"), poorest_, self.label("to_poor"), self.words["effect"]]
        columns = [_column(self.words["transfer"]), *(_column(head, percent) for head in heads), _column(self.words["month"], _shape("count"))]
        return _table(self.words["transfers"], columns, rows)

    def by_quantile(self, measure: str) -> Table:
        groups = self.made.grouping(QUANTILE)
        rows = []
        for name in self.made.transfers:
            cells = tuple(self.value(self.find(measure, name, "", CURRENT, QUANTILE, group.name)) for group in groups.groups)
            if any(cell is not None for cell in cells):
                rows.append(_row((self.transfer(name), *cells)))
        columns = [_column(self.words["transfer"]), *(_column(group.name, _shape("percent", 0)) for group in groups.groups)]
        return _table(self.words["by"].format(measure=self.label(measure)), columns, rows)

    def group(self, grouping: Grouping) -> Table:
        """The poverty rate of each group by the first line."""
        line, names, few = next(iter(self.made.lines)), list(self.made.scenarios), False
        rows = []
        for group in grouping.groups:
            found = [self.find("fgt0", "", line, name, grouping.name, group.name) for name in names]
            marked = any(figure and figure.few for figure in found)
            few = few or marked
            cells: list[Any] = [said(group.title, self.lang, group.name) + (" *" if marked else "")]
            cells.append(self.value(self.find("persons", "", "", "", grouping.name, group.name)))
            for figure in found:
                cells += [self.value(figure), self.value(figure, "se")]
            rows.append(_row(tuple(cells)))
        percent = _shape("percent", 1)
        title = said(grouping.title, self.lang, grouping.name)
        columns = [_column(title), _column(self.words["persons"], _shape("count"))]
        for name in names:
            columns += [_column(self.scenario(name), percent), _column("±", percent)]
        notes = (self.words["few"].format(few=self.made.few),) if few else ()
        return _table(self.words["groups"].format(line=self.line(line)), columns, rows, notes)

    def summary(self, reforms: Sequence[str]) -> Table:
        """What each reform changes, costs, and costs for each person lifted out of poverty."""
        rows = []
        for reform in reforms:
            for line in self.made.lines:
                changed = self.find("fgt0_change", CURRENT, line, reform)
                cells = [self.value(changed), self.value(changed, "se"), self.value(self.find("lifted", CURRENT, line, reform))]
                cells += [self.value(self.find("cost", CURRENT, "", reform)), self.value(self.find("cost_per_lifted", CURRENT, line, reform))]
                rows.append(_row((self.scenario(reform), self.line(line), *cells)))
        percent, count = _shape("percent", 1), _shape("count")
        columns = [_column(self.words["summary"]), _column(self.words["line"]), _column(self.label("fgt0_change"), percent), _column("±", percent)]
        columns += [_column(self.words[name], shape) for name, shape in (("lifted", count), ("cost", count), ("each", _shape("number", 1)))]
        return _table(self.words["summary"], columns, rows)

    def winners(self, reform: str) -> Table:
        rows = []
        for change in self.made.changes:
            if change.scenario == reform:
                rows.append(_row((change.group, *(Decimal(repr(value)) for value in (change.winners, change.losers, change.mean)))))
        percent = _shape("percent", 1)
        columns = [_column(said(self.made.grouping(QUANTILE).title, self.lang, QUANTILE)), _column(self.words["gain"], percent)]
        columns += [_column(self.words["lose"], percent), _column(self.words["mean"], _shape("number", 2))]
        return _table(self.words["reform"].format(reform=self.scenario(reform)), columns, rows)

    def causes(self) -> Table:
        """The most frequent causes of each scheme."""
        rows = []
        for scheme in dict.fromkeys(cause.scheme for cause in self.made.causes):
            found = [cause for cause in self.made.causes if cause.scheme == scheme and not cause.grouping]
            kept = sorted((c for c in found if c.kind not in ("entitled", "receives")), key=lambda cause: -cause.persons)[:TOP]
            if kept:
                rows.append(_row((self.transfer(scheme),), "heading"))
            for cause in kept:
                share = Decimal(repr(cause.share)) if cause.share is not None else None
                rows.append(_row((f"  {said(cause.titles, self.lang, cause.text) or cause.kind}", cause.persons, share)))
        columns = [_column(self.words["why"]), _column(self.words["persons"], _shape("count")), _column(self.words["share"], _shape("percent", 1))]
        return _table(self.words["causes"], columns, rows)


def _shape(kind: Any, digits: int = 0) -> Shape:
    from ..publish.tables import Shape

    return Shape(kind, digits)


def _column(heading: str, shape: Shape | None = None) -> Column:
    from ..publish.tables import Column, Shape

    return Column(heading, shape or Shape())


def _row(cells: tuple[Any, ...], role: Any = "data", shape: Shape | None = None) -> Any:
    from ..publish.tables import Row

    return Row(cells, role, shape)


def _table(caption: str, columns: Sequence[Column], rows: Sequence[Any], notes: tuple[str, ...] = ()) -> Table:
    from ..publish.tables import Table

    return Table(caption, tuple(columns), tuple(rows), notes)
