"""The order of the documentation's pages, for MkDocs: by room of the documentation, then by file name.

A page is shown as soon as its file exists. MkDocs calls `on_config` before it builds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECTIONS = {
    "tutorial": "Tutorial",
    "howto": "How to",
    "reference": "Reference",
    "methods": "Methods",
    "decisions": "Decisions",
}
LAST = {"glossary.md": "Glossary"}


def on_config(config: Any) -> Any:
    """The configuration with its `nav` filled in from the files of `docs_dir`."""
    config["nav"] = list(pages(Path(config["docs_dir"])))
    return config


def pages(docs: Path) -> Iterator[Any]:
    """Entries of `nav`: the front page, the sections in order, folders without a name here, single pages, and what comes last."""
    yield "index.md"
    folders = [folder.name for folder in sorted(docs.iterdir()) if folder.is_dir() and any(folder.rglob("*.md"))]
    for name in (*SECTIONS, *(folder for folder in folders if folder not in SECTIONS)):
        single = docs / f"{name}.md"
        files = [single] * single.exists() + sorted((docs / name).rglob("*.md"), key=lambda file: (file.name != "index.md", str(file)))
        if files:
            yield {SECTIONS.get(name, name.capitalize()): [str(file.relative_to(docs)) for file in files]}
    known = {"index.md", *LAST, *(f"{name}.md" for name in (*SECTIONS, *folders))}
    yield from (file.name for file in sorted(docs.glob("*.md")) if file.name not in known)
    yield from ({title: name} for name, title in LAST.items() if (docs / name).exists())
