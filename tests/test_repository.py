"""The promises that the repository makes about itself: size of modules, layers' ground, decisions, changes, links of the front pages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import opensocle

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "opensocle"
MODULES = sorted(SOURCE.rglob("*.py"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
GROUND = ("errors.py", "periods.py", "money.py")
DRIVERS = {
    "openpyxl": ("population", "publish"),
    "pandas": ("population", "publish"),
    "polars": ("population", "publish"),
    "pyreadstat": ("population",),
    "psycopg": ("engine", "population", "office"),
    "pyspark": ("engine", "population"),
}
"""Libraries that only an extra brings, and the rooms whose modules may import them, at the place of use."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    """The libraries imported anywhere under the node; not the package's own modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def top_level(tree: ast.Module) -> Iterator[str]:
    """The libraries imported as soon as the module is."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imported(ast.Module(body=[node], type_ignores=[]))


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{name(path)} has {lines} lines: split it by what it talks about"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions if node.end_lineno and node.end_lineno - node.lineno >= 40}
    assert not long, f"{name(path)}: {long}"


@pytest.mark.parametrize("file", GROUND)
def test_the_ground_needs_the_standard_library_only(file: str) -> None:
    tree = ast.parse((SOURCE / file).read_text(encoding="utf-8"))
    assert set(imported(tree)) <= sys.stdlib_module_names | {"opensocle"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_the_library_of_an_extra_is_imported_at_the_place_of_use_in_a_room_that_may(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    room = path.relative_to(SOURCE).parts[0]
    assert not [library for library in imported(tree) if library in DRIVERS and room not in DRIVERS[library]]
    assert not [library for library in top_level(tree) if library in DRIVERS]


def test_importing_opensocle_and_the_law_loads_no_library_of_data() -> None:
    heavy = ["duckdb", "numpy", "pyarrow", *DRIVERS]
    code = f"import sys, opensocle, opensocle.law; print([name for name in {heavy!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_says_its_context_its_choice_and_the_alternatives_refused(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Choice", "Alternatives refused"]
    assert text.startswith(f"# {int(path.name[:4])}. ")


def test_decisions_are_numbered_in_order() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_version_is_one_and_the_changes_name_it() -> None:
    version = project()["version"]
    assert version == opensocle.__version__
    assert re.search(rf"^## {re.escape(str(version))}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_the_links_of_a_front_page_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not target.startswith("https://") and not (path.parent / target).exists()]


def test_each_command_of_make_that_a_page_names_exists() -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [*PAGES, *(ROOT / "docs").rglob("*.md")]
    named = {word for page in pages for word in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))}
    assert named <= known


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111, "chmod +x .ci/run"
    assert re.search(r"^make test\b", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert re.search(r"^make test$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("language", ["English", "Français"])
def test_every_word_of_the_glossary_has_both_languages_once(language: str) -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if re.match(r"\| (?!English)", line)]
    words = [row[0 if language == "English" else 1] for row in rows]
    assert len(words) >= 80
    assert all(len(row) == 3 and all(row) for row in rows)
    assert len(words) == len(set(words)), sorted(word for word in set(words) if words.count(word) > 1)
