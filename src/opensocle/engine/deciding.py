"""One household: what each scheme gives to each person, with everything needed to explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from ..errors import InputError
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.parameters import Indices
from ..money import CONTEXT
from ..periods import Month
from .closures import UNSET, Function, Household, Person, Row, compile_closures
from .facts import given_variables, read_household
from .lowering import Anyone, Plan, find_outputs, make_plan
from .operators import Value

HOUSEHOLD = "household"


@dataclass(frozen=True, eq=False)
class Decision:
    """The results for one household in one month.

    values: by subject (a member's name, `person` for someone alone, or `household`) and variable (`child_grant.benefit`).
    """

    law: Law
    month: Month
    values: Mapping[Any, Mapping[str, Value]]
    decider: Decider
    household: Household | None
    people: Mapping[Any, Person]

    def value(self, variable: str, subject: Any = None) -> Value:
        """One result; the subject may be left out where there is one only. Raises InputError P040, P041."""
        found = {name: values for name, values in self.values.items() if variable in values}
        if subject is None and len(found) == 1:
            subject = next(iter(found))
        if subject not in found:
            raise InputError("P040", f"no {variable!r} for {subject!r}", hint=f"subjects: {', '.join(map(str, found)) or 'none'}")
        return found[subject][variable]


class Decider:
    """A law made ready to decide many households in one month, microseconds each.

    wanted: variables (`child_grant.benefit`), schemes, or none for every scheme's reserved variables.
    given: variables that the facts supply instead of the law. indices: levels of the series that parameters follow, see `law.parameters`.
    """

    def __init__(
        self, law: Law, month: Month | str, wanted: Sequence[str] | None = None, given: frozenset[str] = frozenset(), indices: Indices | None = None
    ) -> None:
        self.law, self.month = law, month if isinstance(month, Month) else Month.parse(month)
        for name in given:
            if tuple(name.split(".", 1)) not in law.rules:
                raise InputError("P030", f"the law has no variable {name!r}")
        self.wanted: list[RuleName] = find_outputs(law, wanted)
        self.plan: Plan = make_plan(law, [self.month], self.wanted, Anyone(given), indices)
        self._functions = compile_closures(self.plan.graph, [output.node for output in self.plan.outputs])
        self._outputs = [
            (f"{o.owner}.{o.name}" if o.owner not in ("concepts", "vocabulary") else o.name, self._functions[o.node], o.level)
            for o in self.plan.outputs
        ]

    def decide(self, given: Mapping[str, Any]) -> Decision:
        """The decision for a household given as plain facts (see `facts`). Raises Problems where facts are wrong."""
        home, people = read_household(self.law, given)
        return self.of_frames(home, people)

    def of_frames(self, home: Household | None, people: Sequence[Person]) -> Decision:
        values: dict[Any, dict[str, Value]] = {person.name: {} for person in people}
        if home is not None:
            values[HOUSEHOLD] = {}
        with localcontext(CONTEXT):
            for name, function, level in self._outputs:
                if level == HOUSEHOLD:
                    if home is not None:
                        values[HOUSEHOLD][name] = function(home)
                else:
                    for person in people:
                        values[person.name][name] = function(person)
        return Decision(self.law, self.month, values, self, home, {person.name: person for person in people})

    def node_value(self, node: int, frame: Household | Person | Row | None) -> Value:
        """The value of any node of the plan for a person, household or row; used by explanations. All but rows remember it."""
        if frame is None:
            return None
        if not isinstance(frame, Row):
            known = frame.memo.get(node, UNSET)
            if known is not UNSET:
                return known
        function = self._functions.get(node)
        if function is None:
            self._functions |= compile_closures(self.plan.graph, [node])
            function = self._functions[node]
        with localcontext(CONTEXT):
            value = function(frame)
        if not isinstance(frame, Row):
            frame.memo[node] = value
        return value


def decide(law: Law, given: Mapping[str, Any], month: Month | str, wanted: Sequence[str] | None = None, indices: Indices | None = None) -> Decision:
    """What the law gives to one household in one month.

    given: {"household": {…}, "members": {name: {…}}, "contributions": {name: [rows]}, …} or {"person": {…}}; amounts as Decimal, int
    or text, never float. Raises Problems where facts are wrong, InputError for an unknown variable.
    """
    return Decider(law, month, wanted, given_variables(given), indices).decide(given)


def plain(value: Value) -> Any:
    """A value for JSON: decimals as text, dates in ISO form."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value if value is None or isinstance(value, bool | int | str) else str(value)


__all__ = ["Decider", "Decision", "Function", "decide", "plain"]
