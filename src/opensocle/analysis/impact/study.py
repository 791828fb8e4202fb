"""A study: the law (and reforms) simulated on a survey, welfare with and without transfers, and every measure with its standard error.

API: `study(law, settings, survey=None, folder=None, progress=None) -> Impact`; `open_survey(settings, law)`. Method: docs/methods/impact.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from ... import __version__
from ...errors import DataError, InputError
from ...law.law import Law
from ...law.nodes import Node, plain_data
from ...periods import Month
from ...population.readers import read
from ...population.survey.reading import design_of
from ...population.survey.replication import replicate_degrees, replicate_variance
from ...population.survey.uprating import uprate
from ...population.tables import Population
from ...vocabulary import vocabulary
from .answers import answers
from .battery import Battery, Columns, Found
from .breakdown import breakdown
from .concepts import names
from .curve_points import curves
from .deprived import deprived
from .effects import effects
from .exclusion import Cause
from .facts import Facts
from .groups import split
from .incomes import by_concept, formed, incomes, lacking
from .labels import EVERYONE, LINES, SCENARIOS, quantiles
from .measured import Array
from .model import ALL, CURRENT, QUANTILE, Budget, Change, Figure, Group, Grouping, Impact, Note, Statement, Unknown
from .settings import IN_PAYMENT, Settings, Transfer
from .simulation import CONTRIBUTION, Simulated, simulate
from .transfers import Received, Takers, received, reported, takers
from .view import Ground, View, bounds, degrees, errors
from .welfare import columns, lines_at, resources

Progress = Callable[[str], None]


def study(
    law: Law | None, settings: Settings, survey: Population | None = None, folder: Path | None = None, progress: Progress | None = None
) -> Impact:
    """Everything about one study. Raises Problems, InputError, DataError, EngineError.

    law: none to measure reported transfers only. survey: instead of the settings'. folder: the country's, where assumptions and scenarios lie.
    progress: called with what begins.
    """
    return Study(law, settings, survey or open_survey(settings, law), folder, progress).impact()


def open_survey(settings: Settings, law: Law | None) -> Population:
    """The survey of the settings, brought to their prices. Raises DataError, Problems; InputError A072 where the settings name none."""
    words, place = law.vocabulary if law else vocabulary(), settings.survey
    if place.mapping is not None:
        found, _ = read(place.files, place.mapping, vocabulary=words, kind="survey")
    elif place.folder is not None:
        found = Population.open(place.folder)
    else:
        raise InputError("A072", "the settings name no survey", hint="write survey: {folder: data/survey}")
    return found if place.factor == 1 and not place.years else uprate(found, words, place.factor, place.years)


class Study:
    """The steps of a study, each worked out once."""

    def __init__(self, law: Law | None, settings: Settings, survey: Population, folder: Path | None, progress: Progress | None) -> None:
        self.law, self.survey, self.folder, self.said = law, survey, folder, progress or (lambda _: None)
        self.months = settings.months or (self._month_of_survey(),)
        self.reforms = {reform.name: self._reformed(reform.name, settings) for reform in settings.reforms}
        self.settings = replace(settings, transfers=(*settings.transfers, *self._new_schemes(settings)))
        self.facts = Facts(self._without_reported(), law, self.months[0])
        self.design = design_of(survey)
        self.settings = replace(self.settings, lines=lines_at(self.settings, self.facts))

    def _month_of_survey(self) -> Month:
        if self.survey.date is None:
            raise InputError("A072", "neither the settings nor the survey say which month it is", hint="add month: 2026-01")
        return Month.of(self.survey.date)

    def _reformed(self, name: str, settings: Settings) -> Law:
        """The law of a reform. Raises Problems; InputError A075 for a scenario that is not there."""
        reform = next(one for one in settings.reforms if one.name == name)
        assert self.law is not None
        if reform.overlay is not None:
            return self.law.with_(str(reform.overlay))
        from ...projection.scenarios import read_scenarios

        found = read_scenarios(self.folder, self.law) if self.folder else {}
        if reform.scenario not in found:
            raise InputError("A075", f"the country has no scenario {reform.scenario!r}", hint=f"it has: {', '.join(found) or 'none'}")
        return found[reform.scenario].reform(self.law)

    def _new_schemes(self, settings: Settings) -> Iterator[Transfer]:
        """Cash schemes that only a reform has."""
        known = set(self.law.schemes if self.law else ())
        for law in self.reforms.values():
            for scheme in law.schemes.values():
                if scheme.name not in known and "benefit" in scheme.variables and scheme.paid != "in_kind":
                    known.add(scheme.name)
                    yield Transfer(scheme.name, scheme.title, True)

    def _without_reported(self) -> Population:
        """The survey, in which a benefit that is only reported stands under a name that the law does not take for its own."""
        given = {one.reported.text for one in self.settings.transfers if one.reported and one.simulated}
        if not any(f"{one.name}.benefit" in given for one in self.settings.transfers):
            return self.survey
        raise DataError("A077", "a column named like a benefit of the law takes its place", hint="map it as reported.NAME instead of NAME.benefit")

    # --- steps

    def impact(self) -> Impact:
        settings, facts = self.settings, self.facts
        said = {one.name: reported(one, facts, settings) for one in settings.transfers if one.reported is not None}
        taken = takers(settings, facts, said, self._assumed())
        simulated = self._simulated()
        scenarios = {name: received(settings, facts, said, found, taken) for name, found in simulated.items()}
        made = replace(columns(settings, facts, resources(settings, facts), said, scenarios), incomes=incomes(settings, facts, scenarios))
        ground = self._ground(made)
        self.said("measures")
        found, figures = self._measure(ground, made)
        return self._result(ground, made, figures, simulated, scenarios, taken, found)

    def _assumed(self) -> dict[str, Decimal]:
        """Take-up as the country assumes it, for the schemes that ask for it."""
        found: dict[str, Decimal] = {}
        for transfer in self.settings.transfers:
            if transfer.take_up and transfer.take_up.kind == "assumptions":
                if self.law is None or self.folder is None:
                    raise InputError("A077", f"{transfer.name}: there are no assumptions beside the law", hint="write a share: take_up: 0.8")
                from ...projection.assumptions import read_assumptions

                assumed = read_assumptions(self.folder, transfer.take_up.assumptions, self.law)
                found[transfer.name] = assumed.take_up_of(transfer.name, self.months[0].year)
        return found

    def _simulated(self) -> dict[str, Simulated | None]:
        """The law in force and each reform on the survey."""
        if self.law is None:
            return {CURRENT: None}
        made: dict[str, Simulated | None] = {}
        for name, law in {CURRENT: self.law, **self.reforms}.items():
            self.said(name)
            schemes = [one.name for one in self.settings.transfers if one.simulated and one.mode != "keep" and one.name in law.schemes]
            if self.settings.welfare.contributions:
                schemes += [s.name for s in law.schemes.values() if CONTRIBUTION in s.variables and s.name not in schemes]
            made[name] = simulate(law, self.survey, self.facts.homes, self.months, schemes, self._events())
        return made

    def _events(self) -> tuple[Month, ...]:
        if self.settings.survey.events:
            return tuple(month.plus(12 * self.settings.survey.years) for month in self.settings.survey.events)
        year = (self.survey.date or self.months[0].first_day).year
        return tuple(Month(year, number) for number in range(1, 13))

    def _ground(self, made: Columns) -> Ground:
        """The rows that are measured: households whose welfare is known in every scenario. Raises DataError A079 where there are none."""
        facts = self.facts
        known = np.all([np.isfinite(column) for column in made.welfare.values()], axis=0)
        known &= np.all([np.isfinite(column) for columns_ in made.money.values() for column in columns_.values()] or [known], axis=0)
        if not known.any():
            raise DataError("A079", "the welfare of every household is unknown", hint="look at the terms of welfare, or say missing: zero")
        splits = tuple(split(group, facts) for group in self.settings.groups)
        return Ground(self.design, facts.homes.of, facts.homes.counted, known, splits)

    # --- figures

    def _measure(self, ground: Ground, made: Columns) -> tuple[list[Found], tuple[Figure, ...]]:
        """Every figure; its error by linearisation, or by the design's replicate weights."""
        replicated = self.settings.errors == "replicates"
        found = self._battery(replace(ground.view, influences=self.settings.errors == "taylor"), made)
        if self.settings.errors == "none":
            se = np.full(len(found), np.nan)
        elif replicated:
            keys = [key for key, _ in found]

            def again(weights: Array) -> Array:
                values = {key: one.estimate for key, one in self._battery(View(ground, weights, False), made)}
                return np.array([values.get(key, np.nan) for key in keys])

            with np.errstate(invalid="ignore"):
                se = replicate_variance(ground.design, again).errors
        else:
            se = errors(ground, [measured for _, measured in found])
        return found, tuple(self._figures(ground, found, se))

    def _battery(self, view: View, made: Columns) -> list[Found]:
        battery = Battery(view, made)
        found = [*battery.groups(), *effects(battery), *breakdown(battery), *by_concept(battery)]
        if self.settings.deprivations:
            found += deprived(view, self.settings.deprivations, self.facts)
        return found

    def _figures(self, ground: Ground, found: Sequence[Found], se: Array) -> Iterator[Figure]:
        replicates = ground.design.replicates
        same = replicate_degrees(replicates) if self.settings.errors == "replicates" and replicates else None
        view = ground.view
        free = {(ALL, ALL): degrees(ground, view.everyone)}
        free |= {(one.named.name, domain.group): degrees(ground, domain) for one in ground.splits for domain in view.domains(one)}
        for (key, measured), error in zip(found, se.tolist(), strict=True):
            freedom = same if same is not None else free.get((key.grouping, key.group), free[ALL, ALL])
            low, high = bounds(key.measure, measured.estimate, error, freedom, self.settings.level)
            few = measured.observations < self.settings.few
            yield Figure(*key, measured.estimate, error if measured.defined else float("nan"), low, high, measured.observations, few)

    # --- the rest

    def _result(
        self,
        ground: Ground,
        made: Columns,
        figures: tuple[Figure, ...],
        simulated: dict[str, Simulated | None],
        scenarios: dict[str, Received],
        taken: Takers,
        found: list[Found],
    ) -> Impact:
        settings, law = self.settings, self.law
        view = ground.view
        persons, known = float(view.persons.sum()), float(view.households.sum())
        titles = {reform.name: reform.title for reform in settings.reforms}
        budgets = [Budget(name, one, amount) for name, got in scenarios.items() for one, amount in got.totals.items()]
        unknown = [Unknown(name, variable, rows) for name, one in simulated.items() if one for variable, rows in one.unknown().items()]
        return Impact(
            title=settings.title,
            country=law.country.code if law else "",
            currency=law.country.currency.code if law else (self.survey.currency or ""),
            period=settings.welfare.period,
            concept=settings.welfare.concept,
            statement=self._statement(),
            scenarios={**SCENARIOS, **titles},
            transfers={one.name: one.title for one in settings.transfers},
            lines={line.name: line.title or LINES for line in settings.lines},
            groupings=tuple(self._groupings(ground, view)),
            figures=figures,
            curves=tuple(curves(view, made)),
            changes=tuple(_changes(figures)),
            causes=self._causes(),
            budgets=tuple(budgets),
            unknown=tuple(unknown),
            left_out=1 - known / persons if persons else 0.0,
            households=int((view.households > 0).sum()),
            notes=tuple(self._notes(simulated)),
            level=settings.level,
            few=settings.few,
            indicators=settings.deprivations.titles if settings.deprivations else {},
        )

    def _statement(self) -> Statement:
        return Statement(
            self.law.hash if self.law else "",
            self.survey.hash(),
            self.settings.hash,
            __version__,
            tuple(map(str, self.months)),
            self.settings.survey.source,
            {name: law.hash for name, law in self.reforms.items()},
        )

    def _groupings(self, ground: Ground, view: View) -> Iterator[Grouping]:
        yield Grouping(ALL, EVERYONE, (Group(ALL, EVERYONE),))
        whole = float(view.households.sum())
        for one in ground.splits:
            inside = sum(float(domain.weights.sum()) for domain in view.domains(one))
            yield replace(one.named, unknown=max(1 - inside / whole, 0.0) if whole else 0.0)
        count = self.settings.quantiles
        yield Grouping(QUANTILE, quantiles(count), tuple(Group(str(n), {"en": str(n), "fr": str(n)}) for n in range(1, count + 1)))

    def _causes(self) -> tuple[Cause, ...]:
        """Why those for whom a scheme is are not entitled to it, in the law in force."""
        if self.law is None:
            return ()
        simulated = [one for one in self.settings.transfers if one.simulated and one.name in self.law.schemes]
        wanted = self.settings.causes if self.settings.causes is not None else [one.name for one in simulated]
        wanted = [name for name in wanted if name not in self.law.events or "events" in self.survey.tables]
        if not wanted:
            return ()
        self.said("causes")
        told = {one.name: IN_PAYMENT for one in simulated if one.name in wanted and one.reported and one.reported.text == IN_PAYMENT}
        return answers(self.law, self.survey, self.months[0], wanted, told or None, self.design, self.settings)

    def _notes(self, simulated: dict[str, Simulated | None]) -> Iterator[Note]:
        current = simulated.get(CURRENT)
        for scheme, why in (current.left_out if current else {}).items():
            yield Note("not_simulated", scheme, (), f"{scheme} is not simulated: {why}")
        absent = sorted({f"{table}.{column}" if column else table for table, column in (current.absent if current else ())})
        if absent:
            yield Note("absent", "", tuple(absent), f"not in the survey: {', '.join(absent)}")
        for one in self.settings.transfers:
            changed = [name for name, law in self.reforms.items() if one.mode == "keep" and _text(law, one.name) != _text(self.law, one.name)]
            if changed:
                text = f"{one.name} is kept as reported, so that {', '.join(changed)} does not change it; say mode: replace or add"
                yield Note("kept", one.name, tuple(changed), text)
        income = self.settings.income
        for concept in names(income.treatment) if income else ():
            if income and concept not in formed(income) and (missing := lacking(income, concept)):
                yield Note("concept", concept, tuple(missing), f"{concept} income is not shown: it needs {', '.join(missing)}")


def _text(law: Law | None, scheme: str) -> object:
    """A scheme as it is written."""
    tree = law.text.tree.map.get("schemes", Node({})) if law and law.text else Node({})
    return plain_data(tree.map[scheme]) if scheme in tree.map else None


def _changes(figures: Sequence[Figure]) -> Iterator[Change]:
    """Winners and losers by quantile, from their figures."""
    parts: dict[tuple[str, str, str], dict[str, Figure]] = {}
    persons = {figure.group: figure.estimate for figure in figures if figure.measure == "persons" and figure.grouping == QUANTILE}
    for figure in figures:
        if figure.measure in ("winners", "losers", "mean_change") and figure.grouping == QUANTILE:
            parts.setdefault((figure.scenario, figure.of, figure.group), {})[figure.measure] = figure
    for (scenario, against, group), one in parts.items():
        winners, losers, mean = (one[name] for name in ("winners", "losers", "mean_change"))
        yield Change(scenario, against, group, persons[group], winners.estimate, losers.estimate, mean.estimate, winners.few)
