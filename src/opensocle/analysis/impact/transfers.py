"""What each household has of each transfer in a scenario: reported, simulated for those who take it up, or both.

keep: what is reported. replace: what the law gives to those who take it up. add: what is reported where something is, elsewhere what the law gives
to those who take it up. A household with an unknown amount has an unknown transfer (NaN), unless the study says `unknown: reported`.

Take-up by a share draws each household once for each scheme: a number between 0 and 1 from the first 52 bits of
MD5("seed:scheme:household"). A household takes up where its number is below the share, so that a higher share keeps the earlier takers, a reform
finds the same takers, and the order of rows does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...population.survey.rows import read_table
from .facts import Facts, Homes, added_up
from .measured import Array
from .settings import IN_PAYMENT, Settings, TakeUp, Transfer
from .simulation import BENEFIT, CONTRIBUTION, Simulated

if TYPE_CHECKING:
    import pyarrow as pa

Truths = NDArray[np.bool_]
BITS = 52


def numbers_drawn(keys: pa.Array, scheme: str, seed: int) -> Array:
    """A number from 0 up to 1 for each household: always the same for the same seed, scheme and key."""
    head = f"{seed}:{scheme}:".encode()
    digests = (hashlib.md5(head + str(key).encode(), usedforsecurity=False).hexdigest()[:13] for key in keys.to_pylist())
    return np.array([int(text, 16) for text in digests], dtype=np.float64) / 2.0**BITS


def reported(transfer: Transfer, facts: Facts, settings: Settings) -> Array:
    """The reported amount of each household in the period; NaN where it is unknown."""
    assert transfer.reported is not None
    if transfer.reported.text == IN_PAYMENT:
        return _in_payment(transfer.name, facts) * (12 if settings.welfare.period == "year" else 1)
    level = facts.level_of(transfer.reported)
    found = facts.numbers(transfer.reported, level)
    if settings.welfare.missing == "zero":
        found = np.nan_to_num(found)
    if level == "households":
        return found
    return facts.homes.of_all(found) if settings.scale.kind == "given" else facts.homes.add(found)


def _in_payment(scheme: str, facts: Facts) -> Array:
    """What the table of benefits in payment says of the month: spells that hold on its first day. No spell is no benefit."""
    if IN_PAYMENT not in facts.survey.tables:
        return np.full(facts.homes.count, np.nan)
    table = read_table(facts.survey.tables[IN_PAYMENT], ["person_id", "scheme", "start_date", "end_date", "amount"])
    day = np.datetime64(facts.month.first_day)
    start, end = (np.asarray(table.column(name).to_numpy()).astype("datetime64[D]") for name in ("start_date", "end_date"))
    holds = (np.asarray(table.column("scheme").to_pylist(), dtype=object) == scheme) & (np.isnat(start) | (start <= day))
    holds &= np.isnat(end) | (end > day)
    amount = np.asarray(table.column("amount").cast("float64").to_numpy())[holds]
    position = {key: home for key, home in zip(facts.persons().to_pylist(), facts.homes.of.tolist(), strict=True)}
    homes = [position.get(key, -1) for key, held in zip(table.column("person_id").to_pylist(), holds, strict=True) if held]
    at = np.array(homes, dtype=np.int64)
    return added_up(at[at >= 0], amount[at >= 0], facts.homes.count)


@dataclass(frozen=True, eq=False)
class Takers:
    """Who takes each simulated transfer up (household,): the same in every scenario."""

    chosen: Mapping[str, Truths]

    def of(self, name: str, homes: Homes) -> Truths:
        return self.chosen.get(name, np.ones(homes.count, dtype=bool))


def takers(settings: Settings, facts: Facts, said: Mapping[str, Array], assumed: Mapping[str, Decimal]) -> Takers:
    """The takers of each transfer. said: reported amounts; assumed: take-up by scheme as the assumptions say."""
    chosen = {}
    for transfer in settings.transfers:
        rule = transfer.take_up
        if rule is None or not transfer.simulated:
            continue
        chosen[transfer.name] = _chosen(transfer, rule, facts, settings.seed, said, assumed)
    return Takers(chosen)


def _chosen(transfer: Transfer, rule: TakeUp, facts: Facts, seed: int, said: Mapping[str, Array], assumed: Mapping[str, Decimal]) -> Truths:
    if rule.kind == "reported":
        return np.nan_to_num(said[transfer.name]) > 0
    if rule.kind == "rule":
        assert rule.rule is not None
        level = facts.level_of(rule.rule)
        found = facts.truths(rule.rule, level) == 1
        return found if level == "households" else np.bincount(facts.homes.of[found], minlength=facts.homes.count) > 0
    share = assumed[transfer.name] if rule.kind == "assumptions" else rule.share
    if share >= 1:
        return np.ones(facts.homes.count, dtype=bool)
    return numbers_drawn(facts.homes.keys, transfer.name, seed) < float(share)


@dataclass(frozen=True, eq=False)
class Received:
    """Transfers by household in a scenario (period's money, NaN unknown), workers' contributions, exact totals a month of what was simulated."""

    amounts: Mapping[str, Array]
    contributions: Array
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    def all(self, names: Any = None) -> Array:
        """The sum over transfers (those named)."""
        found = [amount for name, amount in self.amounts.items() if names is None or name in names]
        return np.sum(found, axis=0) if found else np.zeros(len(self.contributions))


def received(settings: Settings, facts: Facts, said: Mapping[str, Array], simulated: Simulated | None, taken: Takers) -> Received:
    """What every household has of each transfer under a law (None: no law, what is reported)."""
    times = 12 if settings.welfare.period == "year" else 1
    amounts: dict[str, Array] = {}
    totals: dict[str, Decimal] = {}
    paid = np.zeros(facts.homes.count)
    for transfer in settings.transfers:
        name, told = transfer.name, said.get(transfer.name)
        found = simulated.amounts.get((name, BENEFIT)) if simulated else None
        if transfer.mode == "keep" and told is not None:
            amounts[name] = told
            continue
        if found is None:  # the law of this scenario no longer has it, or it could not be simulated
            amounts[name] = told if told is not None and transfer.mode == "add" else np.zeros(facts.homes.count)
            continue
        chosen = taken.of(name, facts.homes)
        given = np.where(chosen, found.amount * times, 0.0)
        if settings.unknown == "reported":
            given = np.where(np.isnan(given), np.nan_to_num(told) if told is not None else 0.0, given)
        if transfer.mode == "add" and told is not None:
            chosen = chosen & ~(np.nan_to_num(told) > 0)
            given = np.where(np.nan_to_num(told) > 0, told, given)
        amounts[name], totals[name] = given, found.total(chosen)
    if simulated and settings.welfare.contributions:
        for (_, variable), found in simulated.amounts.items():
            paid = paid + found.amount * times if variable == CONTRIBUTION else paid
    return Received(amounts, paid, totals)
