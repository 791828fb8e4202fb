"""Who is excluded from a scheme, and why: the first legal condition that fails, among those whom the scheme is for, by group.

    for cause in exclusion(law, population, "2026-03", ["social_pension"], groups=["sex"]):
        print(cause.scheme, cause.group, cause.text, cause.persons, cause.share)

Whom a scheme is for follows from its contingency: those who claim for the event, or who meet the conditions that make the state (the pension
age of old age), so that who is left out of a pension is asked among the old. Method: docs/methods/exclusion.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ...engine.conditions import Condition, Titles, conditions
from ...engine.counting import NOBODY, Columns, Count, Counter, Grouping, causes_by_person, count_causes
from ...law.law import Law, is_event
from ...law.parameters import Indices
from ...vocabulary import labels
from ...vocabulary.model import PERSONS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ...periods import Month
    from ...population.tables import Population
    from .measured import Measured
    from .sample import Sample

Among = Literal["target", "everybody"]
Kind = Literal["entitled", "receives", "not_taken_up", "leakage", "condition", "undecided", "no_household"]
Groups = Sequence[str | Grouping | Sequence[str | Grouping]]

TITLES: Mapping[str, Titles] = {
    "entitled": {"en": "Entitled", "fr": "A droit à la prestation"},
    "receives": {"en": "Entitled and receives the benefit", "fr": "A droit à la prestation et la perçoit"},
    "not_taken_up": {"en": "Entitled but does not receive it: not taken up", "fr": "A droit à la prestation mais ne la perçoit pas : non-recours"},
    "leakage": {"en": "Receives the benefit without being entitled", "fr": "Perçoit la prestation sans y avoir droit"},
    "no_household": {"en": "Belongs to no household", "fr": "N'appartient à aucun ménage"},
}  # fmt: skip
"""Titles of what is no condition of the law."""
_ORDER: tuple[Kind, ...] = ("entitled", "receives", "not_taken_up", "leakage", "condition", "undecided", "no_household")


@dataclass(frozen=True, slots=True)
class Cause:
    """Persons of a group with the same answer. The causes of a scheme and group add up to all of its persons.

    kind: `condition` (number, text, theme and source tell which one fails first), `undecided` (the first that is unknown: `unknown` is true),
    else what `TITLES` says. grouping, group: names and values of the group, empty for everybody. persons: weighted; of a household's scheme,
    those who live in such households. share: of the persons of the group, a fraction; None where there are none. observations: rows.
    se, low, high: of the share, where a study works them out; few: the share rests on fewer persons observed than the study asks for.
    """

    scheme: str
    grouping: tuple[str, ...]
    group: tuple[Any, ...]
    kind: Kind
    number: int
    text: str
    titles: Titles
    theme: str
    source: str
    persons: Decimal
    share: float | None
    observations: int
    unknown: bool = False
    among: Among = "target"
    se: float | None = None
    low: float | None = None
    high: float | None = None
    few: bool = False


def target(law: Law, scheme: str, month: Month | str) -> tuple[Condition, ...]:
    """The conditions that say whom a scheme is for: the claim for an event; for a state, life and the conditions on the contingency's themes.

    Only the first of these, or nothing, where no condition makes the state: the scheme is for everybody then. Raises InputError P030.
    """
    return _target(law, conditions(law, scheme, month))


def _target(law: Law, found: Sequence[Condition]) -> tuple[Condition, ...]:
    if not found:
        return ()
    contingency = law.schemes[found[0].scheme].contingency
    if is_event(contingency):
        return tuple(condition for condition in found if condition.kind == "claim")
    themes = labels("contingencies")[contingency].themes
    return tuple(condition for condition in found if condition.kind == "life" or (condition.kind == "law" and condition.theme in themes))


def exclusion(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None = None,
    groups: Groups = (),
    received: Columns | None = None,
    *,
    among: Among = "target",
    indices: Indices | None = None,
) -> tuple[Cause, ...]:
    """The causes of each scheme among everybody and in each group, in the order of the law.

    groups: columns of the data, variables of the law, `Grouping`s with bands, or several of these together. received: by scheme, a boolean column of
    the data that says who receives the benefit, or `benefits_in_payment`: the history tells; those entitled who do not are then told apart, and
    those who receive it without being entitled. among: the persons whom the scheme is for, or everybody.
    Raises Problems, InputError, DataError, EngineError.
    """
    by = [_grouping(group) for group in groups]
    counts = count_causes(law, population, month, schemes, by=by, within=_within(law, month, schemes), beside=received, indices=indices)
    kept = [count for count in counts.counts if count.within or among == "everybody"]
    found: list[Cause] = []
    for scheme, listed in counts.conditions.items():
        for grouping in dict.fromkeys([(), *(tuple(one.name for one in group) for group in by)]):
            here = [count for count in kept if count.scheme == scheme and count.grouping == grouping]
            found += _causes(scheme, grouping, here, listed, among)
    return tuple(found)


def causes_of_counts(conditions: Mapping[str, Sequence[Condition]], counts: Sequence[Count], among: Among = "target") -> tuple[Cause, ...]:
    """The causes of everybody from counts of persons, scheme by scheme."""
    return tuple(
        cause for scheme, listed in conditions.items() for cause in _causes(scheme, (), [c for c in counts if c.scheme == scheme], listed, among)
    )


def _grouping(group: str | Grouping | Sequence[str | Grouping]) -> tuple[Grouping, ...]:
    parts = [group] if isinstance(group, str | Grouping) else group
    return tuple(Grouping(part) if isinstance(part, str) else part for part in parts)


def _within(law: Law, month: Month | str, schemes: Sequence[str] | None) -> dict[str, list[int]]:
    """The numbers of the conditions that say whom each scheme is for."""
    return {scheme: [condition.number for condition in target(law, scheme, month)] for scheme in (schemes if schemes is not None else law.schemes)}


def _causes(scheme: str, grouping: tuple[str, ...], counts: Iterable[Count], listed: Sequence[Condition], among: Among) -> list[Cause]:
    """The causes of one scheme and grouping, group by group."""
    sums: dict[tuple[Any, ...], dict[tuple[Kind, int], list[Any]]] = defaultdict(dict)
    for count in counts:
        kept = sums[count.group].setdefault(kind_of(count.cause, count.beside), [0, Decimal(0)])
        kept[0] += count.rows
        kept[1] += count.persons
    made: list[Cause] = []
    for group in sorted(sums, key=_sortable):
        whole = sum((persons for _, persons in sums[group].values()), Decimal(0))
        for (kind, number), (rows, persons) in sorted(sums[group].items(), key=lambda item: (_ORDER.index(item[0][0]), item[0][1])):
            about = listed[number - 1] if number else None
            made.append(
                Cause(
                    scheme, grouping, group, kind, number, about.text if about else "", about.title if about else TITLES[kind],
                    about.theme if about else "", about.source if about else "", persons, float(persons / whole) if whole else None, rows,
                    kind == "undecided", among,
                )
            )  # fmt: skip
    return made


def kind_of(cause: int | None, receives: bool | None = None) -> tuple[Kind, int]:
    """The kind of a cause and the number of its condition; `receives` is what the data report, None where they do not."""
    if cause is None:
        return "no_household", 0
    if cause < 0:
        return "undecided", -cause
    if cause == 0:
        return ("entitled" if receives is None else "receives" if receives else "not_taken_up"), 0
    return ("leakage", 0) if receives else ("condition", cause)


def _sortable(group: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    """Groups in order; unknown last, numbers by size."""
    return tuple((value is None, f"{value:020d}" if isinstance(value, int) else str(value)) for value in group)


# --- person by person, for standard errors


@dataclass(frozen=True, eq=False)
class Excluded:
    """The answers person by person, in the order of the population's persons; what the shares of `exclusion` are means of.

    causes (row,): as in `engine.causes`, NOBODY for a person of no household. inside (row,): whom the scheme is for. receives (row,): 1, 0, or NaN.
    groups (row,): the value of each grouping.
    """

    causes: Mapping[str, NDArray[np.int64]]
    inside: Mapping[str, NDArray[np.bool_]]
    receives: Mapping[str, NDArray[np.float64]]
    groups: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def domain(self, cause: Cause) -> NDArray[np.bool_]:
        """(row,) the persons of whom a cause's share is taken."""
        import numpy as np

        rows = self.inside[cause.scheme] if cause.among == "target" else np.ones(len(self.inside[cause.scheme]), bool)
        for name, value in zip(cause.grouping, cause.group, strict=True):
            rows = rows & np.array([found == value for found in self.groups[name]], bool)
        return rows

    def indicator(self, cause: Cause) -> NDArray[np.float64]:
        """(row,) 1 where the person has the cause, else 0."""
        import numpy as np

        codes, receives = self.causes[cause.scheme], self.receives.get(cause.scheme)
        yes = receives == 1 if receives is not None else np.zeros(len(codes), bool)
        no = receives == 0 if receives is not None else np.zeros(len(codes), bool)
        found = {
            "entitled": (codes == 0) & ~yes & ~no,
            "receives": (codes == 0) & yes,
            "not_taken_up": (codes == 0) & no,
            "leakage": (codes > 0) & yes,
            "condition": (codes == cause.number) & ~yes,
            "undecided": (codes == -cause.number) & (codes != NOBODY),
            "no_household": codes == NOBODY,
        }[cause.kind]
        return found.astype(float)

    def share(self, cause: Cause, sample: Sample) -> Measured:
        """A cause's share with its influences, from which the design gives the standard error. sample: rows of the persons of the survey."""
        from .sample import mean

        inside = self.domain(cause)[sample.rows]
        return mean(sample.where(inside), self.indicator(cause)[sample.rows][inside])


