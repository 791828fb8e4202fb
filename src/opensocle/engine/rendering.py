"""Explanations for readers: plain text in 100 columns, and a complete HTML page that prints and needs nothing from elsewhere."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from .. import __version__
from .reasons import Verdict
from .views import View, Viewer
from .wording import Words

if TYPE_CHECKING:
    from .explaining import Explanation

WIDTH, COLUMN, INLINE = 100, 62, 48
"""Columns of the text, of the values, and the longest source that is not put at the foot."""

STYLE = """:root{color-scheme:light}
body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:56rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.15rem;margin:1.75rem 0 .5rem;border-bottom:1px solid #767676}
.verdict{font-size:1.15rem;font-weight:600;border-left:.4rem solid #767676;padding:.4rem .8rem;background:#f3f3f3}
.entitled,.due{border-color:#00703c}.not_entitled{border-color:#b10e1e}.undecided{border-color:#8a4b00}
ul.tree,ul.tree ul{list-style:none;margin:0;padding-left:1.1rem;border-left:1px solid #b1b4b6}ul.tree{padding-left:0;border:0}
li{margin:.2rem 0}summary{cursor:pointer;padding:.1rem .25rem}summary:focus-visible{outline:3px solid #1d70b8;outline-offset:2px}
.leaf{padding:.1rem .25rem}b{font-variant-numeric:tabular-nums}code{font-size:.92em;overflow-wrap:anywhere}
.note,.source{color:#3d4144;font-size:.9rem;margin:.1rem 0 .1rem .25rem;overflow-wrap:anywhere}
footer{margin-top:2rem;border-top:1px solid #767676;padding-top:.5rem;font-size:.9rem;color:#3d4144}
@media print{body{margin:0;max-width:none;font-size:10pt}
details::details-content{content-visibility:visible;height:auto}li{break-inside:avoid-page}}"""


class _Pages:
    """What both forms say: the headline, the sections, the foot."""

    def __init__(self, explanation: Explanation, lang: str) -> None:
        self.it = explanation
        self.words = Words(lang, explanation.law.country.currency.digits)
        self.viewer = Viewer(self.words, explanation.name.partition(".")[0], explanation.subject)

    @property
    def title(self) -> str:
        it = self.it
        return self.viewer.named(it.title, it.name) if it.verdict is None else self.words.title(it.title, it.name)

    @property
    def whose(self) -> str:
        return f"({self.words.month(self.it.month)}), {self.words.subject(self.it.subject)}"

    @property
    def answer(self) -> str:
        """`entitled — 30.00 XMU a month`, or the value of the variable."""
        it, words = self.it, self.words
        if it.verdict is None:
            step = it.steps[0]
            return words.value(step.value, step.unit, step.code)
        parts = [words(it.verdict.outcome)]
        if it.verdict.outcome in ("entitled", "due"):
            parts.append(self.amounts(it.verdict))
        elif it.verdict.state != "computed":
            parts.append(words(it.verdict.state))
        return " — ".join(part for part in parts if part)

    def amounts(self, verdict: Verdict) -> str:
        words = self.words
        found = []
        for amount in verdict.amounts:
            if amount.name == "duration" or (verdict.outcome == "due" and amount.value == 0):
                continue
            text = words.paid(amount.value, amount.unit, verdict.paid)
            found.append(text if amount.name == "benefit" else f"{words.title(amount.title, words(amount.name))}{words('colon')}{text}")
        return "; ".join(found)

    @property
    def foot(self) -> str:
        law = self.it.law
        return self.words("foot", self.words.title(law.country.title), law.hash[:12], self.words.month(self.it.month), __version__)

    def failing(self) -> list[tuple[str, str]]:
        """The conditions not met, each with its source."""
        return [(self.viewer.failing(failing), failing.source) for failing in (self.it.verdict.failing if self.it.verdict else ())]

    def lists(self) -> list[tuple[str, list[str]]]:
        """The sections on what is not known."""
        missing = [self.viewer.missing(missing) for missing in self.it.missing]
        obstacles = [self.viewer.obstacle(obstacle) for obstacle in self.it.obstacles]
        return [(self.words(key), lines) for key, lines in (("missing", missing), ("obstacles", obstacles)) if lines]


# --- text


def as_text(explanation: Explanation, lang: str = "en") -> str:
    """The explanation as a tree of lines. Raises InputError P042 for another language than en and fr."""
    pages = _Pages(explanation, lang)
    words, notes = pages.words, _Sources()
    lines = _wrapped(f"{pages.title}{words('colon')}{pages.answer} {pages.whose}", "", "  ")
    failing = pages.failing()
    if failing:
        lines.append(f"  {words('first_failing')}")
        for position, (text, source) in enumerate(failing):
            because = f"{words('because')} " if position else ""
            lines += _wrapped(f"{because}{text}{notes.inline(source)}", "    ", "      ")
    for title, items in pages.lists():
        lines.append(f"  {title}")
        for item in items:
            lines += _wrapped(f"- {item}", "    ", "      ")
    lines.append(f"  {words('why')}")
    for step in explanation.steps:
        lines += _tree(pages.viewer.view(step), "    ", "    ", words, notes)
    if notes.found:
        lines.append(f"  {words('sources')}")
        for number, source in enumerate(notes.found, 1):
            lines += _wrapped(f"[{number}] {source}", "    ", "        ")
    return "\n".join([*lines, pages.foot]) + "\n"


class _Sources:
    """Long sources are told once, at the foot."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}

    def inline(self, source: str, gap: str = "   ") -> str:
        if not source:
            return ""
        if len(source) <= INLINE:
            return f"{gap}{source}"
        return f"{gap}[{self.found.setdefault(source, len(self.found) + 1)}]"


def _tree(view: View, first: str, rest: str, words: Words, notes: _Sources) -> Iterator[str]:
    """A view and those below it. first, rest: what stands before its own line, and before the lines below."""
    inner = rest + ("│  " if view.children else "   ")
    head, tail = _head(view, first, inner, words, notes)
    yield from head
    if view.formula:
        yield from _wrapped(view.formula, inner, inner + "   ")
    if tail:
        yield from _wrapped(tail, inner, inner)
    for position, child in enumerate(view.children):
        last = position == len(view.children) - 1
        yield from _tree(child, rest + ("└ " if last else "├ "), rest + ("   " if last else "│  "), words, notes)


def _head(view: View, first: str, inner: str, words: Words, notes: _Sources) -> tuple[list[str], str]:
    """Label and value, with source and notes on the same line where they fit; else these are left for later."""
    tail = "; ".join(part for part in (notes.inline(view.source, ""), *view.notes) if part)
    label = first + view.label
    long = len(label) > COLUMN
    gap = f"{' ' * (COLUMN - len(label))}  " if view.columns and not long else words("colon")
    line = f"{label}{gap}{view.value}" if view.value else label
    lines = [line] if len(line) <= WIDTH else _wrapped(line[len(first) :], first, inner + "   ")
    if tail and len(lines[-1]) + 3 + len(tail) <= WIDTH and (len(lines) > 1 or not view.columns or not long):
        lines[-1] += f"   {tail}"
        tail = ""
    return lines, tail


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)


# --- views


def as_views(explanation: Explanation, lang: str = "en") -> tuple[View, ...]:
    """The steps of the explanation as trees of words, for a letter or a page of one's own. Raises InputError P042."""
    pages = _Pages(explanation, lang)
    return tuple(pages.viewer.view(step) for step in explanation.steps)


def first_failing(explanation: Explanation, lang: str = "en") -> tuple[tuple[str, str], ...]:
    """The conditions not met in words, the first one first, each with its source."""
    return tuple(_Pages(explanation, lang).failing())


# --- pages


def as_html(explanation: Explanation, lang: str = "en") -> str:
    """The explanation as a page. Raises InputError P042 for another language than en and fr."""
    pages = _Pages(explanation, lang)
    words = pages.words
    outcome = explanation.verdict.outcome if explanation.verdict else "value"
    title = f"{pages.title} {pages.whose}"
    body = [f"<h1>{escape(title)}</h1>", f'<p class="verdict {outcome}">{escape(_capital(pages.answer))}</p>']
    failing = pages.failing()
    if failing:
        items = (f"{escape(text)}{_source(source)}" for text, source in failing)
        body += [f"<h2>{escape(words('first_failing'))}</h2>", _list(items)]
    for heading, lines in pages.lists():
        body += [f"<h2>{escape(heading)}</h2>", _list(escape(line) for line in lines)]
    body.append(f"<h2>{escape(words('why'))}</h2>")
    views = [pages.viewer.view(step) for step in explanation.steps]
    body.append(f'<ul class="tree">{_branches(views, words)}</ul>')
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + f"\n</main>\n<footer>{escape(pages.foot)}</footer>\n</body>\n</html>\n"
    )


def _list(items: Iterator[str]) -> str:
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _branches(views: Sequence[View], words: Words) -> str:
    return "\n".join(f"<li>{_branch(view, words)}</li>" for view in views)


def _branch(view: View, words: Words) -> str:
    value = f"{escape(words('colon'))}<b>{escape(view.value)}</b>" if view.value else ""
    head = f"{escape(view.label)}{value}"
    told = "; ".join(view.notes)
    about = (f'<p class="note">{escape(told)}</p>' if told else "") + _source(view.source)
    formula = f'<p class="note"><code>{escape(view.formula)}</code></p>' if view.formula else ""
    if not view.children:
        return f'<div class="leaf">{head}{formula}{about}</div>'
    return f"<details open><summary>{head}</summary>{formula}{about}<ul>{_branches(view.children, words)}</ul></details>"


def _source(source: str) -> str:
    return f'<p class="source">{escape(source)}</p>' if source else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
