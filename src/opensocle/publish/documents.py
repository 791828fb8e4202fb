"""The bilingual report on a costing: a PDF and a page, from the same blocks and the same drawings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..analysis.impact.model import Impact
from ..analysis.model import Costing
from ..errors import InputError
from .checking import checked
from .content import Block, Document, Figure, document
from .drawing import convert, unchecked
from .page import page
from .pdf import pdf

FORMATS = ("pdf", "html")


def report(
    costing: Costing,
    folder: str | Path,
    lang: str = "en",
    formats: Sequence[str] = FORMATS,
    *,
    scenario: str | None = None,
    date: str = "",
    impact: Impact | None = None,
) -> tuple[Path, ...]:
    """Writes `report-<lang>.pdf` and `.html` into the folder and gives their paths.

    scenario: the one that messages and scheme pages speak of, the one that costs most where none is named. date: a line of the cover, as it is given.
    impact: a study, for the chapter on whom social protection helps.
    Raises Problems where the costing contradicts itself, InputError U069 for a format that is not known.
    """
    wrong = [form for form in formats if form not in FORMATS]
    if wrong:
        raise InputError("U069", f"a report cannot be written as {wrong[0]!r}", hint=f"use {' or '.join(FORMATS)}")
    with unchecked():
        content = document(checked(costing), lang, scenario, date, _chapter(impact, lang))
        drawings = draw(content)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form in formats:
        path = folder / f"report-{lang}.{form}"
        if form == "pdf":
            path.write_bytes(pdf(content, drawings))
        else:
            path.write_text(page(content, drawings), encoding="utf-8")
        written.append(path)
    return tuple(written)


def _chapter(impact: Impact | None, lang: str) -> tuple[Block, ...]:
    if impact is None:
        return ()
    from .impact_content import chapter

    return chapter(impact, lang)


def draw(content: Document) -> dict[int, str]:
    """Every figure of the report as SVG, by the identity of its drawing; each is drawn once, several at a time."""
    found = [block.drawing for block in content.blocks if isinstance(block, Figure)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        made = [pool.submit(convert, "svg", drawing.spec(framed=False), drawing.lang) for drawing in found]
        return {id(drawing): svg.result() for drawing, svg in zip(found, made, strict=True)}
