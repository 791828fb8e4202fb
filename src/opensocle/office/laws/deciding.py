"""The law at work in the office: laws and their prepared rules by hash, the rights of a household, a determination, and its replay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ... import __version__
from ...engine.deciding import HOUSEHOLD, Decider, Decision
from ...engine.deciding import plain as plain_value
from ...engine.explaining import Explanation, entitlements, explain
from ...engine.facts import read_household
from ...engine.reasons import Verdict, as_data
from ...errors import InputError
from ...law.law import Law, load
from ...law.model import RESERVED
from ...periods import Month
from ...vocabulary.model import HISTORIES, Vocabulary
from ..people.models import Household, Person
from .models import InstalledLaw
from .registry import Facts, days_of, household_facts
from .selectors import law_hash_on
from .values import UNKNOWN, plain, read, write


@lru_cache(maxsize=16)
def law_of(hash: str) -> Law:
    """The installed law of that hash. Raises InputError O040."""
    files = InstalledLaw.objects.filter(hash=hash).values_list("files", flat=True).first()
    if files is None:
        raise InputError("O040", f"the office has no law {hash[:12]}", hint="install it: socle office law install FOLDER LAW")
    return load(files)


@lru_cache(maxsize=64)
def _decider(law: Law, month: Month, schemes: tuple[str, ...]) -> Decider:
    return Decider(law, month, schemes or None)


def law_on(day: date) -> Law:
    """The law in force on a day. Raises InputError O041 where there is none."""
    return law_of(law_hash_on(day))


def decide_facts(decider: Decider, facts: Facts) -> Decision:
    """The decision of a household. In a history, a member who is not named is unknown, where the engine would take her to have no rows."""
    home, people = read_household(decider.law, facts)
    for person in people:
        for table in HISTORIES:
            if isinstance(facts.get(table), Mapping) and person.name not in facts[table]:
                person.histories = {name: rows for name, rows in person.histories.items() if name != table}
                person.claims = None if table == "events" else person.claims
    return decider.of_frames(home, people)


# --- the rights of a household


@dataclass(frozen=True)
class Rights:
    """What every scheme says to the members of a household in a month; `facts` and `decisions` by the day that the law looks at.

    if_claimed: of the schemes that are claimed for an event, what they would say had it happened on that day.
    """

    law: Law
    month: Month
    facts: Mapping[date, Facts]
    decisions: Mapping[date, Decision]
    verdicts: tuple[Verdict, ...]
    if_claimed: tuple[Verdict, ...] = ()
    claimed: Mapping[date, Decision] = field(default_factory=dict)

    def decision_of(self, scheme: str, *, if_claimed: bool = False) -> Decision:
        day = day_of(self.law, scheme, self.month)
        return (self.claimed if if_claimed else self.decisions)[day]

    def explain(self, scheme: str, subject: str, *, if_claimed: bool = False) -> Explanation:
        """Why. Raises InputError P040, P041."""
        return explain(self.decision_of(scheme, if_claimed=if_claimed), scheme, subject)


def day_of(law: Law, scheme: str, month: Month) -> date:
    """The day of the month on which a scheme looks at facts."""
    return next(day for day, names in days_of(law, month).items() if scheme in names)


def rights_of(
    about: Person | Household, month: Month, *, law: Law | None = None, known: datetime | None = None, whose: Collection[str] | None = None
) -> Rights:
    """The rights of a household, from the registry. whose: verdicts of these members and of the household only; None: of all."""
    law = law or law_on(month.first_day)
    facts = {day: household_facts(about, month, law=law, on=day, known=known) for day in days_of(law, month)}
    return rights_on(law, month, facts, whose)


def rights_on(law: Law, month: Month, facts: Mapping[date, Facts], whose: Collection[str] | None = None) -> Rights:
    """The rights on given facts, by the day that they are of."""
    decisions: dict[date, Decision] = {}
    claimed: dict[date, Decision] = {}
    verdicts: list[Verdict] = []
    if_claimed: list[Verdict] = []
    for day, schemes in days_of(law, month).items():
        decisions[day] = decide_facts(prepared(law, month, schemes), facts[day])
        found = entitlements(_only(decisions[day], whose))
        verdicts += [verdict for verdict in found if verdict.state not in ("no_claim", "claims_unknown")]
        unclaimed = {(v.scheme, v.subject) for v in found if v.state in ("no_claim", "claims_unknown")}
        if unclaimed:
            on_event = [name for name in schemes if name in law.events]
            claimed[day] = decide_facts(prepared(law, month, on_event), with_events(facts[day], law, day))
            if_claimed += [v for v in entitlements(_only(claimed[day], whose)) if (v.scheme, v.subject) in unclaimed]
    return Rights(law, month, facts, decisions, tuple(verdicts), tuple(if_claimed), claimed)


def _only(decision: Decision, whose: Collection[str] | None) -> Decision:
    """The same decision, whose verdicts are told of some members only."""
    if whose is None:
        return decision
    return replace(decision, people={name: person for name, person in decision.people.items() if name in whose})


def prepared(law: Law, month: Month, schemes: Sequence[str]) -> Decider:
    """The rules of a law made ready; kept by law and month (there is one law of each hash: `law_of`)."""
    return _decider(law, month, tuple(schemes) if len(schemes) < len(law.schemes) else ())


def with_events(facts: Facts, law: Law, day: date) -> Facts:
    """The facts, with every event that a scheme is claimed for having happened to every member on a day, where the facts have none of it."""
    events = {name: [dict(row) for row in rows] for name, rows in (facts.get("events") or {}).items()}
    wanted = sorted(set(law.events.values()))
    for name in facts["members"]:
        rows = events.setdefault(name, [])
        there = {row.get("contingency") for row in rows}
        rows += [{"contingency": event, "event_date": day, "claim_date": day} for event in wanted if event not in there]
    return {**facts, "events": events}


# --- one claim


@dataclass(frozen=True)
class Determined:
    """What the law says of one scheme and subject, with everything needed to say it again: the fields of `cases.Determination` but claim and made."""

    law_hash: str
    program: str
    month: date
    facts: Facts
    facts_hash: str
    subject: str
    outcome: str
    results: dict[str, str]
    trace: dict[str, Any]
    missing: list[dict[str, Any]]

    def fields(self) -> dict[str, Any]:
        """For `Determination(claim=…, made=…, **fields)`."""
        return dict(vars(self))

    def amount(self, law: Law) -> int | None:
        """The benefit in the currency's smallest unit, rounded half up as the law's money is; None where it is unknown or there is none."""
        value = next((text for name, text in self.results.items() if name.endswith(".benefit")), "")
        return int((Decimal(value) * 10**law.country.currency.digits).to_integral_value("ROUND_HALF_UP")) if value else None


_OUTCOMES = {"due": "entitled", "nothing_due": "not_entitled"}


def decide_for(
    person: Person,
    scheme: str,
    month: Month,
    event: Mapping[str, object] | None = None,
    *,
    household: Household | None = None,
    law: Law | None = None,
    known: datetime | None = None,
) -> Determined:
    """What the law in force says of a person's claim, or of her household's where the scheme's right belongs to it.

    event: the event's own facts, canonical text (`event_date`, `certified_days`…); added to the person's events. Raises InputError O042, P035.
    """
    law = law or law_on(month.first_day)
    if scheme not in law.schemes:
        raise InputError("O042", f"the law has no scheme {scheme!r} in {month}")
    facts = household_facts(household or person, month, law=law, on=day_of(law, scheme, month), known=known)
    if event is not None:
        facts = _with_event(facts, person.reference, {"contingency": law.events.get(scheme, ""), **event}, law.vocabulary)
    subject = HOUSEHOLD if law.schemes[scheme].unit == HOUSEHOLD else person.reference
    return determine(law, month, scheme, subject, plain(facts))


def _with_event(facts: Facts, name: str, event: Mapping[str, object], words: Vocabulary) -> Facts:
    """The claim's event; another of the same kind and month is the same event told earlier. The engine refuses what cannot be read."""
    events = dict(facts.get("events") or {})
    told = {key: value for key, value in event.items() if value not in (None, "")}
    values = {key: read(word, text, words) for key, text in told.items() if isinstance(text, str) and (word := words.fact("events", key))}
    told |= {key: value for key, value in values.items() if value is not UNKNOWN}

    def same(row: Mapping[str, Any]) -> bool:
        return row.get("contingency") == told.get("contingency") and str(row.get("event_date"))[:7] == str(told.get("event_date"))[:7]

    events[name] = [row for row in events.get(name, []) if not same(row)] + [told]
    return {**facts, "events": events}


