"""Installing a law, trying it on the registry, proposing, approving; and the determinations that stand on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from made_registry import load_people

from opensocle.engine.deciding import Decider
from opensocle.engine.facts import known_facts
from opensocle.errors import InputError, Problems
from opensocle.law.law import load
from opensocle.office.access.models import User
from opensocle.office.access.rules import NotThere, Refused
from opensocle.office.audit.models import Entry
from opensocle.office.audit.selectors import verify
from opensocle.office.audit.services import act
from opensocle.office.laws import commands
from opensocle.office.laws.batch import run_registry
from opensocle.office.laws.deciding import Determined, decide_for, law_of, law_on, replay, rights_of
from opensocle.office.laws.models import InForce, InstalledLaw
from opensocle.office.laws.selectors import law_hash_on
from opensocle.office.laws.services import approve, compare_with_current, install_law, propose, read_texts, withdraw
from opensocle.office.people.models import Fact, Person
from opensocle.office.places.models import Area
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.people import make_people
from opensocle.population.tables import Population

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)
MARCH = Month(2026, 3)
EXEMPLIA = Path(__file__).parents[2] / "src/opensocle/countries/exemplia"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return read_texts(EXEMPLIA)


@pytest.fixture(scope="module")
def raised(texts: dict[str, str]) -> dict[str, str]:
    """The same law with 5 units more child grant from 2026-02 on: a single figure changed, and no cases."""
    scheme = texts["schemes/child_grant.yaml"]
    return {name: text for name, text in texts.items() if not name.startswith("cases/")} | {"schemes/child_grant.yaml": more_grant(scheme)}


def more_grant(scheme: str) -> str:
    law = load(EXEMPLIA)
    amount = law.schemes["child_grant"].parameters["amount"]
    last = amount.values[-1]
    assert isinstance(last.value, Decimal)
    lines = scheme.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  amount:"))
    value = next(n for n in range(at, len(lines)) if str(last.since) in lines[n])
    lines[value] = lines[value].replace(f"{last.since}: {last.value}", f"{last.since}: {last.value}, 2026-02-01: {last.value + 5}")
    assert "2026-02-01" in lines[value], lines[value]
    return "\n".join(lines)


@pytest.fixture
def officers(user: Callable[..., User]) -> dict[str, User]:
    return {
        "administrator": user("administrator"),
        "supervisor": user("supervisor"),
        "local": user("supervisor", "d01"),
        "caseworker": user("caseworker", "d01"),
    }


@pytest.fixture
def installed(texts: dict[str, str], officers: dict[str, User]) -> InstalledLaw:
    """Exemplia's law, applied since 2024."""
    law = install_law(texts, by=officers["administrator"], on=TODAY)
    approve(propose(law, Month(2024, 1), by=officers["administrator"], on=TODAY), by=officers["supervisor"], on=TODAY)
    return law


def test_a_law_is_kept_by_its_hash_with_its_passing_cases(installed: InstalledLaw, officers: dict[str, User]) -> None:
    assert installed.hash == load(EXEMPLIA).hash and installed.cases_passed > 100
    assert law_of(installed.hash).hash == law_hash_on(TODAY) == law_on(TODAY).hash == installed.hash
    again = install_law(EXEMPLIA, by=officers["administrator"], on=TODAY)
    assert again == installed and InstalledLaw.objects.count() == 1
    assert Entry.objects.filter(action="law.install").count() == 1 and verify().sound


def test_every_fault_of_a_law_is_told_with_its_file_and_line(texts: dict[str, str]) -> None:
    wrong = {**texts, "schemes/child_grant.yaml": texts["schemes/child_grant.yaml"].replace("age <", "agee <")}
    wrong["schemes/birth_grant.yaml"] = texts["schemes/birth_grant.yaml"].replace("unit: person", "unit: parson")
    with pytest.raises(Problems) as found:
        install_law(wrong, by=None, on=TODAY)
    places = {problem.at.split(":")[0] for problem in found.value.problems}
    assert places >= {"schemes/birth_grant.yaml"} and all(":" in problem.at for problem in found.value.problems)
    assert not InstalledLaw.objects.exists()


def test_a_law_one_of_whose_cases_fails_is_not_installed(texts: dict[str, str]) -> None:
    case = "cases/child_grant.yaml"
    wrong = {**texts, case: re.sub(r"benefit: *[0-9.]+", "benefit: 999.99", texts[case], count=1)}
    with pytest.raises(Problems) as found:
        install_law(wrong, by=None, on=TODAY)
    assert [problem.code for problem in found.value.problems] == ["O045"] and found.value.problems[0].at.startswith(case)


def test_the_law_of_another_country_is_refused() -> None:
    with pytest.raises(InputError) as found:
        install_law(EXEMPLIA.parent / "togo", by=None, on=TODAY)
    assert found.value.code == "O044"


