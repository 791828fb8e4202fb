"""Tables as data, written as aligned text, Markdown, HTML or Typst. Values stay exact until they are written."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

from ..errors import InputError
from ..money import CONTEXT
from .words import NONE, Words

Kind = Literal["text", "year", "count", "number", "percent"]
Role = Literal["data", "total", "heading"]
Cell = str | Decimal | int | None
NUMBER = '<td class="n">'
FORMS = ("text", "markdown", "html", "typst")
CROWDED, NARROW_HEAD = 4, 13
"""Columns from which headings of figures are broken on paper, and the letters of a line of such a heading."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a cell is written: `number` with so many decimals after dividing by ten to the `exponent`; a text stays as it is."""

    kind: Kind = "text"
    digits: int = 0
    exponent: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and how its cells are written. `unit` stands under the heading."""

    heading: str
    shape: Shape = Shape()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row. A `heading` has one cell and names the rows below it. `shape` takes the place of the columns' for figures."""

    cells: tuple[Cell, ...]
    role: Role = "data"
    shape: Shape | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption, notes below and source. The first column names the rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    source: str = ""


def write(table: Table, form: str, lang: str) -> str:
    """The table in a form of FORMS. Raises InputError U068 for another form or a row that does not fit its columns."""
    if form not in FORMS:
        raise InputError("U068", f"a table cannot be written as {form!r}", hint=f"use {', '.join(FORMS)}")
    for at, row in enumerate(table.rows):
        if len(row.cells) != (1 if row.role == "heading" else len(table.columns)):
            raise InputError("U068", f"row {at + 1} has {len(row.cells)} cells for {len(table.columns)} columns", at=table.caption)
    return {"text": as_text, "markdown": as_markdown, "html": as_html, "typst": as_typst}[form](table, Words(lang))


def shown(cell: Cell, shape: Shape, say: Words) -> str:
    """A cell as its reader sees it; a dash where there is nothing."""
    if cell is None:
        return NONE
    if isinstance(cell, str):
        return cell
    if shape.kind == "year":
        return say.year(int(cell))
    if shape.kind == "percent":
        return say.percent(cell, shape.digits)
    return say.number(Decimal(cell).scaleb(-shape.exponent, CONTEXT), shape.digits)


def cells(table: Table, row: Row, say: Words) -> list[str]:
    """The row's cells as text."""
    if row.role == "heading":
        return [shown(row.cells[0], Shape(), say)]
    shapes = [column.shape if column.shape.kind == "text" or row.shape is None else row.shape for column in table.columns]
    return [shown(cell, shape, say) for cell, shape in zip(row.cells, shapes, strict=True)]


def right(column: Column) -> bool:
    """Whether the column is set to the right."""
    return column.shape.kind != "text"


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def as_text(table: Table, say: Words) -> str:
    """Aligned text: names to the left, figures to the right."""
    body = [(row.role, cells(table, row, say)) for row in table.rows]
    heads = [[column.heading for column in table.columns]]
    if any(column.unit for column in table.columns):
        heads.append([column.unit for column in table.columns])
    full = [*heads, *(texts for role, texts in body if role != "heading")]
    widths = [max(width(texts[at]) for texts in full) for at in range(len(table.columns))]

    def line(texts: Sequence[str]) -> str:
        parts = []
        for text, room, column in zip(texts, widths, table.columns, strict=True):
            gap = " " * (room - width(text))
            parts.append(gap + text if right(column) else text + gap)
        return "  ".join(parts).rstrip()

    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    found = [table.caption, "", *map(line, heads), rule]
    for role, texts in body:
        if role == "total":
            found.append(rule)
        found.append(texts[0] if role == "heading" else line(texts))
    return "\n".join([*found, *_below(table, say)]) + "\n"


def _below(table: Table, say: Words) -> list[str]:
    notes = [*table.notes, *([say("source", text=table.source)] if table.source else [])]
    return ["", *notes] if notes else []


