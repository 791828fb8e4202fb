"""Claims in every state, each about somebody of the registry: what is decided is what the law says of her."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from ...periods import Month
from ..access.models import User
from ..cases import services
from ..cases.models import Claim, Decision, Entitlement
from ..people.models import Document, Fact, Household, Person
from ..people.services import add_account, add_document, correct_fact, move_household, record_death, record_fact
from ..places.models import Area
from .finding import Finder
from .papers import scan

DEGREES = tuple(str(number) for number in range(50, 101))
"""Degrees of disability that give the grant, and just not."""
LESS = tuple(str(number) for number in range(20, 50))


@dataclass(frozen=True)
class Desk:
    """Who works here, by name, and how people are found."""

    users: Mapping[str, User]
    find: Finder

    def of(self, area: str) -> tuple[User, User]:
        """Who takes claims and who decides them in an area of the north or the south; the intake officer of the north works in d01 only."""
        if area in ("south", "d04", "d05", "d06"):
            return self.users["moussa"], self.users["lucie"]
        return self.users["amina" if area == "d01" else "karim"], self.users["karim"]

    def claim(self, person: Person, scheme: str, on: date, area: str, event: Mapping[str, str] | None = None) -> Claim:
        month = Month.of(date.fromisoformat(event["event_date"]) if event else on)
        return services.open_claim(by=self.of(area)[0], on=on, person=person, scheme=scheme, month=month, event=event)

    def decided(self, claim: Claim, on: date, area: str, *, letter: bool = True) -> Decision:
        """Proposed, approved by the supervisor of the whole country where the scheme asks for two officers, and told in a letter."""
        officer = self.of(area)[1]
        decision = services.propose(by=officer, on=on, claim=claim)
        if decision.two_officers:
            services.approve(by=self.users["nadia"], on=on, decision=decision)
        if letter:
            services.make_letter(by=officer, on=on, decision=decision, language=officer.language)
        return decision


Story = Callable[[Desk], bool]


def child_grants(desk: Desk) -> bool:
    """Decided by the program: no officer is needed. Some wait to be."""
    told = 0
    for area in ("d01", "d02", "d04", "d05"):
        for number in range(3):
            on = date(2026, 1, 12 + number)
            child = desk.find.person("child_grant", "entitled", area, on, born=(2022, 2026))
            if child is None:
                continue
            claim = desk.claim(child, "child_grant", on, area)
            told += 1
            if number < 2:
                services.propose(by=None, on=on, claim=claim)
    return told > 0


def granted_with_a_letter(desk: Desk) -> bool:
    """A mother's maternity benefit, for a birth of the register, or where there is none a sickness benefit; paid by mobile money."""
    for (scheme, event), area in product((("maternity_benefit", "birth"), ("sickness_benefit", "sickness")), ("south", "north")):
        found = desk.find.event(scheme, event, "entitled", area, date(2026, 3, 1))
        if found is not None:
            person, told = found
            desk.decided(desk.claim(person, scheme, date(2026, 3, 4), area, told), date(2026, 3, 6), area)
            taker = desk.of(area)[0]
            add_account(by=taker, on=date(2026, 3, 6), person=person, kind="mobile", provider="Exemplia Mobile", number="70445566")
            return True
    return False


def waits_for_evidence(desk: Desk) -> bool:
    """A household's income is not known: the law says which fact to ask for. A first document is there."""
    person = desk.find.person("social_assistance", "undecided", "d01", date(2026, 3, 9))
    if person is None:
        return False
    claim = desk.claim(person, "social_assistance", date(2026, 3, 9), "d01")
    amina = desk.users["amina"]
    document = add_document(by=amina, on=date(2026, 3, 9), person=person, kind="proof_of_address", content=scan(1), title="Proof of address")
    services.add_evidence(by=amina, on=date(2026, 3, 9), claim=claim, document=document, proves="residence_status")
    return True


def waits_to_be_decided(desk: Desk) -> bool:
    """Assigned to a caseworker, who has not proposed a decision yet."""
    person = desk.find.person("social_pension", "entitled", "d01", date(2026, 3, 16), born=(1930, 1961))
    if person is None:
        return False
    claim = desk.claim(person, "social_pension", date(2026, 3, 16), "d01")
    services.assign_claim(by=desk.users["sofia"], on=date(2026, 3, 17), claim=claim, to=desk.users["karim"])
    return True


def waits_for_a_second_officer(desk: Desk) -> bool:
    told = False
    for area, officer in (("d01", "karim"), ("south", "lucie")):
        person = desk.find.person("disability_grant", "entitled", area, date(2026, 3, 10), facts={"disability_degree": DEGREES})
        if person is not None:
            claim = desk.claim(person, "disability_grant", date(2026, 3, 10), area)
            services.propose(by=desk.users[officer], on=date(2026, 3, 12), claim=claim)
            told = True
    return told


