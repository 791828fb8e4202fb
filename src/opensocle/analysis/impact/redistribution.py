"""How taxes and transfers change inequality: progressivity, redistributive effect, and what reranking takes from it.

Gini and concentration coefficients by midpoint ranks (`curves.concentration`). All columns of a measure are taken on the rows on which all are known.

Methods: Kakwani, N. (1977), Measurement of tax progressivity, Economic Journal 87, 71-80; Reynolds, M. and Smolensky, E. (1977), Public
Expenditures, Taxes and the Distribution of Income, Academic Press; Atkinson, A. (1980), Horizontal equity and the distribution of the tax burden,
in Aaron and Boskin (eds), The Economics of Taxation, and Plotnick, R. (1981), A measure of horizontal inequity, Review of Economics and Statistics
63, 283-288 (reranking); Lambert, P. (1985), On the redistributive effect of taxes and benefits, Scottish Journal of Political Economy 32, 39-54
(`vertical_part`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .curves import concentration
from .inequality import gini
from .measured import Array, Measured
from .sample import Sample
from .totals import EVERYBODY, Common, common, over, quotient

Kind = Literal["tax", "transfer"]


@dataclass(frozen=True, slots=True, eq=False)
class Redistribution:
    """effect = vertical - reranking. effect: fall of the Gini coefficient; vertical: Reynolds and Smolensky's; reranking: Atkinson and Plotnick's."""

    effect: Measured
    vertical: Measured
    reranking: Measured


def redistribution(sample: Sample, before: Array, after: Array) -> Redistribution:
    """The change of inequality and its two parts. Undefined where either income adds up to nothing above zero."""
    held = common(sample, before, after)
    start, end, along = _three(held)
    return Redistribution(held.back(start - end), held.back(start - along), held.back(end - along))


def redistributive_effect(sample: Sample, before: Array, after: Array) -> Measured:
    """Fall of the Gini coefficient, G(before) - G(after)."""
    return redistribution(sample, before, after).effect


def reynolds_smolensky(sample: Sample, before: Array, after: Array) -> Measured:
    """Vertical redistribution: G(before) - C(after, ranked by before)."""
    return redistribution(sample, before, after).vertical


def reranking(sample: Sample, before: Array, after: Array) -> Measured:
    """What is lost because people change places: G(after) - C(after, ranked by before), 0 or more."""
    return redistribution(sample, before, after).reranking


def _three(held: Common) -> tuple[Measured, Measured, Measured]:
    """G(before), G(after), C(after, ranked by before)."""
    before, after = held.columns
    start = gini(held.sample, before)
    if after is before:
        return start, start, start
    return start, gini(held.sample, after), concentration(held.sample, after, before)


def kakwani(sample: Sample, amount: Array, income: Array, kind: Kind) -> Measured:
    """Progressivity; above 0: progressive. A tax: C(tax) - G(income); a transfer: G(income) - C(transfer). income: before it, which ranks people.

    Undefined where the amounts add up to zero, or incomes to nothing above zero.
    """
    held = common(sample, amount, income)
    paid, income = held.columns
    departure = concentration(held.sample, paid, income) - gini(held.sample, income)
    return held.back(departure if kind == "tax" else -departure)


def average_rate(sample: Sample, amount: Array, income: Array) -> Measured:
    """All of the tax or transfer as a share of all income. Undefined where that is zero."""
    known = sample.known(amount, income)
    return quotient(over(sample, amount, EVERYBODY, known), over(sample, income, EVERYBODY, known))


def vertical_part(sample: Sample, amount: Array, before: Array, after: Array, kind: Kind) -> Measured:
    """What one tax or transfer adds to vertical redistribution: its Kakwani index × its total / total income after.

    Over all taxes and transfers between the two incomes the parts add up to `reynolds_smolensky`.
    """
    held = common(sample, amount, before, after)
    paid, start, end = held.columns
    return held.back(kakwani(held.sample, paid, start, kind) * average_rate(held.sample, paid, end))
