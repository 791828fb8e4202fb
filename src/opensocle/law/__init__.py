"""What the law says: the files of a country, parameters over time, formulas and their checks, worked cases, reforms.

    from opensocle.law import check, load
    problems, warnings = check("countries/exemplia")     # every problem, with file:line:column
    law = load("countries/exemplia")                     # or Problems
    reform = law.with_("double_child_grant.yaml")        # a new Law

Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cases import Case, read_cases
    from .comparing import compare
    from .compiling import Formula, Rule, RuleName
    from .grammar import parse
    from .law import Law, check, load
    from .model import Country, Parameter, Place, Scheme, Variable
    from .overlays import Overlay, read_overlay
    from .parameters import Known, value_on
    from .showing import show
    from .skeleton import new_country

_HOMES = {
    "cases": ("Case", "read_cases"),
    "comparing": ("compare",),
    "compiling": ("Formula", "Rule", "RuleName"),
    "grammar": ("parse",),
    "law": ("Law", "check", "load"),
    "model": ("Country", "Parameter", "Place", "Scheme", "Variable"),
    "overlays": ("Overlay", "read_overlay"),
    "parameters": ("Known", "value_on"),
    "showing": ("show",),
    "skeleton": ("new_country",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Case",
    "Country",
    "Formula",
    "Known",
    "Law",
    "Overlay",
    "Parameter",
    "Place",
    "Rule",
    "RuleName",
    "Scheme",
    "Variable",
    "check",
    "compare",
    "load",
    "new_country",
    "parse",
    "read_cases",
    "read_overlay",
    "show",
    "value_on",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
