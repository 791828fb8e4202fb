"""Claims, decisions, entitlements, appeals and grievances, on Exemplia's law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from opensocle.errors import InputError
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.models import Entry, RowChange
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.cases import services
from opensocle.office.cases.models import Appeal, Claim, Decision, Entitlement, Letter, SentBack
from opensocle.office.cases.revising import causes_of, rights_to_revise
from opensocle.office.cases.services.decisions import later
from opensocle.office.laws.deciding import replay
from opensocle.office.laws.models import InForce, InstalledLaw
from opensocle.office.laws.services import install_law
from opensocle.office.people.models import Document, Fact, Household, Membership, Person, Record
from opensocle.office.people.services.erasing import erase_person
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.vocabulary.model import HISTORIES

pytestmark = pytest.mark.django_db
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"
DAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MakeUser = Callable[..., User]
Areas = dict[str, Area]


@pytest.fixture
def law(areas: Areas, settings: Settings) -> InstalledLaw:
    """Exemplia's law, in force since 2020; the office keeps every register."""
    settings.PLACE = replace(settings.PLACE, registers=HISTORIES)
    installed = install_law(EXEMPLIA, by=None, on=DAY)
    InForce.objects.create(law=installed, since=date(2020, 1, 1), approved=NOW)
    return installed


def person(areas: Areas, birth: date, sex: str = "female", name: str = "Awa", code: str = "d01", **facts: str) -> Person:
    area = areas[code]
    made = Person.plain.create(given_name=name, surname="Kone", sex=sex, birth_date=birth, area=area, district=area.district)
    known = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": "false", **facts}
    Fact.objects.bulk_create(Fact(person=made, name=name, value=value, recorded=NOW) for name, value in known.items())
    home = Household.plain.create(area=area, district=area.district, since=date(2020, 1, 1))
    Membership.objects.create(person=made, household=home, relationship="head", since=date(2020, 1, 1))
    return made


def child(areas: Areas) -> Person:
    return person(areas, date(2024, 5, 4), name="Bintou")


def disabled(areas: Areas, degree: str = "60") -> Person:
    return person(areas, date(1990, 1, 1), disability_degree=degree, disabled="true", insured="false")


def test_a_claim_is_determined_decided_and_gives_a_right(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer = user("caseworker", "d01")
    claim = services.open_claim(by=officer, on=DAY, person=child(areas), scheme="child_grant")
    assert (claim.state, claim.month) == ("ready", date(2026, 3, 1))
    decision = services.propose(by=officer, on=DAY, claim=claim)
    right = decision.entitlement
    assert (decision.outcome, claim.state) == ("granted", "decided")
    made = decision.determination
    assert right.amount == int(float(made.results["child_grant.benefit"]) * 100) > 0
    assert (right.currency, right.since, right.until, right.state) == ("XMU", date(2026, 3, 1), None, "active")
    assert made.law_hash == law.hash and replay(made).same
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"claim.open", "claim.determine", "decision.propose"} <= actions and not verify().broken


