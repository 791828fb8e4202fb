"""Who is excluded, and why: for each scheme and person (or household), the first legal condition that fails.

    causes = run_causes(law, population, "2026-03", ["child_grant"])
    causes.table("person")                 # person_id, child_grant.cause
    causes.condition("child_grant", 2)     # age < age_limit, with its article and its theme

A cause is a whole number: 0 where the right is there; k where condition k is the first that is false; -k where none is false and condition k
is the first that is unknown: the logic of the law is three-valued, so a refusal stands whatever the unknown facts are.
Both engines work it out from the nodes that decide the right itself. Method: docs/methods/exclusion.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..law.compiling import Rule
from ..law.law import Law
from ..law.parameters import Indices
from ..money import CONTEXT
from ..periods import Month
from ..vocabulary.model import HOUSEHOLDS, PERSONS
from .closures import compile_closures
from .conditions import Condition, Standing, conditions, standing
from .facts import given_variables, read_household
from .lowering import ANYONE, Lowering
from .plan import HOUSEHOLD, PERSON, Graph
from .planning import Anyone, Data, Output, Plan, make_room

if TYPE_CHECKING:
    import pyarrow as pa

    from ..population.tables import Population
    from .results import Result

CAUSE = "cause"


@dataclass(slots=True)
class CausePlan:
    """The plan of the causes of some schemes in a month, and the nodes of each scheme's conditions, in their order.

    left_out: schemes without a right to ask about, and why.
    """

    plan: Plan
    lowering: Lowering
    month: Month
    conditions: dict[str, tuple[Condition, ...]] = field(default_factory=dict)
    nodes: dict[str, list[int]] = field(default_factory=dict)
    left_out: dict[str, Standing] = field(default_factory=dict)

    @property
    def graph(self) -> Graph:
        return self.plan.graph

    def level(self, scheme: str) -> str:
        """Whom the right belongs to: a person or a household."""
        return self.plan.law.schemes[scheme].unit

    def cause(self, scheme: str) -> int:
        """The node of a scheme's cause."""
        graph, nodes = self.graph, [self.graph.lift(node, self.level(scheme)) for node in self.nodes[scheme]]
        found = graph.const(0, "integer")
        for number, node in reversed([*enumerate(nodes, 1)]):
            found = graph.op("if", (graph.op("is_null", (node,), "boolean"), graph.const(-number, "integer"), found), "integer")
        for number, node in reversed([*enumerate(nodes, 1)]):
            false = graph.op("if_unknown", (graph.op("not", (node,), "boolean"), graph.const(False, "boolean")), "boolean")
            found = graph.op("if", (false, graph.const(number, "integer"), found), "integer")
        return found

    def met(self, scheme: str, numbers: Sequence[int], level: str) -> int:
        """The node of whether all of these conditions are known to be met."""
        graph = self.graph
        nodes = tuple(graph.lift(self.nodes[scheme][number - 1], level) for number in numbers)
        whole = graph.op("and", nodes, "boolean") if nodes else graph.const(True, "boolean")
        return graph.op("if_unknown", (whole, graph.const(False, "boolean")), "boolean")


def plan_causes(
    law: Law, month: Month | str, schemes: Sequence[str] | None = None, data: Data = ANYONE, given: frozenset[str] = frozenset(),
    indices: Indices | None = None,
) -> CausePlan:  # fmt: skip
    """The conditions of the schemes (by default all) as nodes of one plan. Raises InputError P030."""
    make_room(law)
    when = month if isinstance(month, Month) else Month.parse(month)
    plan = Plan(law, (when,), Graph(data.complete_households), indices=indices)
    lowering = Lowering(plan, data, indices)
    made = CausePlan(plan, lowering, when)
    for name in schemes if schemes is not None else law.schemes:
        state = standing(law, name, when)
        if state != "in_force":
            made.left_out[name] = state
            continue
        made.conditions[name] = conditions(law, name, when, given)
        made.nodes[name] = [_node(lowering, condition, law.schemes[name].unit) for condition in made.conditions[name]]
    return made


def _node(lowering: Lowering, condition: Condition, level: str) -> int:
    """The node of a condition: that which the right itself is computed from."""
    context, graph = condition.context, lowering.graph
    assert context is not None
    if condition.kind == "claim":
        return lowering.claimed(context)
    if condition.kind == "life":
        return lowering.present(context)
    if condition.expr is not None:
        if context.level == HOUSEHOLD and level == PERSON and not lowering.data.has_column(PERSONS, "household_id"):
            return lowering.absent(PERSONS, "household_id", "boolean")
        return lowering.expr(condition.expr, context)
    rule: Rule = lowering.law.rules[condition.owner, condition.variable.rpartition(".")[2]]
    node = lowering.rule(rule, context.month, context.as_of)
    if condition.kind == "given":
        return node
    return graph.op("gt", (node, graph.const(Decimal(0), "decimal")), "boolean")