def excluded(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None = None,
    groups: Groups = (),
    received: Columns | None = None,
    *,
    indices: Indices | None = None,
) -> Excluded:
    """The answers that `exclusion` counts, person by person, for a survey."""
    by = list(dict.fromkeys(one for group in groups for one in _grouping(group)))
    within = _within(law, month, schemes)
    counter, table = causes_by_person(law, population, month, schemes, by=by, within=within, beside=received, indices=indices)
    return excluded_of(population, counter, table)


def excluded_of(population: Population, counter: Counter, table: pa.Table) -> Excluded:
    """The answers of a table of persons (`causes_by_person`), in the order of the population's persons."""
    table = table.take(_order(population, table.column("person_id")))
    return _excluded(counter, {name: table.column(name).to_pylist() for name in table.column_names if name not in ("person_id", "weight")})


def _excluded(counter: Counter, columns: Mapping[str, list[Any]]) -> Excluded:
    import numpy as np

    causes: dict[str, NDArray[np.int64]] = {}
    inside: dict[str, NDArray[np.bool_]] = {}
    receives: dict[str, NDArray[np.float64]] = {}
    groups: dict[str, NDArray[np.object_]] = {}
    for number, scheme in enumerate(counter.schemes):
        causes[scheme] = np.array(columns[f"c{number}"], np.int64)
        inside[scheme] = np.array(columns[f"t{number}"], bool)
        if f"b{number}" in columns:
            receives[scheme] = np.array([np.nan if value is None else float(value) for value in columns[f"b{number}"]], float)
    for number, group in enumerate(counter.groups):
        groups[group.name] = np.empty(len(columns[f"g{number}"]), object)
        groups[group.name][:] = [group.label(value) for value in columns[f"g{number}"]]
    return Excluded(causes, inside, receives, groups)


def _order(population: Population, keys: Any) -> Any:
    """Where each person of the population, in the order of the data, stands among the keys."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = population.tables[PERSONS]
    parts = [table.data.select(["person_id"])] if table.data is not None else [pq.read_table(path, columns=["person_id"]) for path in table.files]
    own = pa.concat_tables(parts).column("person_id").combine_chunks()
    return pc.call_function("index_in", [own], pc.SetLookupOptions(keys.combine_chunks().cast(own.type)))
