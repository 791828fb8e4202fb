"""Columns to Parquet, draws, and memory that does not grow with the population."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle.population.people.draws import Draws
from opensocle.population.people.storing import BOOLEAN, DATE, DECIMAL, MONEY, NOTHING, Store, code, to_arrow

CENTS = st.integers(-(10**15), 10**15).filter(lambda number: number != NOTHING)


@given(st.lists(CENTS))
def test_cents_become_exact_decimals(numbers: list[int]) -> None:
    array = to_arrow(np.asarray(numbers, dtype=np.int64), MONEY)
    array.validate(full=True)
    assert array.to_pylist() == [Decimal(number).scaleb(-2) for number in numbers]


def test_what_is_unknown_becomes_null() -> None:
    assert to_arrow(np.asarray([150, NOTHING]), MONEY).to_pylist() == [Decimal("1.50"), None]
    assert to_arrow(np.asarray([2_500_000, NOTHING]), DECIMAL).to_pylist() == [Decimal("2.5"), None]
    assert to_arrow(np.asarray([1, 0, -1]), BOOLEAN).to_pylist() == [True, False, None]
    assert to_arrow(np.asarray([1, -1, 0]), code("a", "b")).to_pylist() == ["b", None, "a"]
    assert to_arrow(np.asarray([NOTHING, NOTHING]), DATE).to_pylist() == [None, None]


def test_pieces_of_any_size_become_whole_row_groups(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.parquet", {"n": MONEY, "c": code("x", "y")})
    for size in (0, 100_000, 7, 300_000, 1):
        store.add({"n": np.arange(size), "c": np.zeros(size, dtype=np.int8)})
    store.close()
    file = pq.ParquetFile(tmp_path / "t.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [122_880, 122_880, 122_880, 31_368]
    assert file.schema_arrow.field("c").type == pa.string()
    assert file.metadata.row_group(0).column(0).physical_type == "INT64"
    assert store.rows == 400_008


@given(st.integers(0, 2**40), st.integers(0, 10**6), st.lists(st.floats(0.01, 5), min_size=2, max_size=6))
def test_draws_depend_on_the_seed_and_the_block_alone_and_stay_within_their_list(seed: int, block: int, weights: list[float]) -> None:
    first, second = (Draws(seed, block).pick(weights, 50) for _ in range(2))
    assert (first == second).all()
    assert first.min() >= 0 and first.max() < len(weights)


def test_whole_numbers_are_drawn_from_low_to_below_high() -> None:
    drawn = Draws(1, 1).between(np.full(10_000, 3), np.full(10_000, 6), 10_000)
    assert set(drawn.tolist()) == {3, 4, 5}
    assert set(Draws(1, 1).between(4, 4, 100).tolist()) == {4}


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read in Linux' units")
def test_memory_stays_small_for_three_hundred_thousand_persons(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process's own memory is read from /proc, which this system does not have")
    script = (
        "import pathlib, re, sys; from opensocle.population.people import make_people; make_people(sys.argv[1], 300_000);"
        "print(int(re.search(r'VmHWM:\\s+(\\d+) kB', pathlib.Path('/proc/self/status').read_text())[1]) // 1024)"
    )  # getrusage would count the memory of the process that started this one
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path / "p")], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 500
