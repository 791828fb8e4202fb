"""What each scheme costs in each year: the law run on that year's people, take-up, administration and contributions applied.

benefits = Σ over the stretches of the year in which the law does not change (amount in the month × months) × take-up.
A claim's amount counts for the events of the stretch; where the benefit runs by month or day it is multiplied by its duration.
administration = rate × benefits, or so that gross = benefits / (1 − rate), as the scheme's `finance` says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..engine.data import KnownData
from ..engine.lowering import make_plan
from ..errors import InputError
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.model import Scheme
from ..law.parameters import Indices
from ..money import CONTEXT
from ..periods import Month
from ..population.tables import Population
from ..projection.needs import needs_of
from ..vocabulary.model import HISTORIES
from .evaluation import Evaluator, Totals, dates_of, stretches
from .model import Line, Note, SchemeLabel

COSTED = ("eligible", "benefit", "duration", "worker_contribution", "employer_contribution", "state_contribution")
PAYERS = {"worker_contribution": "worker", "employer_contribution": "employer", "state_contribution": "state"}
CELLS, CLAIMS, SURVEY = "cells", "claims", "survey"
OF_HOUSEHOLDS = ("households", *HISTORIES)
TWELVE = Decimal(12)

Share = Callable[[str, int], Decimal]
"""A share by scheme and year, such as take-up."""


@dataclass(frozen=True)
class YearOfPeople:
    """The people of one year: cells, claims of its events, and a survey calibrated to it (made only where a scheme needs it), where there are any."""

    year: int
    cells: Population | None = None
    claims: Population | None = None
    survey: Callable[[], Population | None] | None = None

    def of(self, route: str) -> Population | None:
        if route == SURVEY:
            return self.survey() if self.survey else None
        return self.cells if route == CELLS else self.claims


def whole(scheme: str, year: int) -> Decimal:
    """Everyone who is entitled is paid."""
    return Decimal(1)


def cost_years(
    law: Law,
    people: Sequence[YearOfPeople],
    evaluator: Evaluator,
    *,
    scenario: str = "",
    schemes: Sequence[str] | None = None,
    indices: Indices | None = None,
    take_up: Share = whole,
    compliance: Share = whole,
) -> tuple[list[Line], list[Note]]:
    """A line for each scheme and year, and notes on what could not be computed. Raises InputError A001 for an unknown scheme."""
    names = check_schemes(law, schemes)
    notes: list[Note] = []
    runs: dict[tuple[str, tuple[str, ...]], list[YearOfPeople]] = {}
    gathered: dict[tuple[int, str], _Gathered] = {}
    router = Router(law)
    for year in people:
        routes, said = router.routes(year, names)
        notes += said
        gathered |= {(year.year, name): _Gathered() for name in routes}
        for route in dict.fromkeys(routes.values()):
            runs.setdefault((route, tuple(name for name, its in routes.items() if its == route)), []).append(year)
    for (route, chosen), years in runs.items():
        outputs = [(name, variable) for name in chosen for variable in COSTED if variable in law.schemes[name].variables]
        looked = [(month, length, found) for year in years if (found := year.of(route)) for month, length in stretches(law, year.year)]
        sums = evaluator.totals(law, [(month, found) for month, _, found in looked], outputs, indices, claims=route == CLAIMS)
        for (month, length, _), totals in zip(looked, sums, strict=True):
            for name in chosen:
                gathered[month.year, name].add(law.schemes[name], totals, length)
    lines = [its.line(law.schemes[name], scenario, year, take_up, compliance) for (year, name), its in gathered.items()]
    return lines, notes


def check_schemes(law: Law, schemes: Sequence[str] | None) -> list[str]:
    """The schemes to cost, in the law's order."""
    if schemes is None:
        return list(law.schemes)
    unknown = [name for name in schemes if name not in law.schemes]
    if unknown:
        from ..errors import nearest

        raise InputError("A001", f"the law has no scheme {unknown[0]!r}", hint=nearest(unknown[0], list(law.schemes)))
    return [name for name in law.schemes if name in set(schemes)]


