"""Where a character of a text stands in its file, however YAML has it written: plain, quoted, folded or as a block."""

from __future__ import annotations

from .model import Place, Spot

_SPACE = " \t\r\n"
_ESCAPES = {"x": 4, "u": 6, "U": 10}
"""Characters of an escape in double quotes, by the letter after the backslash; two for any other."""


def locate(place: Place, text: str, offset: int) -> Place:
    """The place of a character of a text whose first character stands at `place`."""
    if not place.line:
        return place
    if place.spots:
        start, line, column = next(spot for spot in reversed(place.spots) if spot[0] <= offset)
        return Place(place.file, line, column + offset - start)
    before = text[:offset]
    line = before.count("\n")
    column = offset - (before.rfind("\n") + 1)
    return Place(place.file, place.line + line, column + (1 if line else place.column))


def spots_of(value: str, written: str, style: str, line: int, column: int) -> tuple[Spot, ...]:
    """Where the pieces of a scalar stand: the offset of each in `value`, its line and its column.

    `written`: the scalar as it stands in the file, with its quotes or its block's sign; `line`, `column`: its first character's.
    What YAML adds or drops between the two is indentation, ends of lines, doubled quotes and escapes.
    """
    reader = _Reader(written, line, column)
    if style in ("|", ">"):
        reader.skip_line()
    elif style in ("'", '"'):
        reader.move(1)
    spots: list[Spot] = []
    for offset, character in enumerate(value):
        escape = reader.escape(style)
        if not escape and character not in _SPACE:
            reader.skip_space(style)
            escape = reader.escape(style)
        last = spots[-1] if spots else None
        if last is None or (reader.line, reader.column) != (last[1], last[2] + offset - last[0]):
            spots.append((offset, reader.line, reader.column))
        if escape:
            reader.move(escape)
        elif character not in _SPACE or reader.here == character:
            reader.move(2 if style == "'" and character == "'" else 1)
    return tuple(spots)


class _Reader:
    """A walk through a text that knows its line and column."""

    def __init__(self, text: str, line: int, column: int) -> None:
        self.text, self.at, self.line, self.column = text, 0, line, column

    @property
    def here(self) -> str:
        """The character at hand; empty at the end."""
        return self.text[self.at : self.at + 1]

    def move(self, count: int) -> None:
        for character in self.text[self.at : self.at + count]:
            self.column += 1
            if character == "\n":
                self.line, self.column = self.line + 1, 1
        self.at += count

    def skip_line(self) -> None:
        while self.here not in ("", "\n"):
            self.move(1)
        self.move(1)

    def skip_space(self, style: str) -> None:
        """To the next character that is no space; in double quotes also past the backslash that ends a line."""
        while self.here and (self.here in _SPACE or (style == '"' and self.text.startswith(("\\\n", "\\\r\n"), self.at))):
            self.move(1)

    def escape(self, style: str) -> int:
        """The length of the escape at hand; 0 where there is none."""
        following = self.text[self.at + 1 : self.at + 2]
        if style != '"' or self.here != "\\" or following in ("", "\r", "\n"):
            return 0
        return _ESCAPES.get(following, 2)
