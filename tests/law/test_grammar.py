"""The text of a formula as a tree: every node keeps its characters, and a fault its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from opensocle.errors import LawError
from opensocle.law import syntax as s
from opensocle.law.grammar import parse
from opensocle.law.model import Place
from opensocle.law.positions import locate
from opensocle.law.syntax import children, depths


def pieces(text: str) -> list[str]:
    """The characters of every node, the root first."""
    pending, found = [parse(text)], []
    while pending:
        node = pending.pop(0)
        found.append(text[node.at : node.end])
        pending = [*children(node), *pending]
    return found


def test_every_node_keeps_the_characters_that_it_came_from() -> None:
    text = "if( a  =  1 and not b.c in ('x', -2), transfer[d, e] , sum(members, f, where => g) )"
    assert pieces(text) == [
        "if( a  =  1 and not b.c in ('x', -2), transfer[d, e] , sum(members, f, where => g) )",
        "a  =  1 and not b.c in ('x', -2)",
        "a  =  1",
        "a",
        "1",
        "not b.c in ('x', -2)",
        "b.c in ('x', -2)",
        "b.c",
        "'x'",
        "-2",
        "2",
        "transfer[d, e]",
        "d",
        "e",
        "sum(members, f, where => g)",
        "members",
        "f",
        "g",
    ]


def test_brackets_are_no_node_but_widen_none() -> None:
    assert pieces("(a + b) * c") == ["a + b) * c", "a + b", "a", "b", "c"]


def test_numbers_are_exact_and_know_whether_they_are_whole() -> None:
    assert parse("0.10") == s.Number(0, 4, Decimal("0.10"), False)
    assert parse(".5") == s.Number(0, 2, Decimal("0.5"), False)
    assert parse("007") == s.Number(0, 3, Decimal(7), True)
    assert parse("9999999999999999999999999999") == s.Number(0, 28, Decimal("9999999999999999999999999999"), True)


def test_a_quote_in_a_text_is_written_twice() -> None:
    assert parse("'l''an'") == s.Text(0, 7, "l'an")
    assert parse("''") == s.Text(0, 2, "")
    assert parse("'é — 日本'") == s.Text(0, 8, "é — 日本")


def test_words_of_the_language_may_be_capitals_names_keep_theirs() -> None:
    assert parse("NOT TRUE") == s.Unary(0, 8, "not", s.Truth(4, 8, True))
    assert parse("Age") == s.Name(0, 3, "", "Age")
    assert parse("SUM(members, x)") == s.Call(0, 15, "sum", (s.Name(4, 11, "", "members"), s.Name(13, 14, "", "x")), ())


def test_a_case_counts_as_deep_as_the_ifs_that_it_stands_for() -> None:
    levels = [level for _, level in depths(parse("case when a then 1 when b then 2 when c then 3 else 4 end"))]
    assert max(levels) == 4


def test_a_fault_on_a_later_line_has_that_line_and_its_column() -> None:
    with pytest.raises(LawError) as raised:
        parse("age\n  < 5\n  and ?", Place("f.yaml", 10, 7))
    assert raised.value.at == "f.yaml:12:7"
    with pytest.raises(LawError) as raised:
        parse("? age", Place("f.yaml", 10, 7))
    assert raised.value.at == "f.yaml:10:7"


def test_a_formula_that_stands_in_no_file_has_no_line() -> None:
    with pytest.raises(LawError) as raised:
        parse("age\n < ", Place("overlay"))
    assert raised.value.at == "overlay"


def test_a_piece_knows_the_spot_before_it() -> None:
    place = Place("f.yaml", 2, 4, ((0, 3, 5), (6, 4, 9)))
    assert [str(locate(place, "", offset)) for offset in (0, 5, 6, 8)] == ["f.yaml:3:5", "f.yaml:3:10", "f.yaml:4:9", "f.yaml:4:11"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_formula_is_refused(text: str) -> None:
    with pytest.raises(LawError, match="F002 the formula is empty"):
        parse(text)


def test_a_name_may_be_that_of_a_function() -> None:
    assert parse("floor(floor, round)") == s.Call(0, 19, "floor", (s.Name(6, 11, "", "floor"), s.Name(13, 18, "", "round")), ())
