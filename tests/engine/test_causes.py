"""Why a right is refused: the conditions of a law, the first that fails, on both engines and in the explanation."""

from __future__ import annotations

from collections import Counter as Tally
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from engines import law_of, people, store
from psycopg import sql
from random_people import make_population
from test_engine_countries import FOLDERS, months_of, name

from opensocle.engine.causes import Finder, causes_of, condition_of, conditions, run_causes, standing
from opensocle.engine.causes_postgres import count_causes_postgres
from opensocle.engine.counting import Count, Grouping, causes_by_person, count_causes
from opensocle.engine.deciding import Decider, decide
from opensocle.engine.explaining import entitlements, explain
from opensocle.engine.reasons import Verdict
from opensocle.errors import InputError, Problems
from opensocle.law.law import Law, load
from opensocle.periods import Month
from opensocle.population.households import households
from opensocle.population.tables import Population, Table
from opensocle.vocabulary import labels, vocabulary

ROOT = Path(__file__).parents[2]
MONTH = Month(2026, 3)
FACTS = ("insured", "pregnant", "in_education", "war_veteran")
"""Boolean facts of the vocabulary, for laws about nothing."""


@pytest.fixture(scope="module")
def exemplia() -> Law:
    return load(ROOT / "src/opensocle/countries/exemplia")


def rows_of(law: Law, population: Population) -> list[dict[str, Any]]:
    """The households of a population in memory, as plain facts."""
    data = population.tables["persons"].data
    assert data is not None
    ids = data.column("person_id").to_pylist()
    return list({id(home): home for home in households(population, ids, law.vocabulary)}.values())


def by_key(causes: Any, level: str) -> dict[Any, dict[str, Any]]:
    found = causes.table(level).to_pylist() if level in causes.result.tables else []
    return {row[f"{level}_id"]: row for row in found}


def said(finder: Finder, verdict: Verdict, cause: int) -> str:
    """What is wrong with a cause, as the explanation's verdict has it."""
    outcome = {0: "entitled", 1: "not_entitled", -1: "undecided"}[(cause > 0) - (cause < 0)]
    if verdict.outcome != outcome:
        return f"{outcome}, the verdict is {verdict.outcome}"
    found = condition_of(finder.conditions[verdict.scheme], cause)
    if found is None or cause < 0:
        return ""
    if found.kind == "claim":
        return "" if verdict.state == "no_claim" else f"no claim, the verdict says {verdict.state}"
    if found.kind == "life":
        return "" if verdict.state in ("not_born", "not_alive") else f"no life, the verdict says {verdict.state}"
    chain = [(failing.variable, failing.text) for failing in verdict.failing]
    return "" if (found.variable, found.text) in chain else f"{found.variable}: {found.text}, the verdict says {chain}"


@pytest.mark.parametrize("folder", FOLDERS, ids=name)
def test_sql_the_closures_and_the_explanation_name_the_same_condition(folder: Path) -> None:
    law = load(folder)
    for month in months_of(folder, 2):
        population = make_population(law, 300, seed=31, months=[month], unknown=0.06, alone=0.03)
        causes = run_causes(law, population, month)
        tables = {level: by_key(causes, level) for level in ("person", "household")}
        finder, decider = Finder(law, month), Decider(law, month)
        assert set(causes.conditions) | set(causes.left_out) == set(law.schemes) and causes.conditions == finder.conditions
        wrong = []
        for home in rows_of(law, population):
            found = finder.of(home)
            verdicts = {(str(verdict.subject), verdict.scheme): verdict for verdict in entitlements(decider.decide(home))}
            for subject, answers in found.items():
                for scheme, cause in answers.items():
                    level = law.schemes[scheme].unit
                    key = home["household"]["household_id"] if level == "household" else subject
                    if tables[level][key][f"{scheme}.cause"] != cause:
                        wrong.append(f"{scheme} of {subject}: SQL {tables[level][key]}, closures {cause}")
                    problem = said(finder, verdicts[str(subject), scheme], cause)
                    wrong += [f"{scheme} of {subject}: {problem}"] if problem else []
        assert wrong[:5] == []


