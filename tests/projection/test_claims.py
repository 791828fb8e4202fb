"""Claims: as many events as people and incidence give, with their facts and histories."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from small_future import EXEMPLIA, assume, edited, replacing, small_law

from opensocle.engine.running import run
from opensocle.errors import InputError
from opensocle.law.law import load
from opensocle.population.tables import Population
from opensocle.projection.assumptions import read_assumptions
from opensocle.projection.outlook import Outlook


def table(population: Population | None, name: str) -> pa.Table:
    assert population is not None
    found = population.tables[name].data
    assert found is not None
    return found


def weights(rows: pa.Table) -> np.ndarray:
    return np.array(rows.column("weight").cast(pa.float64()))


def of_contingency(population: Population | None, contingency: str) -> pa.Table:
    joined = table(population, "persons").join(table(population, "events").select(["person_id", "contingency"]), "person_id")
    return joined.filter(pc.equal(joined.column("contingency").cast(pa.string()), contingency))


def small(folder: Path, change: object = lambda text: text) -> Outlook:
    return Outlook(assume(folder, change, people=True), small_law())  # ty: ignore[invalid-argument-type]


def test_there_are_as_many_events_as_people_and_incidence_give(tmp_path: Path) -> None:
    outlook = small(tmp_path)
    labour = outlook.labour(2026)
    insured = labour.total("formal_employee") * 0.9 + labour.total("self_employed") * 0.2
    assert weights(table(outlook.claims(2026), "persons")).sum() == pytest.approx(insured * 0.25)


@pytest.mark.parametrize(
    ("among", "persons"),
    [
        ("all", lambda o: o.population(2026).sum()),
        ("women", lambda o: o.population(2026)[1].sum()),
        ("men", lambda o: o.population(2026)[0].sum()),
        ("employed", lambda o: o.labour(2026).employed),
        ("unemployed", lambda o: o.labour(2026).total("unemployed")),
        (
            "uninsured",
            lambda o: o.population(2026).sum() - o.labour(2026).total("formal_employee") * 0.9 - o.labour(2026).total("self_employed") * 0.2,
        ),
    ],
)
def test_events_happen_among_those_who_are_named(tmp_path: Path, among: str, persons: object) -> None:
    outlook = small(tmp_path, replacing("among: insured", f"among: {among}"))
    found = weights(table(outlook.claims(2026), "persons")).sum()
    assert found == pytest.approx(persons(outlook) * 0.25, rel=1e-9)  # ty: ignore[call-non-callable]


def test_the_law_pays_the_claims_by_their_history(tmp_path: Path) -> None:
    outlook = small(tmp_path)
    rows = run(small_law(), outlook.claims(2026) or pytest.fail(), "2026-01", ["sickness_benefit"]).totals()
    found = {row["variable"]: row for row in rows}
    events = weights(table(outlook.claims(2026), "persons")).sum()
    assert float(found["eligible"]["positive"]) == pytest.approx(events)
    mean = float(found["benefit"]["total"]) / events
    wages_of_2025 = 1  # six months before January 2026 are of 2025
    assert mean == pytest.approx(12 / 30 * 0.98 * 400 * wages_of_2025, rel=0.05)


def test_a_short_history_opens_no_right(tmp_path: Path) -> None:
    outlook = small(tmp_path, replacing("contributions: {months: 24}", "contributions: {months: 3}"))
    rows = run(small_law(), outlook.claims(2026) or pytest.fail(), "2026-01", ["sickness_benefit.eligible"]).totals()
    assert rows[0]["positive"] == 0 and rows[0]["unknown"] == 0


def test_without_a_history_the_right_is_unknown_and_not_zero(tmp_path: Path) -> None:
    outlook = small(tmp_path, replacing("contributions: {months: 24}, ", ""))
    assert "contributions" not in (outlook.claims(2026) or pytest.fail()).tables
    rows = run(small_law(), outlook.claims(2026) or pytest.fail(), "2026-01", ["sickness_benefit.eligible"]).totals()
    assert rows[0]["unknown"] > 0


def test_facts_of_the_claim_may_grow_and_be_the_persons_own_earnings(tmp_path: Path) -> None:
    facts = "facts: {certified_days: 12, cost_of_care: {value: 100, year: 2025, growth: 0.1}, previous_earnings: earnings}"
    outlook = small(tmp_path, replacing("facts: {certified_days: 12}", facts))
    events = table(outlook.claims(2026), "events")
    assert set(map(float, events.column("cost_of_care").to_pylist())) == {110.0}
    assert len(set(events.column("previous_earnings").to_pylist())) > 5
    assert str(events.column("event_date")[0]) == "2026-01-01"


def test_several_kinds_of_one_event_stand_side_by_side(tmp_path: Path) -> None:
    kinds = {
        "short": {"incidence": 0.2, "among": "insured", "contributions": {"months": 24}, "facts": {"certified_days": 5}},
        "long": {"incidence": 0.05, "among": "insured", "contributions": {"months": 24}, "facts": {"certified_days": 60}},
    }
    outlook = small(tmp_path, edited(contingencies={"sickness": {"kinds": kinds, "source": "Invented"}}))
    people, events = table(outlook.claims(2026), "persons"), table(outlook.claims(2026), "events")
    assert people.column("person_id").to_pylist() == events.column("person_id").to_pylist()
    days = np.array(events.column("certified_days").to_pylist())
    assert weights(people)[days == 5].sum() == pytest.approx(4 * weights(people)[days == 60].sum())


def test_a_history_for_some_but_not_for_others_is_refused(tmp_path: Path) -> None:
    kinds = {"a": {"incidence": 0.2, "among": "insured", "contributions": {"months": 24}}, "b": {"incidence": 0.05, "among": "insured"}}
    outlook = small(tmp_path, edited(contingencies={"sickness": {"kinds": kinds, "source": "Invented"}}))
    with pytest.raises(InputError, match="read contributions, of which nothing is assumed"):
        outlook.claims(2026)


def test_births_are_those_of_the_projection() -> None:
    law = load(EXEMPLIA)
    outlook = Outlook(read_assumptions(EXEMPLIA, "base", law), law)
    claims = outlook.claims(2030, ["birth_grant", "maternity_benefit"])
    births = of_contingency(claims, "birth")
    assert weights(births).sum() == pytest.approx(float(outlook.births(2030).sum()), rel=1e-6)
    assert set(births.column("sex").cast(pa.string()).to_pylist()) == {"female"}


def test_nothing_of_exemplias_claims_is_unknown() -> None:
    law = load(EXEMPLIA)
    outlook = Outlook(read_assumptions(EXEMPLIA, "base", law), law)
    wanted = ["birth_grant", "maternity_benefit", "sickness_benefit", "unemployment_benefit", "employment_injury_benefit", "national_health_package"]
    claims = outlook.claims(2027, wanted) or pytest.fail()
    rows = run(law, claims, "2027-01", [f"{name}.benefit" for name in wanted], indices=outlook.indices).totals()
    assert {row["scheme"]: row["unknown"] for row in rows} == dict.fromkeys(wanted, 0)
    assert all(row["total"] > 0 for row in rows)


def test_no_events_are_no_claims(tmp_path: Path) -> None:
    assert small(tmp_path, edited(contingencies=None)).claims(2026) is None
    assert small(tmp_path).claims(2026, ["child_grant"]) is None


def test_deaths_are_those_of_the_projection(tmp_path: Path) -> None:
    kinds = {"death": {"incidence": "deaths", "source": "Invented"}}
    made = assume(tmp_path, edited(contingencies=kinds), people=True)
    assert made.claims[0].incidence == "deaths"
    outlook = Outlook(made, small_law())
    assert outlook.people.deaths(2026).sum() == pytest.approx(outlook.people.projection.deaths[1].sum())
