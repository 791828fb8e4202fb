"""A study of impact as a file: a PDF, a page, or a workbook, as the ending of its path says."""

from __future__ import annotations

from pathlib import Path

from ..analysis.impact.model import Impact
from ..errors import InputError
from .documents import draw
from .impact_content import impact_document
from .page import page
from .pdf import pdf

ENDINGS = (".pdf", ".html", ".xlsx")


def impact_report(made: Impact, path: str | Path, lang: str = "en", *, date: str = "") -> Path:
    """Writes the document on a study (.pdf, .html) or its workbook (.xlsx). date: a line of the cover, as it is given.

    Raises InputError U060 for a language, U069 for an ending that is not known.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError("U069", f"a study cannot be published as {path.suffix or path.name!r}", hint=f"end the name with {', '.join(ENDINGS)}")
    if ending == ".xlsx":
        from .impact_book import impact_workbook

        return impact_workbook(made, path, lang)
    content = impact_document(made, lang, date)
    drawings = draw(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    if ending == ".pdf":
        path.write_bytes(pdf(content, drawings))
    else:
        path.write_text(page(content, drawings), encoding="utf-8")
    return path