def test_variables_that_the_data_give_are_not_looked_into(exemplia: Law) -> None:
    given = ("concepts.national_or_long_resident", "child_grant.eligible")
    population = make_population(exemplia, 200, seed=32, months=[MONTH], given=given)
    causes = run_causes(exemplia, population, MONTH, ["child_grant", "social_pension"])
    assert [condition.text for condition in causes.conditions["social_pension"]] == [
        "alive", "age >= age_from", "national_or_long_resident", "not public_pension",
    ]  # fmt: skip
    assert [(condition.kind, condition.text) for condition in causes.conditions["child_grant"]] == [("given", "eligible")]
    finder = Finder(exemplia, MONTH, ["child_grant", "social_pension"], frozenset(given))
    tables, seen = by_key(causes, "person"), Tally()
    for home in rows_of(exemplia, population):
        for subject, answers in finder.of(home).items():
            for scheme, cause in answers.items():
                assert tables[subject][f"{scheme}.cause"] == cause
                seen[scheme, cause] += 1
    assert len({cause for scheme, cause in seen if scheme == "social_pension"}) > 3 and seen["child_grant", 1] and seen["child_grant", 0]


# --- the conditions


def test_exemplias_social_pension_has_the_conditions_that_a_lawyer_would_list(exemplia: Law) -> None:
    found = [(one.number, one.text, one.variable, one.owner, one.theme, one.source) for one in conditions(exemplia, "social_pension", "2026-03")]
    act = "Social Protection Act 2020, "
    assert found == [
        (1, "alive", "social_pension.eligible", "social_pension", "other", act + "20-25"),
        (2, "age >= age_from", "social_pension.eligible", "social_pension", "age", act + "art. 20-22"),
        (3, "resident", "national_or_long_resident", "concepts", "residence", act + "art. 3(2)"),
        (4, "national or resident_months >= long_residence", "national_or_long_resident", "concepts", "migration_status", act + "art. 3(2)"),
        (5, "not public_pension", "social_pension.eligible", "social_pension", "other_benefits", act + "art. 20-22"),
    ]
    titles = [one.title.get("fr") for one in conditions(exemplia, "social_pension", "2026-03")]
    assert titles == ["Personne née et en vie", None, "Réside habituellement en Exemplie", None, None]


@pytest.mark.parametrize(
    ("scheme", "themes"),
    [
        ("old_age_pension", ["other", "age", "contributions"]),
        ("cash_transfer", ["household", "other", "other", "means"]),
        ("invalidity_pension", ["other", "disability_health", "age", "contributions", "other"]),
        ("disability_grant", ["other", "residence", "migration_status", "disability_health", "other_benefits", "age"]),
        ("unemployment_benefit", ["contingency", "contingency", "documents", "contributions", "age"]),
        ("family_allowance", ["contributions", "household"]),
        ("social_assistance", ["residence", "means"]),
        ("migrant_repatriation", ["contingency", "contributions", "employment", "employment"]),
    ],
)
def test_themes_follow_from_the_facts_that_a_condition_reads(exemplia: Law, scheme: str, themes: list[str]) -> None:
    assert [condition.theme for condition in conditions(exemplia, scheme, MONTH)] == themes


def test_every_fact_has_a_theme_of_the_closed_list_and_a_country_may_give_its_own() -> None:
    words = vocabulary()
    assert {fact.theme for facts in words.tables.values() for fact in facts.values()} <= set(labels("themes"))
    assert all(theme in labels("themes") for label in labels("contingencies").values() for theme in label.themes)
    own = vocabulary(variables={"persons": {"card": {"type": "boolean", "theme": "documents"}, "sex": {"theme": "household"}}})
    assert (own.tables["persons"]["card"].theme, own.tables["persons"]["sex"].theme) == ("documents", "household")
    with pytest.raises(Problems, match=r"P013 'wealth' is not a theme"):
        vocabulary(variables={"persons": {"card": {"type": "boolean", "theme": "wealth"}}})


def test_a_scheme_without_a_right_to_ask_about_says_why(exemplia: Law) -> None:
    assert standing(exemplia, "child_grant", "2023-12") == "not_in_force" and conditions(exemplia, "child_grant", "2023-12") == ()
    assert standing(exemplia, "child_grant", "2024-01") == "in_force"
    assert standing(exemplia, "social_insurance_contributions", MONTH) == "no_right"
    with pytest.raises(InputError, match=r"P030 .*did you mean"):
        conditions(exemplia, "child_grants", MONTH)
    causes = run_causes(exemplia, people(exemplia, [{"birth_date": "2022-01-15"}]), "2023-12", ["child_grant"])
    assert causes.left_out == {"child_grant": "not_in_force"} and causes.result.columns == ()