def test_who_may_install_propose_and_approve(texts: dict[str, str], officers: dict[str, User]) -> None:
    with pytest.raises(Refused):
        install_law(texts, by=officers["supervisor"], on=TODAY)
    law = install_law(texts, by=officers["administrator"], on=TODAY)
    entry = propose(law, MARCH, by=officers["administrator"], on=TODAY)
    with pytest.raises(Refused):
        approve(entry, by=officers["administrator"], on=TODAY)
    with pytest.raises(NotThere):  # a law is the whole country's
        approve(entry, by=officers["local"], on=TODAY)
    with pytest.raises(InputError) as found:
        law_on(TODAY)
    assert found.value.code == "O041"
    approve(entry, by=officers["supervisor"], on=TODAY)
    assert law_on(date(2026, 3, 1)).hash == law.hash
    with pytest.raises(InputError):
        law_on(date(2026, 2, 28))


def test_nobody_approves_her_own_proposal(texts: dict[str, str], user: Callable[..., User]) -> None:
    both = user("administrator", name="both")
    user("supervisor", name="both")
    both = User.objects.get(pk=both.pk)
    entry = propose(install_law(texts, by=both, on=TODAY), MARCH, by=both, on=TODAY)
    with pytest.raises(InputError) as found:
        approve(entry, by=both, on=TODAY)
    assert found.value.code == "O048"


def test_a_law_goes_live_by_date_after_it_was_tried_and_can_be_withdrawn_before(
    installed: InstalledLaw, raised: dict[str, str], officers: dict[str, User]
) -> None:
    boss, second = officers["administrator"], officers["supervisor"]
    law = install_law(raised, by=boss, on=TODAY)
    entry = propose(law, Month(2026, 5), by=boss, on=TODAY)
    with pytest.raises(InputError) as found:
        approve(entry, by=second, on=TODAY)
    assert found.value.code == "O049"
    compare_with_current(law, MARCH, by=boss, on=TODAY)
    approve(entry, by=second, on=TODAY)
    assert [law_hash_on(day) for day in (date(2026, 4, 30), date(2026, 5, 1))] == [installed.hash, law.hash]
    withdraw(entry, by=second, on=TODAY)
    assert law_hash_on(date(2026, 5, 1)) == installed.hash
    first = InForce.objects.get(law=installed)
    with pytest.raises(InputError) as found:
        withdraw(first, by=second, on=TODAY)
    assert found.value.code == "O046"
    assert verify().sound


# --- a law on the registry


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return Population.open(make_people(tmp_path_factory.mktemp("made") / "people", persons=500, seed=11, date=date(2026, 3, 1)))


def test_a_comparison_counts_who_gains_and_what_it_costs_district_by_district(
    installed: InstalledLaw, raised: dict[str, str], made: Population, officers: dict[str, User]
) -> None:
    names = load_people(made, law_of(installed.hash))
    law = compare_with_current(install_law(raised, by=None, on=TODAY), MARCH, by=officers["administrator"], on=TODAY)
    kept = law.comparison
    assert (kept["persons"], kept["month"], kept["against"]) == (500, "2026-03", installed.hash)
    # by hand, household by household, from the made people
    old, new = (Decider(law_of(hash), MARCH, ["child_grant"]) for hash in (installed.hash, law.hash))
    gain: dict[str, int] = {}
    cost = {"before": Decimal(0), "after": Decimal(0)}
    unknown = 0
    for home in {id(home): home for home in households(made, list(names))}.values():
        before, after = (decider.decide(known_facts(decider.law, home)).values for decider in (old, new))
        for key in home["members"]:
            a, b = before[key]["child_grant.benefit"], after[key]["child_grant.benefit"]
            if before[key]["child_grant.eligible"] is False:
                a = b = Decimal(0)
            if a is None or b is None:
                unknown += 1
                continue
            cost["before"] += a
            cost["after"] += b
            district = home["household"]["district"]
            gain[district] = gain.get(district, 0) + (b > a)
    found = next(scheme for scheme in kept["schemes"] if scheme["scheme"] == "child_grant")
    assert {row["district"]: row["gain"] for row in found["rows"] if row["gain"]} == {name: count for name, count in gain.items() if count}
    assert (found["whole"]["lose"], found["whole"]["unknown"]) == (0, unknown) and found["whole"]["gain"] == sum(gain.values()) > 10
    assert {side: Decimal(found["whole"][side]) for side in cost} == cost
    assert cost["after"] - cost["before"] == 5 * sum(gain.values())
    others = [scheme for scheme in kept["schemes"] if scheme["kind"] == "benefit" and scheme["scheme"] not in ("child_grant", "social_assistance")]
    assert len(kept["schemes"]) == len(law_of(law.hash).schemes)
    assert all(scheme["whole"]["gain"] == scheme["whole"]["lose"] == 0 for scheme in others if scheme["scheme"] != "cash_transfer")


