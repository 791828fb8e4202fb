"""A report as a PDF, set by Typst with its own fonts: the same bytes on every machine, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import EngineError, InputError
from .content import Block, Bullets, Codes, Document, Facts, Figure, Heading, Text, Tiles
from .tables import as_typst, quoted, right
from .words import DATA, Words

FONT = "Libertinus Serif"
WHOLE, TEXTS = 30, 3
"""Rows of a table that is not broken between pages, and columns of text from which it is, as its rows are high."""
ROOM, SCALE = 470.0, 0.83
"""The width of the text in points, and the points of paper to one of a drawing."""


def pdf(document: Document, drawings: Mapping[int, str]) -> bytes:
    """The report as PDF. drawings: the SVG of each figure, by the identity of its drawing."""
    return _compile(document, drawings, format="pdf", pdf_standards=["ua-1"])


def pages(document: Document, drawings: Mapping[int, str], ppi: float = 80) -> list[bytes]:
    """The report's pages as PNG, for looking at it."""
    found = _compile(document, drawings, format="png", ppi=ppi)
    return found if isinstance(found, list) else [found]


def _compile(document: Document, drawings: Mapping[int, str], **given: Any) -> Any:
    try:
        import typst
    except ImportError:
        raise InputError("U064", "a PDF needs typst", hint="pip install 'opensocle[report]'") from None
    with TemporaryDirectory(prefix="report-") as folder:
        root = Path(folder)
        (root / "report.typ").write_bytes((DATA / "report.typ").read_bytes())
        (root / "main.typ").write_text(source(document, drawings, root), encoding="utf-8")
        try:
            return typst.compile(str(root / "main.typ"), root=str(root), ignore_system_fonts=True, **given)
        except typst.TypstError as error:
            raise EngineError("E062", f"the PDF could not be set: {error.message}") from error


def source(document: Document, drawings: Mapping[int, str], folder: Path) -> str:
    """The report in Typst; its figures are written into the folder."""
    say = Words(document.lang)
    lines = ", ".join(quoted(line) for line in document.lines)
    parts = [
        '#import "report.typ": *',
        f"#show: report.with(title: {quoted(document.title)}, lang: {quoted(document.lang)}, subtitle: {quoted(document.subtitle)}, "
        f"lines: ({lines},), contents: {quoted(say('contents'))}, figure-word: {quoted(say('figure'))}, table-word: {quoted(say('table'))})",
    ]
    count = 0
    for block in document.blocks:
        if isinstance(block, Figure):
            count += 1
            svg = drawings[id(block.drawing)].replace("Liberation Sans, Arial, Helvetica, sans-serif", FONT)
            (folder / f"figure-{count}.svg").write_text(svg, encoding="utf-8")
            of = block.drawing
            words = ", ".join(quoted(text) for text in (f"figure-{count}.svg", of.alt, of.title, of.subtitle))
            parts.append(f"#drawing({words}, {_width(svg)}pt)")
        else:
            parts.append(_block(block, say))
    return "\n\n".join(parts) + "\n"


def _width(svg: str) -> float:
    """The width of a figure on paper, in points: letters of all figures have about the same size."""
    found = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    return round(min(ROOM, float(found[1]) * SCALE), 1) if found else ROOM


def _pairs(items: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"({quoted(first)}, {quoted(second)})" for first, second in items)


def _block(block: Block, say: Words) -> str:
    if isinstance(block, Heading):
        fresh = "#pagebreak(weak: true)\n" if block.fresh else ""
        return f"{fresh}#heading(level: {block.level}, {quoted(block.text)})"
    if isinstance(block, Text):
        return f"#par({quoted(block.text)})"
    if isinstance(block, Bullets):
        return f"#list({', '.join(f'[#{quoted(item)}]' for item in block.items)})"
    if isinstance(block, Facts):
        return f"#facts({_pairs(block.items)})"
    if isinstance(block, Tiles):
        return f"#tiles({_pairs(block.items)})"
    if isinstance(block, Codes):
        return f"#codes({_pairs(block.items)})"
    if isinstance(block, Figure):
        raise TypeError("figures are written by `source`")
    table = as_typst(block, say)
    whole = len(block.rows) <= WHOLE and sum(not right(column) for column in block.columns) < TEXTS
    return f"#block(breakable: false, width: 100%)[\n{table}]" if whole else table
