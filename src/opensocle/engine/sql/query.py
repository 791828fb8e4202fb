"""The whole plan as one query: relations of persons and households by stage, each a few layers of columns.

    households ─┐            ┌─> persons 0 ─(GROUP BY household)─> households 1 ─(JOIN)─> persons 1 ─> …
    histories  ─┴─(GROUP BY)─┘

A layer is a SELECT that adds columns: what several formulas share is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ...law.rows import MOMENTS
from ...periods import Month
from ...vocabulary.model import HISTORIES
from ..lowering import Plan
from ..plan import HOUSEHOLD, PERSON, Node
from .dialect import Dialect
from .expressions import Expressions, weight
from .groups import NOTHING, Aggregates, window
from .types import BOOLEAN, DATE, VARCHAR, Sql, Type, type_of

DEEP = 10
"""Operators on top of each other before one gets a column of its own."""


class Tables(Protocol):
    """Where the tables of a population stand for the SQL engine."""

    def source(self, table: str) -> str: ...
    def has_table(self, table: str) -> bool: ...
    def has_column(self, table: str, column: str) -> bool: ...


@dataclass(slots=True)
class Relation:
    """A relation at work: its name and the columns that it has so far."""

    name: str
    columns: dict[int, Sql] = field(default_factory=dict)


class Query:
    """Builds the text of one query for outputs of one level."""

    def __init__(self, plan: Plan, dialect: Dialect, tables: Tables, level: str, targets: Sequence[int], keep: Sequence[str] = ()) -> None:
        self.plan, self.graph, self.dialect, self.tables = plan, plan.graph, dialect, tables
        self.level, self.targets, self.keep = level, list(dict.fromkeys(targets)), keep
        self.ctes: list[str] = []
        self.names = self._names()
        self.uses: dict[int, int] = {}
        self.order: list[int] = []
        self._count()
        self.columns = self._choose_columns()
        self.people: dict[int, Relation] = {}
        self.homes: dict[int, Relation] = {}

    def text(self) -> str:
        """The query; its columns are the keys, the kept columns, and `v<node>` for each target."""
        last = self._last(self.level)
        self._build(last)
        relation = (self.people if self.level == PERSON else self.homes)[last]
        keys = [self._id("person_id"), *(["household_id"] if self._has_homes() else [])] if self.level == PERSON else ["household_id"]
        kept = [f"{self._id(name)}" for name in self.keep]
        expressions = Expressions(self.graph, self.dialect, relation.columns)
        outputs = [f"{self._final(expressions, id)} AS v{id}" for id in self.targets]
        body = f"SELECT {', '.join([*keys, *kept, *outputs])}\nFROM {relation.name}"
        return ("WITH " + ",\n".join(self.ctes) + "\n" if self.ctes else "") + body

    def _final(self, expressions: Expressions, id: int) -> str:
        node = self.graph[id]
        sql = expressions.of(id)
        return self.dialect.cast(sql, type_of(node)).text if node.type == "decimal" else sql.text

    def _id(self, name: str) -> str:
        return self.dialect.identifier(name)

    def _has_homes(self) -> bool:
        return self.tables.has_column("persons", "household_id")

    def _names(self) -> dict[int, str]:
        """Readable names of columns that are variables of the law."""
        names: dict[int, str] = {}
        for (owner, name, month, _), id in self.plan.rules.items():
            if self.graph[id].op not in ("const", "fact") and id not in names:
                short = name if owner in ("concepts", "vocabulary") else f"{owner}.{name}"
                names[id] = short if len(self.plan.months) == 1 else f"{short} {month}"
        taken: dict[str, int] = {}
        for id, name in names.items():
            if name in taken:
                names[id] = f"{name} #{id}"
            taken.setdefault(names[id], id)
        return names

    def column_name(self, id: int) -> str:
        return self._id(self.names.get(id, f"n{id}"))

    # --- what is needed, and what gets a column

    def _count(self) -> None:
        pending = [(id, 1) for id in self.targets]
        while pending:
            id, times = pending.pop()
            first = id not in self.uses
            self.uses[id] = self.uses.get(id, 0) + times
            if first:
                node = self.graph[id]
                pending.extend((a, weight(self.graph, node, p)) for p, a in enumerate(node.args) if a >= 0)
        self.order = sorted(self.uses)

    def home(self, node: Node) -> tuple[str, int]:
        return node.level, node.stage

    def _choose_columns(self) -> set[int]:
        columns = set(self.targets)
        depth: dict[int, int] = {}
        for id in self.order:
            node = self.graph[id]
            if node.op in ("fact", "rows", "of_household", "outer"):
                columns.add(id) if node.op != "outer" else None
                depth[id] = 0
                continue
            below = [a for a in node.args if a >= 0]
            depth[id] = 1 + max((0 if a in columns else depth[a] for a in below), default=0) if below else 0
            if node.level != "const" and ((self.uses[id] > 1 and depth[id] > 1) or depth[id] > DEEP):
                columns.add(id)
        for id in self.order:
            node = self.graph[id]
            crossing = node.op in ("rows", "of_household", "outer")
            for a in node.args:
                if a >= 0 and self.graph[a].level != "const" and (self.home(self.graph[a]) != self.home(node) or crossing):
                    columns |= {a} if self.graph[a].level in (PERSON, HOUSEHOLD) and not (crossing and node.op == "rows" and a in node.args[:2]) else set()
        return {id for id in columns if self.graph[id].level != "const"}

    def _last(self, level: str) -> int:
        return max((self.graph[id].stage for id in self.order if self.graph[id].level == level), default=0)

    def at(self, level: str, stage: int, *ops: str) -> list[Node]:
        """Needed nodes that are computed at a level and stage, with these operators."""
        nodes = (self.graph[id] for id in self.order)
        return [node for node in nodes if node.level == level and node.stage == stage and node.op in ops]

    # --- relations

    def _build(self, last: int) -> None:
        people_needed = self.level == PERSON or any(self.graph[id].level == PERSON for id in self.order)
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
        self.ctes.append(f"{name} AS {'NOT MATERIALIZED ' if self.dialect.name == 'duckdb' else ''}(\n{body}\n)")
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
        parts = ["household_id", *(self._id(name) for name in self.keep if self.level == HOUSEHOLD)]
        parts += [self._fact(node, relation) for node in facts]
        relation.name = self.add("h0", f"SELECT {', '.join(dict.fromkeys(parts))} FROM {self.tables.source('households')} AS h")
        self._layers(relation, HOUSEHOLD, 0, "h0")
        self.homes[0] = relation

    def _fact(self, node: Node, relation: Relation, prefix: str = "") -> str:
        """A column of the data in the type of the plan."""
        _, name, _ = node.data
        want = type_of(node)
        column = f"{prefix}{self._id(name)}"
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
            parts = [f"p.{self._id(name)}" for name in dict.fromkeys(keys)]
            parts += [self._fact(node, relation, "p.") for node in self.at(PERSON, 0, "fact") if node.data[0] == "persons"]
            self._claims(parts, joins, relation)
        else:
            before = self.people[stage - 1]
            source, relation.columns = before.name, dict(before.columns)
            parts = ["p.*"]
        self._histories(stage, parts, joins, relation)
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
            parts = ["h.*", *(self._joined(node, "g") for node in groups)]
            join = f"LEFT JOIN {group} AS g ON g.household_id = h.household_id"
            relation.name = self.add(f"h{stage}", f"SELECT {', '.join(parts)}\nFROM {before.name} AS h {join}")
        self._layers(relation, HOUSEHOLD, stage, f"h{stage}")
        self.homes[stage] = relation

    def _joined(self, node: Node, alias: str) -> str:
        """An aggregate seen from the other side of a LEFT JOIN: no row at all has a value too."""
        column = self.column_name(node.id)
        nothing = NOTHING.get(node.data[0])
        if nothing is None:
            return f"{alias}.{column}"
        value = f"coalesce({alias}.{column}, {nothing})" if not node.nullable else f"CASE WHEN {alias}.found THEN {alias}.{column} ELSE {nothing} END"
        return f"{value} AS {column}"

    # --- layers

    def _layers(self, relation: Relation, level: str, stage: int, prefix: str) -> None:
        """Adds the columns of a level and stage, those that need others after them."""
        pending = [id for id in self.order if id in self.columns and id not in relation.columns and self.home(self.graph[id]) == (level, stage)]
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

    # --- claims and histories

    def _claims(self, parts: list[str], joins: list[str], relation: Relation) -> None:
        """One row a person with the facts of the claims of the months asked, the earliest of each contingency and month."""
        facts = [node for node in self.at(PERSON, 0, "fact") if node.data[0] == "event"]
        if not facts:
            return
        wanted = sorted({node.data[2] for node in facts}, key=str)
        first, last = min(month for _, month in wanted), max(month for _, month in wanted)
        month = self.dialect.month_of("event_date")
        span = f"event_date >= {self._day(first)} AND event_date < {self._day(last.plus(1))}"
        kinds = ", ".join(sorted({self.dialect.literal(contingency, VARCHAR).text for contingency, _ in wanted}))
        inner = (
            f"SELECT *, row_number() OVER (PARTITION BY person_id, contingency, {month} ORDER BY event_date) AS nth\n"
            f"FROM {self.tables.source('events')} AS e WHERE {span} AND contingency IN ({kinds})"
        )
        columns = []
        for node in facts:
            _, name, (contingency, when) = node.data
            here = f"nth = 1 AND contingency = {self.dialect.literal(contingency, VARCHAR).text} AND event_date >= {self._day(when)} AND event_date < {self._day(when.plus(1))}"
            want = type_of(node)
            if name == "exists":
                value = f"({self.dialect.filtered('count(*)', here)} > 0)"
            else:
                aggregate = "bool_or" if want == BOOLEAN else "max"
                value = self.dialect.filtered(f"{aggregate}({self._id(name)})", here)
                value = self.dialect.cast(Sql(value, Type("raw")), want).text if want.decimal or node.type == "integer" else value
            columns.append(f"{value} AS f{node.id}")
            relation.columns[node.id] = Sql(f"f{node.id}", want)
            parts.append(f"coalesce(e.f{node.id}, FALSE) AS f{node.id}" if name == "exists" else f"e.f{node.id}")
        name = self.add("claims", f"SELECT person_id, {', '.join(columns)}\nFROM (\n{inner}\n) AS e GROUP BY person_id")
        joins.append(f"LEFT JOIN {name} AS e ON e.person_id = p.person_id")

    def _day(self, month: Month) -> str:
        return self.dialect.literal(month.first_day, DATE).text

    def _histories(self, stage: int, parts: list[str], joins: list[str], relation: Relation) -> None:
        """Functions of histories: one grouped relation a table, and one each for `successive`."""
        nodes = self.at(PERSON, stage, "rows")
        for table in HISTORIES:
            here = [node for node in nodes if node.data[1] == table]
            plain = [node for node in here if node.data[0] != "successive"]
            batches = ([plain] if plain else []) + [[node] for node in here if node.data[0] == "successive"]
            for number, batch in enumerate(batches):
                alias = f"{table}_{stage}_{number}"
                name = self.add(alias, self._grouped(batch, table, stage))
                for node in batch:
                    parts.append(self._joined(node, alias))
                    relation.columns[node.id] = Sql(self.column_name(node.id), type_of(node))
                joins.append(f"LEFT JOIN {name} ON {alias}.person_id = p.person_id")

    def _grouped(self, nodes: list[Node], table: str, stage: int) -> str:
        """The GROUP BY of a batch of functions of one table."""
        rows = Relation(table)
        needed = self._row_facts(nodes, table)
        parts = ["r.person_id", *(self._fact(node, rows, "r.") for node in needed)]
        source = f"{self.tables.source(table)} AS r"
        people = Expressions(self.graph, self.dialect, {})
        wheres: list[str] = []
        outer = self._outer(nodes)
        if outer:
            before = self.people[stage - 1]
            for id in outer:
                sql = before.columns[id]
                name = f"o{id}"
                parts.append(f"p.{sql.text} AS {name}")
                rows.columns[id] = Sql(name, sql.type)
            source += f" JOIN {before.name} AS p ON p.person_id = r.person_id"
            ends = [node.args[2] for node in nodes if node.args[2] >= 0 and self.graph[node.args[2]].nullable]
            guards = self.guards(nodes, ends)
            wheres += [f"({' OR '.join(f'p.{before.columns[id].text} IS NOT NULL' for id in guards)})"] if guards else []
            people = Expressions(self.graph, self.dialect, rows.columns)
        wheres += self._span(nodes, table)
        body = f"SELECT {', '.join(parts)}\nFROM {source}" + (f"\nWHERE {' AND '.join(wheres)}" if wheres else "")
        for node in (self.graph[id] for id in self.order):
            if node.op == "outer" and node.level == table and node.args[0] in rows.columns:
                rows.columns[node.id] = rows.columns[node.args[0]]
        aggregates = Aggregates(self.graph, self.dialect, Expressions(self.graph, self.dialect, rows.columns), people)
        if nodes[0].data[0] == "successive":
            return self._successive(nodes[0], body, aggregates)
        columns = [f"{aggregates.of(node).text} AS {self.column_name(node.id)}" for node in nodes]
        return f"SELECT person_id, TRUE AS found, {', '.join(columns)}\nFROM (\n{body}\n) AS r GROUP BY person_id"

    def guards(self, nodes: list[Node], ends: list[int]) -> list[int]:
        """The window ends that decide whether a person's rows matter at all; none where some function has no such end."""
        return list(dict.fromkeys(ends)) if len(ends) == len(nodes) else []

    def _successive(self, node: Node, body: str, aggregates: Aggregates) -> str:
        where, end = node.args[1], node.args[2]
        w = aggregates.rows.of(where).text if where >= 0 else "TRUE"
        limit = aggregates.people.of(end).text
        month = aggregates.rows.columns[aggregates.moment("contributions")].text
        gap = f"{self.dialect.month_index(limit)} - {self.dialect.month_index(month)}"
        inner = f"SELECT person_id, {w} AS kept, {gap} AS gap, row_number() OVER (PARTITION BY person_id, {w} ORDER BY {month} DESC) AS nth\nFROM (\n{body}\n) AS r"
        count = self.dialect.count("kept AND gap = nth")
        nullable = where >= 0 and self.graph[where].nullable
        value = f"CASE WHEN bool_or(kept IS NULL) THEN NULL ELSE {count} END" if nullable else count
        return f"SELECT person_id, TRUE AS found, {value} AS {self.column_name(node.id)}\nFROM (\n{inner}\n) AS r GROUP BY person_id"

    def _row_facts(self, nodes: list[Node], table: str) -> list[Node]:
        """The columns of a table that functions use, their moments and spells included."""
        found: dict[int, Node] = {}
        pending = [a for node in nodes for a in node.args[:2] if a >= 0]
        while pending:
            node = self.graph[pending.pop()]
            if node.op == "fact" and node.level == table:
                found[node.id] = node
            elif node.op != "outer":
                pending.extend(a for a in node.args if a >= 0)
        extra = [MOMENTS[table]] if any(node.data[0] in ("first", "last", "successive") for node in nodes) else []
        if any(node.data[0] == "duration" for node in nodes):
            extra += ["start_date", *(["end_date"] if self.tables.has_column(table, "end_date") else [])]
        for name in extra:
            type = "month" if name == "month" else "date"
            id = self.graph.fact(table, name, type, table, None, True)
            found[id] = self.graph[id]
        return list(found.values())

    def _outer(self, nodes: list[Node]) -> list[int]:
        """The person's values that rows look at."""
        found: dict[int, None] = {}
        pending = [a for node in nodes for a in node.args if a >= 0]
        while pending:
            node = self.graph[pending.pop()]
            if node.level == PERSON:
                found[node.id] = None
            else:
                pending.extend(a for a in node.args if a >= 0)
        return list(found)

    def _span(self, nodes: list[Node], table: str) -> list[str]:
        """A condition that leaves out rows which no function of the batch looks at."""
        windows = [window(self.graph, node.args[1] if node.args[1] >= 0 else None, table) for node in nodes]
        column = f"r.{self._id(MOMENTS[table])}"
        starts, ends = [s for s, _ in windows], [e for _, e in windows]
        conditions = []
        if starts and all(s is not None for s in starts):
            conditions.append(f"({column} >= {self._day(min(s for s in starts if s))} OR {column} IS NULL)")
        if ends and all(e is not None for e in ends):
            conditions.append(f"({column} < {self._day(max(e for e in ends if e))} OR {column} IS NULL)")
        return conditions


def _select(parts: list[str], source: str) -> str:
    columns = ",\n  ".join(parts)
    return f"SELECT *,\n  {columns}\nFROM {source}"

