"""Who is excluded and why: worked examples by hand, real laws, and shares with the design's standard errors."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from opensocle.analysis.impact.exclusion import TITLES, Cause, excluded, exclusion, kind_of, target
from opensocle.analysis.impact.sample import Sample
from opensocle.engine.counting import Grouping
from opensocle.engine.running import run
from opensocle.law.law import Law, load
from opensocle.population.people import make_people
from opensocle.population.survey.design import Design
from opensocle.population.survey.variance import standard_errors
from opensocle.population.tables import Population, Table

COUNTRIES = Path(__file__).parents[3] / "src/opensocle/countries"
MONTH = "2026-03"


@pytest.fixture(scope="module")
def exemplia() -> Law:
    return load(COUNTRIES / "exemplia")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """6 000 of Exemplia's people."""
    return Population.open(make_people(tmp_path_factory.mktemp("people") / "made", 6_000, seed=5, months=12))


def survey(law: Law, persons: list[dict[str, Any]], extra: dict[str, pa.DataType]) -> Population:
    """A survey in memory, with columns that the vocabulary does not know."""
    plain = [{key: value for key, value in row.items() if key not in extra} for row in persons]
    checked = Population.of(persons=plain, kind="survey", vocabulary=law.vocabulary)
    data = checked.tables["persons"].data
    assert data is not None
    for column, type in extra.items():
        data = data.append_column(column, pa.array([row.get(column) for row in persons], type))
    return Population("survey", None, {**checked.tables, "persons": Table("persons", data=data)}, "XMU", 2)


def child(number: int, birth: str | None, residence: str | None, weight: str, receives: bool | None) -> dict[str, Any]:
    facts = {"person_id": number, "birth_date": birth, "residence_status": residence, "weight": weight, "receives": receives}
    return facts | {"sex": "female" if number % 2 else "male"}


CHILDREN = [
    child(1, "2023-01-10", "usual_resident", "10", True),  # 3 years: entitled, receives
    child(2, "2022-05-01", "usual_resident", "20", False),  # 3 years: entitled, does not receive
    child(3, "2024-02-29", "abroad", "5.5", False),  # 2 years: not resident
    child(4, "2021-03-02", None, "4", False),  # 4 years, five tomorrow: residence unknown
    child(5, "2021-03-01", "usual_resident", "7", False),  # five today: no longer a child of the law
    child(6, "2025-12-31", "abroad", "3", True),  # 0 years, not resident, receives all the same
    child(7, None, "abroad", "2", False),  # age unknown, but not resident
    child(8, None, "usual_resident", "1", None),  # age unknown
]
"""The child grant of March 2026 is for children under 5 who are resident (Social Protection Act 2020, art. 10 and 11)."""


def told(causes: tuple[Cause, ...]) -> list[tuple[Any, ...]]:
    return [(cause.group, cause.kind, cause.number, cause.persons, cause.observations) for cause in causes]


def test_the_child_grant_worked_by_hand(exemplia: Law) -> None:
    population = survey(exemplia, CHILDREN, {"receives": pa.bool_()})
    causes = exclusion(exemplia, population, MONTH, ["child_grant"], ["sex"], {"child_grant": "receives"})
    assert told(causes) == [
        ((), "receives", 0, Decimal(10), 1),
        ((), "not_taken_up", 0, Decimal(20), 1),
        ((), "leakage", 0, Decimal(3), 1),
        ((), "condition", 3, Decimal("5.5"), 1),
        ((), "undecided", 3, Decimal(4), 1),
        (("female",), "receives", 0, Decimal(10), 1),
        (("female",), "condition", 3, Decimal("5.5"), 1),
        (("male",), "not_taken_up", 0, Decimal(20), 1),
        (("male",), "leakage", 0, Decimal(3), 1),
        (("male",), "undecided", 3, Decimal(4), 1),
    ]
    assert [round(cause.share or 0, 6) for cause in causes[:5]] == [round(float(part) / 42.5, 6) for part in (10, 20, 3, 5.5, 4)]
    refused = causes[3]
    assert (refused.text, refused.theme, refused.titles["fr"]) == ("resident", "residence", "Réside habituellement en Exemplie")
    assert refused.source == "Social Protection Act 2020, art. 10" and not refused.unknown and causes[4].unknown


def test_among_everybody_the_others_are_too_old_or_of_unknown_age(exemplia: Law) -> None:
    population = survey(exemplia, CHILDREN, {"receives": pa.bool_()})
    causes = exclusion(exemplia, population, MONTH, ["child_grant"], among="everybody")
    assert told(causes) == [
        ((), "entitled", 0, Decimal(30), 2),
        ((), "condition", 2, Decimal(7), 1),
        ((), "condition", 3, Decimal("10.5"), 3),  # the third, the sixth, and the seventh, whose age does not matter
        ((), "undecided", 2, Decimal(1), 1),
        ((), "undecided", 3, Decimal(4), 1),
    ]
    assert sum(cause.share or 0 for cause in causes) == pytest.approx(1)


