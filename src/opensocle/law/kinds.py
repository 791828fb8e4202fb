"""Which types and units go together: the algebra behind the checks of formulas."""

from __future__ import annotations

from ..vocabulary.units import COUNTS, Unit
from .tree import Kind


def bare(unit: Unit) -> Unit:
    """The unit without counts of persons, points and the like: they label a number but do not forbid a sum."""
    return Unit(tuple((base, power) for base, power in unit.powers if base not in COUNTS))


def same_unit(a: Kind, b: Kind) -> Unit | None:
    """The unit that two numbers share, where they may be added or compared; None where they may not."""
    if a.free:
        return b.unit
    if b.free or bare(a.unit) == bare(b.unit):
        return a.unit
    if (a.loose or b.loose) and bare(a.unit).without_time()[0] == bare(b.unit).without_time()[0]:
        return b.unit if a.loose else a.unit
    return None


def join(a: Kind, b: Kind) -> Kind | None:
    """The kind of a value that is either of two (branches of an `if`, arguments of `least`); None where they do not go together."""
    if "error" in (a.type, b.type):
        return b if a.type == "error" else a
    if a.numeric and b.numeric:
        unit = same_unit(a, b)
        if unit is None:
            return None
        kind = "integer" if a.type == b.type == "integer" else "decimal"
        free = a.free and b.free
        return Kind(kind, unit, free, any(k.loose and (free or not k.free) for k in (a, b)))
    if {a.type, b.type} <= {"code", "text"}:
        if a.codes and b.codes and a.codes != b.codes:
            return None
        return a if a.type == "code" else b
    return a if a.type == b.type else None


def product(a: Kind, b: Kind) -> Kind:
    """The kind of a product of two numbers."""
    kind = "integer" if a.type == b.type == "integer" else "decimal"
    return Kind(kind, a.unit * b.unit, a.free and b.free, a.loose or b.loose)


def quotient(a: Kind, b: Kind) -> Kind:
    """The kind of a quotient of two numbers: always a decimal."""
    return Kind("decimal", a.unit / b.unit, a.free and b.free, a.loose or b.loose)


def fits(found: Kind, declared: Kind) -> str:
    """Why a formula's kind does not fit the declared one; empty where it does."""
    if "error" in (found.type, declared.type):
        return ""
    if found.numeric and declared.numeric:
        if same_unit(found, declared) is None:
            return f"the formula gives {_unit(found)}, but the unit is {_unit(declared)}"
        if declared.type == "integer" and found.type == "decimal":
            return "the formula gives a decimal, but the type is integer: round it, or declare decimal"
        return ""
    if {found.type, declared.type} <= {"code", "text"} and (not found.codes or not declared.codes or found.codes == declared.codes):
        return ""
    return "" if found.type == declared.type else f"the formula gives {found.type}, but the type is {declared.type}"


def _unit(kind: Kind) -> str:
    return str(kind.unit) or "a pure number"
