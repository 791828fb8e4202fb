"""Whom a transfer reaches and how much it is worth to them: coverage, incidence, adequacy, targeting errors.

A beneficiary is a person with a transfer above zero. Give what a person's household receives (`household_total`) and everyone in a household that
receives is one, direct or indirect, as ASPIRE counts; give what a person receives and only those paid are. Each measure is of everybody, or of a
`Place`: part of a ranking by income before the transfer (`before`) or after it. Rows on which all columns are known and with a weight count.

Definitions: World Bank, ASPIRE (Atlas of Social Protection: Indicators of Resilience and Equity); Yemtsov, R. et al. (2018), Measuring the
Effectiveness of Social Protection, World Bank; Coady, D., Grosh, M. and Hoddinott, J. (2004), Targeting of Transfers in Developing Countries,
World Bank (the CGH index). docs/methods/impact.md#incidence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .measured import Array, Measured
from .poverty import Inside, Line
from .sample import Sample
from .totals import EVERYBODY, Place, over, poor_total, quotient


def household_total(households: NDArray[np.int64], amounts: Array) -> Array:
    """What each person's household receives in all; unknown where the amount of a member is. Work it out before cutting a domain.

    households: the household's number, for each person.
    """
    names, number = np.unique(households, return_inverse=True)
    totals = np.asarray(np.bincount(number, amounts, len(names)), dtype=np.float64)
    return totals[number]


def household_receives(households: NDArray[np.int64], amounts: Array) -> Array:
    """1 where anyone in the person's household receives, 0 where nobody does; unknown where none is known to and the amount of one is unknown."""
    names, number = np.unique(households, return_inverse=True)
    some = np.bincount(number, amounts > 0, len(names))[number] > 0
    unknown = np.bincount(number, np.isnan(amounts), len(names))[number] > 0
    return np.where(some, 1.0, np.where(unknown, np.nan, 0.0))


def before(welfare: Array, *transfers: Array, floor: float | None = None) -> Array:
    """Welfare without these transfers, and no less than the floor, if there is one."""
    without = welfare.copy()
    for transfer in transfers:
        without -= transfer
    return without if floor is None else np.where(without < floor, floor, without)


def received(transfer: Array) -> Array:
    """1 for a beneficiary, 0 for others; unknown where the transfer is."""
    return np.where(np.isnan(transfer), np.nan, np.where(transfer > 0, 1.0, 0.0))


def coverage(sample: Sample, transfer: Array, place: Place = EVERYBODY) -> Measured:
    """Beneficiaries as a share of persons. Undefined where there are no persons."""
    known = sample.known(*place.columns(transfer))
    return quotient(over(sample, received(transfer), place, known), over(sample, np.ones(len(transfer)), place, known))


def indirect_coverage(sample: Sample, own: Array, household: Array, place: Place = EVERYBODY) -> Measured:
    """Persons who receive nothing themselves and live in a household that does, as a share of persons.

    own: what the person receives; household: what the household does. Add the coverage by `own` for the coverage of both.
    """
    known = sample.known(*place.columns(own, household))
    only = np.where((household > 0) & ~(own > 0), 1.0, 0.0)
    return quotient(over(sample, only, place, known), over(sample, np.ones(len(own)), place, known))


def beneficiary_incidence(sample: Sample, transfer: Array, place: Place) -> Measured:
    """Share of all beneficiaries who are in the place. Undefined where nobody receives."""
    return _share(sample, received(transfer), place)


def benefit_incidence(sample: Sample, transfer: Array, place: Place) -> Measured:
    """Share of all money transferred that goes to the place. Undefined where the transfers add up to zero."""
    return _share(sample, transfer, place)


def _share(sample: Sample, values: Array, place: Place) -> Measured:
    known = sample.known(*place.columns(values))
    whole = Place(inside=place.inside)
    return quotient(over(sample, values, place, known), over(sample, values, whole, known))


def cgh_index(sample: Sample, transfer: Array, place: Place) -> Measured:
    """Coady, Grosh and Hoddinott: share of the money that goes to the poorest, divided by their share of persons (0.2 for a fifth).

    1: as if everybody had the same; above 1: the poorest have more.
    """
    return benefit_incidence(sample, transfer, place) / place.part.share


def relative_incidence(sample: Sample, transfer: Array, welfare: Array, place: Place = EVERYBODY) -> Measured:
    """Transfers as a share of all welfare there, of those who receive and those who do not. Undefined where that is zero."""
    known = sample.known(*place.columns(transfer, welfare))
    return quotient(over(sample, transfer, place, known), over(sample, welfare, place, known))


def average_transfer(sample: Sample, transfer: Array, place: Place = EVERYBODY) -> Measured:
    """Mean transfer of a beneficiary. Undefined where nobody receives."""
    known, receives = sample.known(*place.columns(transfer)), transfer > 0
    return quotient(over(sample, transfer, place, known, receives), over(sample, np.ones(len(transfer)), place, known, receives))


def adequacy(sample: Sample, transfer: Array, welfare: Array, place: Place = EVERYBODY) -> Measured:
    """All that beneficiaries receive as a share of all their welfare (ratio of sums). Undefined where nobody receives.

    welfare: with the transfer, by ASPIRE's rule.
    """
    known, receives = sample.known(*place.columns(transfer, welfare)), transfer > 0
    return quotient(over(sample, transfer, place, known, receives), over(sample, welfare, place, known, receives))


def generosity(sample: Sample, transfer: Array, welfare: Array, place: Place = EVERYBODY) -> Measured:
    """Mean over beneficiaries of the transfer as a share of their own welfare (mean of ratios), among those with welfare above zero.

    With welfare before the transfer it says by how much the transfer raises it. Undefined where nobody receives.
    """
    known, receives = sample.known(*place.columns(transfer, welfare)), (transfer > 0) & (welfare > 0)
    ratios = np.divide(transfer, welfare, out=np.zeros(len(transfer)), where=receives)
    return quotient(over(sample, ratios, place, known, receives), over(sample, np.ones(len(transfer)), place, known, receives))


def exclusion_error(sample: Sample, transfer: Array, welfare: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Poor persons who are not beneficiaries, as a share of the poor. Undefined where nobody is poor. welfare: before the transfer."""
    missed, known = 1 - received(transfer), _known(sample, transfer, welfare, line, inside)
    return quotient(poor_total(sample, missed, welfare, line, known), poor_total(sample, np.ones(len(transfer)), welfare, line, known))


def inclusion_error(sample: Sample, transfer: Array, welfare: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Beneficiaries who are not poor, as a share of beneficiaries. Undefined where nobody receives. welfare: before the transfer."""
    return _beyond_the_poor(sample, received(transfer), welfare, line, _known(sample, transfer, welfare, line, inside))


def leakage(sample: Sample, transfer: Array, welfare: Array, line: Line, inside: Inside | None = None) -> Measured:
    """Money that goes to persons who are not poor, as a share of all money transferred. Undefined where that is zero."""
    return _beyond_the_poor(sample, transfer, welfare, line, _known(sample, transfer, welfare, line, inside))


def _beyond_the_poor(sample: Sample, values: Array, welfare: Array, line: Line, known: Inside) -> Measured:
    return 1 - quotient(poor_total(sample, values, welfare, line, known), over(sample, values, EVERYBODY, known))


def _known(sample: Sample, transfer: Array, welfare: Array, line: Line, inside: Inside | None) -> Inside:
    """Rows that count: all is known about them, the line too."""
    known = sample.known(transfer, welfare, line) if isinstance(line, np.ndarray) else sample.known(transfer, welfare)
    return known if inside is None else known & inside
