"""Claims and histories in a query: grouped by person before they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...law.rows import MOMENTS
from ...periods import Month
from ...vocabulary.model import HISTORIES
from ..plan import PERSON, Graph, Node
from .columns import Relation
from .expressions import Expressions
from .groups import Aggregates, window
from .types import BOOLEAN, DATE, VARCHAR, Sql, Type, type_of

if TYPE_CHECKING:
    from .query import Query


def claims_of(graph: Graph, id: int) -> set[object]:
    """The claims whose dates a value is made of, and nothing else but constants; empty otherwise."""
    found: set[object] = set()
    seen: set[int] = set()
    pending = [id]
    while pending:
        node = graph[pending.pop()]
        pending += [a for a in node.args if a >= 0 and a not in seen]
        seen.update(node.args)
        if node.op == "fact":
            if node.data[:2] != ("event", "event_date"):
                return set()
            found.add(node.data[2])
    return found


def without_claim(graph: Graph, targets: Sequence[int], claim: object) -> set[int]:
    """The nodes whose value can be seen of a person who does not claim: all but those behind `if(claimed, …)` and `claimed and …`."""
    exists = ("event", "exists", claim)
    seen: set[int] = set()
    pending = list(targets)
    while pending:
        node = graph[pending.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        tested = node.args if node.op == "and" else node.args[:1] if node.op == "if" else ()
        claimed = [a for a in tested if graph[a].op == "fact" and graph[a].data == exists]
        hidden = () if not claimed else node.args[1:2] if node.op == "if" else node.args
        pending += [a for a in node.args if a >= 0 and a not in hidden]
    return seen


class HistoryRelations:
    """The part of a query that reads claims and histories."""

    def claims(self: Query, parts: list[str], joins: list[str], relation: Relation) -> None:
        """One row a person with the facts of the claims of the months asked, the earliest of each contingency and month."""
        facts = [node for node in self.at(PERSON, 0, "fact") if node.data[0] == "event"]
        if not facts:
            return
        wanted = sorted({node.data[2] for node in facts}, key=str)
        months = [month for _, month in wanted if month is not None]
        month = self.dialect.month_of("event_date")
        span = self._dated(min(months), max(months)) if months else "TRUE"
        kinds = ", ".join(sorted({self.dialect.literal(contingency, VARCHAR).text for contingency, _ in wanted}))
        inner = (
            f"SELECT *, row_number() OVER (PARTITION BY person_id, contingency, {month} ORDER BY event_date) AS nth\n"
            f"FROM {self.tables.source('events')} AS e WHERE {span} AND contingency IN ({kinds})"
        )
        columns = []
        for node in facts:
            _, name, (contingency, when) = node.data
            here = f"nth = 1 AND contingency = {self.dialect.literal(contingency, VARCHAR).text}"
            here += f" AND {self._dated(when, when)}" if when else ""
            want = type_of(node)
            if name == "exists":
                value = f"({self.dialect.filtered('count(*)', here)} > 0)"
            else:
                aggregate = "bool_or" if want == BOOLEAN else "max"
                value = self.dialect.filtered(f"{aggregate}({self.id(name)})", here)
                value = self.dialect.cast(Sql(value, Type("raw")), want).text if want.decimal or node.type == "integer" else value
            columns.append(f"{value} AS f{node.id}")
            relation.columns[node.id] = Sql(f"f{node.id}", want)
            parts.append(f"coalesce(e.f{node.id}, FALSE) AS f{node.id}" if name == "exists" else f"e.f{node.id}")
        name = self.add("claims", f"SELECT person_id, {', '.join(columns)}\nFROM (\n{inner}\n) AS e GROUP BY person_id")
        joins.append(f"LEFT JOIN {name} AS e ON e.person_id = p.person_id")

    def _dated(self: Query, first: Month, last: Month) -> str:
        """That an event is of one of these months."""
        return f"event_date >= {self._day(first)} AND event_date < {self._day(last.plus(1))}"

    def _day(self: Query, month: Month) -> str:
        return self.dialect.literal(month.first_day, DATE).text

    def histories(self: Query, stage: int, parts: list[str], joins: list[str], relation: Relation) -> None:
        """Functions of histories: one grouped relation a table, and one each for `successive`."""
        nodes = self.at(PERSON, stage, "rows")
        for table in HISTORIES:
            here = [node for node in nodes if node.data[1] == table]
            plain = [node for node in here if node.data[0] != "successive"]
            batches = ([plain] if plain else []) + [[node] for node in here if node.data[0] == "successive"]
            for number, batch in enumerate(batches):
                alias = f"{table}_{stage}_{number}"
                name = self.add(alias, self._grouped(batch, table, stage, alias))
                for node in batch:
                    parts.append(self.joined(node, alias))
                    relation.columns[node.id] = Sql(self.column_name(node.id), type_of(node))
                joins.append(f"LEFT JOIN {name} ON {alias}.person_id = p.person_id")

    def _grouped(self: Query, nodes: list[Node], table: str, stage: int, alias: str) -> str:
        """The GROUP BY of a batch of functions of one table; what they share of a row is computed once, before."""
        rows = Relation(table)
        needed = self._row_facts(nodes, table)
        parts = ["r.person_id", *(self.fact(node, rows, "r.") for node in needed)]
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
        source = f"(\n{body}\n)"
        if shared := self._shared(nodes, table, rows):
            rows.name = self.add(f"{alias}_rows", body)
            self.layer(rows, shared, f"{alias}_rows")
            source = rows.name
        aggregates = Aggregates(self.graph, self.dialect, Expressions(self.graph, self.dialect, rows.columns), people)
        if nodes[0].data[0] == "successive":
            return self._successive(nodes[0], source, aggregates)
        columns = [f"{aggregates.of(node).text} AS {self.column_name(node.id)}" for node in nodes]
        return f"SELECT person_id, TRUE AS found, {', '.join(columns)}\nFROM {source} AS r GROUP BY person_id"

    def _shared(self: Query, nodes: list[Node], table: str, rows: Relation) -> list[int]:
        """The values of a row that deserve a column."""
        found: dict[int, None] = {}
        pending = [a for node in nodes for a in node.args[:2] if a >= 0]
        while pending:
            node = self.graph[pending.pop()]
            if node.level == table and node.id not in rows.columns and node.id not in found:
                if node.id in self.columns:
                    found[node.id] = None
                pending.extend(a for a in node.args if a >= 0)
        return sorted(found)

    def guards(self: Query, nodes: list[Node], ends: list[int]) -> list[int]:
        """The window ends that decide whether a person's rows matter at all: dates of a claim, where only claimants' results are looked at.

        None where some function has no such end: without it the result is unknown if there are rows.
        """
        for node in nodes:
            claims = claims_of(self.graph, node.args[2])
            if len(ends) != len(nodes) or len(claims) != 1 or node.id in without_claim(self.graph, self.targets, *claims):
                return []
        return list(dict.fromkeys(ends))

    def _successive(self: Query, node: Node, source: str, aggregates: Aggregates) -> str:
        where, end = node.args[1], node.args[2]
        w = aggregates.rows.of(where).text if where >= 0 else "TRUE"
        limit = aggregates.people.of(end).text
        month = aggregates.rows.columns[aggregates.moment("contributions")].text
        gap = f"{self.dialect.month_index(limit)} - {self.dialect.month_index(month)}"
        rank = f"row_number() OVER (PARTITION BY person_id, {w} ORDER BY {month} DESC) AS nth"
        inner = f"SELECT person_id, {w} AS kept, {gap} AS gap, {rank}\nFROM {source} AS r"
        count = self.dialect.count("kept AND gap = nth")
        nullable = where >= 0 and self.graph[where].nullable
        value = f"CASE WHEN bool_or(kept IS NULL) THEN NULL ELSE {count} END" if nullable else count
        return f"SELECT person_id, TRUE AS found, {value} AS {self.column_name(node.id)}\nFROM (\n{inner}\n) AS r GROUP BY person_id"

    def _row_facts(self: Query, nodes: list[Node], table: str) -> list[Node]:
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

    def _outer(self: Query, nodes: list[Node]) -> list[int]:
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

    def _span(self: Query, nodes: list[Node], table: str) -> list[str]:
        """A condition that leaves out rows which no function of the batch looks at."""
        windows = [window(self.graph, node.args[1] if node.args[1] >= 0 else None, table) for node in nodes]
        column = f"r.{self.id(MOMENTS[table])}"
        starts, ends = [s for s, _ in windows], [e for _, e in windows]
        conditions = []
        if starts and all(s is not None for s in starts):
            conditions.append(f"({column} >= {self._day(min(s for s in starts if s))} OR {column} IS NULL)")
        if ends and all(e is not None for e in ends):
            conditions.append(f"({column} < {self._day(max(e for e in ends if e))} OR {column} IS NULL)")
        return conditions
