"""Functions of rows as aggregates: one GROUP BY for all that look at the same table."""

from __future__ import annotations

from ...law.rows import MOMENTS
from ...periods import Month
from ..plan import Graph, Node
from ..ranges import Range, of_number
from .dialect import Dialect
from .expressions import Expressions
from .types import BOOLEAN, DATE, INTEGER, Sql, Type, type_of

NOTHING = {"count": "0", "sum": "0", "any": "FALSE", "duration": "0", "successive": "0"}
"""What a function gives where there is no row; the others are unknown then."""


class Aggregates:
    """Writes functions of rows over the columns of one relation of rows (or of members)."""

    def __init__(self, graph: Graph, dialect: Dialect, rows: Expressions, people: Expressions) -> None:
        self.graph, self.dialect, self.rows, self.people = graph, dialect, rows, people

    def of(self, node: Node) -> Sql:
        """The aggregate of a node, in its type."""
        function, table, best = node.data
        value, where = (None if a < 0 else a for a in node.args[:2])
        v = self.rows.of(value) if value is not None else None
        w = self.rows.of(where).text if where is not None else ""
        want = type_of(node)
        if function == "any":
            return Sql(self.any(w, where), BOOLEAN)
        result = self.plain(node, function, table, best, v, w, want)
        unknown = self.unknown(None if function in ("first", "last") else value, where, v, w)
        return Sql(f"CASE WHEN {unknown} THEN NULL ELSE {result} END", want) if unknown else Sql(result, want)

    def any(self, w: str, where: int | None) -> str:
        if not w:
            return "(count(*) > 0)"
        if not self.nullable(where):
            return f"bool_or({w})"
        return f"CASE WHEN bool_or({w}) THEN TRUE WHEN bool_or({w} IS NULL) THEN NULL ELSE FALSE END"

    def nullable(self, id: int | None) -> bool:
        return id is not None and self.graph[id].nullable

    def unknown(self, value: int | None, where: int | None, v: Sql | None, w: str) -> str:
        """Whether a condition, or a value that counts, is unknown in some row."""
        tests = []
        if self.nullable(where):
            tests.append(f"{w} IS NULL")
        if value is not None and v is not None and self.nullable(value):
            tests.append(f"({w} AND {v.text} IS NULL)" if w else f"{v.text} IS NULL")
        return f"bool_or({' OR '.join(tests)})" if tests else ""

    def plain(self, node: Node, function: str, table: str, best: int | None, v: Sql | None, w: str, want: Type) -> str:
        dialect = self.dialect
        if function == "count":
            return dialect.count(w)
        if function == "duration":
            return self.duration(node, w)
        assert v is not None
        if function in ("first", "last"):
            moment = self.rows.columns[self.moment(table)].text
            return dialect.pick(v.text, moment, w, function == "last", table == "contributions")
        if function in ("min", "max"):
            return dialect.filtered(f"{function}({v.text})", w)
        if best is not None:
            total, count = dialect.best(v.text, w, best)
        else:
            total, count = dialect.filtered(f"sum({v.text})", w), dialect.filtered("count(*)", w)
        if function == "sum":
            return self.dialect.cast(Sql(f"coalesce({total}, 0)", Type("sum")), want).text
        return self.average(node, total, count, v)

    def average(self, node: Node, total: str, count: str, v: Sql) -> str:
        value = self.graph[node.args[0]].range
        assert value is not None
        most = of_number(2_000)
        size = Range(min(value.low, 0 * value.low) * most.high, max(value.high, 0 * value.high) * most.high, value.decimals)
        type = Type("DECIMAL", min(size.digits + value.decimals, 38), value.decimals)
        a = self.dialect.cast(Sql(total, Type("sum")), type)
        b = self.dialect.cast(Sql(count, Type("count")), INTEGER)
        return self.dialect.divide(a, b, (size, Range(most.low * 0, most.high)), type_of(node)).text

    def moment(self, table: str) -> int:
        """The column that places a row in time."""
        name = MOMENTS[table]
        return next(id for id in self.rows.columns if self.graph[id].op == "fact" and self.graph[id].data[:2] == (table, name))

    def duration(self, node: Node, w: str) -> str:
        """Completed months of the spells in the window; unknown where a start, or an end of the window, is."""
        _, _, end, start = node.args
        limit = self.people.of(end).text
        begun, ended = (self.column(node.data[1], name) for name in ("start_date", "end_date"))
        last = f"least(coalesce({ended}, {limit}), {limit})" if ended else limit
        floor = self.people.of(start).text if start >= 0 else ""
        first = f"greatest({begun}, {floor})" if floor else begun
        months = self.dialect.months_between(Sql(first, DATE), Sql(last, DATE), None, False).text
        total = self.dialect.filtered(f"sum(greatest({months}, 0))", w)
        result = self.dialect.cast(Sql(f"coalesce({total}, 0)", Type("sum")), type_of(node)).text
        needed = [begun, *([limit] if self.nullable(end) else []), *([floor] if start >= 0 and self.nullable(start) else [])]
        unknown = " OR ".join(f"{part} IS NULL" for part in needed)
        return f"CASE WHEN bool_or({f'{w} AND ({unknown})' if w else unknown}) THEN NULL ELSE {result} END"

    def column(self, table: str, name: str) -> str:
        for id, sql in self.rows.columns.items():
            node = self.graph[id]
            if node.op == "fact" and node.data[:2] == (table, name):
                return sql.text
        return ""


def window(graph: Graph, where: int | None, table: str) -> tuple[Month | None, Month | None]:
    """The constant window that a condition of rows implies: rows outside it can be left out at once."""
    start: Month | None = None
    end: Month | None = None
    if where is None:
        return start, end
    node = graph[where]
    for part in node.args if node.op == "and" else (where,):
        test = graph[part]
        if test.op not in ("lt", "ge") or not graph[test.args[1]].constant or not _is_moment(graph, test.args[0], table):
            continue
        limit = graph[test.args[1]].data
        if isinstance(limit, Month):
            start, end = (start, limit) if test.op == "lt" else (limit, end)
    return start, end


def _is_moment(graph: Graph, id: int, table: str) -> bool:
    node = graph[id]
    if node.op == "month_of":
        node = graph[node.args[0]]
    return node.op == "fact" and node.data[:2] == (table, MOMENTS[table])
