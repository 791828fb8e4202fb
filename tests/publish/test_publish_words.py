"""Words and numbers in two languages."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensocle import publish
from opensocle.errors import InputError
from opensocle.publish.words import LANGUAGES, MINUS, NARROW, SOLID, Words, entries, french, rounded

EN, FR = Words("en", "XMU"), Words("fr", "XMU")
SOURCES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(Path(publish.__file__).parent.glob("*.py"))]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def said() -> set[str]:
    """The keys that the modules ask for by their full name."""
    found = set()
    for tree in SOURCES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute | ast.Subscript) and node.args:
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                if name in ("say", "self") and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("key", sorted(entries()))
def test_a_word_exists_in_both_languages_with_the_same_places(key: str) -> None:
    word = entries()[key]
    assert set(word) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in word.values())
    assert places(word["en"]) == places(word["fr"])


def test_every_word_that_is_asked_for_exists() -> None:
    assert len(said()) > 100
    assert said() <= set(entries())


def test_every_word_that_exists_is_asked_for() -> None:
    texts, starts = set(), set()
    for tree in SOURCES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                starts.add(str(node.values[0].value))
    asked = {start for start in starts if re.fullmatch(r"[a-z_]{4,}_", start)}
    unused = [key for key in entries() if key not in texts and not any(key.startswith(start) for start in asked)]
    assert not [key for key in unused if not key.endswith("_more")]


def test_french_puts_spaces_that_do_not_break_before_its_signs() -> None:
    assert french("Source : « x » ; oui ?") == f"Source{SOLID}: «{SOLID}x{SOLID}»{NARROW}; oui{NARROW}?"
    assert not [key for key, word in entries().items() if re.search(r" [:;!?»]|« ", word["fr"])]


def test_numbers_are_written_as_each_language_does() -> None:
    assert EN.number(Decimal("1234567.891"), 2) == "1,234,567.89"
    assert FR.number(Decimal("1234567.891"), 2) == f"1{NARROW}234{NARROW}567,89"
    assert FR.number(Decimal("-1234.5"), 1) == f"{MINUS}1{NARROW}234,5"
    assert EN.number(Decimal("-0.001"), 1) == "0.0"
    assert EN.number(None) == FR.number(None) == "–"
    assert EN.year(2035) == FR.year(2035) == "2035"


def test_shares_are_written_in_percent_and_a_small_one_is_never_zero() -> None:
    assert EN.percent(Decimal("0.0215")) == "2.2%"
    assert FR.percent(Decimal("0.0215")) == f"2,2{NARROW}%"
    assert EN.percent(Decimal("0.0001")) == "<0.1%"
    assert FR.percent(Decimal("-0.0001")) == f">{MINUS}0,1{NARROW}%"
    assert EN.percent(Decimal(0)) == "0.0%"
    assert EN.signed(Decimal("0.31")) == "+31%" and FR.signed(Decimal("-0.17")) == f"{MINUS}17{NARROW}%"
    assert FR.points(Decimal("0.017")) == "1,7 point de PIB" and FR.points(Decimal("0.02")) == "2,0 points de PIB"


@pytest.mark.parametrize(
    ("amount", "english", "french_"),
    [
        ("1230000000", "XMU 1.23 billion", "1,23_milliard XMU"),
        ("2000000000", "XMU 2.00 billion", "2,00_milliards XMU"),
        ("12340000", "XMU 12.3 million", "12,3_millions XMU"),
        ("999999", "XMU 1.00 million", "1,00_million XMU"),
        ("1500000000000", "XMU 1.50 trillion", "1,50_billion XMU"),
        ("-456000000", "XMU −456 million", "−456_millions XMU"),
        ("45678", "XMU 45,678", "45_678 XMU"),
        ("12.5", "XMU 12.5", "12,5 XMU"),
        ("0", "XMU 0.00", "0,00 XMU"),
    ],
)
def test_money_is_said_in_millions_and_billions_with_its_currency(amount: str, english: str, french_: str) -> None:
    assert EN.money(Decimal(amount)) == english
    assert FR.money(Decimal(amount)) == french_.replace("_", NARROW)


def test_amounts_of_a_table_share_one_scale() -> None:
    assert EN.scale([Decimal(5), Decimal("2e7")]).unit == "XMU million"
    assert FR.scale([Decimal("3e11")]).unit == "milliards XMU"
    assert FR.scale([]).exponent == 0
    assert FR.persons_scale([200_000]).unit == "milliers"


def test_items_are_listed_with_a_last_and() -> None:
    assert EN.listed(["a", "b", "c"]) == "a, b and c" and FR.listed(["a", "b"]) == "a et b" and FR.listed([]) == ""


def test_a_language_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="U060"):
        Words("de")


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4), st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_written_number_says_the_rounded_number(number: Decimal, digits: int, lang: str) -> None:
    text = Words(lang).number(number, digits)
    plain = text.replace(NARROW, "").replace(MINUS, "-") if lang == "fr" else text.replace(",", "").replace(MINUS, "-")
    assert Decimal(plain.replace(",", ".")) == rounded(number, digits)
    assert "\u00a0" not in text and " " not in text
