"""Explanations: reasons as data, verdicts, and the facts still to be asked for."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from small_laws import AMINA, CHILD, COUNTRIES, REAL, country, decision_of, law_of, scheme_of, variable

from opensocle.engine.cases import facts_of
from opensocle.engine.deciding import Decision, decide
from opensocle.engine.explaining import Explanation, entitlements, explain
from opensocle.engine.reasons import FactUsed, Figure, Part, Reason, RowsUsed, RowUsed, Step
from opensocle.errors import InputError
from opensocle.law.law import Law


def every(reason: Reason | Explanation) -> list[Any]:
    """A reason and all below it."""
    below = reason.steps if isinstance(reason, Explanation) else reason.children
    own = [] if isinstance(reason, Explanation) else [reason]
    return own + [found for child in below for found in every(child)]


def found(explanation: Explanation, kind: type, name: str) -> Any:
    return next(reason for reason in every(explanation) if isinstance(reason, kind) and reason.name.split(".")[-1] == name)


# --- a small law


def test_a_step_tells_formula_source_rounding_and_place():
    step = explain(decide(law_of(CHILD), AMINA, "2026-03"), "child_grant.benefit").steps[0]
    assert (step.value, step.formula, step.source) == (Decimal(30), "if(eligible, amount, 0)", "Act 12/2023, art. 6")
    assert str(step.since) == "2024-01-01" and step.place.startswith("schemes/child_grant.yaml:")
    assert step.rounding and (step.rounding.before, step.rounding.to) == (Decimal("30.40"), Decimal(1))
    assert step.rounding.source == "Decree 118/2023, art. 3"


def test_parameters_come_with_their_date_state_and_source():
    explanation = explain(decide(law_of(CHILD), AMINA, "2026-03"), "child_grant")
    figure = found(explanation, Figure, "age_limit")
    assert (figure.value, figure.unit, str(figure.since), figure.state) == (Decimal(5), "year", "2024-01-01", "enacted")
    assert figure.source == "Act 12/2023, art. 5"


def test_a_code_comes_with_its_title_in_both_languages():
    fact = found(explain(decide(law_of(CHILD), AMINA, "2026-03"), "child_grant"), FactUsed, "residence_status")
    assert fact.value == "usual_resident"
    assert fact.code["en"] and fact.code["fr"]


def test_only_the_false_conditions_of_a_right_are_explained_and_all_are_listed():
    explanation = explain(decide(law_of(CHILD), {"person": {"birth_date": "2010-01-15"}}, "2026-03"), "child_grant")
    first, second = found(explanation, Step, "eligible").children
    assert (first.text, first.value, first.matters) == ("age < age_limit", False, True) and first.children
    assert (second.text, second.value, second.matters) == ("residence_status = 'usual_resident'", None, False) and not second.children


def test_a_refusal_names_the_first_condition_that_fails_and_its_article():
    verdict = explain(decide(law_of(CHILD), {"person": {"birth_date": "2010-01-15"}}, "2026-03"), "child_grant").verdict
    assert verdict and verdict.outcome == "not_entitled" and verdict.missing == ()
    assert [(f.text, f.source) for f in verdict.failing] == [("age < age_limit", "Act 12/2023, art. 4")]
    assert [reason.name for reason in verdict.failing[0].reasons] == ["age", "age_limit"]


def test_an_undecided_right_names_the_facts_to_ask_for():
    verdict = explain(decide(law_of(CHILD), {"person": {}}, "2026-03"), "child_grant").verdict
    assert verdict and verdict.outcome == "undecided"
    assert [(m.subject, m.name, m.title["fr"]) for m in verdict.missing] == [
        ("person", "birth_date", "Date de naissance"),
        ("person", "residence_status", "Situation de résidence"),
    ]


def test_a_fact_behind_a_false_condition_is_not_asked_for():
    verdict = entitlements(decide(law_of(CHILD), {"person": {"birth_date": "2010-01-15"}}, "2026-03"))[0]
    assert verdict.missing == () and verdict.amount == 0


def test_facts_of_the_branch_not_taken_are_neither_shown_nor_asked_for():
    law = scheme_of(variable("benefit", "if(pregnant, earnings, other_income)", "unit: XMU/month"))
    explanation = explain(decide(law, {"person": {"pregnant": False}}, "2026-03"), "test.benefit")
    assert [reason.name for reason in every(explanation)] == ["test.benefit", "pregnant", "other_income"]
    assert [missing.name for missing in explanation.missing] == ["other_income"]


def test_an_or_that_is_true_shows_only_what_makes_it_true():
    law = scheme_of(variable("eligible", "pregnant or in_education or (age < 5 and in_education)", "type: boolean"))
    explanation = explain(decide(law, {"person": {"pregnant": False, "in_education": True}}, "2026-03"), "test.eligible")
    assert [reason.name for reason in explanation.steps[0].children] == ["in_education"]


def test_the_brackets_in_the_text_of_a_condition_are_complete():
    law = scheme_of(variable("eligible", "(pregnant or in_education) and not (age < 5 or age > 9)", "type: boolean"))
    explanation = explain(decide(law, {"person": {"birth_date": "2020-01-01", "in_education": True}}, "2026-03"), "test.eligible")
    assert [getattr(part, "text", "") for part in explanation.steps[0].children] == ["pregnant or in_education", "not (age < 5 or age > 9)"]


def test_between_is_one_condition():
    law = scheme_of(variable("eligible", "age between 3 and 5 and in_education", "type: boolean"))
    explanation = explain(decide(law, {"person": {"birth_date": "2022-01-15", "in_education": True}}, "2026-03"), "test.eligible")
    assert [getattr(part, "text", part.name) for part in explanation.steps[0].children] == ["age between 3 and 5", "in_education"]


def test_a_variable_is_explained_once_and_then_referred_to():
    variables = variable("base", "earnings / 2", "unit: XMU/month") + variable("benefit", "base + least(base, 10)", "unit: XMU/month")
    variables += variable("worker_contribution", "base * 0.1", "unit: XMU/month")
    explanation = explain(decide(scheme_of(variables), {"person": {"earnings": 100}}, "2026-03"), "test")
    steps = [reason for reason in every(explanation) if isinstance(reason, Step) and reason.name == "test.base"]
    assert [(step.repeated, bool(step.children)) for step in steps] == [(False, True), (True, False)]


def test_division_by_zero_is_told_and_is_no_missing_fact():
    law = scheme_of(variable("benefit", "earnings / dependent_children", "unit: XMU/month"))
    explanation = explain(decide(law, {"person": {"earnings": 10, "dependent_children": 0}}, "2026-03"), "test")
    assert explanation.missing == ()
    assert [(o.kind, o.text) for o in explanation.obstacles] == [("zero", "earnings / dependent_children")]


def test_a_key_that_a_table_does_not_have_is_told_and_is_no_missing_fact():
    parameters = '{rates: {unit: XMU/month, by: dependent_children, values: {2024-01-01: {1: 10, 2: 15}}, source: "Act 1, art. 9"}}'
    law = scheme_of(variable("benefit", "rates[dependent_children]", "unit: XMU/month"), parameters)
    explanation = explain(decide(law, {"person": {"dependent_children": 7}}, "2026-03"), "test")
    assert [(o.kind, o.keys, o.source) for o in explanation.obstacles] == [("no_key", (7,), "Act 1, art. 9")]
    assert found(explanation, Figure, "rates").state == "no_key"
    assert explain(decide(law, {"person": {}}, "2026-03"), "test").missing[0].name == "dependent_children"


def test_a_parameter_without_a_value_is_told():
    law = scheme_of(variable("benefit", "amount", "unit: XMU/month"), '{amount: {unit: XMU/month, values: {2025-01-01: 5}, source: "Act 1"}}')
    explanation = explain(decide(law, {"person": {}}, "2024-06"), "test")
    assert [(o.kind, o.name) for o in explanation.obstacles] == [("absent", "test.amount")]
    assert found(explanation, Figure, "amount").state == "absent"


def test_a_scale_shows_the_slices_and_they_add_up():
    brackets = "[{from: 0, rate: 0}, {from: 100, rate: 0.1}, {from: 500, rate: 0.2}]"
    parameters = f'{{tax: {{scale: marginal, of: XMU/month, values: {{2024-01-01: {brackets}}}, source: "S"}}}}'
    law = scheme_of(variable("worker_contribution", "scale(tax, earnings)", "unit: XMU/month"), parameters)
    explanation = explain(decide(law, {"person": {"earnings": 600}}, "2026-03"), "test")
    slices = found(explanation, Figure, "tax").slices
    assert sum(part.gives for part in slices) == explanation.steps[0].value == Decimal(60)
    assert [(part.since, part.until) for part in slices] == [(0, 100), (100, 500), (500, None)]
    assert explanation.verdict and explanation.verdict.outcome == "due"


def test_members_looked_at_are_counted_and_named():
    law = scheme_of(variable("eligible", "count(members, age < 18) > 0", "type: boolean"), unit="household")
    given = {"members": {"Amina": {"birth_date": "2020-01-01"}, "Musa": {"birth_date": "1980-01-01"}, "Zoe": {"birth_date": "2027-01-01"}}}
    rows = next(r for r in every(explain(decide(law, given, "2026-03"), "test.eligible")) if isinstance(r, RowsUsed))
    assert (rows.value, rows.looked, rows.kept, rows.unknown) == (1, 2, 1, 0)  # Zoe is not born yet
    assert [row.key for row in rows.children] == ["Amina"]


def test_the_facts_that_rows_lack_are_named_with_their_member():
    law = scheme_of(variable("eligible", "count(members, age < 18) > 0", "type: boolean"), unit="household")
    given = {"members": {"Amina": {"birth_date": "2020-01-01"}, "Musa": {}}}
    explanation = explain(decide(law, given, "2026-03"), "test.eligible")
    assert [(m.subject, m.name) for m in explanation.missing] == [("Musa", "birth_date")]


def test_at_most_twelve_rows_of_a_history_are_shown():
    law = scheme_of(variable("benefit", "average(contributions.earnings, where => paid, last => months(24))", "unit: XMU/month"))
    given = {"person": {}, "contributions": [{"from": "2020-01", "until": "2026-01", "earnings": 100, "paid": True}]}
    rows = next(r for r in every(explain(decide(law, given, "2026-03"), "test.benefit")) if isinstance(r, RowsUsed))
    shown = [row for row in rows.children if isinstance(row, RowUsed)]
    assert (rows.looked, rows.kept, len(shown), str(shown[-1].start)) == (22, 22, 12, "2025-12")


def test_rows_of_a_history_that_lack_a_fact_are_named_by_month():
    law = scheme_of(variable("benefit", "sum(contributions.earnings, where => paid)", "unit: XMU"), contingency="insured_work")
    given = {"person": {}, "contributions": [{"month": "2026-01", "paid": True}, {"month": "2026-02", "paid": False}]}
    missing = explain(decide(law, given, "2026-03"), "test").missing
    assert [(m.table, m.name, m.rows) for m in missing] == [("contributions", "earnings", ("2026-01",))]


def test_a_history_that_was_not_given_is_asked_for_as_a_whole():
    law = scheme_of(variable("benefit", "sum(contributions.earnings)", "unit: XMU"))
    missing = explain(decide(law, {"person": {}}, "2026-03"), "test").missing
    assert [(m.table, m.name) for m in missing] == [("contributions", "")]


def test_all_asks_only_for_what_could_be_an_exception():
    law = scheme_of(variable("eligible", "all(members, in_education, where => age < 18)", "type: boolean"), unit="household")
    given = {"members": {"A": {"in_education": True}, "B": {"in_education": False}, "C": {"birth_date": "1980-01-01"}}}
    verdict = entitlements(decide(law, given, "2026-03"))[0]
    assert [(m.subject, m.name) for m in verdict.missing] == [("B", "birth_date")]


def test_a_given_variable_is_marked_and_not_explained():
    decision = decide(law_of(CHILD), {"person": {"child_grant.eligible": True}}, "2026-03")
    eligible = found(explain(decision, "child_grant"), Step, "eligible")
    assert (eligible.state, eligible.value, eligible.children) == ("given", True, ())


@pytest.mark.parametrize(
    ("facts", "month", "state"),
    [
        (AMINA["person"], "2023-12", "not_in_force"),
        ({"birth_date": "2026-05-01"}, "2026-03", "not_born"),
        (AMINA["person"] | {"death_date": "2026-01-01"}, "2026-03", "not_alive"),
    ],
)
def test_what_stands_in_the_way_of_a_right_as_such_is_told(facts: dict[str, str], month: str, state: str):
    verdict = explain(decide(law_of(CHILD), {"person": facts}, month), "child_grant").verdict
    assert verdict and (verdict.outcome, verdict.state, verdict.failing, verdict.missing) == ("not_entitled", state, (), ())


def test_a_claim_that_was_not_made_refuses_and_an_unknown_one_is_asked_for():
    law = scheme_of(variable("eligible", "sex = 'female'", "type: boolean"), contingency="birth")
    no_claim = entitlements(decide(law, {"person": {"sex": "female"}, "events": []}, "2026-03"))[0]
    assert (no_claim.outcome, no_claim.state) == ("not_entitled", "no_claim")
    unknown = entitlements(decide(law, {"person": {"sex": "female"}}, "2026-03"))[0]
    assert (unknown.outcome, unknown.state) == ("undecided", "claims_unknown")
    assert [(m.table, m.name) for m in unknown.missing] == [("events", "")]


def test_what_the_decision_does_not_have_is_an_error_with_the_next_step():
    decision = decide(law_of(CHILD), AMINA, "2026-03", wanted=["child_grant.eligible"])
    with pytest.raises(InputError, match=r"P040.*wanted"):
        explain(decision, "child_grant.benefit")
    with pytest.raises(InputError, match="P041"):
        explain(decision, "child_grant.eligible", "Nobody")
    with pytest.raises(InputError, match="P041"):
        explain(decide(law_of(CHILD), {"members": {"A": {}, "B": {}}}, "2026-03"), "child_grant")


# --- the real laws


@pytest.mark.parametrize("name", REAL)
def test_every_step_has_the_value_of_the_decision_and_every_piece_is_found(name: str):
    law, cases = country(name)
    for case in cases[:: 1 + len(cases) // 60]:
        decision = decision_of(law, case)
        decision.decider.plan.places = Strict(decision.decider.plan.places)
        for verdict in entitlements(decision):
            explanation = explain(decision, verdict.scheme, verdict.subject)
            assert explanation.verdict == verdict
            for step in explanation.steps:
                assert step.value == decision.value(step.name, _subject(decision, verdict.subject))


class Strict(dict[Any, int]):
    """Complains of a piece of a formula that the plan does not know: explanation and plan would have drifted apart."""

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key]


def _subject(decision: Decision, name: str) -> Any:
    return next(subject for subject in decision.values if str(subject) == name)


@pytest.mark.parametrize("name", REAL)
def test_a_fact_whose_absence_makes_a_right_unknown_is_asked_for(name: str):
    law, cases = country(name)
    for case in cases[:12]:
        facts = facts_of(case)
        known = {(v.scheme, v.subject): v.outcome for v in entitlements(decide(law, facts, case.period))}
        for lacking, subject, fact in _without_one(law, facts):
            for verdict in entitlements(decide(law, lacking, case.period)):
                assert verdict.outcome != "undecided" or verdict.missing or verdict.obstacles
                if verdict.outcome == "undecided" and known[verdict.scheme, verdict.subject] != "undecided":
                    assert (subject, fact) in {(m.subject, m.name) for m in verdict.missing}, (case.name, verdict.scheme, fact)


def _without_one(law: Law, facts: dict[str, Any]) -> list[tuple[dict[str, Any], str, str]]:
    """The same facts, each time without one of a person."""
    people = facts.get("members") or {"person": facts["person"]}
    found = []
    for person, own in people.items():
        for fact in own:
            word = law.vocabulary.fact("persons", fact)
            if word is None or word.formula or word.none:
                continue
            less = {key: value for key, value in own.items() if key != fact}
            lacking = {"members": people | {person: less}} if "members" in facts else {"person": less}
            found.append((facts | lacking, str(person), fact))
    return found


def test_the_chain_of_failing_conditions_goes_down_to_the_figure():
    law, cases = country("mozambique")
    facts = facts_of(next(case for case in cases if str(case.period) == "2012-06"))
    facts["members"] = {name: own | {"earnings": 5000} for name, own in facts["members"].items()}
    verdict = entitlements(decide(law, facts, "2012-06"))[0]
    assert [failing.text for failing in verdict.failing] == ["poor", "earnings_per_head < income_limit"]
    assert verdict.failing[0].title["fr"] == "Pauvre"


@pytest.mark.parametrize("name", REAL)
def test_data_are_json_and_the_same_every_time(name: str):
    law, cases = country(name)
    for case in cases[:4]:
        texts = set()
        for _ in range(2):
            decision = decision_of(law, case)
            texts.add(json.dumps([explain(decision, v.scheme, v.subject).as_dict() for v in entitlements(decision)]))
        assert len(texts) == 1


def test_only_parts_of_formulas_are_parts():
    law, cases = country("thailand")
    explanation = explain(decision_of(law, cases[0]), next(iter(law.schemes)), None)
    assert all(reason.text for reason in every(explanation) if isinstance(reason, Part))


def test_an_explanation_needs_no_heavy_library():
    program = "\n".join(
        [
            "import sys",
            "from opensocle.law.law import load",
            "from opensocle.engine.deciding import decide",
            "from opensocle.engine.explaining import explain",
            f"d = decide(load({str(COUNTRIES / 'thailand')!r}), {{'person': {{'birth_date': '1950-01-01'}}}}, '2024-03')",
            "s = next(iter(d.law.schemes)); subject = next(iter(d.people))",
            "explain(d, s, subject).as_html('fr')",
            "print(sorted({'numpy', 'duckdb', 'pyarrow', 'babel', 'pandas'} & set(sys.modules)))",
        ]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
