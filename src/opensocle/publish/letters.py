"""A letter as a PDF: what is decided, on which facts, by which rule and article, and how to contest it. The caller brings the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..engine.views import View
from ..errors import EngineError, InputError
from .tables import quoted
from .words import DATA

DEPTH = 4
"""Levels of a reasoning that a letter tells; the rest is in the file."""


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, labelled facts and reasons; any of them may be empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    reasons: tuple[View, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter: `lines` stand below the sender (place, date, reference), `to` is the addressee, `foot` is set small at the end."""

    lang: str
    sender: str
    lines: tuple[str, ...]
    to: tuple[str, ...]
    subject: str
    sections: tuple[Section, ...]
    foot: str = ""


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF/UA-1, the same bytes for the same letter. Raises InputError U064 without typst, EngineError E062."""
    return compiled(letter, "pdf", pdf_standards=["ua-1"])


def letter_pages(letter: Letter, ppi: float = 80) -> list[bytes]:
    """The letter's pages as PNG."""
    found = compiled(letter, "png", ppi=ppi)
    return found if isinstance(found, list) else [found]


def compiled(letter: Letter, form: str, **more: Any) -> Any:
    """The letter in a form of Typst."""
    try:
        import typst
    except ImportError:
        raise InputError("U064", "a PDF needs typst", hint="pip install 'opensocle[report]'") from None
    given: dict[str, Any] = {"ignore_system_fonts": True, "format": form, **more}
    with TemporaryDirectory(prefix="letter-") as folder:
        root = Path(folder)
        (root / "letter.typ").write_bytes((DATA / "letter.typ").read_bytes())
        (root / "main.typ").write_text(letter_source(letter), encoding="utf-8")
        try:
            return typst.compile(str(root / "main.typ"), root=str(root), **given)
        except typst.TypstError as error:
            raise EngineError("E062", f"the letter could not be set: {error.message}") from error


def letter_source(letter: Letter) -> str:
    """The letter in Typst; every text is quoted, so that nothing in it is read as a command."""
    lines, to = (", ".join(quoted(text) for text in texts) + "," * bool(texts) for texts in (letter.lines, letter.to))
    head = (
        f"#show: letter.with(lang: {quoted(letter.lang)}, sender: {quoted(letter.sender)}, lines: ({lines}), to: ({to}), "
        f"subject: {quoted(letter.subject)})"
    )
    parts = ['#import "letter.typ": *', head]
    for section in letter.sections:
        parts += _section(section)
    if letter.foot:
        parts.append(f"#small({quoted(letter.foot)})")
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    if section.heading:
        yield f"#heading(level: 2, {quoted(section.heading)})"
    for text in section.paragraphs:
        yield f"#par({quoted(text)})"
    if section.facts:
        yield "#facts(" + ", ".join(f"({quoted(label)}, {quoted(value)})" for label, value in section.facts) + ")"
    for view in section.reasons:
        yield from _steps(view, 0)


def _steps(view: View, depth: int) -> Iterator[str]:
    told = "; ".join(part for part in (view.formula, *view.notes) if part)
    yield f"#step({depth}, {quoted(view.label)}, {quoted(view.value)}, {quoted(told)}, {quoted(view.source)})"
    if depth + 1 < DEPTH:
        for child in view.children:
            yield from _steps(child, depth + 1)
