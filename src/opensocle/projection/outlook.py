"""A country's future under assumptions: its people, labour, economy, cells, claims and survey of each year.

The interface that costing uses (projection never imports analysis):

    assumptions = read_assumptions(country_folder, "base", law, data_root=…)   # assumptions.py -> Assumptions, frozen, `.hash`
    assumptions.with_({"take_up.child_grant": Decimal("0.7")}, law=reformed)   # another Assumptions; Problems with every fault
    assumptions.sourced(years) -> tuple[SourcedValues(path, title, values: {year: Decimal}, unit, source), …]
    assumptions.take_up_of(scheme, year, levels) / .compliance_of(…) -> Decimal  # 1 where nothing is assumed

    outlook = Outlook(assumptions, law)          # nothing is computed before it is asked for; kept once computed
    outlook.years                                # base year … horizon
    outlook.population(year) -> float array (sex, age): persons of each completed age 0-100+, mean of the year; 0 male, 1 female
    outlook.births(year) -> float array (age,): births by the mother's age
    outlook.labour(year) -> Labour               # labour.py: .persons (sex, age, status), .factor, .total(status)
    outlook.economy -> Economy                   # economy.py: .year(y) -> EconomyYear, .levels, .value(series, year), .money(amount, year)
    outlook.indices                              # the levels as law.parameters takes them
    outlook.cells(year, schemes=None) -> Population          # state schemes; only the columns that the schemes read
    outlook.claims(year, schemes=None) -> Population | None  # event schemes; weight = events in the year; events dated 1 January
    outlook.survey(year) -> Population | None                # the survey moved to the year and calibrated; .survey_report(year) says how well
    outlook.batches(schemes) -> list[tuple[str, ...]]        # schemes that read the same dimensions: few cells a run
    outlook.hash                                 # SHA-256 of the assumptions and of the demographic data

    scenarios = read_scenarios(country_folder, law, data_root=…)   # scenarios.py -> {name: Scenario}; all problems at once
    scenario.reform(law) -> Law;  scenario.assume(assumptions, law) -> Assumptions
    scenario.schemes, .replaces {name: Amount}, .levers, .sensitivity; Amount.money(year, economy) -> Decimal
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from threading import Lock

from ..errors import InputError
from ..law.law import Law
from ..population.survey.rows import read_table
from ..population.tables import Population, Table
from .assumptions import Assumptions
from .cells import Ground, make_cells
from .claims import Flows, make_claims
from .earnings import Earnings
from .economy import Economy, project_economy
from .labour import Labour, project_labour
from .model import Claim, Homes
from .needs import Needs, needs_of
from .people import People, read_people
from .series import NO_LEVELS, Levels, Series
from .survey import Moved, move_survey
from .tables import Array

SHARED = (
    (("demography", "base_year", "horizon", "folder", "data_root"), ("people", "_population")),
    (("work", "macro"), ("_labour", "economy")),
    (("homes",), ("_moved", "_survey")),
    (("pay", "splits", "facts", "given", "claims"), ("_cells", "_claims")),
)
"""Which assumptions must be the same, those before them included, for an outlook to use what another has made."""
ABOUT = {"economy": "macro", "_survey": "homes"}
"""What there is only where something is assumed of it."""
MOVING = Lock()
"""Surveys are moved one at a time: outlooks that run beside each other share what one of them has made."""
FEW = 2_000
"""Cells that cost no more to run than one."""


class Outlook:
    """See the module's text. `like`: other outlooks, whose people, cells and claims serve again as far as the assumptions are the same."""

    def __init__(self, assumptions: Assumptions, law: Law, like: Sequence[Outlook] = ()) -> None:
        self.assumptions, self.law = assumptions, law
        self._population: dict[int, Array] = {}
        self._labour: dict[int, Labour] = {}
        self._cells: dict[tuple[int, frozenset[str]], Population] = {}
        self._claims: dict[tuple[int, tuple[Needs, ...]], Population | None] = {}
        self._moved: dict[int, Moved] = {}
        self._read: dict[tuple[frozenset[str], frozenset[str]], Needs] = {}
        alike = list(like)
        for names, made in SHARED:
            alike = [other for other in alike if all(getattr(assumptions, name) == getattr(other.assumptions, name) for name in names)]
            for name in made if alike else ():
                if name not in ABOUT or getattr(assumptions, ABOUT[name]) is not None:
                    self.__dict__[name] = getattr(alike[0], name)

    @property
    def years(self) -> tuple[int, ...]:
        return self.assumptions.years

    @cached_property
    def people(self) -> People:
        """The demographic projection."""
        return read_people(self.assumptions)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the assumptions and of the demographic data."""
        return hashlib.sha256(f"{self.assumptions.hash} {self.people.hash}".encode()).hexdigest()

    def population(self, year: int) -> Array:
        """(sex, age): persons."""
        if year not in self._population:
            self._population[year] = self.people.population(year)
        return self._population[year]

    def births(self, year: int) -> Array:
        """(age of the mother,): births."""
        return self.people.births(year)

    @property
    def has_labour(self) -> bool:
        return self.assumptions.work is not None

    def labour(self, year: int) -> Labour:
        """The labour market of a year. Raises InputError P068 where nothing is assumed of it."""
        work = self.assumptions.work
        if work is None:
            raise InputError("P068", "nothing is assumed of the labour market", at=self.assumptions.name, hint="add labour:")
        if year not in self._labour:
            levels = self.economy.levels if work.employment_total and any(s.follows for s in work.employment_total.rows.values()) else NO_LEVELS
            self._labour[year] = project_labour(self.population(year), work, year, levels)
        return self._labour[year]

    @cached_property
    def economy(self) -> Economy:
        """Prices, wages, GDP and accounts of all years. Raises InputError P069 where nothing is assumed of the economy."""
        macro = self.assumptions.macro
        if macro is None:
            raise InputError("P069", "nothing is assumed of the economy", at=self.assumptions.name, hint="add economy:")
        employed = {year: self.labour(year).employed for year in self.years} if self.has_labour and macro.growth_of == "productivity" else None
        people = {year: float(self.population(year).sum()) for year in self.years}
        return project_economy(macro, self.assumptions.base_year, self.assumptions.horizon, employed, people)

    @property
    def levels(self) -> Levels:
        """The economy's levels; none where nothing is assumed of it."""
        return self.economy.levels if self.assumptions.macro else NO_LEVELS

    @property
    def indices(self) -> dict:
        """The levels as `law.parameters` takes them; none where nothing is assumed of the economy."""
        return self.economy.indices if self.assumptions.macro else {}

    @cached_property
    def earnings(self) -> Earnings | None:
        """Earnings in the base year."""
        pay, base = self.assumptions.pay, self.assumptions.base_year
        return Earnings.of(pay, self.labour(base), base) if pay and self.has_labour else None

    def ground(self, year: int) -> Ground:
        """What a year's cells are made from."""
        currency = self.law.country.currency
        labour = self.labour(year) if self.has_labour else None
        return Ground(self.assumptions, year, self.population(year), labour, self.earnings, self.levels, currency.code, currency.digits)

    def needs(self, schemes: Sequence[str]) -> Needs:
        """What these schemes read, given what the cells give."""
        key = frozenset(schemes), frozenset[str]()
        if key not in self._read:
            self._read[key] = needs_of(self.law, sorted(key[0]), self._complete)
        return self._read[key]

    @cached_property
    def _complete(self) -> frozenset[str]:
        return self.ground(self.assumptions.base_year).complete

    def state_schemes(self, schemes: Sequence[str] | None = None) -> tuple[str, ...]:
        """Those of the schemes that are looked at each month, rather than claimed for an event."""
        return tuple(name for name in (self.law.schemes if schemes is None else schemes) if name not in self.law.events)

    def cells(self, year: int, schemes: Sequence[str] | None = None) -> Population:
        """The people of a year as cells, with the columns that these state schemes read (all state schemes of the law for None)."""
        columns = self.needs(self.state_schemes(schemes)).columns
        ground = self.ground(year)
        key = year, columns & ground.filled
        if key not in self._cells:
            self._cells[key] = make_cells(ground, columns)
        return self._cells[key]

    def batches(self, schemes: Sequence[str] | None = None) -> list[tuple[str, ...]]:
        """The state schemes in groups, so that runs are few and the cells of each are few."""
        base = self.assumptions.base_year
        names = self.state_schemes(schemes)
        sizes = {name: self.cells(base, [name]).tables["persons"].rows for name in names}
        groups: list[list[str]] = []
        for name in sorted(names, key=lambda name: (-sizes[name], name)):
            for group in groups:
                rows = self.cells(base, [*group, name]).tables["persons"].rows
                if rows <= max(FEW, max(sizes[member] for member in group)):
                    group.append(name)
                    break
            else:
                groups.append([name])
        return [tuple(group) for group in groups]

    def claims(self, year: int, schemes: Sequence[str] | None = None) -> Population | None:
        """The claims of a year's events for these schemes (all of the law's for None); None where none is assumed.

        Raises InputError P065 where one contingency has a history of contributions and another whose schemes read it has none.
        """
        wanted = frozenset(name for name in (self.law.events if schemes is None else schemes) if name in self.law.events)
        chosen = [c for c in self.assumptions.claims if c.contingency in {self.law.events[name] for name in wanted}]
        looked = tuple((claim, self._claim_needs(claim, wanted)) for claim in chosen)
        _check_histories(looked)
        key = year, tuple(needs for _, needs in looked)
        if key not in self._claims:
            flows = Flows(self.people.births(year), self.people.deaths(year))
            self._claims[key] = make_claims(self.ground(year), looked, flows)
        return self._claims[key]

    def _claim_needs(self, claim: Claim, wanted: frozenset[str]) -> Needs:
        names = frozenset(name for name in wanted if self.law.events[name] == claim.contingency)
        key = names, frozenset(column.name for column in claim.given)
        if key not in self._read:
            self._read[key] = needs_of(self.law, sorted(names), self._complete | key[1])
        return self._read[key]

    def survey(self, year: int) -> Population | None:
        """The survey moved to a year; None where there is none."""
        moved = self.survey_report(year)
        return moved.population if moved else None

    def survey_report(self, year: int) -> Moved | None:
        """The survey moved to a year, with what calibration reached."""
        homes = self.assumptions.homes
        if homes is None:
            return None
        with MOVING:
            return self._moved_to(year, homes)

    def _moved_to(self, year: int, homes: Homes) -> Moved:
        if year not in self._moved:
            uprating = Series(((homes.year, Decimal(1)),), follows=homes.uprate)
            factor = uprating.value(year, self.levels) if self.assumptions.macro else Decimal(1)
            self._moved[year] = move_survey(self._survey, self.law.vocabulary, year - homes.year, factor, self.population(year), homes.method)
        return self._moved[year]

    @cached_property
    def _survey(self) -> Population:
        """In memory: it is moved to many years."""
        assert self.assumptions.homes is not None
        found = Population.open(self.assumptions.data_path(self.assumptions.homes.path), kind="survey")
        return replace(found, tables={name: Table(name, data=read_table(table)) for name, table in found.tables.items()})


def _check_histories(claims: Sequence[tuple[Claim, Needs]]) -> None:
    """Where a table of contributions is made, whoever is not in it would have none: a zero that nobody assumed."""
    if not any(claim.months is not None for claim, _ in claims):
        return
    for claim, needs in claims:
        if claim.months is None and "contributions" in needs.tables:
            what = f"the schemes of {claim.contingency} read contributions, of which nothing is assumed"
            hint = "add contributions: {months: 0}, or as many as are usual"
            raise InputError("P065", what, at=f"contingencies.{claim.contingency}", hint=hint)