def test_without_a_law_in_force_a_comparison_is_against_nothing(texts: dict[str, str], made: Population) -> None:
    load_people(made, load(EXEMPLIA))
    kept = compare_with_current(install_law(texts, by=None, on=TODAY), MARCH, by=None, on=TODAY).comparison
    assert kept["against"] == "" and kept["total"]["before"] == "0" and Decimal(kept["total"]["after"]) > 0
    batch = run_registry(load(EXEMPLIA), MARCH)
    paid = [value for value in batch.table("person").column("child_grant.benefit").to_pylist() if value is not None]
    found = next(scheme for scheme in kept["schemes"] if scheme["scheme"] == "child_grant")["whole"]
    assert Decimal(found["after"]) == sum(paid) and found["gain"] == sum(value > 0 for value in paid)


# --- determinations


@pytest.fixture
def child(areas: dict[str, Area]) -> Person:
    """A child of three whose residence is known."""
    with act("test.child", by=None):
        person = Person.plain.create(given_name="Sira", birth_date=date(2023, 1, 5), area=areas["d01"], district=areas["d01"])
    return person


def record(person: Person, **facts: str) -> None:
    with act("test.fact", by=None) as entry:
        Fact.objects.bulk_create(Fact(person=person, name=name, value=value, recorded=entry.at) for name, value in facts.items())


def test_a_determination_has_everything_to_say_it_again_and_replays_to_the_cent(installed: InstalledLaw, child: Person) -> None:
    missing = decide_for(child, "child_grant", MARCH)
    assert missing.outcome == "undecided" and "residence_status" in {fact["name"] for fact in missing.missing}
    assert missing.amount(law_of(installed.hash)) is None
    record(child, residence_status="usual_resident")
    found = decide_for(child, "child_grant", MARCH)
    assert (found.outcome, found.subject, found.law_hash, found.month) == ("entitled", child.reference, installed.hash, date(2026, 3, 1))
    assert found.results["child_grant.eligible"] == "true" and found.amount(law_of(installed.hash)) == 3000
    assert replay(found).same and replay(missing).same
    with act("test.change", by=None):
        Person.plain.filter(pk=child.pk).update(birth_date=date(2001, 1, 5))
    assert decide_for(child, "child_grant", MARCH).outcome == "not_entitled"
    assert replay(found).same and replay(found).determined == found


def test_a_replay_tells_what_differs_and_refuses_changed_facts(installed: InstalledLaw, child: Person) -> None:
    record(child, residence_status="usual_resident")
    found = decide_for(child, "child_grant", MARCH)
    paid_more = Determined(**{**found.fields(), "results": {**found.results, "child_grant.benefit": "31"}})
    assert replay(paid_more).differences == {"child_grant.benefit": ("31", "30")}
    older = {**found.facts, "members": {child.reference: {**found.facts["members"][child.reference], "birth_date": "2001-01-05"}}}
    with pytest.raises(InputError) as refused:
        replay(Determined(**{**found.fields(), "facts": older}))
    assert refused.value.code == "O043"


def test_a_claim_brings_its_event_which_the_registry_does_not_have_yet(installed: InstalledLaw, areas: dict[str, Area]) -> None:
    with act("test.mother", by=None):
        mother = Person.plain.create(given_name="Awa", sex="female", birth_date=date(1995, 2, 2), area=areas["d01"], district=areas["d01"])
    without = decide_for(mother, "birth_grant", MARCH)
    assert without.outcome == "not_entitled"
    event = {"event_date": "2026-03-04", "claim_date": "2026-03-09", "children_born": "2"}
    found = decide_for(mother, "birth_grant", MARCH, event)
    assert found.outcome != "not_entitled"
    assert found.facts["events"][mother.reference] == [{"contingency": "birth", **event, "children_born": 2}]
    assert replay(found).same


def test_rights_tell_every_scheme_and_what_an_event_would_open(installed: InstalledLaw, child: Person) -> None:
    law = law_of(installed.hash)
    rights = rights_of(child, MARCH)
    told = {(v.scheme, v.subject) for v in rights.verdicts} | {(v.scheme, v.subject) for v in rights.if_claimed}
    assert {scheme for scheme, _ in told} == {name for name, scheme in law.schemes.items() if scheme.unit == "person"}
    assert {v.scheme for v in rights.if_claimed} <= set(law.events)
    assert rights.explain("child_grant", child.reference).verdict is not None


# --- the command line


def test_the_commands_do_the_same_as_plain_functions(officers: dict[str, User]) -> None:
    said = commands.install(EXEMPLIA, on=TODAY)
    assert said["cases"] > 100 and said["in_force"] == []
    commands.propose(said["hash"][:12], "2026-04", on=TODAY)
    with pytest.raises(InputError) as found:
        commands.approve(said["hash"][:12], "2026-05", on=TODAY, by=officers["supervisor"].username)
    assert found.value.code == "O047"
    commands.approve(said["hash"][:12], "2026-04", on=TODAY, by=officers["supervisor"].username)
    assert commands.listing()[0]["in_force"] == [{"since": "2026-04", "state": "approved"}]
    assert commands.compare(said["hash"][:8], "2026-03", on=TODAY)["persons"] == 0
    for call in (lambda: commands.find("ab"), lambda: commands.find("0" * 12)):
        with pytest.raises(InputError, match="no law"):
            call()
