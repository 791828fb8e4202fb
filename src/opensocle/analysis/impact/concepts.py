"""Income concepts of the Commitment to Equity handbook, from what people earn to what they have after taxes, transfers and services.

Contributory old-age pensions can be read in two ways: as income deferred (`deferred`: a pension is market income, contributions to it are saving), or
as a transfer of the government (`transfer`: a pension is a direct transfer, contributions to it a direct tax). Disposable income and what follows
are the same in both.

Source: Lustig, N. (ed.) (2022), Commitment to Equity Handbook, 2nd ed., vol. 1, chapter 6. docs/methods/impact.md#income-concepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np

from ...errors import DataError, InputError, Problems, SocleError, nearest
from .measured import Array

Treatment = Literal["deferred", "transfer"]
Terms = tuple[tuple[int, str], ...]

COMPONENTS: dict[str, str] = {
    "factor_income": "wages, earnings from self-employment, rent, interest and dividends, before taxes and contributions",
    "private_transfers": "money from other households, such as remittances and alimony",
    "imputed_rent": "the rent that owners of their home would pay",
    "own_production": "what is produced and consumed at home",
    "contributory_pensions": "old-age pensions of contributory schemes",
    "pension_contributions": "contributions to them, by workers and employers as far as incomes contain them",
    "other_contributions": "contributions to other social insurance",
    "direct_taxes": "taxes on income and property",
    "direct_transfers": "money from the government, non-contributory pensions included",
    "non_taxable": "the part of gross income that is not taxed",
    "indirect_subsidies": "what subsidies of prices are worth",
    "indirect_taxes": "taxes on consumption",
    "education": "public education, at what it costs",
    "health": "public health care, at what it costs",
    "user_fees": "what people pay for public services",
}

_STEPS: dict[Treatment, dict[str, Terms]] = {
    "deferred": {
        "market": ((1, "factor_income"), (1, "private_transfers"), (1, "imputed_rent"), (1, "own_production")),
        "market_plus_pensions": ((1, "market"), (1, "contributory_pensions"), (-1, "pension_contributions")),
        "net_market": ((1, "market_plus_pensions"), (-1, "direct_taxes"), (-1, "other_contributions")),
        "gross": ((1, "market_plus_pensions"), (1, "direct_transfers")),
        "taxable": ((1, "gross"), (-1, "non_taxable")),
        "disposable": ((1, "gross"), (-1, "direct_taxes"), (-1, "other_contributions")),
        "consumable": ((1, "disposable"), (1, "indirect_subsidies"), (-1, "indirect_taxes")),
        "final": ((1, "consumable"), (1, "education"), (1, "health"), (-1, "user_fees")),
    }
}
_STEPS["transfer"] = {name: terms for name, terms in _STEPS["deferred"].items() if name != "market_plus_pensions"} | {
    "net_market": ((1, "market"), (-1, "direct_taxes"), (-1, "other_contributions"), (-1, "pension_contributions")),
    "gross": ((1, "market"), (1, "direct_transfers"), (1, "contributory_pensions")),
    "disposable": ((1, "gross"), (-1, "direct_taxes"), (-1, "other_contributions"), (-1, "pension_contributions")),
}
PREFISCAL: dict[Treatment, str] = {"deferred": "market_plus_pensions", "transfer": "market"}
"""Income before any act of the government, from which redistribution is measured."""


def names(treatment: Treatment = "deferred") -> tuple[str, ...]:
    """The concepts, in the order in which they are built."""
    if treatment not in _STEPS:
        raise InputError("A081", f"no treatment of pensions is called {treatment!r}", at="treatment", hint=nearest(treatment, list(_STEPS)))
    return tuple(_STEPS[treatment])


def terms(concept: str, treatment: Treatment = "deferred") -> dict[str, int]:
    """The components of a concept and their signs."""
    steps = _STEPS[treatment]
    found: dict[str, int] = {}
    for sign, name in steps[concept]:
        inner = terms(name, treatment) if name in steps else {name: 1}
        found |= {component: sign * own for component, own in inner.items()}
    return found


def concepts(components: Mapping[str, Array | float], treatment: Treatment = "deferred", wanted: Iterable[str] | None = None) -> dict[str, Array]:
    """Income by each concept wanted (all by default), in the components' unit.

    components: one amount for each row, positive for taxes too; a number stands for all rows: 0 for what the country does not have. An unknown
    amount makes the concepts that need it unknown. Raises Problems: a component is missing or of another length (A080), a name is not known (A081).
    """
    asked = names(treatment) if wanted is None else tuple(wanted)
    _check(components, asked, treatment)
    rows = max((np.size(amount) for amount in components.values()), default=0)
    found: dict[str, Array] = {}
    for concept in asked:
        income = np.zeros(rows)
        for name, sign in terms(concept, treatment).items():
            income += sign * np.asarray(components[name], dtype=np.float64)
        found[concept] = income
    return found


def _check(components: Mapping[str, Array | float], asked: tuple[str, ...], treatment: Treatment) -> None:
    known = names(treatment)
    problems: list[SocleError] = [
        InputError("A081", f"no income concept is called {name!r}", at=name, hint=nearest(name, known)) for name in asked if name not in known
    ]
    problems += [
        InputError("A081", f"no component of income is called {name!r}", at=name, hint=nearest(name, list(COMPONENTS)))
        for name in components
        if name not in COMPONENTS
    ]
    needed: dict[str, str] = {}
    for concept in (name for name in known if name in asked):
        for name in terms(concept, treatment):
            needed.setdefault(name, concept)
    problems += [
        DataError("A080", f"{concept} income needs {name}: {COMPONENTS[name]}", at=name, hint="give the column, or 0 if there is none in the country")
        for name, concept in needed.items()
        if name not in components
    ]
    sizes = {name: len(amount) for name, amount in components.items() if isinstance(amount, np.ndarray) and amount.ndim}
    rows = max(sizes.values(), default=0)
    problems += [
        DataError("A080", f"{name} has {size} rows and others {rows}", at=name, hint="give an amount for each row")
        for name, size in sizes.items()
        if size != rows
    ]
    if problems:
        raise Problems(problems)
