"""What a run gives: results with what made them, totals, files, and errors that say what to do."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engines import law_of, people

from opensocle import __version__
from opensocle.engine.results import Result
from opensocle.engine.running import explain_sql, run
from opensocle.errors import EngineError, InputError, Problems
from opensocle.law.law import Law
from opensocle.periods import Month
from opensocle.population.tables import Population, Table

GRANT = {
    "eligible": {"type": "boolean", "formula": "age < 18"},
    "benefit": {"unit": "XMU/month", "formula": "if(eligible, amount, 0)"},
    "family": {"of": "household", "unit": "XMU/month", "formula": "sum(members, benefit)"},
    "word": {"of": "person", "formula": "if(eligible, 'child', 'adult')"},
}
AMOUNT = "{amount: {unit: XMU/month, values: {2020-01-01: 30.33}, source: A}}"
OUTPUTS = ["test.eligible", "test.benefit", "test.family", "test.word"]
ROWS = [
    {"person_id": 1, "household_id": 1, "age": 5, "region": "north", "sex": "female", "weight": "100.000000001"},
    {"person_id": 2, "household_id": 1, "age": 40, "region": "north", "sex": "male", "weight": "100.000000001"},
    {"person_id": 3, "household_id": 2, "age": None, "region": "south", "sex": "female", "weight": "0.333333333"},
    {"person_id": 4, "household_id": 2, "age": 17, "region": "south", "sex": "female", "weight": "0.1"},
    {"person_id": 5, "household_id": 3, "age": 3, "region": None, "sex": "male", "weight": "2"},
]
HOMES = [{"household_id": number, "region": region} for number, region in ((1, "north"), (2, "south"), (3, None))]


@pytest.fixture(scope="module")
def law() -> Law:
    return law_of(GRANT, AMOUNT)


@pytest.fixture(scope="module")
def population(law: Law) -> Population:
    return people(law, ROWS, households=HOMES)


def test_the_statement_says_what_made_the_results(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03", OUTPUTS)
    statement = result.statement()
    assert statement["law"] == law.hash and statement["data"] == population.hash() and statement["program"] == __version__
    assert statement["engine"].startswith("duckdb ") and statement["period"] == ["2026-03"]
    assert (statement["country"], statement["currency"]) == ("XE", "XMU")
    assert statement["rows"] == {"person": 5, "household": 3}
    assert statement["unknown"] == {"test.eligible": 1, "test.benefit": 1, "test.word": 1, "test.family": 1}
    assert statement["not_in_the_data"] == ["persons.birth_date"]


def test_the_hashes_change_with_the_law_and_with_the_data_and_with_nothing_else(law: Law, population: Population) -> None:
    first = run(law, population, "2026-03", OUTPUTS).statement()
    again = run(law_of(GRANT, AMOUNT), people(law, ROWS, households=HOMES), "2026-03", OUTPUTS).statement()
    assert first == again
    other_law = run(law_of(GRANT, AMOUNT.replace("30.33", "30.34")), population, "2026-03", OUTPUTS).statement()
    other_data = run(law, people(law, [*ROWS[:4], ROWS[4] | {"age": 4}], households=HOMES), "2026-03", OUTPUTS).statement()
    assert first["law"] != other_law["law"] and first["data"] == other_law["data"]
    assert first["data"] != other_data["data"] and first["law"] == other_data["law"]


def test_columns_have_the_currency_s_decimals_and_tell_what_they_are(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03:2026-04", OUTPUTS)
    assert [column.name for column in result.columns][:2] == ["test.eligible_2026-03", "test.eligible_2026-04"]
    benefit = next(column for column in result.columns if column.name == "test.benefit_2026-04")
    assert (benefit.owner, benefit.variable, benefit.month, benefit.level, benefit.unit) == ("test", "benefit", Month(2026, 4), "person", "XMU/month")
    table = result.table()
    assert table.schema.field("test.benefit_2026-03").type.scale == 2
    assert table.schema.field("test.eligible_2026-03").type == pa.bool_()
    assert table.schema.field("test.word_2026-03").type == pa.string()
    assert table.column_names[:3] == ["person_id", "household_id", "weight"]


def rows_of(result: Result, level: str = "person") -> list[dict[str, Any]]:
    return sorted(result.table(level).to_pylist(), key=lambda row: row[f"{level}_id"])


def test_kept_columns_come_with_the_results_of_both_levels(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03", OUTPUTS, keep=["region", "sex"])
    assert [row["sex"] for row in rows_of(result)] == [row["sex"] for row in ROWS]
    assert [row["region"] for row in rows_of(result, "household")] == ["north", "south", None]
    assert "sex" not in result.table("household").column_names


def test_totals_are_exact_and_weighted(law: Law, population: Population) -> None:
    totals = {row["variable"]: row for row in run(law, population, "2026-03", ["test.eligible", "test.benefit", "test.word"]).totals()}
    weights = Decimal("100.000000001") + Decimal("0.1") + 2
    assert totals["benefit"]["total"] == weights * Decimal("30.33")
    assert totals["benefit"]["positive"] == totals["eligible"]["positive"] == weights
    assert totals["eligible"]["total"] is None and totals["benefit"]["unknown"] == 1
    assert "word" not in totals


def test_totals_by_group_add_up_to_the_total_whatever_the_order_of_rows(law: Law) -> None:
    random_rows = random.Random(1)
    rows: list[dict[str, Any]] = [
        {
            "person_id": key,
            "age": random_rows.randrange(30),
            "region": random_rows.choice(["north", "south", None]),
            "weight": f"{random_rows.random():.9f}",
        }
        for key in range(1, 2001)
    ]
    found = []
    for order in (rows, rows[::-1], random_rows.sample(rows, len(rows))):
        result = run(law, people(law, order), "2026-03", ["test.benefit"], keep=["region"], threads=2)
        grouped = result.totals(by=["region"])
        (total,) = result.totals()
        assert sum(row["total"] for row in grouped) == total["total"]
        assert {row["region"] for row in grouped} == {"north", "south", None}
        found.append((total, sorted(grouped, key=str)))
    assert found[0] == found[1] == found[2]
    children = [Decimal(row["weight"]) for row in rows if row["age"] < 18]
    assert found[0][0]["total"] == sum(children) * Decimal("30.33") and found[0][0]["positive"] == sum(children)


def test_totals_of_households_are_added_up_too(law: Law, population: Population) -> None:
    unweighted = people(law, [{name: value for name, value in row.items() if name != "weight"} for row in ROWS], households=HOMES)
    (total,) = run(law, unweighted, "2026-03", ["test.family"], keep=["region"]).totals()
    assert (total["total"], total["positive"], total["unknown"], total["level"]) == (Decimal("60.66"), 2, 1, "household")
    by_region = run(law, unweighted, "2026-03", ["test.family"], keep=["region"]).totals(by=["region"])
    assert {row["region"]: row["total"] for row in by_region if row["unknown"] == 0} == {"north": Decimal("30.33"), None: Decimal("30.33")}


def test_a_household_has_the_weight_of_its_members(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03", ["test.family"])
    assert [row["weight"] for row in rows_of(result, "household")] == [Decimal("100.000000001"), Decimal("0.333333333"), Decimal(2)]
    (total,) = result.totals()
    assert total["total"] == Decimal("30.33") * Decimal("102.000000001") and total["positive"] == Decimal("102.000000001")


def test_results_can_be_written_and_read_again(law: Law, population: Population, tmp_path: Path) -> None:
    memory = run(law, population, "2026-03", OUTPUTS)
    memory.write(tmp_path / "memory")
    files = run(law, population, "2026-03", OUTPUTS, out=tmp_path / "files", memory_limit="500MB")
    for folder in (tmp_path / "memory", tmp_path / "files"):
        assert json.loads((folder / "run.json").read_text(encoding="utf-8")) == memory.statement()
        assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == [
            "households.parquet",
            "persons.parquet",
            "run.json",
        ]
        for level in ("person", "household"):
            written = pq.read_table(folder / f"{level}s.parquet")
            assert sorted(written.to_pylist(), key=str) == sorted(memory.table(level).to_pylist(), key=str)
    assert rows_of(files) == rows_of(memory) and files.unknown() == memory.unknown() and files.totals() == memory.totals()


def test_results_become_frames(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03", ["test.benefit"])
    assert result.to_pandas()["test.benefit"].dropna().map(type).eq(Decimal).all()
    assert result.to_polars().height == 5


def test_progress_ends_at_a_hundred(law: Law, population: Population) -> None:
    seen: list[float] = []
    run(law, population, "2026-03", OUTPUTS, progress=seen.append)
    assert seen[-1] == 100 and seen == sorted(seen)


def test_a_large_run_stays_within_its_memory(law: Law, tmp_path: Path) -> None:
    number = 300_000
    columns = {
        "person_id": pa.array(range(number)),
        "household_id": pa.array([key // 4 for key in range(number)]),
        "age": pa.array([key % 90 for key in range(number)], pa.int32()),
    }
    path = tmp_path / "persons.parquet"
    pq.write_table(pa.table(columns), path)
    result = run(law, Population.open(path), "2026-03", ["test.benefit", "test.family"], out=tmp_path / "out", memory_limit="200MB", threads=1)
    assert result.rows == {"person": number, "household": number // 4}
    totals = {row["variable"]: row["total"] for row in result.totals()}
    assert totals["benefit"] == totals["family"] == Decimal("30.33") * sum(key % 90 < 18 for key in range(number))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("P030", {"outputs": ["test.benefits"]}),
        ("P030", {"outputs": ["tests"]}),
        ("P052", {"keep": ["regions"]}),
        ("P053", {"memory_limit": "much"}),
        ("T001", {"period": "2026-13"}),
        ("T002", {"period": "2026-03:2026-01"}),
    ],
)
def test_a_wrong_word_in_a_run_is_named_with_a_hint(law: Law, population: Population, code: str, change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        arguments: dict[str, Any] = {"period": "2026-03", "outputs": OUTPUTS} | change
        run(law, population, **arguments)
    assert caught.value.code == code and caught.value.hint


def test_results_that_a_run_does_not_have_are_named(law: Law, population: Population) -> None:
    result = run(law, population, "2026-03", ["test.benefit"])
    with pytest.raises(InputError, match="P050"):
        result.table("household")
    with pytest.raises(InputError, match="P051"):
        result.totals(by=["region"])


def test_columns_of_another_type_are_all_reported(law: Law) -> None:
    data = pa.table({"person_id": [1], "household_id": [1], "age": pa.array(["5"]), "birth_date": pa.array([1.5]), "death_date": pa.array([True])})
    with pytest.raises(Problems) as caught:
        run(law, Population("registry", None, {"persons": Table("persons", data=data)}), "2026-03", OUTPUTS)
    assert {problem.code for problem in caught.value.problems} == {"D020"}
    assert [problem.what.split(" is ")[0] for problem in caught.value.problems] == ["persons.age", "persons.birth_date", "persons.death_date"]


def test_amounts_as_floats_or_in_another_currency_are_refused() -> None:
    law = law_of({"benefit": {"unit": "XMU/month", "formula": "pay / 2"}})
    floats = Population("registry", None, {"persons": Table("persons", data=pa.table({"person_id": [1], "pay": [0.1]}))})
    with pytest.raises(Problems, match=r"persons\.pay is stored as double"):
        run(law, floats, "2026-03")
    amounts = pa.table({"person_id": [1], "pay": pa.array([Decimal("1.00")], pa.decimal128(18, 2))})
    with pytest.raises(Problems, match="the amounts are in EUR, the law is in XMU"):
        run(law, Population("registry", None, {"persons": Table("persons", data=amounts)}, "EUR", 2), "2026-03")


def test_an_amount_beyond_all_limits_is_an_error_and_never_cut() -> None:
    formula = " * ".join(["i"] * 6)
    law = law_of({"benefit": {"unit": "XMU/month", "formula": f"pay * {formula}"}})
    population = people(law, [{"pay": "999999999", "i": 1000000}])
    with pytest.raises(EngineError, match="E001") as caught:
        run(law, population, "2026-03")
    assert "larger than any" in caught.value.hint
    assert run(law, people(law, [{"pay": "999999999", "i": 3}]), "2026-03").table().column("test.benefit").to_pylist() == [Decimal("728999999271.00")]


def test_cells_without_households_leave_what_needs_members_unknown(law: Law) -> None:
    cells = people(law, [{"age": 5, "sex": "female", "weight": "1234.5"}, {"age": 40, "sex": "male", "weight": "99"}])
    wanted = law_of(
        {**GRANT, "size": {"of": "person", "formula": "household_size"}, "poor": {"of": "person", "type": "boolean", "formula": "family < 5"}}, AMOUNT
    )
    result = run(wanted, cells, "2026-03", ["test.benefit", "test.size", "test.poor", "test.family"])
    assert set(result.tables) == {"person"}
    assert rows_of(result)[0]["test.benefit"] == Decimal("30.33")
    assert result.unknown() == {"test.size": 2, "test.poor": 2}
    assert "persons.household_id" in result.statement()["not_in_the_data"]
    assert result.totals()[0]["total"] == Decimal("30.33") * Decimal("1234.5")


def test_a_population_without_persons_gives_no_rows(law: Law, population: Population) -> None:
    nobody = Population(
        "registry", date(2026, 1, 1), {name: Table(name, data=table.data.slice(0, 0)) for name, table in population.tables.items() if table.data}
    )
    result = run(law, nobody, "2026-03", OUTPUTS)
    assert result.rows == {"person": 0, "household": 0} and result.unknown() == {}
    assert [(row["total"], row["positive"]) for row in result.totals() if row["variable"] == "benefit"] == [(Decimal(0), Decimal(0))]


def test_the_queries_can_be_read(law: Law, population: Population) -> None:
    for dialect in ("duckdb", "postgresql"):
        texts = explain_sql(law, population, "2026-03", OUTPUTS, dialect)
        assert set(texts) == {"person", "household"} and '"test.benefit"' in texts["person"]
