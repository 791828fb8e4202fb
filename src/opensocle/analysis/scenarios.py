"""Costs any number of scenarios of a country: each with its reforms, assumptions, replaced spending and levers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from .. import __version__
from ..errors import InputError, nearest
from ..law.law import Law
from ..money import CONTEXT
from ..projection.assumptions import Assumptions, read_assumptions
from ..projection.outlook import Outlook
from ..projection.scenarios import Scenario, read_scenarios
from .budget import against, social_budget
from .costing import YearOfPeople, check_schemes, cost_years, labels_of
from .evaluation import Evaluator
from .model import Account, Costing, Lever, Line, Note, ScenarioResult, Sourced, Swing
from .naming import names_of
from .people import people_of

Report = Callable[[str], None]
Begun = Callable[[], tuple[list[Line], list[Note]]]
"""Waits for the lines and notes of a costing."""


def cost_country(
    folder: str | Path,
    law: Law,
    names: Sequence[str] | None = None,
    *,
    data_root: str | Path | None = None,
    until: int | None = None,
    sensitivity: bool = False,
    progress: Report | None = None,
) -> Costing:
    """The costing of a country folder's scenarios, all of them unless named; `until`: last year, by default the assumptions' horizon.

    data_root: where demographic data lie that the folder does not hold. sensitivity: also compute each scenario's swings.
    Raises Problems for faulty files, InputError A002 for an unknown scenario.
    """
    scenarios = read_scenarios(folder, law, data_root=data_root)
    chosen = _chosen(scenarios, names, folder)
    begun: list[tuple[Runner, Begun]] = []
    labels, years = {}, ()
    titles: dict[str, Mapping[str, str]] = {}
    outlooks: list[Outlook] = []
    with Evaluator.open() as evaluator:
        for scenario in chosen:
            if progress:
                progress(scenario.name)
            runner = Runner(Path(folder), law, scenario, data_root, until, evaluator, outlooks)
            outlooks.append(runner.outlook)
            begun.append((runner, runner.begin(runner.outlook, runner.assumptions)))
            labels |= {label.name: label for label in labels_of(runner.law, runner.schemes)}
            titles |= names_of(runner.law, runner.assumptions)
            years = years or runner.years
        results = [runner.result(lines(), sensitivity) for runner, lines in begun]
        lines = {result.name: tuple(result.lines) for result in results}
        for missing in {scenario.baseline: None for scenario in chosen if scenario.baseline and scenario.baseline not in lines}:
            runner = Runner(Path(folder), law, scenarios[missing], data_root, until, evaluator, outlooks)
            lines[missing] = tuple(runner.lines(runner.outlook, runner.assumptions)[0])
    results = [_beside(result, scenarios, lines) for result in results]
    money = law.country.currency
    found, schemes = tuple(results), tuple(labels.values())
    return Costing(law.country.code, law.country.title, money.code, money.digits, tuple(years), schemes, found, __version__, names=titles)


def _chosen(scenarios: Mapping[str, Scenario], names: Sequence[str] | None, folder: str | Path) -> list[Scenario]:
    for name in names or ():
        if name not in scenarios:
            raise InputError("A002", f"there is no scenario {name!r}", hint=nearest(name, list(scenarios)) or "write one into scenarios/")
    chosen = [scenarios[name] for name in (names or scenarios)]
    if not chosen:
        raise InputError("A003", "the country has no scenario", at=str(folder), hint="write one into scenarios/, see docs/reference/projection.md")
    return chosen


def _beside(result: ScenarioResult, scenarios: Mapping[str, Scenario], lines: Mapping[str, Sequence[Line]]) -> ScenarioResult:
    """The result beside its baseline, if it names one; `lines` by scenario."""
    name = scenarios[result.name].baseline
    return against(result, name, scenarios[name].title, lines[name]) if name else result


class Runner:
    """One scenario at work."""

    def __init__(
        self,
        folder: Path,
        law: Law,
        scenario: Scenario,
        data_root: str | Path | None,
        until: int | None,
        evaluator: Evaluator,
        like: Sequence[Outlook] = (),
    ) -> None:
        self.scenario, self.evaluator, self.base_law, self.until = scenario, evaluator, law, until
        self.law = scenario.reform(law)
        self.base = read_assumptions(folder, scenario.assumptions, self.law, data_root=data_root)
        self.assumptions: Assumptions = scenario.assume(self.base, self.law)
        self.outlook = Outlook(self.assumptions, self.law, like=like)  # what is the same is not made again
        self.schemes = check_schemes(self.law, scenario.schemes or None)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(year for year in self.outlook.years if self.until is None or year <= self.until)

    def result(self, found: tuple[list[Line], list[Note]], sensitivity: bool) -> ScenarioResult:
        """What there is to say of the scenario, whose lines and notes were found."""
        lines, notes = found
        accounts = tuple(self.account(year) for year in self.years)
        levers = tuple(self.levers())
        return ScenarioResult(
            name=self.scenario.name,
            title=self.scenario.title,
            law_hash=self.law.hash,
            assumptions_hash=self.outlook.hash,
            lines=tuple(lines),
            accounts=accounts,
            budget=social_budget(lines, accounts, self.offsets(), levers),
            levers=levers,
            assumptions=tuple(
                Sourced(s.path, s.title, s.values, s.unit, s.source) for s in self.assumptions.sourced(self.years, self.outlook.economy.levels)
            ),
            sensitivity=tuple(self.swings(lines)) if sensitivity else (),
            notes=tuple(dict.fromkeys(notes)),
            people=people_of(self.outlook, self.years),
        )

    # --- lines

    def lines(self, outlook: Outlook, assumptions: Assumptions, years: Sequence[int] | None = None) -> tuple[list[Line], list[Note]]:
        """The lines of every scheme and year."""
        return self.begin(outlook, assumptions, years)()

    def begin(self, outlook: Outlook, assumptions: Assumptions, years: Sequence[int] | None = None) -> Begun:
        """Puts the costing of every scheme and year to work, and gives what waits for its lines."""
        levels = outlook.economy.levels

        def take_up(scheme: str, year: int) -> Decimal:
            return assumptions.take_up_of(scheme, year, levels)

        def compliance(scheme: str, year: int) -> Decimal:
            return assumptions.compliance_of(scheme, year, levels)

        waiting = [
            self.evaluator.pool.submit(
                cost_years,
                outlook.law,
                [self.people(outlook, year, batch) for year in years or self.years],
                self.evaluator,
                scenario=self.scenario.name,
                schemes=batch,
                indices=outlook.economy.indices,
                take_up=take_up,
                compliance=compliance,
            )
            for batch in self.batches(outlook)
        ]
        order = {name: position for position, name in enumerate(self.schemes)}

        def wait() -> tuple[list[Line], list[Note]]:
            done = [task.result() for task in waiting]
            found = [line for lines, _ in done for line in lines]
            return sorted(found, key=lambda line: (line.year, order[line.scheme])), [note for _, notes in done for note in notes]

        return wait

    def batches(self, outlook: Outlook) -> list[tuple[str, ...]]:
        """Schemes to run together: those of claims at once, the others by the dimensions that they read."""
        claims = tuple(name for name in self.schemes if name in self.law.events)
        states = [name for name in self.schemes if name not in self.law.events]
        return [*([claims] if claims else []), *outlook.batches(states)]

    def people(self, outlook: Outlook, year: int, batch: Sequence[str]) -> YearOfPeople:
        if batch and batch[0] in self.law.events:
            return YearOfPeople(year, claims=outlook.claims(year, batch))
        survey = (lambda: outlook.survey(year)) if outlook.assumptions.homes else None
        return YearOfPeople(year, cells=outlook.cells(year, batch), survey=survey)

    # --- the economy, levers, replaced spending

    def account(self, year: int) -> Account:
        economy = self.outlook.economy.year(year)
        population = Decimal(repr(float(self.outlook.population(year).sum())))
        return Account(
            year=year,
            population=population,
            gdp=economy.gdp,
            revenue=_known(economy.revenue, "revenue"),
            expenditure=_known(economy.expenditure, "expenditure"),
            consumer_prices=economy.consumer_prices,
            wages=economy.wages,
            social_protection=economy.social_protection or Decimal(0),
        )

    def levers(self) -> list[Lever]:
        economy = self.outlook.economy
        return [
            Lever(
                lever.kind,
                lever.title,
                {year: lever.amount.money(year, economy.levels, economy.year(year).gdp) for year in self.years},
                lever.amount.source,
            )
            for lever in self.scenario.levers
        ]

    def offsets(self) -> Mapping[int, Decimal]:
        economy = self.outlook.economy
        return {
            year: sum((amount.money(year, economy.levels, economy.year(year).gdp) for amount in self.scenario.replaces.values()), Decimal(0))
            for year in self.years
        }

    # --- sensitivity

    def swings(self, base_lines: Sequence[Line]) -> list[Swing]:
        """One at a time: the net cost over the years with each assumption low and high, the widest swing first."""
        base = net_cost(base_lines)
        found = []
        for test in self.scenario.sensitivity:
            costs = [self.net_with({test.path: value}) for value in (test.low, test.high)]
            found.append(Swing(test.path, test.texts[0], test.texts[1], costs[0], base, costs[1]))
        return sorted(found, key=lambda swing: -abs(swing.high - swing.low))

    def net_with(self, changes: Mapping[str, object]) -> Decimal:
        """The net cost over the years with some assumptions changed."""
        assumptions = self.assumptions.with_(changes, law=self.law)
        lines, _ = self.lines(Outlook(assumptions, self.law, like=[self.outlook]), assumptions)
        return net_cost(lines)

    def with_law(self, overlay: Mapping[str, object]) -> Runner:
        """The same scenario under a law changed once more; for goal seeking."""
        other = object.__new__(Runner)
        other.__dict__.update(self.__dict__)
        other.law = self.law.with_(overlay)
        other.outlook = Outlook(self.assumptions, other.law, like=[self.outlook])
        return other


def _known(amount: Decimal | None, name: str) -> Decimal:
    """An amount of the general government account. Raises InputError A004 where it is not assumed."""
    if amount is None:
        raise InputError("A004", f"the assumptions do not give economy.{name}", hint="the social budget stands beside the government's account")
    return amount


def net_cost(lines: Sequence[Line]) -> Decimal:
    """Gross expenditure less contributions, added up over schemes and years."""
    return sum((line.net for line in lines), Decimal(0))


def extension(before: Sequence[Line], after: Sequence[Line]) -> dict[tuple[str, int], tuple[Decimal, Decimal]]:
    """How a scenario extends each scheme and year over another: (horizontal, vertical), in amounts of benefits.

    Horizontal: more (or fewer) people paid, at the old average benefit; vertical: a higher (or lower) average benefit, for those now paid.
    The two add up to the difference of benefits.
    """
    old = {(line.scheme, line.year): line for line in before}
    found = {}
    for line in after:
        was = old.get((line.scheme, line.year))
        was = was or replace(line, paid=Decimal(0), benefits=Decimal(0), average_benefit=line.average_benefit)
        average = was.average_benefit if was.paid else line.average_benefit
        horizontal = CONTEXT.multiply(line.paid - was.paid, average)
        found[line.scheme, line.year] = (horizontal, line.benefits - was.benefits - horizontal)
    return found
