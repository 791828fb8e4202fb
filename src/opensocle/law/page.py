"""A page of headings, tables, formulas and paragraphs, written as plain text, Markdown or a complete HTML document."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Form = Literal["text", "html", "markdown"]
WIDTH = 100

STYLE = """body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.8rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2rem;border-bottom:1px solid #767676}h3{font-size:1.05rem;margin-bottom:.3rem}
table{border-collapse:collapse;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ccc}
pre{background:#f3f3f3;padding:.6rem;white-space:pre-wrap;overflow-wrap:anywhere}td.n{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}}"""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: without `headers`, its first column names the rows."""

    rows: Sequence[Sequence[str]]
    headers: Sequence[str] = ()


Block = Heading | Paragraph | Formula | Grid


def write(blocks: Sequence[Block], form: Form, lang: str) -> str:
    """The page in a form, ending with a line break."""
    if form == "html":
        return _html(blocks, lang)
    lines = [_text(block) if form == "text" else _markdown(block) for block in blocks]
    return "\n\n".join(line for line in lines if line) + "\n"


def _text(block: Block) -> str:
    if isinstance(block, Heading):
        if block.level > 2:
            return block.text
        return f"{block.text}\n{('=' if block.level == 1 else '-') * len(block.text)}"
    if isinstance(block, Paragraph):
        return textwrap.fill(block.text, WIDTH)
    if isinstance(block, Formula):
        return textwrap.indent(block.text, "    ")
    rows = [list(block.headers), *block.rows] if block.headers else block.rows
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    return "\n".join("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def _markdown(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_marked(block.text)}"
    if isinstance(block, Paragraph):
        return _marked(block.text)
    if isinstance(block, Formula):
        fence = "```" if "```" not in block.text else "````"
        return f"{fence}\n{block.text}\n{fence}"
    if not block.rows:
        return ""
    headers = block.headers or [""] * len(block.rows[0])
    lines = [headers, ["---"] * len(headers), *block.rows]
    return "\n".join("| " + " | ".join(cell if cell == "---" else _marked(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _marked(text: str) -> str:
    """Text whose signs Markdown does not take for its own."""
    for sign in "\\`*_[]<>#":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _html(blocks: Sequence[Block], lang: str) -> str:
    title = next((block.text for block in blocks if isinstance(block, Heading)), "")
    body = "\n".join(_html_block(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html_block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Formula):
        return f"<pre><code>{escape(block.text)}</code></pre>"
    head = "<thead><tr>" + "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.headers) + "</tr></thead>" if block.headers else ""
    rows = "".join(f"<tr>{_html_row(row, bool(block.headers))}</tr>\n" for row in block.rows)
    return f"<table>{head}<tbody>\n{rows}</tbody></table>"


def _html_row(row: Sequence[str], headed: bool) -> str:
    first = f"<td>{escape(row[0])}</td>" if headed else f'<th scope="row">{escape(row[0])}</th>'
    return first + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
