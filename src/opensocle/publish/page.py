"""A report as one HTML page that asks nothing of the network and runs no script: figures are inline SVG."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from .content import Block, Bullets, Codes, Document, Facts, Figure, Heading, Text, Tiles
from .drawing import unique_ids
from .tables import as_html
from .words import DATA, Words

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(document: Document, drawings: Mapping[int, str]) -> str:
    """The whole page. drawings: the SVG of each figure, by the identity of its drawing."""
    say = Words(document.lang)
    style = (DATA / "report.css").read_text(encoding="utf-8")
    headings = [(at, block) for at, block in enumerate(document.blocks) if isinstance(block, Heading)]
    lines = "".join(f"<p>{escape(line)}</p>" for line in document.lines)
    body = "\n".join(_block(block, at, say, drawings) for at, block in enumerate(document.blocks))
    return (
        f'<!doctype html>\n<html lang="{document.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(document.title)}</title>\n'
        f"<style>\n{style}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#text">{escape(say("skip"))}</a>\n'
        f'<header>\n<h1>{escape(document.title)}</h1>\n<p class="subtitle">{escape(document.subtitle)}</p>\n{lines}</header>\n'
        f"{_contents(headings, say)}\n"
        f'<main id="text">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _contents(headings: list[tuple[int, Heading]], say: Words) -> str:
    """The contents: a list of parts, each with the list of what is in it."""
    found: list[str] = []
    inside = False
    for at, heading in headings:
        link = f'<a href="#part-{at}">{escape(heading.text)}</a>'
        if heading.level == 1:
            found.append(("</ul>" if inside else "") + ("</li>" if found else "") + f"<li>{link}")
            inside = False
        else:
            found.append(("" if inside else "<ul>") + f"<li>{link}</li>")
            inside = True
    end = ("</ul>" if inside else "") + ("</li>" if found else "")
    return f'<nav aria-label="{escape(say("contents"))}">\n<h2>{escape(say("contents"))}</h2>\n<ul>{"".join(found)}{end}</ul>\n</nav>'


def _block(block: Block, at: int, say: Words, drawings: Mapping[int, str]) -> str:
    if isinstance(block, Heading):
        level = block.level + 1
        return f'<h{level} id="part-{at}">{escape(block.text)}</h{level}>'
    if isinstance(block, Text):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in block.items)}</ul>"
    if isinstance(block, Facts):
        facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in block.items)
        return f"<dl>{facts}</dl>"
    if isinstance(block, Tiles):
        tiles = "".join(f"<li><strong>{escape(figure)}</strong> {escape(words)}</li>" for figure, words in block.items)
        return f'<ul class="tiles">{tiles}</ul>'
    if isinstance(block, Codes):
        codes = "".join(f"<div><dt>{escape(name)}</dt><dd><code>{escape(text)}</code></dd></div>" for name, text in block.items)
        return f'<dl class="codes">{codes}</dl>'
    if isinstance(block, Figure):
        return _figure(block, at, drawings)
    return f'<div class="table" role="region" tabindex="0" aria-label="{escape(block.caption)}">\n{as_html(block, say)}</div>'


def _figure(block: Figure, at: int, drawings: Mapping[int, str]) -> str:
    of = block.drawing
    svg = unique_ids(drawings[id(of)], f"f{at}-")
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(of.alt)}" ', 1)
    more = f'<span class="more">{escape(of.subtitle)}</span>' if of.subtitle else ""
    return f"<figure>\n<figcaption>{escape(of.title)}{more}</figcaption>\n{svg}\n</figure>"
