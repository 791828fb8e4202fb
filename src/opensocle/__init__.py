"""Run a national social protection system from one text of the law.

    import opensocle as socle
    law = socle.load(socle.country_folder("exemplia"))
    decision = socle.decide(law, {"person": {"birth_date": "2022-01-15", "residence_status": "usual_resident"}}, "2026-03", ["child_grant"])
    print(socle.explain(decision, "child_grant").as_text())

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .engine.cases import run_cases
    from .engine.deciding import Decider, Decision, decide
    from .engine.explaining import Explanation, entitlements, explain
    from .engine.results import Result
    from .engine.running import run
    from .errors import DataError, EngineError, InputError, LawError, Problems, SocleError
    from .law.cases import read_cases
    from .law.law import Law, check, load
    from .periods import Month
    from .population.people import make_people
    from .population.readers import read
    from .population.tables import Population
    from .population.united_nations import read_united_nations

_HOMES = {
    "engine.cases": ("run_cases",),
    "engine.deciding": ("Decider", "Decision", "decide"),
    "engine.explaining": ("Explanation", "entitlements", "explain"),
    "engine.results": ("Result",),
    "engine.running": ("run",),
    "errors": ("DataError", "EngineError", "InputError", "LawError", "Problems", "SocleError"),
    "law.cases": ("read_cases",),
    "law.law": ("Law", "check", "load"),
    "periods": ("Month",),
    "population.people": ("make_people",),
    "population.readers": ("read",),
    "population.tables": ("Population",),
    "population.united_nations": ("read_united_nations",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

_COUNTRIES = Path(__file__).resolve().parent / "countries"

__all__ = [
    "DataError",
    "Decider",
    "Decision",
    "EngineError",
    "Explanation",
    "InputError",
    "Law",
    "LawError",
    "Month",
    "Population",
    "Problems",
    "Result",
    "SocleError",
    "__version__",
    "check",
    "country_folder",
    "country_names",
    "decide",
    "entitlements",
    "explain",
    "load",
    "make_people",
    "read",
    "read_cases",
    "read_united_nations",
    "run",
    "run_cases",
]


def country_names() -> list[str]:
    """The countries that come with the program."""
    return sorted(path.parent.name for path in _COUNTRIES.glob("*/country.yaml"))


def country_folder(name: str) -> Path:
    """The folder of a country that comes with the program, to be given to `load`. Raises InputError U010."""
    names = country_names()
    if name not in names:
        from .errors import InputError, nearest

        raise InputError("U010", f"no country {name!r} comes with the program", hint=nearest(name, names))
    return _COUNTRIES / name


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