def _piped(texts: Sequence[str]) -> str:
    safe = (text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ") for text in texts)
    return f"| {' | '.join(safe)} |"


def as_markdown(table: Table, say: Words) -> str:
    """A pipe table; totals and headings are bold."""
    heads = [f"{column.heading} ({column.unit})" if column.unit else column.heading for column in table.columns]
    found = [f"**{table.caption}**", "", _piped(heads), f"|{'|'.join('---:' if right(column) else '---' for column in table.columns)}|"]
    for row in table.rows:
        texts = cells(table, row, say)
        if row.role == "heading":
            texts = [texts[0], *[""] * (len(table.columns) - 1)]
        found.append(_piped([f"**{text}**" if text and row.role != "data" else text for text in texts]))
    below = _below(table, say)
    return "\n".join([*found, *(line for note in below for line in ([note, ""] if note else [note]))]).rstrip() + "\n"


def as_html(table: Table, say: Words) -> str:
    """An accessible table: caption, `scope` on every heading, notes in the foot."""
    heads = []
    for column in table.columns:
        unit = f' <span class="unit">{escape(column.unit)}</span>' if column.unit else ""
        kind = ' class="n"' if right(column) else ""
        heads.append(f'<th scope="col"{kind}>{escape(column.heading)}{unit}</th>')
    groups: list[list[str]] = [[]]
    for row in table.rows:
        texts = [escape(text) for text in cells(table, row, say)]
        if row.role == "heading":
            groups.append([f'<tr><th scope="rowgroup" colspan="{len(table.columns)}">{texts[0]}</th></tr>'])
            continue
        rest = [f"{NUMBER if right(c) else '<td>'}{t}</td>" for t, c in zip(texts[1:], table.columns[1:], strict=True)]
        kind = ' class="total"' if row.role == "total" else ""
        groups[-1].append(f'<tr{kind}><th scope="row">{texts[0]}</th>{"".join(rest)}</tr>')
    bodies = "\n".join(f"<tbody>\n{chr(10).join(group)}\n</tbody>" for group in groups if group)
    notes = [f"<p>{escape(note)}</p>" for note in _below(table, say) if note]
    foot = f'\n<tfoot><tr><td colspan="{len(table.columns)}">{"".join(notes)}</td></tr></tfoot>' if notes else ""
    return f"<table>\n<caption>{escape(table.caption)}</caption>\n<thead><tr>{''.join(heads)}</tr></thead>\n{bodies}{foot}\n</table>\n"


def quoted(text: str) -> str:
    """A text as a Typst string: nothing in it is read as markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ") + '"'


def _narrow(heading: str) -> list[str]:
    """A heading in lines that leave names their room."""
    return textwrap.wrap(heading, NARROW_HEAD, break_long_words=False, break_on_hyphens=False) or [""]


def as_typst(table: Table, say: Words) -> str:
    """A Typst figure with the table; names take the room that figures leave."""
    count = len(table.columns)
    texts = [column for column in table.columns if not right(column)]
    sizes = ["auto" if right(column) else "1fr" if len(texts) < 3 or at else "1.2fr" for at, column in enumerate(table.columns)]
    aligns = ["right" if right(column) else "left" for column in table.columns]
    heads = []
    for column in table.columns:
        unit = f" #linebreak()#unit({quoted(column.unit)})" if column.unit else ""
        lines = _narrow(column.heading) if count > CROWDED and right(column) else [column.heading]
        heads.append(f"[{' #linebreak() '.join(f'#{quoted(line)};' for line in lines)}{unit}]")
    lines = [f"table.header({', '.join(heads)}),"]
    for row in table.rows:
        shown_ = cells(table, row, say)
        if row.role == "heading":
            head = f"table.cell(colspan: {count}, inset: (top: 9pt, bottom: 4pt), strong({quoted(shown_[0])}))"
            lines.append(f"table.header(level: 2, repeat: false, {head}),")  # a header is not left alone at the foot of a page
        elif row.role == "total":
            lines.append("table.hline(stroke: 0.6pt + ink), " + " ".join(f"strong({quoted(text)})," for text in shown_))
        else:
            lines.append(" ".join(f"{quoted(text)}," for text in shown_))
    notes = "".join(f"#note({quoted(note)})" for note in _below(table, say) if note)
    body = "\n  ".join(lines)
    return (
        f"#figure(kind: table, caption: figure.caption(position: top, {quoted(table.caption)}), [#table(columns: ({', '.join(sizes)},), "
        f"align: ({', '.join(aligns)},),\n  {body}\n)\n{notes}])\n"
    )
