"""A chart with its words, and how it is saved: PNG, SVG, PDF, Vega-Lite or a page, without any network."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineError, InputError
from . import look

if TYPE_CHECKING:
    import altair

FORMS = ("png", "svg", "pdf", "json", "html")
PAGE = """<!doctype html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{margin:1rem;background:#fff}}</style></head>
<body><main><div id="chart" role="img" aria-label="{alt}"></div></main>
<script>{library}</script>
<script>vegaEmbed(document.getElementById("chart"), {spec}, {{actions: false, renderer: "svg"}});</script>
</body></html>
"""


@dataclass(frozen=True)
class Drawing:
    """A chart (without words around it), its title, a line below the title, a line of sources, and what it says to who cannot see it."""

    bare: Any
    lang: str
    title: str
    subtitle: str
    source: str
    alt: str
    width: int = 560

    @property
    def chart(self) -> Any:
        """The Altair chart with title, subtitle and line of sources."""
        import altair as alt

        foot: Any = alt.Chart(alt.InlineData([{"text": self.source}]))
        foot = foot.mark_text(align="left", baseline="top", color=look.SOFT, fontSize=10)
        foot = foot.encode(text="text:N", x=alt.value(0), y=alt.value(0)).properties(width=self.width, height=12)
        return alt.vconcat(self.bare, foot, spacing=8).properties(title=self._titles(), description=self.alt).configure(**look.config(self.lang))

    def _titles(self) -> altair.TitleParams:
        import altair as alt

        room = self.width + 40
        return alt.TitleParams(text=wrapped(self.title, room / 7.6), subtitle=wrapped(self.subtitle, room / 5.9), anchor="start", frame="bounds")

    def spec(self, framed: bool = True) -> dict[str, Any]:
        """The Vega-Lite specification; without frame: the chart alone, for a document that sets title and source itself."""
        chart = self.chart if framed else self.bare.properties(description=self.alt).configure(**look.config(self.lang))
        return chart.to_dict(validate=False)

    def svg(self, framed: bool = True) -> str:
        """The chart as SVG text."""
        return convert("svg", self.spec(framed), self.lang)


@contextmanager
def unchecked() -> Generator[None]:
    """Charts are made without Altair's check of each part against Vega-Lite's schema, which takes half their time: Vega checks the whole."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def save(drawing: Drawing, path: str | Path, scale: float = 2.0) -> Path:
    """Writes the chart as the ending of the path says: png, svg, pdf, json (Vega-Lite) or html (a page that needs no network).

    scale: pixels per point of a PNG. Raises InputError U063 for another ending.
    """
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    if form not in FORMS:
        raise InputError("U063", f"a chart cannot be saved as {path.suffix or 'a file without ending'}", at=str(path), hint=f"use {', '.join(FORMS)}")
    spec = drawing.spec()
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "json":
        path.write_text(json.dumps(spec, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif form == "html":
        path.write_text(_page(drawing, spec), encoding="utf-8")
    else:
        found = convert(form, spec, drawing.lang, scale)
        path.write_bytes(found if isinstance(found, bytes) else found.encode("utf-8"))
    return path


def _page(drawing: Drawing, spec: dict[str, Any]) -> str:
    library = _library().javascript_bundle()
    data = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
    return PAGE.format(
        lang=drawing.lang, title=escape(drawing.title), alt=escape(drawing.alt), library=library.replace("</script", "<\\/script"), spec=data
    )


def convert(form: str, spec: dict[str, Any], lang: str, scale: float = 1.0) -> Any:
    """A specification drawn as svg, png or pdf. Raises InputError U064 without the library, EngineError E060 where Vega refuses it."""
    vl = _library()
    locales = {"format_locale": look.number_locale(lang), "time_format_locale": look.time_locale(lang), "allowed_base_urls": []}
    try:
        if form == "svg":
            return vl.vegalite_to_svg(spec, **locales)
        if form == "png":
            return vl.vegalite_to_png(spec, scale=scale, **locales)
        return vl.vegalite_to_pdf(spec, **locales)
    except ValueError as error:
        raise EngineError("E060", f"the chart could not be drawn: {error}") from error


def _library() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise InputError("U064", "charts need vl-convert-python and altair", hint="pip install 'opensocle[report]'") from None
    return vl_convert


def unique_ids(svg: str, prefix: str) -> str:
    """The SVG with its ids under a prefix of their own, so that several can stand on one page."""
    names = set(re.findall(r'\bid="([^"]+)"', svg))
    for name in sorted(names, key=len, reverse=True):
        svg = svg.replace(f'id="{name}"', f'id="{prefix}{name}"').replace(f"url(#{name})", f"url(#{prefix}{name})")
        svg = svg.replace(f'href="#{name}"', f'href="#{prefix}{name}"')
    return svg


def wrapped(text: str, room: float) -> list[str]:
    """The text in lines of about so many letters."""
    import textwrap

    return textwrap.wrap(text, max(20, int(room)), break_long_words=False, break_on_hyphens=False) or [""]