def old(number: int, birth: str, sex: str, **facts: Any) -> dict[str, Any]:
    usual = {"residence_status": "usual_resident", "migration_status": "national", "public_pension": False, "insured_months_before": 0}
    return {"person_id": number, "birth_date": birth, "sex": sex, "weight": "1", **usual, **facts}


OLD = [
    old(1, "1960-01-01", "female"),  # 66: social pension
    old(2, "1950-06-30", "male", public_pension=True),  # 75: a public pension
    old(3, "1955-01-01", "female", migration_status="refugee", residence_since="2016-03-01"),  # 71: ten years of residence to the day
    old(4, "1955-01-01", "male", migration_status="refugee", residence_since="2016-03-02"),  # a day less
    old(5, "1940-01-01", "female", residence_status="abroad"),  # 86: not resident
    old(6, "1961-03-02", "male", insured_months_before=120),  # 64: too young for it; old-age pension from 62 with ten years
    old(7, "1967-03-02", "female", insured_months_before=500),  # 59 tomorrow: too young for both
    old(8, "2022-01-01", "male"),  # a child
]
"""Social pension: 65 years; national or resident for ten years; no public pension (art. 3 and 20-22). Old-age pension: women at 59, men at 62, ten
years of insurance (Social Insurance Act 2018, art. 61 and 62)."""


def test_pensions_worked_by_hand(exemplia: Law) -> None:
    empty = pa.table({"person_id": pa.array([], pa.int64()), "month": pa.array([], pa.date32()), "paid": pa.array([], pa.bool_()),
                      "credited": pa.array([], pa.bool_()), "earnings": pa.array([], pa.decimal128(18, 2))})  # fmt: skip
    awarded = {"pension_reference_earnings": pa.decimal128(18, 2)}
    checked = survey(exemplia, OLD, awarded)
    population = Population("survey", None, {**checked.tables, "contributions": Table("contributions", data=empty)}, "XMU", 2)
    causes = exclusion(exemplia, population, MONTH, ["social_pension", "old_age_pension"])
    found: dict[str, list[Any]] = defaultdict(list)
    for cause in causes:
        found[cause.scheme].append((cause.kind, cause.text, cause.theme, cause.persons))
    assert found["social_pension"] == [
        ("entitled", "", "", Decimal(2)),
        ("condition", "resident", "residence", Decimal(1)),
        ("condition", "national or resident_months >= long_residence", "migration_status", Decimal(1)),
        ("condition", "not public_pension", "other_benefits", Decimal(1)),
    ]
    assert found["old_age_pension"] == [
        ("entitled", "", "", Decimal(1)),
        ("condition", "years >= minimum_years", "contributions", Decimal(5)),
    ]
    assert [condition.text for condition in target(exemplia, "social_pension", MONTH)] == ["alive", "age >= age_from"]


def test_whom_a_scheme_is_for_follows_from_its_contingency(exemplia: Law) -> None:
    found = {scheme: [condition.text for condition in target(exemplia, scheme, MONTH)] for scheme in exemplia.schemes}
    assert found["disability_grant"] == ["alive", "amount[disability_degree] > 0"]
    assert found["birth_grant"] == ["birth"] and found["unemployment_benefit"] == ["unemployment"]
    assert found["family_allowance"] == ["children_counted >= least_children"]
    assert found["cash_transfer"] == ["score <= cut_off[district]"]
    assert found["social_insurance_contributions"] == []
    assert target(exemplia, "child_grant", "2023-12") == ()


def test_the_causes_of_a_group_are_all_of_its_persons(exemplia: Law, made: Population) -> None:
    causes = exclusion(exemplia, made, MONTH, None, ["sex", ("region", Grouping("age", (15, 65)))], among="everybody")
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [Decimal(0), 0.0])
    for cause in causes:
        sums[cause.scheme, cause.grouping, cause.group][0] += cause.persons
        sums[cause.scheme, cause.grouping, cause.group][1] += cause.share or 0
    assert {whole for (_, grouping, _), (whole, _) in sums.items() if not grouping} == {Decimal(6_000)}
    assert all(share == pytest.approx(1) for _, share in sums.values())
    parts: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for cause in causes:
        parts[cause.scheme, cause.grouping, cause.kind, cause.number] += cause.persons
    assert all(parts[scheme, (), kind, number] == persons for (scheme, _, kind, number), persons in parts.items())


