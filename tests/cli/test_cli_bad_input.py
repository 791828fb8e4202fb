"""What is wrong is said in words, with the right exit code, as text and as JSON; never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from socle_runner import MONTH, Socle

BAD: list[tuple[int, str, str]] = [
    # exit code, arguments (words in braces are made by the test), words of the message
    (2, "chek", "did you mean 'check'?"),
    (2, "check", "COUNTRY"),
    (2, "check nowhere", "no country of this name"),
    (2, "check exmplia", "did you mean 'exemplia'?"),
    (2, "check {empty}", "not a country"),
    (2, "check {file}", "this is a file"),
    (2, "check exemplia --strickt", "--strict"),
    (1, "check {broken}", "not YAML"),
    (1, "show {broken}", "not YAML"),
    (2, "new {file}", "not an empty folder"),
    (2, "new {empty} --name ''", "cannot be the name"),
    (2, "schema", "Name a kind"),
    (2, "schema schem", "schem"),
    (2, "schema --out {file}", "is a file"),
    (2, "show exemplia child_grnt", "did you mean 'child_grant'?"),
    (2, "show exemplia child_grant --lang de", "de"),
    (2, "show exemplia child_grant --format pdf", "pdf"),
    (2, "show exemplia child_grant --out {empty}/no/page.html", "No such file"),
    (2, "show exemplia --reform {empty}/none.yaml", "does not exist"),
    (1, "show exemplia --reform {file}", "overlay"),
    (1, "cases {broken}", "not YAML"),
    (2, "cases exemplia --scheme child_grnt", "did you mean 'child_grant'?"),
    (2, "run exemplia {people} 2026-13", "not a month"),
    (2, "run exemplia {people} 2026-03:2026-01", "ends before"),
    (2, "run exemplia {empty}/none 2026-01", "no such file or folder"),
    (2, "run exemplia {empty} 2026-01", "persons"),
    (2, "run exemplia {file} 2026-01", "--mapping"),
    (2, "run exemplia {parquet} 2026-01", "not a Parquet file"),
    (2, "run thailand {people} 2026-01", "THB"),
    (2, "run exemplia {people} 2026-01 --outputs child_grnt", "child_grant"),
    (2, "run exemplia {people} 2026-01 --by regon", "did you mean 'region'?"),
    (2, "run exemplia {people} 2026-01 --keep shoe_size", "shoe_size"),
    (2, "run exemplia {people} 2026-01 --memory lots", "1GB"),
    (2, "run exemplia {people} 2026-01 --threads 0", "0"),
    (2, "run exemplia {people} 2026-01 --out {file}", "file"),
    (2, "run exemplia {empty}/none 2026-01 --mapping {file}", "no such file"),
    (2, "run exemplia {people} 2026-01 --mapping {file}", ""),
    (1, "run {broken} {people} 2026-01", "not YAML"),
    (2, "explain exemplia", "where the facts come from"),
    (2, "explain exemplia {people} --case x", "only one of them"),
    (2, "explain exemplia {people}", "of whom"),
    (2, "explain exemplia {people} --person 99999999", "no person"),
    (2, "explain exemplia {people} --person amina", "numbers"),
    (2, "explain exemplia {people} --person 1 --month 2026-3", "not a month"),
    (2, "explain exemplia {people} --person 1 --scheme grant", "child_grant"),
    (2, "explain exemplia {people} --person 1 --variable child_grant.benfit", "did you mean 'benefit'?"),
    (2, "explain exemplia {people} --person 1 --scheme child_grant --variable age", "not both"),
    (2, "explain exemplia --case nobody_wrote_this", "no case"),
    (2, "explain exemplia --case a", "cases are called like"),
    (2, "explain exemplia --facts {empty}/none.yaml", "no such file"),
    (2, "explain exemplia --facts {facts}", "which month"),
    (2, "explain exemplia --facts {facts} --month 2026-01 --person amina --scheme child_grant", "nobody is called"),
    (2, "explain exemplia --facts {facts} --month 2026-01 --format html", "--scheme"),
    (2, "compare exemplia", "what to compare with"),
    (2, "compare exemplia nowhere", "no country"),
    (2, "compare exemplia thailand --people {people}", "go together"),
    (2, "compare exemplia exemplia --people {empty} --period 2026-01", "persons"),
    (2, "people {file}", "something here already"),
    (2, "people {empty}/new --persons 0", "persons is 0"),
    (2, "people {empty}/new --persons many", "many"),
    (2, "people {empty}/new --date 2026-02-30", "not a date"),
    (2, "people {empty}/new --months -1 --seed -1", "seed is -1"),
    (2, "people {empty}/new --unknowns 2", "unknowns"),
    (2, "read", "--out"),
    (2, "read --out {empty}/new", "SOURCES"),
    (2, "read {file} --out {empty}/new", "--country"),
    (2, "read {empty}/none.csv --country exemplia --out {empty}/new", "no such file"),
    (2, "read {file} --country exemplia --out {people}", ""),
    (2, "read {file} --mapping {file} --country exemplia --out {empty}/new", ""),
    (2, "read --united-nations {file} --out {empty}/new", "--iso3"),
    (2, "read --united-nations {file} --iso3 THA --year 2025 --out {empty}/new", "THA"),
    (2, "read --united-nations {file} --iso3 THA --year 2025 --fact nationality --out {empty}/new", "not a fact"),
    (2, "demo --persons 0", "0"),
    (2, "demo --folder {file}", "file"),
]  # fmt: skip


@pytest.fixture
def places(tmp_path: Path, people: Path) -> dict[str, Path]:
    made = {name: tmp_path / name for name in ("empty", "broken")}
    for folder in made.values():
        folder.mkdir()
    (made["broken"] / "country.yaml").write_text("country: [XX\n", encoding="utf-8")
    files = {"file": "a: 1\n", "parquet": "not one", "facts": "person: {birth_date: 2020-01-01}\n"}
    for name, text in files.items():
        made[name] = tmp_path / {"file": "file.txt", "parquet": "a.parquet", "facts": "facts.yaml"}[name]
        made[name].write_text(text, encoding="utf-8")
    return {**made, "people": people}


@pytest.mark.parametrize(("code", "line", "words"), BAD, ids=[line for _, line, _ in BAD])
def test_bad_input_is_refused_in_words(
    code: int, line: str, words: str, places: dict[str, Path], socle: Socle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places["empty"])
    args = ["" if word == "''" else word.format(**places) for word in line.split()]
    result = socle(*args, code=code)
    said = result.stdout if args[0] in ("check",) and code == 1 else result.stderr
    assert words in " ".join(said.split()) and said.strip()
    assert "U099" not in said
    if args[0] != "chek" and "html" not in args:
        data = socle(*args, "--json", code=code).data
        assert data["problems"] and all(problem["code"] and problem["what"] for problem in data["problems"])


def test_a_calculation_that_cannot_be_carried_out_ends_with_three(people: Path, socle: Socle) -> None:
    result = socle("run", "exemplia", people, MONTH, "--memory", "1MB", code=3)
    assert "memory" in result.stderr.lower()


def test_a_mistake_of_the_program_is_told_without_a_traceback_and_ends_with_three(socle: Socle, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("opensocle.law.law.load", broken)
    said = socle("show", "exemplia", code=3).stderr
    assert "U099" in said and "--debug" in said
    with pytest.raises(RuntimeError):
        socle("show", "exemplia", "--debug")