def determine(law: Law, month: Month, scheme: str, subject: str, facts: Facts) -> Determined:
    """The determination of one scheme and subject on canonical facts."""
    decision = decide_facts(prepared(law, month, [scheme]), facts)
    explanation = explain(decision, scheme, subject)
    verdict = explanation.verdict
    if verdict is None:
        raise AssertionError(scheme)
    values = decision.values.get(subject, {})
    names = [f"{scheme}.{name}" for name in RESERVED]
    return Determined(
        law_hash=law.hash,
        program=__version__,
        month=month.first_day,
        facts=facts,
        facts_hash=hash_of(facts),
        subject=subject,
        outcome=_OUTCOMES.get(verdict.outcome, verdict.outcome),
        results={name: write(plain_value(values[name])) for name in names if name in values},
        trace=explanation.as_dict(),
        missing=as_data(verdict.missing),
    )


def hash_of(facts: Facts) -> str:
    """SHA-256 of canonical facts."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Replayed:
    """A determination computed again from its own law and facts. differences: variable -> (kept, found)."""

    determined: Determined
    differences: dict[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        return not self.differences


def replay(kept: Any) -> Replayed:
    """Runs the engine again on what a determination stood on (a `cases.Determination` or a `Determined`). Raises InputError O040, O043."""
    if hash_of(kept.facts) != kept.facts_hash:
        raise InputError("O043", "the facts of the determination are not those that it was made on")
    scheme = kept.trace["name"]
    found = determine(law_of(kept.law_hash), Month.of(kept.month), scheme, kept.subject, kept.facts)
    pairs = {name: (kept.results.get(name, ""), found.results.get(name, "")) for name in {**kept.results, **found.results}}
    pairs["outcome"] = (kept.outcome, found.outcome)
    return Replayed(found, {name: pair for name, pair in pairs.items() if pair[0] != pair[1]})