def test_an_event_is_claimed_for_its_own_month_whenever_the_claim_is_made(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, awa = user("caseworker", "d01"), person(areas, date(1996, 8, 9))
    event = {"event_date": "2026-02-24", "children_born": "1"}
    with pytest.raises(InputError, match=r"O250.*2026-02, not of 2026-03"):
        services.open_claim(by=officer, on=DAY, person=awa, scheme="birth_grant", month=Month(2026, 3), event=event)
    with pytest.raises(InputError, match=r"O250.*is not a day"):
        services.open_claim(by=officer, on=DAY, person=awa, scheme="birth_grant", event={"event_date": "24/02/2026"})
    assert services.open_claim(by=officer, on=DAY, person=awa, scheme="birth_grant", event=event).month == date(2026, 2, 1)


def test_what_was_sent_back_says_why_until_the_file_is_erased(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, boss = user("caseworker", "d01"), user("supervisor", "d01")
    awa = disabled(areas)
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="disability_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    services.send_back(by=boss, on=DAY, decision=decision, reason=" The certificate is of 2019. ")
    kept = claim.sent_back.get()
    assert (kept.reason, kept.by, kept.on, kept.outcome) == ("The certificate is of 2019.", boss, DAY, "granted")
    services.withdraw_claim(by=officer, on=DAY, claim=claim)
    Membership.objects.filter(person=awa).update(until=DAY)
    erase_person(by=None, on=date(2040, 1, 1), person=awa)
    assert SentBack.objects.get().reason == "" and not RowChange.objects.filter(new__contains="of 2019").exists()


def test_the_same_is_not_claimed_twice(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, awa = user("caseworker", "d01"), child(areas)
    first = services.open_claim(by=officer, on=DAY, person=awa, scheme="child_grant")
    with pytest.raises(InputError, match="O251"):
        services.open_claim(by=officer, on=DAY, person=awa, scheme="child_grant")
    services.withdraw_claim(by=officer, on=DAY, claim=first)
    assert services.open_claim(by=officer, on=DAY, person=awa, scheme="child_grant").pk != first.pk


def test_a_missing_fact_keeps_the_claim_open_and_is_named(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, awa = user("caseworker", "d01"), child(areas)
    residence = Fact.objects.filter(person=awa, name="residence_status")
    residence.delete()
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="child_grant")
    assert claim.state == "open"
    with pytest.raises(InputError, match=r"O260.*residence_status"):
        services.propose(by=officer, on=DAY, claim=claim)
    assert not Decision.plain.exists()
    Fact.objects.create(person=awa, name="residence_status", value="usual_resident", recorded=NOW)
    assert services.propose(by=officer, on=DAY, claim=claim).outcome == "granted"


def test_a_scheme_of_four_eyes_waits_for_a_second_officer(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, boss = user("caseworker", "d01"), user("supervisor", "d01")
    claim = services.open_claim(by=officer, on=DAY, person=disabled(areas), scheme="disability_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    assert (decision.decided_on, claim.state, Entitlement.plain.count()) == (None, "proposed", 0)
    with pytest.raises(Refused):
        services.approve(by=officer, on=DAY, decision=decision)
    services.approve(by=boss, on=DAY, decision=decision)
    assert (decision.decided_on, decision.approved_by, decision.entitlement.state) == (DAY, boss, "active")
    assert decision.entitlement.review_on == date(2027, 3, 1)


def test_nobody_approves_her_own_proposal_not_even_in_the_database(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer = user("caseworker", "d01", "both")
    claim = services.open_claim(by=officer, on=DAY, person=disabled(areas), scheme="disability_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    both = user("supervisor", "d01", "both")
    with pytest.raises(InputError, match="O263"):
        services.approve(by=User.objects.get(pk=both.pk), on=DAY, decision=decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.plain.filter(pk=decision.pk).update(approved_by=officer, decided_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.plain.filter(pk=decision.pk).update(decided_on=DAY)


def test_facts_that_changed_since_the_proposal_stop_the_approval(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, boss, awa = user("caseworker", "d01"), user("supervisor", "d01"), disabled(areas)
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="disability_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    Fact.objects.filter(person=awa, name="disability_degree").update(value="40")
    with pytest.raises(InputError, match="O264"):
        services.approve(by=boss, on=DAY, decision=decision)
    services.send_back(by=boss, on=DAY, decision=decision, reason="the degree is 40 now")
    claim.refresh_from_db(from_queryset=Claim.plain.all())
    assert claim.state == "ready" and not Decision.plain.exists()
    assert services.propose(by=officer, on=DAY, claim=claim).outcome == "refused"


def test_an_event_is_claimed_with_its_facts_and_ends(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, awa = user("caseworker", "d01"), person(areas, date(1996, 1, 1))
    for number in range(24):
        month = date(2024 + (2 + number) // 12, (2 + number) % 12 + 1, 1)
        Record.objects.create(person=awa, table="contributions", start=month, values={"earnings": "300", "paid": "true"}, recorded=NOW)
    with pytest.raises(InputError, match="O250"):
        services.open_claim(by=officer, on=DAY, person=awa, scheme="maternity_benefit")
    with pytest.raises(InputError, match=r"O250.*event_dat"):
        services.open_claim(by=officer, on=DAY, person=awa, scheme="maternity_benefit", event={"event_dat": "2026-03-10"})
    event = {"event_date": "2026-03-10", "children_born": "1"}
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="maternity_benefit", event=event)
    right = services.propose(by=officer, on=DAY, claim=claim).entitlement
    assert (right.amount, right.since, right.until) == (78_400, date(2026, 3, 10), date(2026, 6, 16))  # 10 × 0.8 × 98 days


def test_the_program_decides_alone_only_where_the_law_says_so(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer = user("intake", "d01")
    grant = services.open_claim(by=officer, on=DAY, person=child(areas), scheme="child_grant")
    assert services.propose(by=None, on=DAY, claim=grant).proposed_by is None
    pension = services.open_claim(by=officer, on=DAY, person=person(areas, date(1950, 1, 1)), scheme="social_pension")
    with pytest.raises(InputError, match="O262"):
        services.propose(by=None, on=DAY, claim=pension)


def test_a_letter_cites_its_article_and_is_the_same_for_ever(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer = user("caseworker", "d01")
    claim = services.open_claim(by=officer, on=DAY, person=child(areas), scheme="child_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    letters = [services.make_letter(by=officer, on=DAY, decision=decision, language=language) for language in ("en", "fr", "en")]
    assert bytes(letters[0].pdf).startswith(b"%PDF") and letters[0].digest == letters[2].digest != letters[1].digest
    assert Letter.plain.count() == 3


def test_a_letter_says_facts_reasons_articles_and_how_to_appeal(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    from django.utils import translation

    from opensocle.office.cases.services.letters import page_of

    officer = user("caseworker", "d01")
    old = person(areas, date(2010, 1, 1), name="Moussa")
    claim = services.open_claim(by=officer, on=DAY, person=old, scheme="child_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    with translation.override("en"):
        page = page_of(decision, "en")
    texts = " ".join(text for section in page.sections for text in (*section.paragraphs, *(f"{a} {b}" for a, b in section.facts)))
    assert "refused" in page.subject and page.to[0] == "Moussa Kone"
    assert "Social Protection Act 2020, art. 10" in texts and "1 January 2010" in texts
    assert "19 April 2026" in texts and "19 May 2026" in texts  # 30 and 60 days after 20 March


# --- appeals


def refused(areas: Areas, user: MakeUser) -> tuple[Decision, Person, User]:
    officer, awa = user("caseworker", "d01"), disabled(areas, "40")
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="disability_grant")
    decision = services.propose(by=officer, on=DAY, claim=claim)
    services.approve(by=user("supervisor", "d01"), on=DAY, decision=decision)
    return decision, awa, officer


def test_a_refusal_is_appealed_and_changed_when_the_facts_prove_it(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    decision, awa, officer = refused(areas, user)
    judge = user("appeals", "d01")
    appeal = services.receive_appeal(by=officer, on=date(2026, 4, 2), decision=decision, grounds="The degree is 60.")
    assert appeal.due == date(2026, 5, 2)
    with pytest.raises(InputError, match="O285"):
        services.decide_appeal(by=judge, on=date(2026, 4, 10), appeal=appeal, outcome="changed", reasons="She is right.")
    Fact.objects.filter(person=awa, name="disability_degree").update(value="60")
    remedy = services.decide_appeal(by=judge, on=date(2026, 4, 10), appeal=appeal, outcome="changed", reasons="A new certificate proves 60 %.")
    assert remedy is not None
    assert (remedy.outcome, remedy.replaces, remedy.entitlement.since, appeal.outcome) == ("granted", decision, date(2026, 3, 1), "changed")
    with pytest.raises(InputError, match="O282"):
        services.decide_appeal(by=judge, on=date(2026, 4, 11), appeal=appeal, outcome="upheld", reasons="again")


def test_an_appeal_is_heard_by_somebody_else_and_in_time(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    decision, _, officer = refused(areas, user)
    with pytest.raises(InputError, match="O281"):
        services.receive_appeal(by=officer, on=date(2026, 4, 20), decision=decision, grounds="late")
    appeal = services.receive_appeal(by=officer, on=date(2026, 4, 20), decision=decision, grounds="I was in hospital", excused=True)
    with pytest.raises(InputError, match="O282"):
        services.receive_appeal(by=officer, on=date(2026, 4, 19), decision=decision, grounds="twice")
    user("appeals", "d02", officer.username)
    with pytest.raises(NotThere):
        services.decide_appeal(by=User.objects.get(pk=officer.pk), on=date(2026, 4, 21), appeal=appeal, outcome="upheld", reasons="no")
    user("appeals", "d01", officer.username)
    with pytest.raises(InputError, match="O283"):
        services.decide_appeal(by=User.objects.get(pk=officer.pk), on=date(2026, 4, 21), appeal=appeal, outcome="upheld", reasons="no")
    judge = user("appeals", "north")
    services.decide_appeal(by=judge, on=date(2026, 4, 21), appeal=appeal, outcome="upheld", reasons="The certificate says 40.")
    second = services.receive_appeal(by=user("intake", "d01"), on=date(2026, 5, 1), decision=decision, grounds="still wrong", level="appeal")
    with pytest.raises(InputError, match="O283"):
        services.decide_appeal(by=judge, on=date(2026, 5, 2), appeal=second, outcome="upheld", reasons="no")
    assert Appeal.plain.filter(decided_on__isnull=True).get() == second


# --- rights in force


def right_of(areas: Areas, user: MakeUser, awa: Person, day: date = DAY) -> Entitlement:
    officer = user("caseworker", "d01")
    claim = services.open_claim(by=officer, on=day, person=awa, scheme="child_grant")
    return services.propose(by=officer, on=day, claim=claim).entitlement


def test_a_revision_finds_arrears_and_overpayments_month_by_month(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    awa = child(areas)
    right = right_of(areas, user, awa)
    amount = right.amount
    assert services.revise_entitlement(by=None, on=date(2026, 6, 10), entitlement=right) == []
    Fact.objects.filter(person=awa, name="residence_status").update(until=date(2026, 5, 1))
    Fact.objects.create(person=awa, name="residence_status", value="abroad", since=date(2026, 5, 1), recorded=NOW)
    found = services.revise_entitlement(by=None, on=date(2026, 6, 10), entitlement=right)
    assert [(d.month, d.before, d.after) for d in found] == [(date(2026, 5, 1), amount, 0), (date(2026, 6, 1), amount, 0)]
    assert (right.state, right.until) == ("ended", date(2026, 7, 1))


def test_a_right_is_to_be_looked_at_again_after_a_new_fact_a_new_law_and_at_its_review_and_not_once_it_was(
    areas: Areas, user: MakeUser, law: InstalledLaw
) -> None:
    awa, other = child(areas), child(areas)
    right, day = right_of(areas, user, awa), date(2026, 6, 10)
    right_of(areas, user, other)
    Entitlement.plain.update(looked=datetime(2026, 3, 20, 12, tzinfo=UTC))
    officer = user("caseworker", "d01")

    def waiting() -> list[tuple[str, list[str]]]:
        return [(found.reference, causes_of(found)) for found in rights_to_revise(officer, day)]

    assert waiting() == [] == list(rights_to_revise(user("caseworker", "d02"), day))
    Fact.objects.create(person=awa, name="birth_order", value="2", recorded=datetime(2026, 4, 1, tzinfo=UTC))
    assert waiting() == [(right.reference, ["facts"])]
    assert services.revise_all(by=officer, on=day) == services.Revised(looked=1) and waiting() == []
    Entitlement.plain.filter(pk=right.pk).update(review_on=date(2999, 1, 1))
    assert waiting() == []
    Entitlement.plain.filter(pk=right.pk).update(review_on=date(2026, 6, 1), looked=datetime(2026, 5, 1, tzinfo=UTC))
    assert waiting() == [(right.reference, ["review"])]
    InForce.objects.create(law=law, since=date(2026, 7, 1), approved=datetime(2026, 5, 2, tzinfo=UTC))
    assert waiting() == [(right.reference, ["review"])]
    InForce.objects.filter(since=date(2020, 1, 1)).update(approved=datetime(2026, 5, 2, tzinfo=UTC))
    assert {reference: causes for reference, causes in waiting()}[right.reference] == ["law", "review"] and len(waiting()) == 2


def test_what_happens_to_another_member_of_the_household_is_a_reason_to_look_again(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    awa, mother, stranger = child(areas), person(areas, date(1990, 1, 1)), person(areas, date(1991, 1, 1))
    home = Membership.objects.get(person=awa).household
    Membership.objects.filter(person=mother).update(household=home, relationship="other")
    right = right_of(areas, user, awa)
    Entitlement.plain.update(looked=datetime(2026, 3, 20, 12, tzinfo=UTC))
    recorded = datetime(2026, 4, 1, tzinfo=UTC)
    Fact.objects.create(person=stranger, name="earnings", value="10", recorded=recorded)
    assert not rights_to_revise(None, date(2026, 6, 10)).exists()
    rows = [
        Fact(person=mother, name="earnings", value="10", recorded=recorded),
        Fact(household=home, name="rooms", value="2", recorded=recorded),
        Record(person=mother, table="contributions", start=date(2026, 1, 1), recorded=recorded),
    ]
    for row in rows:
        row.save()
        assert [causes_of(found) for found in rights_to_revise(None, date(2026, 6, 10))] == [["facts"]]
        row.delete()
    with act("household.leave", by=None, about=mother):
        Membership.objects.filter(person=mother).update(until=date(2026, 4, 1))
    assert [found.reference for found in rights_to_revise(None, date(2026, 6, 10))] == [right.reference]


def test_a_right_that_would_be_lost_for_a_missing_fact_is_not_revised(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    awa = child(areas)
    right = right_of(areas, user, awa)
    Fact.objects.filter(person=awa, name="residence_status").delete()
    with pytest.raises(InputError, match=r"O273.*residence_status"):
        services.revise_entitlement(by=None, on=date(2026, 6, 10), entitlement=right)
    assert right.differences.count() == 0


def test_suspending_needs_a_reason_and_resuming_brings_it_back(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    right, boss = right_of(areas, user, child(areas)), user("supervisor", "d01")
    with pytest.raises(InputError, match="O270"):
        services.suspend_entitlement(by=boss, on=DAY, entitlement=right, why=" ")
    services.suspend_entitlement(by=boss, on=DAY, entitlement=right, why="no proof of life")
    with pytest.raises(InputError, match="O271"):
        services.suspend_entitlement(by=boss, on=DAY, entitlement=right, why="again")
    services.resume_entitlement(by=boss, on=DAY, entitlement=right, why="proof given")
    assert right.state == "active"


def test_death_ends_rights_with_its_month_and_withdraws_what_is_open(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    awa = child(areas)
    right = right_of(areas, user, awa)
    open_one = services.open_claim(by=user("caseworker", "d01"), on=date(2026, 4, 2), person=awa, scheme="child_grant")
    with pytest.raises(InputError, match="O272"):
        services.end_for_death(by=None, on=DAY, person=awa)
    Person.plain.filter(pk=awa.pk).update(death_date=date(2026, 4, 12))
    awa.refresh_from_db(from_queryset=Person.plain.all())
    assert services.end_for_death(by=None, on=date(2026, 4, 15), person=awa) == 1
    right.refresh_from_db(from_queryset=Entitlement.plain.all())
    assert (right.state, right.until) == ("ended", date(2026, 5, 1))
    assert Claim.plain.get(pk=open_one.pk).state == "withdrawn"


def test_another_district_can_do_nothing_with_a_case(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    stranger, awa = user("caseworker", "d02"), child(areas)
    with pytest.raises(NotThere):
        services.open_claim(by=stranger, on=DAY, person=awa, scheme="child_grant")
    claim = services.open_claim(by=user("intake", "d01"), on=DAY, person=awa, scheme="child_grant")
    for refused_to in (
        lambda: services.propose(by=stranger, on=DAY, claim=claim),
        lambda: services.determine_claim(by=stranger, on=DAY, claim=claim),
        lambda: services.withdraw_claim(by=stranger, on=DAY, claim=claim),
        lambda: services.assign_claim(by=user("supervisor", "d02"), on=DAY, claim=claim, to=stranger),
    ):
        with pytest.raises(NotThere):
            refused_to()


def test_evidence_is_about_the_household_of_the_claim(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, awa, other = user("caseworker", "d01"), child(areas), person(areas, date(1980, 1, 1), name="Other")
    claim = services.open_claim(by=officer, on=DAY, person=awa, scheme="child_grant")

    def paper(about: Person) -> Document:
        said = {"media_type": "application/pdf", "size": 1, "digest": "0" * 64, "kind": "birth_certificate", "title": "x"}
        return Document.plain.create(person=about, district=about.district, added=NOW, **said)

    assert services.add_evidence(by=officer, on=DAY, claim=claim, document=paper(awa), proves="birth_date").claim == claim
    with pytest.raises(InputError, match="O253"):
        services.add_evidence(by=officer, on=DAY, claim=claim, document=paper(other), proves="birth_date")


def test_a_grievance_is_answered_by_somebody_else(areas: Areas, user: MakeUser, law: InstalledLaw) -> None:
    officer, boss = user("caseworker", "d01"), user("supervisor", "d01")
    grievance = services.receive_grievance(by=officer, on=DAY, kind="conduct", text="I was shouted at.", district=areas["d01"], against=boss)
    assert grievance.due == date(2026, 4, 19)
    with pytest.raises(InputError, match="O291"):
        services.answer_grievance(by=boss, on=DAY, grievance=grievance, answer="no")
    services.answer_grievance(by=user("supervisor", "north"), on=DAY, grievance=grievance, answer="We apologise.")
    with pytest.raises(InputError, match="O292"):
        services.answer_grievance(by=user("supervisor", "north"), on=DAY, grievance=grievance, answer="again")
    with pytest.raises(InputError, match="O290"):
        services.receive_grievance(by=officer, on=DAY, kind="weather", text="rain", district=areas["d01"])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)), (date(2026, 11, 15), 14, date(2028, 1, 15))],
)
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert later(day, months) == expected
