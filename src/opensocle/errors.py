"""Every error the program raises on purpose.

    SocleError          code, what, at (place), hint (the next step)
    ├── InputError      a value given by the caller is wrong (also a ValueError)
    ├── LawError        a law file is wrong: at is file:line:column
    ├── DataError       a population file is wrong
    ├── EngineError     a calculation could not be carried out
    └── Problems        several of the above, found together and raised once

Codes: L law files, F formulas, P parameters and inputs, T time, D data and stores, E engine, C cases, U use of the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


class SocleError(Exception):
    """A problem that the user can mend: what is wrong, where, and what to do next."""

    def __init__(self, code: str, what: str, *, at: str = "", hint: str = "") -> None:
        self.code, self.what, self.at, self.hint = code, what, at, hint
        place = f"{at}: " if at else ""
        super().__init__(f"{place}{code} {what}" + (f" — {hint}" if hint else ""))

    def as_dict(self) -> dict[str, str]:
        """The same as plain data, for `--json`."""
        return {"code": self.code, "what": self.what, "at": self.at, "hint": self.hint}

    def __reduce__(self) -> tuple[object, ...]:
        """An error of another process arrives as it was raised."""
        return _again, (type(self), self.code, self.what, self.at, self.hint)


def _again(kind: type[SocleError], code: str, what: str, at: str, hint: str) -> SocleError:
    return kind(code, what, at=at, hint=hint)


class InputError(SocleError, ValueError):
    """A value given by the caller is wrong."""


class LawError(SocleError):
    """A law file is wrong; `at` is file:line:column."""


class DataError(SocleError):
    """A population file is wrong."""


class EngineError(SocleError):
    """A calculation could not be carried out."""


class Problems(SocleError):
    """All the problems found by a check, raised once."""

    def __init__(self, problems: Sequence[SocleError]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__("L000", f"{count} problem{'s' if count != 1 else ''}\n" + "\n".join(f"  {p}" for p in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return Problems, (self.problems,)


def nearest(name: str, known: Sequence[str]) -> str:
    """A hint that names the closest of the known names, or lists a few of them."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    some = sorted(known)
    return f"known: {', '.join(some[:12])}{', …' if len(some) > 12 else ''}" if some else ""
