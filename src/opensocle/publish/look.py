"""How charts look: colours that colour-blind readers tell apart, fonts, and the locale of numbers for Vega."""

from __future__ import annotations

from typing import Any

from .words import NARROW

INK, SOFT, RULE, PAPER = "#1f2933", "#52606d", "#d9dee4", "#ffffff"
ACCENT = "#1b4965"
LINES = ("#1b4965", "#cc6677", "#117733", "#aa4499", "#88731d", "#882255")
"""For lines and single bars: at least 3:1 against white."""

DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (4, 4), (1, 3))
STACK = ("#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77", "#cc6677", "#882255", "#aa4499", "#bbbbbb")
"""Paul Tol's muted scheme, for stacks; the last, grey, is for what is left. Slices are kept apart by white lines."""

GOOD, BAD, NEUTRAL, LOW, HIGH = "#44aa99", "#cc6677", "#1b4965", "#88ccee", "#cc6677"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
REST = STACK[-1]

AXIS = {
    "labelColor": SOFT,
    "titleColor": SOFT,
    "labelFontSize": 11,
    "titleFontSize": 11,
    "titleFontWeight": "normal",
    "gridColor": RULE,
    "domainColor": SOFT,
    "tickColor": RULE,
    "labelLimit": 260,
}


def number_locale(lang: str) -> dict[str, Any]:
    """Vega's (d3's) way of numbers in a language."""
    if lang == "fr":
        return {"decimal": ",", "thousands": NARROW, "grouping": [3], "currency": ["", ""], "percent": f"{NARROW}%", "minus": "\u2212"}
    return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""], "percent": "%", "minus": "\u2212"}


def time_locale(lang: str) -> dict[str, Any]:
    """Vega's (d3's) way of dates in a language, from the CLDR data that Babel brings."""
    from babel import Locale

    of = Locale.parse(lang)
    sunday_first = [6, 0, 1, 2, 3, 4, 5]

    def days(width: str) -> list[str]:
        return [of.days["stand-alone"][width][day] for day in sunday_first]

    def months(width: str) -> list[str]:
        return [of.months["stand-alone"][width][month] for month in range(1, 13)]

    french = lang == "fr"
    return {
        "dateTime": "%A %e %B %Y à %X" if french else "%A, %e %B %Y at %X",
        "date": "%d/%m/%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": days("wide"),
        "shortDays": days("abbreviated"),
        "months": months("wide"),
        "shortMonths": months("abbreviated"),
    }


def config(lang: str) -> dict[str, Any]:
    """The configuration that every chart has."""
    return {
        "background": PAPER,
        "font": FONT,
        "locale": {"number": number_locale(lang), "time": time_locale(lang)},
        "view": {"stroke": None},
        "axis": AXIS,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "legend": {
            "title": None,
            "orient": "top",
            "direction": "vertical",
            "labelColor": INK,
            "labelFontSize": 11,
            "labelLimit": 320,
            "symbolStrokeWidth": 2.5,
            "symbolSize": 110,
            "rowPadding": 4,
            "columnPadding": 18,
        },
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 15,
            "subtitleColor": SOFT,
            "subtitleFontSize": 11.5,
            "offset": 12,
            "subtitlePadding": 4,
        },
        "line": {"strokeWidth": 2.5},
    }