# --- a population


@dataclass(frozen=True, eq=False)
class Causes:
    """The causes of a population: `result` has a column `<scheme>.cause` for each scheme, by level.

    conditions: what the numbers mean. left_out: schemes without a right to ask about in the month, and why.
    """

    month: Month
    conditions: Mapping[str, tuple[Condition, ...]]
    left_out: Mapping[str, Standing]
    result: Result

    def table(self, level: str = "person") -> pa.Table:
        """The causes of a level as an Arrow table. Raises InputError P050."""
        return self.result.table(level)

    def condition(self, scheme: str, cause: int) -> Condition | None:
        """The condition that a cause is about; None for 0."""
        return condition_of(self.conditions[scheme], cause)


def condition_of(found: Sequence[Condition], cause: int) -> Condition | None:
    """The condition of a cause k or -k; None for 0."""
    return found[abs(cause) - 1] if cause else None


def given_columns(population: Population) -> frozenset[str]:
    """The variables of the law that the data give instead of computing them."""
    return frozenset(
        name for table in (PERSONS, HOUSEHOLDS) if table in population.tables for name in population.tables[table].columns if "." in name
    )


def run_causes(
    law: Law,
    population: Population,
    month: Month | str,
    schemes: Sequence[str] | None = None,
    *,
    keep: Sequence[str] = (),
    out: str | Path | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    indices: Indices | None = None,
) -> Causes:
    """The cause of every scheme for every person or household of a population, by one streaming query a level.

    schemes: by default all. keep, out, memory_limit, threads, indices: as in `running.run`. Raises Problems, InputError, DataError, EngineError.
    """
    from .data import KnownData, check_columns
    from .running import check_keep, engine_name, result_of, run_duckdb

    made = plan_causes(law, month, schemes, KnownData(population), given_columns(population), indices)
    for scheme in made.conditions:
        level = made.level(scheme)
        made.plan.outputs.append(Output(scheme, CAUSE, made.month, made.cause(scheme), level))
    check_columns(law, made.plan, population)
    check_keep(population, keep)
    with ThreadPoolExecutor(1) as background:
        hashed = background.submit(population.hash)
        tables, rows = run_duckdb(made.plan, population, list(keep), Path(out) if out else None, memory_limit, threads, None)
        data_hash = hashed.result()
    weighted = "weight" in population.tables[PERSONS].columns
    result = result_of(made.plan, data_hash=data_hash, engine=engine_name(), tables=tables, rows=rows, weighted=weighted, keep=keep)
    if out:
        result.write(out)
    return Causes(made.month, made.conditions, made.left_out, result)


# --- one household


class Finder:
    """A law made ready to tell the causes of many households in one month."""

    def __init__(
        self, law: Law, month: Month | str, schemes: Sequence[str] | None = None, given: frozenset[str] = frozenset(), indices: Indices | None = None
    ) -> None:
        for name in given:
            if tuple(name.split(".", 1)) not in law.rules:
                raise InputError("P030", f"the law has no variable {name!r}")
        self.law = law
        self.made = plan_causes(law, month, schemes, Anyone(given), given, indices)
        nodes = {scheme: self.made.cause(scheme) for scheme in self.made.conditions}
        functions = compile_closures(self.made.graph, list(nodes.values()))
        self._functions = {scheme: functions[node] for scheme, node in nodes.items()}

    @property
    def conditions(self) -> Mapping[str, tuple[Condition, ...]]:
        """What the numbers mean."""
        return self.made.conditions

    def of(self, facts: Mapping[str, Any]) -> dict[Any, dict[str, int]]:
        """The causes by subject (a member's name, `person`, or `household`) and scheme. Raises Problems where facts are wrong."""
        home, people = read_household(self.law, facts)
        found: dict[Any, dict[str, int]] = {person.name: {} for person in people}
        if home is not None:
            found[HOUSEHOLD] = {}
        with localcontext(CONTEXT):
            for scheme, function in self._functions.items():
                if self.made.level(scheme) == PERSON:
                    for person in people:
                        found[person.name][scheme] = int(function(person))
                elif home is not None:
                    found[HOUSEHOLD][scheme] = int(function(home))
        return found


def causes_of(
    law: Law, facts: Mapping[str, Any], month: Month | str, schemes: Sequence[str] | None = None, indices: Indices | None = None
) -> dict[Any, dict[str, int]]:
    """The cause of each scheme for each member of a household (see `deciding.decide` for the facts), by subject and scheme."""
    return Finder(law, month, schemes, given_variables(facts), indices).of(facts)


__all__ = ["CausePlan", "Causes", "Condition", "Finder", "causes_of", "condition_of", "conditions", "plan_causes", "run_causes", "standing"]