def sent_back(desk: Desk) -> bool:
    """The second officer does not agree with the first, and says why."""
    person = desk.find.person("disability_grant", "entitled", "d01", date(2026, 2, 2), facts={"disability_degree": DEGREES})
    if person is None:
        return False
    claim = desk.claim(person, "disability_grant", date(2026, 2, 2), "d01")
    decision = services.propose(by=desk.users["karim"], on=date(2026, 2, 4), claim=claim)
    why = "The medical certificate is of 2019. Ask for a new one before the grant is decided."
    services.send_back(by=desk.users["sofia"], on=date(2026, 2, 5), decision=decision, reason=why)
    return True


def suspended(desk: Desk) -> bool:
    right = _disability_grant(desk, "d01")
    if right is None:
        return False
    services.suspend_entitlement(by=desk.users["sofia"], on=date(2026, 3, 2), entitlement=right, why="Three payments were not collected.")
    return True


def suspended_and_resumed(desk: Desk) -> bool:
    right = _disability_grant(desk, "south")
    if right is None:
        return False
    nadia = desk.users["nadia"]
    services.suspend_entitlement(by=nadia, on=date(2026, 2, 9), entitlement=right, why="The letter came back: the address is not known.")
    services.resume_entitlement(by=nadia, on=date(2026, 2, 23), entitlement=right, why="The new address is recorded.")
    return True


def _disability_grant(desk: Desk, area: str) -> Entitlement | None:
    person = desk.find.person("disability_grant", "entitled", area, date(2026, 1, 14), facts={"disability_degree": DEGREES})
    if person is None:
        return None
    decision = desk.decided(desk.claim(person, "disability_grant", date(2026, 1, 14), area), date(2026, 1, 19), area)
    return Entitlement.plain.get(decision=decision)


def revised(desk: Desk) -> bool:
    """A higher degree of disability is proved for a past month: the difference is owed."""
    person = desk.find.person(
        "disability_grant", "entitled", "d02", date(2026, 1, 15), facts={"disability_degree": tuple(str(number) for number in range(50, 80))}
    )
    if person is None:
        return False
    karim = desk.users["karim"]
    claim = desk.claim(person, "disability_grant", date(2026, 1, 15), "d02")
    decision = desk.decided(claim, date(2026, 1, 20), "d02", letter=False)
    paper = _medical_certificate(desk, person, karim, date(2026, 3, 11))
    record_fact(
        by=karim, on=date(2026, 3, 11), about=person, name="disability_degree", value="85", since=date(2026, 2, 1), proof="document", document=paper
    )
    services.revise_entitlement(by=karim, on=date(2026, 3, 11), entitlement=Entitlement.plain.get(decision=decision))
    return True


def refused(desk: Desk) -> bool:
    """Somebody too young for the social pension; the letter says the reason and the article."""
    person = desk.find.person("social_pension", "not_entitled", "d04", date(2026, 2, 16), born=(1963, 1966))
    if person is None:
        return False
    desk.decided(desk.claim(person, "social_pension", date(2026, 2, 16), "d04"), date(2026, 2, 18), "d04")
    return True


def refused_and_appealed(desk: Desk) -> bool:
    """Contested in time; the appeals officers have it before them."""
    found = desk.find.event("sickness_benefit", "sickness", "not_entitled", "south", date(2026, 3, 1))
    if found is None:
        return False
    person, event = found
    decision = desk.decided(desk.claim(person, "sickness_benefit", date(2026, 3, 5), "south", event), date(2026, 3, 9), "south")
    grounds = "My employer withheld contributions that are not in the register. I bring my payslips."
    services.receive_appeal(by=desk.users["moussa"], on=date(2026, 3, 20), decision=decision, grounds=grounds)
    return True


def appeal_upheld(desk: Desk) -> bool:
    person = desk.find.person("long_term_care_allowance", "not_entitled", "d01", date(2026, 1, 21), born=(1940, 1960))
    if person is None:
        return False
    decision = desk.decided(desk.claim(person, "long_term_care_allowance", date(2026, 1, 21), "d01"), date(2026, 1, 23), "d01", letter=False)
    appeal = services.receive_appeal(by=desk.users["amina"], on=date(2026, 2, 3), decision=decision, grounds="My daughter helps me every day.")
    reasons = "The assessment of needs of January was made at home and is complete; it finds no need of care. A new one may be asked for at any time."
    services.decide_appeal(by=desk.users["ines"], on=date(2026, 2, 20), appeal=appeal, outcome="upheld", reasons=reasons)
    return True


