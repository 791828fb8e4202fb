"""What each scheme contributes: inequality and poverty with it and without it, and what that costs.

Income after includes the schemes; without one is income after less its amount (give a tax as a negative amount), with no floor at zero. People's
behaviour is not changed. The contributions of several schemes do not add up to that of all together, because each is measured from the same end.

Definitions: Lustig, N. (ed.) (2022), Commitment to Equity Handbook, 2nd ed., vol. 1, chapter 2 (marginal contributions); ASPIRE (benefit-cost ratio:
fall of the total poverty gap for each unit of money transferred).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .inequality import gini
from .measured import Array, Measured
from .poverty import Line, fgt
from .sample import Sample
from .totals import EVERYBODY, common, gap_total, over, poor_total, quotient

Measure = Callable[[Sample, Array], Measured]


def marginal(sample: Sample, after: Array, scheme: Array, measure: Measure) -> Measured:
    """The measure without the scheme less the measure with it: above 0 where the scheme lowers it."""
    held = common(sample, after, scheme)
    income, amount = held.columns
    return held.back(measure(held.sample, income - amount) - measure(held.sample, income))


def marginal_gini(sample: Sample, after: Array, scheme: Array) -> Measured:
    """Contribution of a scheme to the fall of the Gini coefficient."""
    return marginal(sample, after, scheme, gini)


def marginal_poverty(sample: Sample, after: Array, scheme: Array, line: Line, alpha: float = 0.0) -> Measured:
    """Contribution of a scheme to the fall of poverty: alpha 0 the headcount ratio, 1 the gap, 2 the severity, as fractions."""
    return _with_line(sample, (after - scheme, after), line, alpha)


def poverty_reduction(sample: Sample, before: Array, after: Array, line: Line, alpha: float = 0.0) -> Measured:
    """Fall of poverty from one income to the other, as a fraction: 0.05 is five percentage points."""
    return _with_line(sample, (before, after), line, alpha)


def _with_line(sample: Sample, incomes: tuple[Array, Array], line: Line, alpha: float) -> Measured:
    both = sample.known(*incomes)
    return fgt(sample, incomes[0], line, alpha, both) - fgt(sample, incomes[1], line, alpha, both)


def marginal_contributions(sample: Sample, after: Array, schemes: Mapping[str, Array], measure: Measure) -> dict[str, Measured]:
    """The contribution of each scheme, and of `all` together, on the rows on which every scheme's amount is known."""
    held = common(sample, after, *schemes.values())
    income, amounts = held.columns[0], dict(zip(schemes, held.columns[1:], strict=True))
    with_all = measure(held.sample, income)
    found = {name: held.back(measure(held.sample, income - amount) - with_all) for name, amount in amounts.items()}
    together = income - sum(amounts.values()) if amounts else income
    return found | {"all": held.back(measure(held.sample, together) - with_all)}


def gap_reduction(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """By how much the scheme lowers the total poverty gap, in money."""
    both = sample.known(after, scheme)
    return gap_total(sample, after - scheme, line, both) - gap_total(sample, after, line, both)


def benefit_cost_ratio(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """Fall of the total poverty gap for each unit of money transferred; 1 where all of it closes the gap. Undefined where nothing is spent."""
    return quotient(gap_reduction(sample, after, scheme, line), _spending(sample, after, scheme, line))


def cost_benefit_ratio(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """Money transferred for each unit by which the total poverty gap falls. Undefined where it does not change."""
    return quotient(_spending(sample, after, scheme, line), gap_reduction(sample, after, scheme, line))


def lifted(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """Persons who are poor without the scheme and not with it, less those the other way round: a number of persons."""
    both, everyone = sample.known(after, scheme), np.ones(len(after))
    return poor_total(sample, everyone, after - scheme, line, both) - poor_total(sample, everyone, after, line, both)


def cost_per_person_lifted(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """Money transferred for each person lifted out of poverty. Undefined where nobody is."""
    return quotient(_spending(sample, after, scheme, line), lifted(sample, after, scheme, line))


def _spending(sample: Sample, after: Array, scheme: Array, line: Line) -> Measured:
    """All the money transferred, to those whose income and line are known."""
    known = sample.known(scheme, after, line) if isinstance(line, np.ndarray) else sample.known(scheme, after)
    return over(sample, scheme, EVERYBODY, known)
