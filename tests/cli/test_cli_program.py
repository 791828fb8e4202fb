"""The program as users start it: its time, its imports, its streams; and the package's public names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import opensocle

CODE = "import sys; from opensocle.cli import main; main.main(sys.argv[1:], prog_name='socle')"
HEAVY = ("duckdb", "numpy", "pyarrow", "pandas", "babel")


def start(*args: object, **more: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", CODE, *map(str, args)]
    return subprocess.run(line, capture_output=True, text=True, check=False, encoding="utf-8", **more)  # ty: ignore[no-matching-overload]


@pytest.mark.parametrize("args", [("check", "exemplia"), ("explain", "exemplia", "--case", "thirty years at"), ("show", "exemplia"), ("--help",)])
def test_a_command_about_the_law_loads_no_library_of_data_and_starts_at_once(args: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    told = f"{CODE.replace('main.main(', 'code = main.main(').replace('socle', 'socle', 1)[:-1]}, standalone_mode=False); "
    told += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", told, *args], capture_output=True, text=True, check=False, encoding="utf-8")
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f" socle {' '.join(args)}: {took:.2f} s", end="")
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_the_program_says_its_version() -> None:
    assert start("--version").stdout == f"socle {opensocle.__version__}\n"


def test_problems_go_to_stderr_and_set_the_exit_code() -> None:
    done = start("check", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("U010 ")


def test_debug_shows_the_traceback_wherever_it_stands() -> None:
    for args in (("--debug", "check", "nowhere"), ("check", "nowhere", "--debug")):
        assert "Traceback" in start(*args).stderr


def test_a_terminal_without_our_letters_shows_others_and_goes_on() -> None:
    done = start("show", "exemplia", "--lang", "fr", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and "Pension de vieillesse" in done.stdout


def test_a_reader_that_stops_reading_is_no_error() -> None:
    line = [sys.executable, "-c", CODE, "show", "exemplia", "old_age_pension"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_each_public_name_can_be_imported_and_is_listed() -> None:
    for name in opensocle.__all__:
        assert getattr(opensocle, name) is not None
    assert set(opensocle.__all__) <= set(dir(opensocle))
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        opensocle.lod  # noqa: B018  # ty: ignore[unresolved-attribute]


def test_the_public_names_are_enough_for_a_decision_and_its_explanation() -> None:
    law = opensocle.load(opensocle.country_folder("exemplia"))
    facts = {"person": {"birth_date": "2023-01-15", "residence_status": "usual_resident"}}
    decision = opensocle.decide(law, facts, "2026-03", ["child_grant"])
    assert "30.00 XMU a month" in opensocle.explain(decision, "child_grant").as_text()
    with pytest.raises(opensocle.InputError, match="did you mean 'exemplia'"):
        opensocle.country_folder("exemplya")


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, opensocle; print([name for name in sys.modules if name.startswith('opensocle.')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_country_in_the_folder_goes_before_one_of_the_program(tmp_path: Path) -> None:
    start("new", "thailand", cwd=tmp_path)
    assert "2 schemes" in start("check", "thailand", cwd=tmp_path).stdout
    assert "1 scheme," in start("check", "thailand").stdout
