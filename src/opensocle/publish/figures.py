"""Figures that tables, charts and sentences take from a costing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ..analysis.model import Account, BudgetYear, Costing, Line, ScenarioResult, SchemeLabel
from ..errors import InputError, nearest
from ..money import CONTEXT

ZERO = Decimal(0)


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """The share to 30 digits; None where the whole is zero."""
    return CONTEXT.divide(part, whole) if whole else None


def scenario(costing: Costing, name: str | None = None) -> ScenarioResult:
    """The scenario of that name; the one that costs most, the last of them, where none is named. Raises InputError U061."""
    if not costing.scenarios:
        raise InputError("U061", "the costing has no scenario")
    if name is None:
        return max(reversed(costing.scenarios), key=cost)
    found = {item.name: item for item in costing.scenarios}
    if name not in found:
        raise InputError("U061", f"{name!r} is not a scenario of this costing", hint=nearest(name, list(found)))
    return found[name]


def cost(result: ScenarioResult) -> Decimal:
    """Gross expenditure of all years."""
    return total(year.gross for year in result.budget)


def reference(costing: Costing) -> ScenarioResult:
    """The scenario with which others are compared: the one that costs least, the first of them."""
    return min(costing.scenarios, key=cost)


def line(result: ScenarioResult, scheme: str, year: int) -> Line | None:
    """The line of a scheme in a year, if the scenario has one."""
    return lines_by(result).get((scheme, year))


def lines_by(result: ScenarioResult) -> Mapping[tuple[str, int], Line]:
    """The lines by scheme and year."""
    return {(item.scheme, item.year): item for item in result.lines}


def schemes_of(costing: Costing, result: ScenarioResult) -> list[SchemeLabel]:
    """The schemes that the scenario has lines of, in the costing's order."""
    present = {item.scheme for item in result.lines}
    return [label for label in costing.schemes if label.name in present]


def label_of(costing: Costing, scheme: str) -> SchemeLabel:
    """The scheme's label. Raises InputError U062."""
    for label in costing.schemes:
        if label.name == scheme:
            return label
    raise InputError("U062", f"{scheme!r} is not a scheme of this costing", hint=nearest(scheme, [item.name for item in costing.schemes]))


def accounts(result: ScenarioResult) -> Mapping[int, Account]:
    return {item.year: item for item in result.accounts}


def budgets(result: ScenarioResult) -> Mapping[int, BudgetYear]:
    return {item.year: item for item in result.budget}


def need(*results: ScenarioResult) -> str:
    """What the gap of these scenarios is called: the additional need, where each has a baseline that is financed already."""
    return "additional" if all(result.baseline for result in results) else "gap"


def populations(costing: Costing) -> list[tuple[ScenarioResult, ...]]:
    """The scenarios in groups that have the same people; those without people are in none."""
    groups: list[list[ScenarioResult]] = []
    for result in (item for item in costing.scenarios if item.people):
        same = next((group for group in groups if group[0].people == result.people), None)
        if same is None:
            groups.append([result])
        else:
            same.append(result)
    return [tuple(group) for group in groups]


def word(label: SchemeLabel, key: str) -> str:
    """The key of a word on persons, or the one on households where the scheme's right belongs to them: `paid_persons`, `entitled`."""
    homes = {"paid_persons": "paid_households", "entitled": "entitled_households"}
    return homes.get(key, key) if label.unit == "household" else key


def pays(result: ScenarioResult, scheme: str) -> bool:
    """Whether the scheme pays benefits, or only collects contributions; one that does neither is taken for one that pays."""
    lines = [item for item in result.lines if item.scheme == scheme]
    return any(item.benefits for item in lines) or not any(item.contributed for item in lines)


def payers(result: ScenarioResult) -> tuple[str, ...]:
    """Who contributes, in the law's order and then as found."""
    found = {payer for item in result.lines for payer in item.contributions}
    known = [payer for payer in ("worker", "employer", "state") if payer in found]
    return (*known, *sorted(found - set(known)))


def milestones(years: Sequence[int], most: int = 7) -> list[int]:
    """The first year, the last, and years ending in 0 or 5 between them, no more than `most`; thinned from the far end."""
    if len(years) <= most:
        return list(years)
    inner = [year for year in years[1:-1] if year % 5 == 0 and year - years[0] >= 2 and years[-1] - year >= 2]
    while len(inner) > most - 2:
        tens = [year for year in inner if year % 10 == 0]
        kept = sorted({inner[0], *tens}) if len(tens) < len(inner) - 1 else inner[:: max(2, -(-len(inner) // (most - 2)))]
        inner = kept if len(kept) < len(inner) else inner[: most - 2]
    return [years[0], *inner, years[-1]]


def focus_year(costing: Costing) -> int:
    """The year that sentences speak of: ten years after the first, or the last."""
    return costing.years[min(10, len(costing.years) - 1)]