def appeal_allowed(desk: Desk) -> bool:
    """A certificate shows a higher degree of disability: the fact is corrected, and the law says something else."""
    person = desk.find.person("disability_grant", "not_entitled", "d01", date(2026, 1, 26), born=(1970, 2010), facts={"disability_degree": LESS})
    if person is None:
        return False
    decision = desk.decided(desk.claim(person, "disability_grant", date(2026, 1, 26), "d01"), date(2026, 1, 30), "d01", letter=False)
    amina = desk.users["amina"]
    appeal = services.receive_appeal(by=amina, on=date(2026, 2, 10), decision=decision, grounds="My degree of disability is higher than in the file.")
    _medical_certificate(desk, person, amina, date(2026, 2, 10))
    fact = Fact.objects.get(person=person, name="disability_degree", withdrawn__isnull=True)
    correct_fact(
        by=amina, on=date(2026, 2, 10), fact=fact, value="65", since=fact.since, until=None, reason="new_document", proof="document",
    )  # fmt: skip
    reasons = "The certificate of the hospital shows 65 %. The degree in the register was of 2021."
    services.decide_appeal(by=desk.users["omar"], on=date(2026, 2, 24), appeal=appeal, outcome="changed", reasons=reasons)
    return True


def _medical_certificate(desk: Desk, person: Person, by: User, on: date) -> Document:
    return add_document(by=by, on=on, person=person, kind="medical_certificate", content=scan(2), title="Certificate of the regional hospital")


def withdrawn(desk: Desk) -> bool:
    person = desk.find.person("social_assistance", "not_entitled", "d01", date(2026, 2, 11))
    if person is None:
        return False
    claim = desk.claim(person, "social_assistance", date(2026, 2, 11), "d01")
    services.withdraw_claim(by=desk.users["amina"], on=date(2026, 2, 13), claim=claim)
    return True


def moved(desk: Desk) -> bool:
    """A household goes to another district, and its files and rights with it."""
    child = desk.find.person("child_grant", "entitled", "d02", date(2026, 1, 13), born=(2022, 2026))
    place = child.memberships.select_related("household").first() if child else None
    if child is None or place is None:
        return False
    claim = desk.claim(child, "child_grant", date(2026, 1, 13), "d02")
    services.propose(by=None, on=date(2026, 1, 13), claim=claim)
    home = Household.objects.everyone().get(pk=place.household_id)
    area = Area.objects.get(code="d03")
    move_household(by=desk.users["karim"], on=date(2026, 3, 3), household=home, area=area, address="House 12, market road", since=date(2026, 3, 1))
    return True


def ended_by_death(desk: Desk) -> bool:
    person = desk.find.person("social_pension", "entitled", "d02", date(2026, 1, 8), born=(1925, 1955))
    if person is None:
        return False
    karim = desk.users["karim"]
    claim = desk.claim(person, "social_pension", date(2026, 1, 8), "d02")
    desk.decided(claim, date(2026, 1, 9), "d02", letter=False)
    record_death(by=karim, on=date(2026, 3, 5), person=person, died=date(2026, 2, 20), reason="civil_register")
    person.refresh_from_db(from_queryset=Person.objects.everyone())
    services.end_for_death(by=karim, on=date(2026, 3, 5), person=person)
    return True


def grievances(desk: Desk) -> bool:
    """One is open and without a name, one is answered."""
    north, d04 = Area.objects.get(code="d01"), Area.objects.get(code="d04")
    text = "The counter at the market opens at ten, and the queue is sent away at noon."
    services.receive_grievance(by=desk.users["amina"], on=date(2026, 3, 18), kind="delay", text=text, district=north)
    person = next(desk.find.living("d04", born=(1960, 1990)), None)
    said = services.receive_grievance(
        by=desk.users["moussa"], on=date(2026, 2, 12), kind="payment", text="The payment of January came two weeks late.", district=d04, person=person
    )
    answer = "The agent of the district ran out of cash. The payments of February are brought on the first working day."
    services.answer_grievance(by=desk.users["lucie"], on=date(2026, 2, 19), grievance=said, answer=answer)
    return True


STORIES: tuple[Story, ...] = (
    child_grants, granted_with_a_letter, waits_for_evidence, waits_to_be_decided, waits_for_a_second_officer, sent_back, suspended,
    suspended_and_resumed, revised, refused, refused_and_appealed, appeal_upheld, appeal_allowed, withdrawn, moved, ended_by_death, grievances,
)  # fmt: skip


def tell_stories(users: Mapping[str, User]) -> list[str]:
    """All stories for which there is somebody; gives those for which there is nobody, which a small registry may have."""
    desk = Desk(users, Finder())
    return [story.__name__ for story in STORIES if not story(desk)]