def test_a_right_whose_formula_is_not_yet_in_force_has_no_conditions() -> None:
    law = law_of({"eligible": {"type": "boolean", "formula": {"2027-01-01": "insured"}}})
    assert standing(law, "test", "2026-03") == "no_formula" and standing(law, "test", "2027-01") == "in_force"


def test_where_the_benefit_decides_there_is_one_condition() -> None:
    law = law_of({"benefit": {"unit": "XMU/month", "formula": "if(insured, earnings, 0)"}})
    found = conditions(law, "test", MONTH)
    assert [(one.kind, one.text, one.theme) for one in found] == [("life", "alive", "other"), ("benefit", "benefit > 0", "contributions")]
    expected = {("true", 5): 0, ("true", 0): 2, ("false", 5): 2, ("true", None): -2, ("false", None): 2}
    rows = [{"insured": insured == "true", "earnings": earnings} for insured, earnings in expected]
    table = run_causes(law, people(law, rows), MONTH).table().to_pylist()
    assert [row["test.cause"] for row in sorted(table, key=lambda row: row["person_id"])] == list(expected.values())
    assert [causes_of(law, {"person": row}, MONTH)["person"]["test"] for row in rows] == list(expected.values())


def test_a_choice_or_an_alternative_is_one_condition() -> None:
    law = law_of({"eligible": {"type": "boolean", "formula": "if(insured, pregnant and war_veteran, in_education) and (pregnant or not insured)"}})
    assert [one.text for one in conditions(law, "test", MONTH)][1:] == [
        "if(insured, pregnant and war_veteran, in_education)", "pregnant or not insured",
    ]  # fmt: skip


def test_a_claim_comes_before_the_law(exemplia: Law) -> None:
    first = conditions(exemplia, "birth_grant", MONTH)[0]
    assert (first.kind, first.theme, first.title["en"], first.title["fr"]) == ("claim", "contingency", "Claim: birth", "Demande : naissance")
    facts: dict[str, Any] = {"person": {"sex": "male"}}
    assert causes_of(exemplia, facts, MONTH, ["birth_grant"])["person"] == {"birth_grant": 2}  # nothing is known of claims, but no man is entitled
    assert causes_of(exemplia, facts | {"events": []}, MONTH, ["birth_grant"])["person"] == {"birth_grant": 1}
    assert causes_of(exemplia, {"person": {"sex": "female"}}, MONTH, ["birth_grant"])["person"] == {"birth_grant": -1}


# --- the first that fails


def first_failing(values: list[bool | None]) -> int:
    """Three-valued logic by hand: the first false condition, else the first unknown one, else nothing."""
    if False in values:
        return values.index(False) + 1
    return -(values.index(None) + 1) if None in values else 0


def test_the_first_false_condition_counts_whatever_is_unknown_before_it() -> None:
    law = law_of(
        {
            "eligible": {"type": "boolean", "formula": "insured and step and (pregnant or in_education)"},
            "step": {"type": "boolean", "formula": "not war_veteran and pregnant"},
        }
    )
    combinations = [dict(zip(FACTS, values, strict=True)) for values in product((True, False, None), repeat=4)]
    table = run_causes(law, people(law, combinations), MONTH).table().to_pylist()
    found = [row["test.cause"] for row in sorted(table, key=lambda row: row["person_id"])]
    for facts, cause in zip(combinations, found, strict=True):
        insured, pregnant, educated, veteran = (facts[fact] for fact in FACTS)
        either = True if pregnant or educated else None if None in (pregnant, educated) else False
        expected = first_failing([True, insured, None if veteran is None else not veteran, pregnant, either])
        assert cause == causes_of(law, {"person": facts}, MONTH)["person"]["test"] == expected, facts
    assert {0, 2, 3, 4, -2, -3, -4} <= set(found)