class Router:
    """On which people each scheme is run: claims for events; the survey where cells lack households or histories that the scheme reads."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._dates = dates_of(law)
        self._lacking: dict[tuple[object, ...], list[str]] = {}
        self._reading: dict[tuple[str, frozenset[str]], bool] = {}

    def routes(self, people: YearOfPeople, names: Sequence[str]) -> tuple[dict[str, str], list[Note]]:
        """The route of each scheme in a year, and notes on those that have none, or lack something."""
        routes: dict[str, str] = {}
        notes: list[Note] = []
        for name in names:
            scheme = self.law.schemes[name]
            if name in self.law.events:
                if people.claims is None:
                    notes.append(Note("no_claims", name, (scheme.contingency,)))
                else:
                    routes[name] = CLAIMS
                continue
            missing = self.missing(scheme, people.cells, people.year)
            if people.cells is not None and not missing:
                routes[name] = CELLS
            elif people.survey is not None:
                routes[name] = SURVEY
            elif people.cells is not None and scheme.unit == "person":
                routes[name] = CELLS
                notes.append(Note("not_in_cells", name, tuple(missing)))
            else:
                notes.append(Note("needs_survey", name, tuple(missing) or ("households",)))
        return routes, notes

    def missing(self, scheme: Scheme, cells: Population | None, year: int) -> list[str]:
        """The tables and facts that a scheme reads and the cells lack, as far as they concern households and histories."""
        if cells is None:
            return ["cells"]
        columns = tuple((table, name, its.never_null(name)) for table, its in cells.tables.items() for name in its.columns)
        month = Month(year, 1)
        key = scheme.name, *(bisect_right(self._dates, day) for day in (month.first_day, month.last_day)), columns
        if key not in self._lacking and not self._may_lack(scheme, cells):
            self._lacking[key] = []
        if key not in self._lacking:
            outputs: list[RuleName] = [(scheme.name, variable) for variable in COSTED if variable in scheme.variables]
            plan = make_plan(self.law, [month], outputs, KnownData(cells))
            absent = {name if table == "persons" else table for table, name in plan.absent if table in OF_HOUSEHOLDS or name == "household_id"}
            self._lacking[key] = sorted(absent | ({"households"} if scheme.unit == "household" else set()))
        return self._lacking[key]

    def _may_lack(self, scheme: Scheme, cells: Population) -> bool:
        """Whether the text of the law, at any date, reads households or histories for the scheme; where it does, a plan of the month says more."""
        known = frozenset(name for name in cells.tables["persons"].columns if cells.tables["persons"].never_null(name))
        key = scheme.name, known
        if key not in self._reading:
            needs = needs_of(self.law, [scheme.name], known, COSTED)
            self._reading[key] = scheme.unit == "household" or bool(needs.tables) or "household_id" in needs.facts
        return self._reading[key]


class _Gathered:
    """The sums of a scheme over a year."""

    def __init__(self) -> None:
        self.population = self.entitled = self.benefits = self.unknown = Decimal(0)
        self.contributions: dict[str, Decimal] = {}

    def add(self, scheme: Scheme, totals: Totals, length: int) -> None:
        share = CONTEXT.divide(Decimal(length), TWELVE)
        sums = {name: found for (owner, name), found in totals.sums.items() if owner == scheme.name}
        self.population += totals.people.get(scheme.unit, Decimal(0)) * share
        right = sums.get("eligible") or sums.get("benefit") or max((sums[v] for v in PAYERS if v in sums), key=lambda its: its.positive, default=None)
        if right:
            self.entitled += right.positive * share
            self.unknown += right.unknown * share
        if "benefit" in sums:
            amount = totals.granted.get(scheme.name, sums["benefit"].total)
            self.benefits += amount * (Decimal(length) if scheme.paid == "monthly" and scheme.name not in totals.granted else share)
        for variable, payer in PAYERS.items():
            if variable in sums:
                self.contributions[payer] = self.contributions.get(payer, Decimal(0)) + sums[variable].total * length

    def line(self, scheme: Scheme, scenario: str, year: int, take_up: Share, compliance: Share) -> Line:
        complied = compliance(scheme.name, year)
        reached = take_up(scheme.name, year) if {"eligible", "benefit"} & set(scheme.variables) else complied  # contributors, not beneficiaries
        benefits, paid = self.benefits * reached, self.entitled * reached
        return Line(
            scenario=scenario,
            scheme=scheme.name,
            year=year,
            population=self.population,
            entitled=self.entitled,
            paid=paid,
            benefits=benefits,
            administration=administration(scheme, benefits),
            contributions={payer: amount * complied for payer, amount in self.contributions.items()},
            take_up=reached,
            average_benefit=CONTEXT.divide(benefits, paid) if paid else Decimal(0),
            unknown=self.unknown,
        )


def administration(scheme: Scheme, benefits: Decimal) -> Decimal:
    """The cost of administration as the scheme's `finance` says; none where it says nothing."""
    finance = scheme.finance
    if finance is None or finance.administration_rate is None:
        return Decimal(0)
    rate = finance.administration_rate
    if finance.administration_of == "gross_expenditure":
        return CONTEXT.divide(benefits * rate, 1 - rate)
    return benefits * rate


def labels_of(law: Law, names: Sequence[str]) -> tuple[SchemeLabel, ...]:
    """What a report says of the schemes."""
    found = []
    for name in names:
        scheme = law.schemes[name]
        legal = "; ".join(f"{article.act}, art. {article.articles}" if article.articles else article.act for article in scheme.legal)
        rate = scheme.finance.administration_rate if scheme.finance else None
        of = (scheme.finance.administration_of or "") if scheme.finance else ""
        charge = f"{rate.normalize():f} of {of.replace('_', ' ')}" if rate is not None else ""
        found.append(SchemeLabel(name, scheme.title, scheme.branch, scheme.guarantee, scheme.kind, scheme.unit, legal, charge))
    return tuple(found)
