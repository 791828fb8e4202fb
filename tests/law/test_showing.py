"""The page about a scheme, for a lawyer."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from opensocle.errors import InputError
from opensocle.law import wording
from opensocle.law.loading import LawText, read_country
from opensocle.law.showing import show


@pytest.fixture
def law(files: dict[str, str]) -> LawText:
    return read_country(files).require()


def page(law: LawText, lang: str = "en", form: Any = "text", name: str = "child_grant") -> str:
    assert law.country is not None
    return show(law.concepts if name == "concepts" else law.schemes[name], law.country, lang, form, law.vocabulary)


def test_the_english_page_says_all_that_the_law_says(law: LawText) -> None:
    text = page(law)
    for part in (
        "Universal child grant\n=====================",
        "Guarantee of the social protection floor  Basic income security for children",
        "In force from                             1 January 2024",
        "Financed by                               General revenue 90 %; Donations 10 %",
        "Administration                            5 % of benefits",
        "Act 12/2023, art. 4-7 (https://law.example/12)",
        "Age limit (age_limit)",
        "1 January 2027  8 years",
        "Monthly amount (amount)",
        "30 XMU/month",
        "After its last date it follows the series “Consumer prices”, each year in January.",
        "Source: Decree 118/2023, art. 2",
        "80 and over  1,000 XMU/month",
        "North   Male    1 XMU/month",
        "1,000 XMU/month  10 %",
        "1,000 XMU/month  8 XMU/month",
        "Who has the right (eligible)",
        "    age < age_limit and resident",
        "From 1 December 2026:",
        "Rounded to 1, to the nearest (Decree 118/2023, art. 3).",
        "Without the supplement.",
    ):
        assert part in text, part


def test_the_french_page_says_it_in_french(law: LawText) -> None:
    text = page(law, "fr")
    for part in (
        "Allocation universelle pour enfant",
        "Éventualité",
        "1er janvier 2024  5 ans",
        "30 XMU/mois",
        "Après sa dernière date, suit la série « Prix à la consommation », chaque année en janvier.",
        "80 et plus  1\u202f000 XMU/mois",
        "Nord    Masculin  1 XMU/mois",
        "Qui a droit (eligible)",
        "À partir du 1er décembre 2026 :",
        "Source : Act 12/2023, art. 4",
        "Sans le supplément.",
    ):
        assert part in text, part
    assert "In force" not in text
    assert "Source:" not in text


def test_english_and_french_have_the_same_words_and_places() -> None:
    english, french = wording.WORDS["en"], wording.WORDS["fr"]
    assert list(english) == list(french)
    assert all(english[key].count("{") == french[key].count("{") for key in english)
    assert len(wording.MONTHS["en"]) == len(wording.MONTHS["fr"]) == 12


class Checker(HTMLParser):
    """Notes whether every tag is closed, in order, and which tags and attributes there are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_is_a_complete_page_without_scripts(law: LawText) -> None:
    text = page(law, "fr", "html")
    checker = Checker()
    checker.feed(text)
    assert not checker.open
    assert text.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert text.count("<h1>") == 1
    assert not checker.seen & {"script", "link", "img", "iframe"}
    assert not checker.attributes & {"src", "href", "onclick", "style"}
    assert "age &lt; age_limit and resident" in text


def test_what_a_stranger_writes_is_escaped(files: dict[str, str]) -> None:
    bad = "<script>alert(1)</script>"
    scheme = files["schemes/child_grant.yaml"].replace("Universal child grant", bad).replace("Act 12/2023, art. 4", f'{bad}\\" onload=x')
    law = read_country({**files, "schemes/child_grant.yaml": scheme}).require()
    assert "<script" not in page(law, "en", "html")
    assert "\\<script\\>" in page(law, "en", "markdown")


def test_the_markdown_has_tables_and_fenced_formulas(law: LawText) -> None:
    text = page(law, "en", "markdown")
    assert "| From | Value |\n| --- | --- |\n| 1 January 2024 | 5 years |" in text
    assert "```\nage < age_limit and resident\n```" in text
    assert text.startswith("# Universal child grant\n")


def test_the_concepts_have_a_page(law: LawText) -> None:
    text = page(law, name="concepts")
    assert text.startswith("Shared concepts\n")
    assert "residence_status = 'usual_resident'" in text
    assert "Paid" not in text


def test_a_language_without_words_falls_back_to_english(law: LawText) -> None:
    assert "In force from" in page(law, "pt")


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [("0", "0", "0"), ("1234567.50", "1,234,567.50", "1\u202f234\u202f567,50"), ("1000.00", "1,000", "1\u202f000"), ("-0.05", "−0.05", "−0,05")],
)
def test_figures_keep_their_digits(number: str, english: str, french: str) -> None:
    assert wording.figure(Decimal(number), "en") == english
    assert wording.figure(Decimal(number), "fr") == french


def test_shares_are_percentages() -> None:
    assert wording.percent(Decimal("0.055"), "en") == "5.5 %"
    assert wording.percent(Decimal(1), "fr") == "100\u202f%"


def test_another_form_is_refused(law: LawText) -> None:
    form: Any = "pdf"
    with pytest.raises(InputError, match="P022"):
        page(law, form=form)


def test_repealed_and_worded_values_are_shown(files: dict[str, str]) -> None:
    more = """parameters:
  opened: {type: date, values: {2024-01-01: 2020-07-01}, until: 2030-01-01, source: x}
  pilot: {type: boolean, values: {2024-01-01: true, 2025-01-01: null}, source: x}
  lost: {unit: XMU, by: sex, values: {2024-01-01: {male: 1}, 2025-01-01: null}, source: x}
  share: {unit: rate, values: {2024-01-01: 0.15}, index: {by: wages, every: month}, source: x}
"""
    body = files["schemes/child_grant.yaml"].replace("parameters:\n", more)
    text = page(read_country({**files, "schemes/child_grant.yaml": body}).require())
    for part in ("1 July 2020", "Ends on 1 January 2030", "yes", "repealed", "15 %", "“Wages”, each month."):
        assert part in text, part