def test_a_condition_of_the_household_is_unknown_for_someone_without_one() -> None:
    law = law_of({"eligible": {"type": "boolean", "formula": "insured and many"}, "many": {"of": "household", "formula": "household_size > 1"}})
    population = people(law, [{"insured": True, "household_id": 1}, {"insured": True, "household_id": None}], households=[{"household_id": 1}])
    assert {row["person_id"]: row["test.cause"] for row in run_causes(law, population, MONTH).table().to_pylist()} == {1: 3, 2: -3}
    alone = people(law, [{"insured": True}, {"insured": False}])
    assert {row["person_id"]: row["test.cause"] for row in run_causes(law, alone, MONTH).table().to_pylist()} == {1: -3, 2: 2}
    verdict = explain(decide(law, {"person": {"insured": True}, "household": None}, MONTH), "test").verdict
    assert verdict and verdict.outcome == "undecided"


def test_kept_columns_and_files_are_those_of_a_run(exemplia: Law, tmp_path: Path) -> None:
    population = people(exemplia, [{"birth_date": "2022-01-15", "residence_status": "usual_resident", "sex": "female", "weight": "2.5"}])
    causes = run_causes(exemplia, population, MONTH, ["child_grant"], keep=["sex"], out=tmp_path / "out")
    assert causes.table().to_pylist() == [{"person_id": 1, "sex": "female", "weight": Decimal("2.500000000"), "child_grant.cause": 0}]
    assert (tmp_path / "out/persons.parquet").is_file() and (tmp_path / "out/run.json").is_file()
    assert causes.condition("child_grant", 0) is None and causes.condition("child_grant", -2) == causes.conditions["child_grant"][1]


# --- counts


def counted(counts: tuple[Count, ...]) -> dict[tuple[Any, ...], tuple[int, Decimal]]:
    return {(one.scheme, one.grouping, one.group, one.cause, one.within, one.beside): (one.rows, one.persons) for one in counts}


def with_weights(population: Population) -> Population:
    """The population with weights, a column that no vocabulary knows, and who reports a benefit."""
    data = population.tables["persons"].data
    assert data is not None
    numbers = range(data.num_rows)
    more = {
        "weight": pa.array([Decimal(number % 7 + 1) / 8 for number in numbers], pa.decimal128(18, 9)),
        "fifth": pa.array([None if number % 11 == 0 else number % 5 + 1 for number in numbers], pa.int8()),
        "reports": pa.array([(True, False, None)[number % 3] for number in numbers]),
    }
    for column, values in more.items():
        data = data.append_column(column, values)
    return Population(population.kind, population.date, {**population.tables, "persons": Table("persons", data=data)}, "XMU", 2)


def test_the_counts_are_those_of_the_rows(exemplia: Law) -> None:
    population = with_weights(make_population(exemplia, 900, seed=33, months=[MONTH], unknown=0.06, alone=0.05))
    schemes = ["child_grant", "social_pension", "cash_transfer", "birth_grant"]
    bands = Grouping("age", (18, 65))
    counts = count_causes(
        exemplia, population, MONTH, schemes, by=[(Grouping("sex"),), (Grouping("fifth"), bands), (Grouping("poor"),)],
        within={"social_pension": [1, 2]}, beside={"social_pension": "reports"},
    )  # fmt: skip
    rows = run_causes(exemplia, population, MONTH, schemes, keep=["sex", "fifth", "reports"]).table().to_pylist()
    homes = by_key(run_causes(exemplia, population, MONTH, schemes), "household")
    expected: dict[tuple[Any, ...], list[Any]] = {}
    facts = {key: facts for home in rows_of(exemplia, population) for key, facts in home["members"].items()}
    for row in rows:
        birth = facts[row["person_id"]]["birth_date"]
        age = None if birth is None else MONTH.year - birth.year - ((MONTH.number, 1) < (birth.month, birth.day))
        band = None if age is None else "<18" if age < 18 else "18-64" if age < 65 else "65+"
        for scheme in schemes:
            home = homes.get(row["household_id"])
            cause = row[f"{scheme}.cause"] if scheme != "cash_transfer" else home[f"{scheme}.cause"] if home else None
            old = scheme != "social_pension" or (age is not None and age >= 65 and cause != 1)
            beside = row["reports"] if scheme == "social_pension" else None
            for grouping, group in (((), ()), (("sex",), (row["sex"],)), (("fifth", "age"), (row["fifth"], band))):
                kept = expected.setdefault((scheme, grouping, group, cause, old, beside), [0, Decimal(0)])
                kept[0] += 1
                kept[1] += row["weight"]
    found = counted(tuple(count for count in counts.counts if count.grouping != ("poor",)))
    assert found == {key: tuple(value) for key, value in expected.items()}
    poor = [count for count in counts.counts if count.grouping == ("poor",)]
    assert {count.group[0] for count in poor} == {True, False, None} and sum(count.rows for count in poor) == 900 * len(schemes)


