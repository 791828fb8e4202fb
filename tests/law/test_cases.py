"""The form of worked cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from opensocle.errors import Problems
from opensocle.law.cases import Case, read_case_file, read_case_text, read_cases
from opensocle.periods import Month

CASES = """\
scheme: child_grant
cases:
  - case: a child of four in a resident family
    source: "Act 12/2023, art. 4"
    period: 2026-03
    person: {birth_date: 2022-01-15, residence_status: usual_resident, disabled: null, code: '7'}
    assumed: {migration_status: national}
    expect: {eligible: true, benefit: 30, old_age_pension.benefit: 0, other: unknown}
  - case: a household of three
    period: 2026-03
    household: {region: north}
    members:
      mother: {birth_date: 1990-05-01, earnings: 300.50}
      child: {birth_date: 2022-01-15}
    assumed: {child: {disabled: false}, household: {urban: rural}}
    contributions:
      mother: [{from: 2021-01, until: 2026-01, earnings: 250, paid: true}]
    events:
      mother: [{contingency: birth, event_date: 2026-03-10}]
    expect: {mother: {benefit: 12 * .08 * 100000}, child: {benefit: 30}, household: {household_income: 300}}
    margin: 0.01
"""


def one(text: str) -> Case:
    [case] = read_case_text(text)
    return case


def test_a_case_of_one_person() -> None:
    case = read_case_text(CASES)[0]
    assert (case.name, case.scheme, case.source) == ("a child of four in a resident family", "child_grant", "Act 12/2023, art. 4")
    assert case.period == Month(2026, 3)
    assert case.persons == {
        "person": {
            "birth_date": date(2022, 1, 15),
            "residence_status": "usual_resident",
            "disabled": None,
            "code": "7",
            "migration_status": "national",
        }
    }
    assert case.assumed == {"person": ("migration_status",)}
    assert case.expect == {"person": {"eligible": True, "benefit": Decimal(30), "old_age_pension.benefit": Decimal(0), "other": None}}
    assert case.margin == 0
    assert str(case.place) == "cases:3:5"
    assert str(case.places["person", "benefit"]) == "cases:8:39"


def test_a_case_of_a_household() -> None:
    case = read_case_text(CASES)[1]
    assert list(case.persons) == ["mother", "child"]
    assert case.persons["mother"]["earnings"] == Decimal("300.50")
    assert case.household == {"region": "north", "urban": "rural"}
    assert case.assumed == {"child": ("disabled",), "household": ("urban",)}
    assert case.histories["contributions"]["mother"] == ({"from": Month(2021, 1), "until": Month(2026, 1), "earnings": Decimal(250), "paid": True},)
    assert case.histories["events"]["mother"][0]["event_date"] == date(2026, 3, 10)
    assert case.expect == {"mother": {"benefit": Decimal(96000)}, "child": {"benefit": 30}, "household": {"household_income": 300}}
    assert case.margin == Decimal("0.01")


def test_one_person_s_history_may_stand_without_a_name() -> None:
    case = one("cases:\n  - {case: x, period: 2026-03, contributions: [{from: 2020-01, until: 2021-01}], expect: {a.benefit: 1}}")
    assert case.histories == {"contributions": {"person": ({"from": Month(2020, 1), "until": Month(2021, 1)},)}}
    assert case.persons == {"person": {}}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("north", "north"),
        ("'1'", "1"),
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03", Month(2026, 3)),
        ("unknown", None),
        ("1000 / 3", Decimal("333.3333333333")),
        ("'(1 + 2) * 3'", Decimal(9)),
        ("-5", Decimal(-5)),
    ],
)
def test_expected_values_are_what_is_written(written: str, value: object) -> None:
    case = one(f"cases:\n  - {{case: x, period: 2026-03, person: {{}}, expect: {{y: {written}}}}}")
    assert case.expect == {"person": {"y": value}}
    assert type(case.expect["person"]["y"]) is type(value)


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("period: 2026-03\n    person", "period: 2026\n    person", "L013", "write 2026-03"),
        ("    period: 2026-03\n    person", "    person", "L011", "'period'"),
        ("expect: {eligible", "expects: {eligible", "L010", "did you mean 'expect'?"),
        ("margin: 0.01", "margin: -1", "C002", "margin"),
        ("assumed: {migration_status: national}", "assumed: {birth_date: 2022-01-15}", "C004", "stated and assumed"),
        ("assumed: {child:", "assumed: {chlid:", "L015", "did you mean 'child'?"),
        ("expect: {mother:", "expect: {mohter:", "L015", "did you mean 'mother'?"),
        ("    contributions:\n      mother", "    contributions:\n      father", "L015", "mother"),
        ("household: {region: north}", "person: {age: 3}", "C001", "not both"),
        ("case: a household of three", "case: a child of four in a resident family", "C003", "two cases"),
        ("earnings: 300.50", "earnings: 1_000", "L013", "no separators"),
        ("earnings: 300.50", "earnings: [1]", "L012", "one value"),
        ("benefit: 12 * .08 * 100000", "benefit: 12 * (3", "C010", "not closed"),
        ("benefit: 12 * .08 * 100000", "benefit: 12 / 0", "C010", "division by zero"),
        ("benefit: 12 * .08 * 100000", "benefit: null", "C005", "unknown"),
        ("benefit: 30, old", "benefit: , old", "C005", "unknown"),
        ("expect: {mother: {benefit: 12 * .08 * 100000}, child: {benefit: 30}, household: {household_income: 300}}", "expect: {}", "C006", "nothing"),
        (
            "expect: {mother: {benefit: 12 * .08 * 100000}, child: {benefit: 30}, household: {household_income: 300}}",
            "expect: {child: {}}",
            "C006",
            "",
        ),
        ("cases:\n", "case:\n", "L010", "did you mean 'cases'?"),
        ("birth_date: 2022-01-15, residence", "birth_date: 2022-02-30, residence", "L013", "date"),
    ],
)
def test_each_slip_has_its_code_and_next_step(old: str, new: str, code: str, part: str) -> None:
    assert old in CASES
    with pytest.raises(Problems) as raised:
        read_case_text(CASES.replace(old, new, 1))
    assert any(problem.code == code and part in str(problem) for problem in raised.value.problems), str(raised.value)


def test_the_cases_of_a_folder_are_read_with_their_problems(tmp_path: Path) -> None:
    folder = tmp_path / "cases" / "by_branch"
    folder.mkdir(parents=True)
    (tmp_path / "cases" / "a.yaml").write_text(CASES, encoding="utf-8")
    (folder / "b.yaml").write_text(CASES.replace("2026-03", "2026-3", 1), encoding="utf-8")
    cases, problems = read_cases(tmp_path)
    assert len(cases) == 3
    assert [problem.at.partition(":")[0] for problem in problems] == ["cases/by_branch/b.yaml"]
    assert len(read_case_file(tmp_path / "cases" / "a.yaml")) == 2


def test_a_country_without_cases_has_none(files: dict[str, str]) -> None:
    assert read_cases(files) == ((), ())
    assert len(read_cases({**files, "cases/x.yaml": CASES})[0]) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "cases: 3", "cases: [3]", "cases: [{}]", "cases: [{case: [], period: {}, expect: 3, members: x, events: 3}]"]
)
def test_a_file_of_the_wrong_shape_is_refused(text: str) -> None:
    with pytest.raises(Problems):
        read_case_text(text)
