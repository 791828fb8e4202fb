"""Tables of plain text: names to the left, numbers to the right, thousands apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ..law.wording import figure
from ..money import CONTEXT

Cells = Sequence[str]


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(headers: Cells, rows: Sequence[Cells | str], numbers: Sequence[int], indent: str = "  ") -> str:
    """The rows under their headers; `numbers`: the columns set to the right. A row that is a text is a heading of its own."""
    cells = [headers, *(row for row in rows if not isinstance(row, str))]
    widths = [max(width(row[at]) for row in cells) for at in range(len(headers))]

    def line(row: Cells) -> str:
        parts = []
        for at, (cell, room) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (room - width(cell))
            parts.append(gap + cell if at in numbers else cell + gap)
        return (indent + "  ".join(parts)).rstrip()

    return "\n".join([line(headers), *(row if isinstance(row, str) else line(row) for row in rows)])


def rounded(number: Decimal, digits: int) -> Decimal:
    """The number with so many decimals, for showing."""
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, CONTEXT)


def money(amount: Decimal | None, digits: int, lang: str) -> str:
    """`59,430.00`, in French `59 430,00`; a dash where there is none."""
    if amount is None:
        return "–"
    text = figure(rounded(amount, digits), lang)
    mark = "," if lang == "fr" else "."
    whole, _, decimals = text.partition(mark)
    return f"{whole}{mark}{decimals.ljust(digits, '0')}" if digits else whole


def count(number: Decimal | int | None, lang: str) -> str:
    """A whole number of persons or households; weighted ones are rounded."""
    return "–" if number is None else figure(rounded(Decimal(number), 0), lang)


def share(part: Decimal | int, of: Decimal | int, lang: str) -> str:
    """`1.7 %`."""
    if not of:
        return "–"
    return figure(rounded(Decimal(part) * 100 / Decimal(of), 1), lang) + " %"
