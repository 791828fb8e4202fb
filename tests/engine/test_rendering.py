"""Explanations for readers: text, pages, English and French."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_laws import AMINA, CHILD, REAL, country, decision_of, law_of, scheme_of, variable

from opensocle.engine.cases import facts_of
from opensocle.engine.deciding import decide
from opensocle.engine.explaining import Explanation, entitlements, explain
from opensocle.engine.operators import Value
from opensocle.engine.reasons import as_data
from opensocle.engine.wording import WORDS, Words
from opensocle.errors import InputError
from opensocle.periods import Month

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that tags are closed in order, and gathers tags and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def amina(facts: dict[str, str] | None = None) -> Explanation:
    return explain(decide(law_of(CHILD), {"members": {"Amina": AMINA["person"] if facts is None else facts}}, "2026-03"), "child_grant")


def test_every_word_is_there_in_both_languages_with_the_same_places():
    assert list(WORDS["en"]) == list(WORDS["fr"])

    def places(text: str) -> set[str]:
        named = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        return {name or str(position) for position, name in enumerate(named)}

    for key, english in WORDS["en"].items():
        assert places(english) == places(WORDS["fr"][key]), key
        assert english and WORDS["fr"][key]


def test_the_headline_says_who_gets_what_and_when():
    first = amina().as_text().splitlines()[0]
    assert first == "Test scheme: entitled — 30.00 XMU a month (March 2026), Amina"


def test_the_headline_in_french_follows_french_typography():
    first = amina().as_text("fr").splitlines()[0]
    assert first == "Régime d'essai\u00a0: droit ouvert — 30,00 XMU par mois (mars 2026), Amina"


def test_the_tree_shows_formula_value_source_and_facts():
    text = amina().as_text()
    assert "benefit = if(eligible, amount, 0)" in text
    told = "Act 12/2023, art. 6; since 1 January 2024; rounded to 1 to the nearest (Decree 118/2023, art. 3)"
    assert told in " ".join(text.replace("│", "").split())
    assert "Age: 4 years (Date of birth: 15 January 2022)" in text
    assert "age_limit: 5 years, since 1 January 2024   Act 12/2023, art. 5" in text


def test_a_refusal_starts_with_the_condition_not_met():
    lines = amina({"birth_date": "2010-01-15"}).as_text().splitlines()
    assert lines[0] == "Test scheme: not entitled (March 2026), Amina"
    assert lines[2].strip().startswith("age < age_limit — Age: 16 years; age_limit: 5 years")


def test_what_is_missing_is_listed():
    assert "- Amina: Date of birth (birth_date)" in amina({}).as_text()
    assert "- Amina\u00a0: Date de naissance (birth_date)" in amina({}).as_text("fr")


def test_the_foot_names_law_month_and_version():
    explanation = amina()
    assert explanation.law.hash[:12] in explanation.as_text().splitlines()[-1]
    assert "March 2026; OpenSocle" in explanation.as_text()


def test_another_language_is_an_error():
    with pytest.raises(InputError, match="P042"):
        amina().as_text("pt")


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", REAL)
def test_every_case_of_the_real_laws_reads_in_a_hundred_columns_and_as_a_page(name: str, lang: str):
    law, cases = country(name)
    for case in cases[:20]:
        decision = decision_of(law, case)
        for verdict in entitlements(decision):
            explanation = explain(decision, verdict.scheme, verdict.subject)
            tree, _, _ = explanation.as_text(lang).partition(f"\n  {WORDS[lang]['sources']}\n")
            assert max(len(line) for line in tree.splitlines()[:-1]) <= 100 or "http" in tree
            page = Page(explanation.as_html(lang))
            assert [tag for tag, _ in page.tags].count("h1") == 1
            assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in page.tags}
            assert ("html", {"lang": lang}) in page.tags


def test_names_and_facts_are_escaped_in_pages():
    evil = "<script>alert(1)</script>"
    page = explain(decide(law_of(CHILD), {"members": {evil: AMINA["person"]}}, "2026-03"), "child_grant").as_html()
    assert "<script" not in page and evil in Page(page).text


def test_pages_open_every_detail_and_load_nothing():
    page = amina().as_html()
    assert all("open" in attributes for tag, attributes in Page(page).tags if tag == "details")
    assert "url(" not in page and "src=" not in page and "href=" not in page


def test_a_single_variable_is_explained_without_a_verdict():
    decision = decide(law_of(CHILD), AMINA, "2026-03")
    assert explain(decision, "age").as_text().startswith("Age: 4 years (March 2026), the person\n")
    assert explain(decision, "age").as_dict()["verdict"] is None


def test_obstacles_are_told_in_words():
    law = scheme_of(variable("benefit", "earnings / dependent_children", "unit: XMU/month"))
    text = explain(decide(law, {"person": {"earnings": 10, "dependent_children": 0}}, "2026-03"), "test").as_text("fr")
    assert "division par zéro\u00a0: earnings / dependent_children" in text


@pytest.mark.parametrize(
    ("value", "unit", "english", "french"),
    [
        (Decimal("1234567.5"), "XMU/month", "1,234,567.50 XMU/month", "1\u202f234\u202f567,50 XMU/mois"),
        (Decimal("-0.5"), "XMU", "\u22120.50 XMU", "\u22120,50 XMU"),
        (Decimal("0.055"), "rate", "5.5 %", "5,5\u202f%"),
        (45, "percent", "45 %", "45\u202f%"),
        (1, "year", "1 year", "1 an"),
        (4, "year", "4 years", "4 ans"),
        (126, "index", "126", "126"),
        (True, "", "yes", "oui"),
        (None, "year", "unknown", "inconnu"),
        (date(2024, 1, 1), "", "1 January 2024", "1er janvier 2024"),
        (Month(2026, 8), "", "August 2026", "août 2026"),
    ],
)
def test_values_are_written_as_the_reader_writes_them(value: Value, unit: str, english: str, french: str):
    assert Words("en", 2).value(value, unit) == english
    assert Words("fr", 2).value(value, unit) == french


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4), st.integers(0, 3))
def test_no_digit_of_an_amount_is_lost(amount: Decimal, digits: int):
    text = Words("en", digits).money(amount, "XMU").removesuffix(" XMU").replace(",", "").replace("\u2212", "-")
    assert Decimal(text) == amount
    assert len(text.partition(".")[2]) >= digits


def test_data_keep_exact_numbers_as_text():
    values = (Decimal("30.40"), Decimal("1E+3"), None, True, date(2026, 3, 1), Month(2026, 3))
    assert as_data(values) == [
        "30.4",
        "1000",
        None,
        True,
        "2026-03-01",
        "2026-03",
    ]


def test_facts_of_a_case_can_be_explained_for_each_member():
    law, cases = country("cambodia")
    decision = decide(law, facts_of(cases[0]), cases[0].period)
    assert {verdict.subject for verdict in entitlements(decision)} <= {*map(str, decision.people), "household"}
