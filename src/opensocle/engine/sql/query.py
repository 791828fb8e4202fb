"""The whole plan as one query: relations of persons and households by stage, each a few layers of columns.

    households ─┐            ┌─> persons 0 ─(GROUP BY household)─> households 1 ─(JOIN)─> persons 1 ─> …
    histories  ─┴─(GROUP BY)─┘

A layer is a SELECT that adds columns: what several formulas share is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..lowering import Plan
from ..plan import HOUSEHOLD, PERSON, Node
from .columns import Relation, Tables, choose_columns, needed, readable_names
from .dialect import Dialect
from .expressions import Expressions
from .groups import NOTHING, Aggregates
from .histories import HistoryRelations
from .types import Sql, Type, type_of


class Query(HistoryRelations):
    """Builds the text of one query for outputs of one level."""

    def __init__(self, plan: Plan, dialect: Dialect, tables: Tables, level: str, targets: Sequence[int], keep: Sequence[str] = ()) -> None:
        self.plan, self.graph, self.dialect, self.tables = plan, plan.graph, dialect, tables
        self.level, self.targets, self.keep = level, list(dict.fromkeys(targets)), keep
        self.ctes: list[str] = []
        self.names = readable_names(plan)
        uses = needed(plan.graph, self.targets)
        self.order = list(uses)
        self.columns = choose_columns(plan.graph, uses, self.targets)
        self.people: dict[int, Relation] = {}
        self.homes: dict[int, Relation] = {}

    def text(self) -> str:
        """The query; its columns are the keys, the kept columns, and `v<node>` for each target."""
        last = self._last(self.level)
        self._build(last)
        relation = (self.people if self.level == PERSON else self.homes)[last]
        keys = [self.id("person_id"), *(["household_id"] if self._has_homes() else [])] if self.level == PERSON else ["household_id"]
        kept = [f"{self.id(name)}" for name in self.keep]
        expressions = Expressions(self.graph, self.dialect, relation.columns)
        outputs = [f"{self._final(expressions, id)} AS v{id}" for id in self.targets]
        body = f"SELECT {', '.join([*keys, *kept, *outputs])}\nFROM {relation.name}"
        return ("WITH " + ",\n".join(self.ctes) + "\n" if self.ctes else "") + body

    def _final(self, expressions: Expressions, id: int) -> str:
        node = self.graph[id]
        sql = expressions.of(id)
        return self.dialect.cast(sql, type_of(node)).text if node.type == "decimal" else sql.text

    def id(self, name: str) -> str:
        return self.dialect.identifier(name)

    def _has_homes(self) -> bool:
        return self.tables.has_column("persons", "household_id")

    def column_name(self, id: int) -> str:
        return self.id(self.names.get(id, f"n{id}"))

    def _last(self, level: str) -> int:
        return max((self.graph[id].stage for id in self.order if self.graph[id].level == level), default=0)

    def at(self, level: str, stage: int, *ops: str) -> list[Node]:
        """Needed nodes that are computed at a level and stage, with these operators."""
        nodes = (self.graph[id] for id in self.order)
        return [node for node in nodes if node.level == level and node.stage == stage and node.op in ops]

    # --- relations

    def _build(self, last: int) -> None:
        people_needed = self.level == PERSON or any(self.graph[id].level == PERSON or self.graph[id].op == "rows" for id in self.order)
        self._homes_0()
        stage = 0
        while True:
            if people_needed and (stage <= last if self.level == PERSON else stage < max(last, 1)):
                self._people(stage)
            stage += 1
            if not any(stage <= self.graph[id].stage and self.graph[id].level in (PERSON, HOUSEHOLD) for id in self.order):
                break
            self._homes(stage)
        if self.level == HOUSEHOLD and last not in self.homes:
            self.homes[last] = self.homes[max(self.homes)]

    def add(self, name: str, body: str) -> str:
        self.ctes.append(f"{name} AS (\n{body}{self.dialect.fence}\n)")
        return name

    def _homes_0(self) -> None:
        needed = self.at(HOUSEHOLD, 0, "fact") or (self.level == HOUSEHOLD and self.tables.has_table("households"))
        if not needed:
            if self.level == HOUSEHOLD and not any(self.graph[id].op == "rows" and self.graph[id].data[1] == "members" for id in self.order):
                body = f"SELECT household_id FROM {self.tables.source('persons')} AS p WHERE household_id IS NOT NULL GROUP BY household_id"
                self.homes[0] = Relation(self.add("h0", body))
            return
        facts = self.at(HOUSEHOLD, 0, "fact")
        relation = Relation("h0")
        parts = ["household_id", *(self.id(name) for name in self.keep if self.level == HOUSEHOLD)]
        parts += [self.fact(node, relation) for node in facts]
        relation.name = self.add("h0", f"SELECT {', '.join(dict.fromkeys(parts))} FROM {self.tables.source('households')} AS h")
        self._layers(relation, HOUSEHOLD, 0, "h0")
        self.homes[0] = relation

    def fact(self, node: Node, relation: Relation, prefix: str = "") -> str:
        """A column of the data in the type of the plan."""
        _, name, _ = node.data
        want = type_of(node)
        column = f"{prefix}{self.id(name)}"
        raw = self.dialect.cast(Sql(column, Type("raw")), want).text if want.decimal or node.type in ("integer", "text") else column
        relation.columns[node.id] = Sql(f"f{node.id}", want)
        return f"{raw} AS f{node.id}"

    def _people(self, stage: int) -> None:
        """The persons of a stage: the data or the stage before, joined with what this stage can use."""
        relation = Relation(f"p{stage}")
        parts, joins = [], []
        if stage == 0:
            source = self.tables.source("persons")
            keys = ["person_id", *(["household_id"] if self._has_homes() else []), *(self.keep if self.level == PERSON else ())]
            parts = [f"p.{self.id(name)}" for name in dict.fromkeys(keys)]
            parts += [self.fact(node, relation, "p.") for node in self.at(PERSON, 0, "fact") if node.data[0] == "persons"]
            self.claims(parts, joins, relation)
        else:
            before = self.people[stage - 1]
            source, relation.columns = before.name, dict(before.columns)
            parts = ["p.*"]
        self.histories(stage, parts, joins, relation)
        shared = self.at(PERSON, stage, "of_household")
        if shared and stage in self.homes:
            home = self.homes[stage]
            for node in shared:
                inner = home.columns[node.args[0]]
                relation.columns[node.id] = Sql(self.column_name(node.id) if node.id in self.names else f"n{node.id}", inner.type)
                parts.append(f"h.{inner.text} AS {relation.columns[node.id].text}")
            joins.append(f"LEFT JOIN {home.name} AS h ON h.household_id = p.household_id")
        if stage and len(parts) == 1 and not joins:
            relation.name = source
        else:
            relation.name = self.add(f"p{stage}", "\n".join([f"SELECT {', '.join(parts)}", f"FROM {source} AS p", *joins]))
        self._layers(relation, PERSON, stage, f"p{stage}")
        self.people[stage] = relation

    def _homes(self, stage: int) -> None:
        """The households of a stage: the stage before, joined with the sums over their members."""
        before = self.homes.get(stage - 1)
        groups = self.at(HOUSEHOLD, stage, "rows")
        if not groups:
            if before is not None:
                relation = Relation(before.name, dict(before.columns))
                self._layers(relation, HOUSEHOLD, stage, f"h{stage}")
                self.homes[stage] = relation
            return
        people = self.people[stage - 1]
        expressions = Expressions(self.graph, self.dialect, people.columns)
        aggregates = Aggregates(self.graph, self.dialect, expressions, expressions)
        relation = Relation(f"h{stage}", dict(before.columns) if before else {})
        columns = []
        for node in groups:
            sql = aggregates.of(node)
            columns.append(f"{sql.text} AS {self.column_name(node.id)}")
            relation.columns[node.id] = Sql(self.column_name(node.id), sql.type)
        found = ["TRUE AS found"] if before else []
        body = f"SELECT household_id, {', '.join([*found, *columns])}\nFROM {people.name} WHERE household_id IS NOT NULL GROUP BY household_id"
        if before is None:
            relation.name = self.add(f"h{stage}", body)
        else:
            group = self.add(f"g{stage}", body)
            parts = ["h.*", *(self.joined(node, "g") for node in groups)]
            join = f"LEFT JOIN {group} AS g ON g.household_id = h.household_id"
            relation.name = self.add(f"h{stage}", f"SELECT {', '.join(parts)}\nFROM {before.name} AS h {join}")
        self._layers(relation, HOUSEHOLD, stage, f"h{stage}")
        self.homes[stage] = relation

    def joined(self, node: Node, alias: str) -> str:
        """An aggregate seen from the other side of a LEFT JOIN: no row at all has a value too."""
        column = self.column_name(node.id)
        nothing = NOTHING.get(node.data[0])
        if nothing is None:
            return f"{alias}.{column}"
        nothing = self.dialect.literal(0, Type("DECIMAL", 1, 0)).text if node.type == "decimal" and nothing == "0" else nothing
        value = f"coalesce({alias}.{column}, {nothing})" if not node.nullable else f"CASE WHEN {alias}.found THEN {alias}.{column} ELSE {nothing} END"
        return f"{value} AS {column}"

    # --- layers

    def _layers(self, relation: Relation, level: str, stage: int, prefix: str) -> None:
        """Adds the columns of a level and stage, those that need others after them."""
        here = (node for node in (self.graph[id] for id in self.order) if (node.level, node.stage) == (level, stage))
        self.layer(relation, [node.id for node in here if node.id in self.columns and node.id not in relation.columns], prefix)

    def layer(self, relation: Relation, pending: list[int], prefix: str) -> None:
        """Adds these columns to a relation, layer upon layer."""
        number = 0
        while pending:
            ready = [id for id in pending if not self._waits(id, relation, set(pending))]
            expressions = Expressions(self.graph, self.dialect, dict(relation.columns))
            parts = []
            made: dict[int, Sql] = {}
            for id in ready:
                sql = expressions.of(id)
                made[id] = Sql(self.column_name(id), sql.type)
                parts.append(f"{sql.text} AS {self.column_name(id)}")
            relation.name = self.add(f"{prefix}_{number}", _select(parts, relation.name))
            relation.columns.update(made)
            pending = [id for id in pending if id not in made]
            number += 1

    def _waits(self, id: int, relation: Relation, pending: set[int]) -> bool:
        """Whether a column needs another that is not there yet."""
        stack = [a for a in self.graph[id].args if a >= 0]
        while stack:
            a = stack.pop()
            if a in relation.columns:
                continue
            if a in pending:
                return True
            stack.extend(b for b in self.graph[a].args if b >= 0)
        return False


def _select(parts: list[str], source: str) -> str:
    columns = ",\n  ".join(parts)
    return f"SELECT *,\n  {columns}\nFROM {source}"
