"""Tables as data, and their four forms."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensocle.analysis.model import Costing
from opensocle.errors import InputError
from opensocle.publish import results
from opensocle.publish.tables import FORMS, Column, Row, Shape, Table, quoted, write

NASTY = 'a|b <script>alert(1)</script> & "c" \\ #eval("x") $x$ *bold* ]) =1+1'
TABLE = Table(
    "Costs",
    (Column("Scheme"), Column("2025", Shape("number", 1, 6), "XMU million"), Column("Share", Shape("percent", 1))),
    (
        Row(("Grants",), "heading"),
        Row(("Child grant", Decimal("1234567.89"), Decimal("0.0123"))),
        Row((NASTY, None, Decimal("-0.5"))),
        Row(("Total", Decimal("1234567890"), Decimal(1)), "total"),
    ),
    ("A note.",),
    "Act 1",
)


class Reader(HTMLParser):
    """Collects tags, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_text_sets_names_to_the_left_and_figures_to_the_right() -> None:
    lines = write(Table(TABLE.caption, TABLE.columns, (TABLE.rows[1], TABLE.rows[3])), "text", "en").splitlines()
    assert lines == [
        "Costs",
        "",
        "Scheme              2025   Share",
        "             XMU million",
        "--------------------------------",
        "Child grant          1.2    1.2%",
        "--------------------------------",
        "Total            1,234.6  100.0%",
    ]


def test_what_is_not_known_is_a_dash() -> None:
    assert "–" in write(TABLE, "text", "fr") and "−50,0\u202f%" in write(TABLE, "text", "fr")


def test_markdown_has_as_many_cells_in_every_row() -> None:
    rows = [line for line in write(TABLE, "markdown", "en").splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {4}
    assert rows[1] == "|---|---:|---:|" and rows[2] == "| **Grants** |  |  |"
    assert "<script" not in write(TABLE, "markdown", "en")


def test_html_says_caption_scope_and_groups() -> None:
    read = Reader(write(TABLE, "html", "en"))
    names = [tag for tag, _ in read.tags]
    assert names.count("caption") == 1 and "script" not in names
    assert [attrs.get("scope") for tag, attrs in read.tags if tag == "th"] == ["col"] * 3 + ["rowgroup"] + ["row"] * 3
    assert NASTY in read.texts and "Source: Act 1" in read.texts


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="U068 row 1 has 2 cells for 3 columns"):
        write(Table("x", TABLE.columns, (Row(("a", Decimal(1))),)), "html", "en")
    with pytest.raises(InputError, match="U068"):
        write(TABLE, "latex", "en")


def evaluated(text: str, folder: Path) -> str:
    import typst

    path = folder / "text.typ"
    path.write_text(f"#metadata({quoted(text)}) <it>", encoding="utf-8")
    import json

    return json.loads(typst.query(str(path), "<it>", field="value", one=True))


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_goes_through_typst_as_it_is(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert evaluated(text, tmp_path_factory.mktemp("typst")) == text


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_goes_through_html_as_it_is(text: str) -> None:
    read = Reader(write(Table(text, (Column("x"), Column("y")), (Row(("a", text)),)), "html", "en"))
    assert "".join(read.texts).count(text) >= 2
    assert {tag for tag, _ in read.tags} <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}


def test_typst_sets_the_table(tmp_path: Path) -> None:
    import typst

    path = tmp_path / "table.typ"
    head = '#let ink = black\n#let unit(x) = x\n#let note(x) = x\n#set document(title: "x")\n'
    path.write_text(head + write(TABLE, "typst", "en"), encoding="utf-8")
    assert typst.compile(str(path), format="pdf").startswith(b"%PDF")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_table_of_a_costing_can_be_written_in_every_form(costing: Costing, lang: str) -> None:
    tables = [results.schemes_table(costing, lang), results.comparison(costing, lang)]
    for result in costing.scenarios:
        for of in (results.cost_table, results.people_table, results.budget_table, results.sensitivity_table, results.assumptions_table):
            tables.append(of(costing, lang, result.name))
        tables += [results.scheme_table(costing, line.scheme, lang, result.name) for line in result.lines if line.year == 2025]
    assert all(write(table, form, lang) for table in tables for form in FORMS)


def test_the_cost_table_gives_the_sums_of_the_lines(costing: Costing) -> None:
    result = costing.scenario("full_floor")
    table = results.cost_table(costing, "en", "full_floor", [2030])
    cells = {str(row.cells[0]): row.cells[1] for row in table.rows}
    lines = [line for line in result.lines if line.year == 2030]
    assert cells["Gross expenditure"] == sum(line.gross for line in lines)
    assert cells["Net cost"] == sum(line.gross - line.contributed for line in lines)
    assert cells["Universal child grant"] == next(line.gross for line in lines if line.scheme == "child_grant")


def test_the_budget_table_goes_down_to_what_remains(costing: Costing) -> None:
    table = results.budget_table(costing, "en", "full_floor", [2035])
    amounts = [row.cells[1] for row in table.rows]
    gap, remaining = next(i for i, row in enumerate(table.rows) if row.role == "total"), len(costing.scenario("full_floor").levers) + 5
    assert sum(amounts[:gap]) == amounts[gap]
    assert sum(amounts[gap:remaining]) == amounts[remaining]


def test_the_administration_of_a_scheme_is_said_in_french(costing: Costing) -> None:
    text = write(results.schemes_table(costing, "fr"), "text", "fr")
    assert "5\u202f% des prestations" in text and "8\u202f% des dépenses brutes" in text and "benefits" not in text