def test_those_entitled_are_those_of_a_run(exemplia: Law, made: Population) -> None:
    causes = exclusion(exemplia, made, MONTH, among="everybody")
    result = run(exemplia, made, MONTH, [f"{scheme}.eligible" for scheme in dict.fromkeys(cause.scheme for cause in causes)])
    for scheme in dict.fromkeys(cause.scheme for cause in causes):
        if exemplia.schemes[scheme].unit == "person":
            entitled = sum(row[f"{scheme}.eligible"] is True for row in result.table().to_pylist())
            assert sum(cause.persons for cause in causes if cause.scheme == scheme and cause.kind == "entitled") == entitled, scheme


REAL = ("argentina", "cabo_verde", "cambodia", "india", "jordan", "mozambique", "rwanda", "thailand", "togo", "viet_nam")


@pytest.mark.parametrize("name", REAL)
def test_real_laws_leave_nobody_without_an_answer(name: str) -> None:
    law = load(COUNTRIES / name)
    sexes = ["female", "male"] * 20
    facts = {"person_id": list(range(1, 41)), "birth_date": [f"{1935 + 2 * number}-07-01" for number in range(40)], "sex": sexes}
    homes = {"household_id": list(range(1, 11))}
    persons = {**facts, "household_id": [number % 10 + 1 for number in range(40)], "weight": [f"{number}.25" for number in range(1, 41)]}
    population = Population.of(persons=persons, households=homes, kind="survey", vocabulary=law.vocabulary)
    causes = exclusion(law, population, "2018-03", groups=["sex"], among="everybody")
    assert {cause.scheme for cause in causes} == {scheme for scheme in law.schemes if (scheme, "eligible") in law.rules}
    for scheme in {cause.scheme for cause in causes}:
        everybody = [cause for cause in causes if cause.scheme == scheme and not cause.grouping]
        assert sum(cause.persons for cause in everybody) == sum(Decimal(number) + Decimal("0.25") for number in range(1, 41))
        assert sum(cause.observations for cause in everybody) == 40
        assert all(cause.theme and cause.source for cause in everybody if cause.kind in ("condition", "undecided"))


def test_thailands_old_without_facts_are_undecided_and_its_young_are_not_asked_about() -> None:
    law = load(COUNTRIES / "thailand")
    persons = {"person_id": [1, 2, 3], "birth_date": ["1950-01-01", "1990-01-01", "1945-01-01"], "public_pension": [None, False, True]}
    causes = exclusion(law, Population.of(persons=persons, vocabulary=law.vocabulary), "2026-03", ["old_age_allowance"])
    assert [(cause.kind, cause.text, cause.observations) for cause in causes] == [
        ("condition", "not public_pension", 1),
        ("undecided", "nationality_met", 1),
    ]


# --- person by person


def test_persons_have_the_answers_that_are_counted_and_shares_have_standard_errors(exemplia: Law, made: Population) -> None:
    schemes, groups = ["social_pension", "social_assistance", "child_grant"], ["sex", Grouping("age", (15, 65))]
    received = {"social_pension": "benefits_in_payment"}
    found = excluded(exemplia, made, MONTH, schemes, groups, received)
    design = Design.of(np.ones(6_000))
    sample = Sample.of(design)
    for cause in exclusion(exemplia, made, MONTH, schemes, groups, received):
        inside, column = found.domain(cause), found.indicator(cause)
        assert column[inside].sum() == cause.observations, cause
        share = found.share(cause, sample)
        assert share.estimate == pytest.approx(cause.share)
        p, n = share.estimate, inside.sum()
        error = float(standard_errors(design, sample.rows[inside], sample.weights[inside], share.influence)[0])
        assert error == pytest.approx(sqrt(p * (1 - p) / n * 6_000 / 5_999), abs=1e-12)  # of a share in a domain of a simple random sample


def test_persons_come_in_the_order_of_the_data(exemplia: Law) -> None:
    shuffled = [CHILDREN[at] for at in (4, 2, 7, 0, 6, 1, 5, 3)]
    found = excluded(exemplia, survey(exemplia, shuffled, {"receives": pa.bool_()}), MONTH, ["child_grant"], ["sex"], {"child_grant": "receives"})
    assert found.causes["child_grant"].tolist() == [2, 3, -2, 0, 3, 0, 3, -3]
    assert found.groups["sex"].tolist() == [row["sex"] for row in shuffled]
    assert np.isnan(found.receives["child_grant"]).tolist() == [row["receives"] is None for row in shuffled]


def test_every_kind_of_answer_has_a_title_or_a_condition() -> None:
    kinds = {kind_of(cause, receives)[0] for cause in (None, 0, 2, -2) for receives in (None, True, False)}
    assert kinds == {*TITLES, "condition", "undecided"}
    assert all(set(title) == {"en", "fr"} for title in TITLES.values())
    assert kind_of(4, True) == ("leakage", 0) and kind_of(-4, True) == ("undecided", 4) and kind_of(0, None) == ("entitled", 0)
