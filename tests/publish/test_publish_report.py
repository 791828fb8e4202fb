"""The report: a PDF and a page, in both languages, from the same data."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
import sample

from opensocle.analysis.model import Costing, Note
from opensocle.errors import InputError, Problems
from opensocle.publish.content import Heading, document
from opensocle.publish.documents import draw, report
from opensocle.publish.naming import note_text, path_title
from opensocle.publish.pdf import pages, source
from opensocle.publish.results import scheme_table
from opensocle.publish.sentences import messages, scheme_sentence
from opensocle.publish.tables import Table
from opensocle.publish.words import Words, entries


class Page(HTMLParser):
    """What a page is made of: tags with attributes, texts, and the order of its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.quiet = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.quiet += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.quiet -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.quiet and data.strip():
            self.texts.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def made(costing: Costing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    folder = tmp_path_factory.mktemp("report")
    return {lang: report(costing, folder, lang) for lang in ("en", "fr")}


@pytest.fixture(scope="module")
def page(made: dict[str, tuple[Path, ...]]) -> dict[str, Page]:
    return {lang: Page(paths[1].read_text(encoding="utf-8")) for lang, paths in made.items()}


def phrases(lang: str) -> set[str]:
    """What the words of a language say between their places."""
    texts = (part for word in entries().values() for part, *_ in Formatter().parse(word[lang]))
    return {part.strip(" \u00a0\u202f.,:;()“”«»").lower() for part in texts}


def test_twelve_schemes_and_thirty_one_years_take_at_most_ten_seconds(costing: Costing, tmp_path: Path) -> None:
    start = time.perf_counter()
    report(costing, tmp_path, "fr")
    assert time.perf_counter() - start < 10


def test_the_pdf_is_made_and_has_a_page_for_each_scheme(costing: Costing, made: dict[str, tuple[Path, ...]]) -> None:
    for lang, (path, _) in made.items():
        assert path.name == f"report-{lang}.pdf" and path.read_bytes().startswith(b"%PDF")
    content = document(costing, "fr")
    assert len(pages(content, draw(content), ppi=10)) >= 12 + 10


def test_the_same_costing_gives_the_same_report(costing: Costing, made: dict[str, tuple[Path, ...]], tmp_path: Path) -> None:
    for first, second in zip(made["fr"], report(costing, tmp_path, "fr"), strict=True):
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_runs_nothing_and_asks_nothing_of_the_network(made: dict[str, tuple[Path, ...]], page: dict[str, Page], lang: str) -> None:
    text = made[lang][1].read_text(encoding="utf-8")
    names = {name for name, _ in page[lang].tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "image", "foreignobject"}
    assert not [attrs for _, attrs in page[lang].tags if any(name.startswith("on") for name in attrs)]
    assert set(re.findall(r'https?://[^"\s<]+', text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "url(http" not in text and "@import" not in text and "default-src 'none'" in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_can_be_read_by_ear(page: dict[str, Page], lang: str) -> None:
    found = page[lang]
    assert found.every("html")[0]["lang"] == lang and found.every("title")
    assert len(found.every("table")) == len(found.every("caption")) and all(attrs.get("scope") for attrs in found.every("th"))
    assert all(attrs.get("role") == "img" and len(attrs.get("aria-label") or "") > 30 for attrs in found.every("svg"))
    assert len(found.every("figure")) == len(found.every("figcaption")) == len(found.every("svg"))
    levels = [int(name[1]) for name, _ in found.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {(attrs.get("href") or "").removeprefix("#") for attrs in found.every("a")}
    assert targets <= set(ids)


def test_no_english_word_is_left_in_the_french_page(costing: Costing, page: dict[str, Page]) -> None:
    text = " ".join(page["fr"].texts).lower()
    for item in (item for result in costing.scenarios for item in (*result.assumptions, *result.levers)):
        text = text.replace(item.source.lower(), "")  # sources keep their own language
    only_english = {phrase for phrase in phrases("en") if len(phrase) >= 5 and not any(phrase in other for other in phrases("fr"))}
    assert len(only_english) > 150
    assert not [phrase for phrase in only_english if re.search(rf"\b{re.escape(phrase)}\b", text)]


def test_french_numbers_are_written_in_the_french_way(page: dict[str, Page]) -> None:
    text = " ".join(page["fr"].texts)
    assert not re.search(r"\d\.\d+\s?%|\d%|\d,\d{3}\b(?!\u202f%)", text.replace("0.1.0", ""))
    assert re.search(r"\d,\d\u202f%", text) and re.search(r"\d\u202f\d{3}", text)


def test_the_report_says_law_assumptions_and_version(costing: Costing, page: dict[str, Page]) -> None:
    for found in page.values():
        text = " ".join(found.texts)
        for result in costing.scenarios:
            assert result.law_hash in text and result.assumptions_hash in text
        assert costing.version in text and costing.data_hash in text
        assert all(label.legal in text for label in costing.schemes)
        assert all(item.source in text for result in costing.scenarios for item in (*result.assumptions, *result.levers))


def test_every_scheme_has_its_own_page(costing: Costing) -> None:
    for lang in ("en", "fr"):
        headings = [block for block in document(costing, lang).blocks if isinstance(block, Heading)]
        own = [block.text for block in headings if block.level == 2][-len(costing.schemes) :]
        assert own == [label.title[lang] for label in costing.schemes]


def test_the_messages_say_what_the_data_say(costing: Costing) -> None:
    english, french = messages(costing, "en"), messages(costing, "fr")
    result = costing.scenario("full_floor")
    budget = next(year for year in result.budget if year.year == 2035)
    say = Words("en", "XMU")
    assert len(english) == len(french) == 9
    assert say.money(budget.gross) in english[0] and say.percent(budget.share_of_gdp) in english[0]
    assert any(say.money(budget.remaining) in text for text in english)
    assert any("1,250 rights" in text for text in english) and any("1\u202f250 droits" in text for text in french)
    assert not [text for text in (*english, *french) if "{" in text or "None" in text]


def test_a_need_beside_a_baseline_is_said_to_be_on_top_of_it(costing: Costing) -> None:
    found = sample.additional(costing, "current_law")
    english, french = " ".join(messages(found, "en")), " ".join(messages(found, "fr"))
    assert "what “Current law” costs already" in english and "more would have to be financed in 2035" in english
    assert "le coût déjà financé de «\u00a0Législation actuelle\u00a0»" in french and "de plus seraient à financer en 2035" in french
    assert "nothing more would have to be financed in 2035" in " ".join(messages(found, "en", "current_law"))
    texts = [block for block in document(found, "fr").blocks if isinstance(block, Table)]
    rows = [str(row.cells[0]) for table in texts for row in table.rows]
    assert "moins le coût net de «\u00a0Législation actuelle\u00a0», déjà financé" in rows and "Besoin de financement" not in rows


def test_the_report_shows_the_people_once_for_all_scenarios_that_share_them(costing: Costing) -> None:
    def shown(of: Costing) -> list[str]:
        return [block.caption for block in document(of, "fr").blocks if isinstance(block, Table) and "âge et sexe" in block.caption]

    assert len(shown(costing)) == 1
    last = costing.scenarios[2]
    other = replace(last, people=tuple(replace(item, men=item.women, women=item.men) for item in last.people))
    assert len(shown(replace(costing, scenarios=(*costing.scenarios[:2], other)))) == 2
    assert not shown(replace(costing, scenarios=tuple(replace(item, people=()) for item in costing.scenarios)))


def test_notes_and_words_of_paths_are_in_the_language_of_the_report(costing: Costing) -> None:
    notes = (Note("no_claims", "birth_grant", ("birth",)), Note("not_in_cells", "child_grant", ("household_id", "contributions")),
             Note("needs_survey", "social_pension", ("households",)))  # fmt: skip
    say = Words("fr", "XMU")
    said = [note_text(note, costing, say) for note in notes]
    assert said[0].startswith("«\u00a0Prime à la naissance\u00a0» n'est pas chiffré") and said[0].endswith("(naissance).")
    assert "(identifiant du ménage et historique des cotisations)" in said[1] and "(ménages)" in said[2]
    assert str(notes[0]) == "birth_grant: no claims of birth are assumed; it is not costed"
    titled = replace(costing, names={"groups.old": {"en": "Records", "fr": "Carrières"}, "old_age_pension.years": {"en": "Years", "fr": "Années"}})
    path = "groups.old.parts.with_record.given.old_age_pension.years"
    assert path_title(path, titled, {}, say) == "Groupes\u00a0: carrières, with record, Pension de vieillesse, années"


def test_a_scheme_of_households_counts_households(costing: Costing) -> None:
    schemes = tuple(replace(label, unit="household") if label.name == "social_pension" else label for label in costing.schemes)
    homes = replace(costing, schemes=schemes)
    assert "ménages" in scheme_sentence(homes, "social_pension", "fr") and "personnes" in scheme_sentence(costing, "social_pension", "fr")
    assert "Ménages servis" in [row.cells[0] for row in scheme_table(homes, "social_pension", "fr").rows]


def test_a_surplus_is_said_to_be_one_and_no_lever_is_invented(costing: Costing) -> None:
    text = " ".join(messages(costing, "en", "current_law"))
    assert "would be left over" in text and "fiscal space" not in text and "depends most" not in text


def test_a_gap_without_levers_says_so(costing: Costing) -> None:
    bare = sample.small(costing, 2, ["full_floor"])
    result = bare.scenarios[0]
    budget = tuple(replace(year, levers=Decimal(0), remaining=year.gap) for year in result.budget)
    assert any("no option of fiscal space" in text for text in messages(replace(bare, scenarios=(replace(result, levers=(), budget=budget),)), "en"))


@pytest.mark.parametrize("years", [1, 3])
def test_a_small_costing_makes_a_report_too(costing: Costing, tmp_path: Path, years: int) -> None:
    small = sample.small(costing, years, ["gradual"])
    small = replace(small, scenarios=(replace(small.scenarios[0], sensitivity=(), levers=(), notes=(), assumptions=(), budget=tuple(
        replace(year, levers=Decimal(0), remaining=year.gap) for year in small.scenarios[0].budget)),), data_hash="")  # fmt: skip
    assert all(path.stat().st_size > 10_000 for path in report(small, tmp_path, "en"))


def test_any_title_stays_a_text(costing: Costing, tmp_path: Path) -> None:
    bad = {"en": '<script>x</script> #eval("1") "]) $a$ \\ _b_', "fr": "x"}
    small = sample.small(costing, 2, ["full_floor"])
    small = replace(
        small, title=bad, schemes=tuple(replace(label, title={"en": f"{bad['en']} {label.name}"}, legal=bad["en"]) for label in small.schemes)
    )
    small = replace(small, scenarios=(replace(small.scenarios[0], title=bad, notes=(bad["en"],)),))
    paths = report(small, tmp_path, "en")
    assert "<script" not in paths[1].read_text(encoding="utf-8") and paths[0].read_bytes().startswith(b"%PDF")
    assert '#heading(level: 2, "<script>x</script> #eval(\\"1\\")' in source(document(small, "en"), draws(small), tmp_path)


def draws(costing: Costing) -> dict[int, str]:
    class Every(dict[int, str]):
        def __missing__(self, key: int) -> str:
            return '<svg width="10"></svg>'

    return Every()


def test_a_format_that_is_not_known_and_a_costing_that_is_wrong_are_refused(costing: Costing, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="U069"):
        report(costing, tmp_path, "en", ("docx",))
    with pytest.raises(Problems, match="U070"):
        report(replace(costing, scenarios=()), tmp_path, "en")
    assert not list(tmp_path.iterdir())