def test_postgresql_counts_the_same(exemplia: Law, database: psycopg.Connection) -> None:
    population = make_population(exemplia, 600, seed=34, months=[MONTH], alone=0.02)
    by = [(Grouping("sex"), Grouping("age", (15, 65))), (Grouping("concepts.poor"),)]
    beside = {"social_pension": "benefits_in_payment", "cash_transfer": "benefits_in_payment"}
    within = {"social_pension": [1, 2], "old_age_pension": [2]}
    store(database, "causes", population)
    try:
        there = count_causes_postgres(exemplia, database, MONTH, schema="causes", by=by, within=within, beside=beside)
    finally:
        database.execute(sql.SQL("DROP SCHEMA causes CASCADE"))
    here = count_causes(exemplia, population, MONTH, by=by, within=within, beside=beside)
    assert counted(there.counts) == counted(here.counts) and there.left_out == here.left_out


def test_a_benefit_in_payment_is_told_from_the_history(exemplia: Law) -> None:
    old = {"birth_date": "1950-01-01", "residence_status": "usual_resident", "migration_status": "national", "public_pension": False}
    spells = [
        {"person_id": 1, "scheme": "social_pension", "start_date": "2026-03-01"},
        {"person_id": 2, "scheme": "social_pension", "start_date": "2026-03-02"},
        {"person_id": 3, "scheme": "social_pension", "start_date": "2020-01-01", "end_date": "2026-03-01"},
        {"person_id": 4, "scheme": "old_age_pension", "start_date": "2020-01-01"},
        {"person_id": 5, "scheme": "social_pension", "start_date": "2020-01-01", "end_date": "2026-03-02"},
        {"person_id": 5, "scheme": "cash_transfer", "start_date": "2020-01-01"},
    ]
    homes = [{"household_id": 1}, {"household_id": 2}]
    rows = [{**old, "household_id": 2 if number == 5 else 1} for number in range(1, 6)]
    population = people(exemplia, rows, households=homes, benefits_in_payment=spells)
    beside = dict.fromkeys(("social_pension", "cash_transfer"), "benefits_in_payment")
    _, table = causes_by_person(exemplia, population, MONTH, ["social_pension", "cash_transfer"], beside=beside)
    found = {row["person_id"]: (row["b0"], row["b1"]) for row in table.to_pylist()}
    assert found == {1: (True, False), 2: (False, False), 3: (False, False), 4: (False, False), 5: (True, True)}


def test_households_rights_are_not_counted_where_nobody_knows_the_households(exemplia: Law) -> None:
    counts = count_causes(exemplia, people(exemplia, [{"birth_date": "2022-01-15"}]), MONTH, ["child_grant", "cash_transfer"])
    assert counts.left_out == {"cash_transfer": "no_households"} and {count.scheme for count in counts.counts} == {"child_grant"}
    assert count_causes(exemplia, people(exemplia, [{"birth_date": "2022-01-15"}]), MONTH, ["cash_transfer"]).counts == ()


@pytest.mark.parametrize(
    ("by", "beside", "message"),
    [
        ([(Grouping("sexe"),)], {}, r"P052 .*'sexe'.*did you mean 'sex'"),
        ([(Grouping("child_grant"),)], {}, r"P052 .*is a scheme"),
        ([(Grouping("birth_date"),)], {}, r"P056 'birth_date' is a date"),
        ([(Grouping("sex", (1, 2)),)], {}, r"P056 'sex' cannot be cut"),
        ([(Grouping("age", (65, 15)),)], {}, r"P056 'age' cannot be cut"),
        ([(Grouping("age", (15,)),), (Grouping("age", (65,)),)], {}, r"P056 'age' is cut into bands in two ways"),
        ([], {"child_grant": "sex"}, r"P056 'sex' is not yes or no"),
    ],
)
def test_groups_that_cannot_be_made_say_why(exemplia: Law, by: Any, beside: dict[str, str], message: str) -> None:
    population = people(exemplia, [{"birth_date": "2022-01-15", "sex": "female"}])
    with pytest.raises(InputError, match=message):
        count_causes(exemplia, population, MONTH, ["child_grant"], by=by, beside=beside)
