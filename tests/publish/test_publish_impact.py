"""The publication of a study of impact: charts and tables say what the study found, in both languages, and hold together as documents."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sample
from impact_sample import impact

from opensocle import publish
from opensocle.analysis.impact.model import CURRENT, NONE, QUANTILE, Figure, Impact, Note, Unknown
from opensocle.analysis.model import Costing
from opensocle.errors import InputError
from opensocle.publish import look
from opensocle.publish.drawing import Drawing, save
from opensocle.publish.impact_content import chapter, impact_document, messages
from opensocle.publish.impact_seen import Seen
from opensocle.publish.tables import Table, write

LANGUAGES = ("en", "fr")
REFORM = "child_grant_to_18"
CHARTS: dict[str, Callable[..., Drawing]] = {
    "lorenz": publish.lorenz,
    "concentration": publish.concentration,
    "growth_incidence": publish.growth_incidence,
    "incidence": publish.incidence,
    "coverage": publish.coverage,
    "winners": lambda made, lang: publish.winners(made, lang, REFORM),
    "causes": publish.causes,
    "poverty_groups": publish.poverty_groups,
    "marginal_contributions": publish.marginal_contributions,
    "redistribution": publish.redistribution,
}
NAMES = """headline_table group_table reforms_table winners_table hurt_table concepts_table budgets_table deprived_table targeting_table worth_table
effects_table redistribution_table causes_table lorenz_table concentration_table growth_table"""
TABLES: dict[str, Callable[..., Table]] = {name: getattr(publish, name) for name in NAMES.split()} | {
    "coverage": lambda made, lang: publish.quantile_table(made, lang, "coverage"),
    "incidence": lambda made, lang: publish.quantile_table(made, lang, "incidence"),
}


def rows(drawing: Drawing) -> list[dict[str, Any]]:
    """The data that stand in a chart's specification."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("values"), list) and node["values"] and isinstance(node["values"][0], dict):
                found.extend(node["values"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk({key: value for key, value in drawing.spec().items() if key != "datasets"})
    for table in drawing.spec().get("datasets", {}).values():
        found.extend(table)
    return found


def marked(few: bool = True, **where: str) -> Impact:
    """Exemplia's study in which some figures rest on few households."""
    made = impact()
    return replace(made, figures=tuple(replace(f, few=few) if all(getattr(f, k) == v for k, v in where.items()) else f for f in made.figures))


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_chart_has_its_title_its_source_and_a_text_for_who_cannot_see_it(name: str, lang: str, tmp_path: Path) -> None:
    drawing = CHARTS[name](impact(), lang)
    tree = ElementTree.fromstring(save(drawing, tmp_path / "chart.svg").read_text(encoding="utf-8"))
    texts = " ".join("".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text"))
    assert drawing.title.split()[0] in texts and drawing.source in texts and "OpenSocle" in drawing.source
    assert len(drawing.alt) > 30 and "{" not in drawing.alt + drawing.title + drawing.subtitle
    assert re.search(r"\d", drawing.alt)
    spec = drawing.chart.to_dict(validate=True)
    assert spec["description"] == drawing.alt and '"url"' not in json.dumps(spec)


def test_a_chart_is_saved_as_a_picture_and_as_vega(tmp_path: Path) -> None:
    drawing = publish.poverty_groups(impact(), "fr")
    assert save(drawing, tmp_path / "groups.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads(save(drawing, tmp_path / "groups.json").read_text(encoding="utf-8"))["description"] == drawing.alt


def test_the_dots_are_the_poverty_rates_with_their_intervals() -> None:
    made = impact()
    shown = {(row["group"], row["name"]): row for row in rows(publish.poverty_groups(made, "en")) if "low" in row}
    for scenario, name in ((NONE, "Before transfers"), (CURRENT, "With today's transfers")):
        for group in ("Rural", "Urban"):
            figure = made.figure("fgt0", line="national", scenario=scenario, grouping="urban", group=group.lower())
            row = shown[group, name]
            assert (row["value"], row["low"], row["high"]) == (figure.estimate, figure.low, figure.high)


def test_the_bars_of_incidence_are_the_shares_and_add_up_to_all() -> None:
    shown = [row for row in rows(publish.incidence(impact(), "en")) if row.get("kind") == "money" and row["panel"].startswith("Universal")]
    assert [row["group"] for row in shown] == [str(number) for number in range(1, 11)]
    assert sum(row["value"] for row in shown) == pytest.approx(1)


def test_winners_losers_and_the_others_add_up_to_all_in_each_quantile() -> None:
    shown = [row for row in rows(publish.winners(impact(), "en", REFORM)) if "place" in row]
    for group in {row["group"] for row in shown}:
        assert sum(row["value"] for row in shown if row["group"] == group) == pytest.approx(1)


def test_the_bars_of_causes_add_up_to_all_whom_a_scheme_is_for() -> None:
    shown = [row for row in rows(publish.causes(impact(), "fr")) if "scheme" in row]
    schemes = {row["scheme"] for row in shown}
    assert len(schemes) == len({cause.scheme for cause in impact().causes})
    for scheme in schemes:
        assert sum(row["value"] for row in shown if row["scheme"] == scheme) == pytest.approx(1)
    pension = {row["name"]: row["value"] for row in shown if row["scheme"] == "Pension de vieillesse"}
    cause = next(one for one in impact().causes if one.scheme == "old_age_pension" and one.kind == "condition")
    assert pension["Cotisations et affiliation"] == pytest.approx(cause.share)


def test_figures_on_few_households_are_drawn_hollow_and_said_to_be_so() -> None:
    made = impact()
    plain = publish.poverty_groups(made, "en", ["urban"])
    few = publish.poverty_groups(marked(measure="fgt0", grouping="urban", group="rural"), "en", ["urban"])
    assert "Hollow" not in plain.subtitle and "Hollow" in few.subtitle
    assert {row["group"] for row in rows(few) if row.get("few")} == {"Rural\u00a0*"}
    hollow = publish.winners(marked(measure="winners", scenario=REFORM, group="1"), "fr", REFORM)
    assert "En creux" in hollow.subtitle and {row["group"] for row in rows(hollow) if row.get("few")} == {"1*"}
    rare = publish.incidence(made, "en")
    assert {row["panel"] for row in rows(rare) if row.get("hollow")} >= {"Survivors' pension\u00a0*"} and "Hollow" in rare.subtitle


def test_what_stands_side_by_side_in_a_bar_stays_apart_in_grey_print() -> None:
    from opensocle.publish.impact_bars import GAIN, LOSE, SAME

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    levels = sorted(grey(colour) for colour in (GAIN, LOSE, SAME))
    assert all((high + 0.05) / (low + 0.05) > 1.8 for low, high in pairwise(levels))
    assert {look.ACCENT, look.BAD} <= {GAIN, LOSE}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_is_written_in_every_form_with_its_source(name: str, lang: str) -> None:
    table = TABLES[name](impact(), lang)
    assert table.rows and table.source and "{" not in table.caption + "".join(table.notes)
    for form in ("text", "markdown", "html", "typst"):
        assert table.caption.split()[0] in write(table, form, lang)


def test_the_headline_has_estimates_errors_and_intervals() -> None:
    text = write(publish.headline_table(impact(), "en"), "text", "en")
    figure = impact().figure("fgt0", line="national")
    line = next(line for line in text.splitlines() if line.startswith("Poverty rate"))
    expected = [f"{100 * figure.estimate:.1f}%", f"{100 * figure.se:.1f}%", f"{100 * figure.low:.1f} – {100 * figure.high:.1f}"]
    assert re.split(r" {2,}", line)[4:] == expected


def test_the_causes_name_the_article_and_the_error_of_each_share() -> None:
    table = publish.causes_table(impact(), "fr", "social_pension")
    text = write(table, "text", "fr")
    assert "Social Protection Act 2020, art. 3(2)" in text and "not public_pension" in text
    [row] = [row for row in table.rows if row.cells[0] == "not public_pension"]
    cause = next(one for one in impact().causes if one.text == "not public_pension")
    assert row.cells[3:5] == (Decimal(repr(cause.share)), Decimal(repr(cause.se)))


def test_the_shares_of_the_budget_are_exact_and_add_up() -> None:
    table = publish.budgets_table(impact(), "en")
    total = table.rows[-1]
    assert total.cells[1] == sum(one.amount for one in impact().budgets if one.scenario == CURRENT)
    assert sum(row.cells[2] for row in table.rows[:-1] if isinstance(row.cells[2], Decimal)) == pytest.approx(Decimal(1), abs=Decimal("1e-12"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unknown_rights_and_schemes_left_out_are_said_plainly(lang: str) -> None:
    made = replace(
        impact(),
        unknown=(Unknown(CURRENT, "social_pension.benefit", 1234),),
        left_out=0.031,
        notes=(
            Note("not_simulated", "old_age_pension", (), "x"),
            Note("absent", "", ("persons.insured", "events"), "x"),
            Note("kept", "child_grant", (REFORM,), "x"),
            Note("concept", "final", ("education", "health"), "x"),
        ),
    )
    text = " ".join(Seen(made, lang).notes())
    said = {
        "en": (
            "3.1%",
            "1,234",
            "Social pension",
            "Old-age pension",
            "public education and public health care",
            "Child grant up to 18",
            "Final income",
        ),
        "fr": ("3,1", "1\u202f234", "Pension sociale", "Pension de vieillesse", "éducation publique et santé publique", "Revenu final"),
    }
    assert [word for word in said[lang] if word not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_messages_say_what_the_figures_say(lang: str) -> None:
    found = messages(impact(), lang)
    point = "," if lang == "fr" else "."
    for scenario in (NONE, CURRENT):
        rate = f"{100 * impact().figure('fgt0', line='national', scenario=scenario).estimate:.1f}".replace(".", point)
        assert rate in found[0]
    assert len(found) == 5 and all("{" not in text for text in found)


def test_a_message_without_its_figures_is_not_written() -> None:
    bare = replace(impact(), figures=tuple(f for f in impact().figures if f.measure not in ("fgt0_change", "gini", "poverty_effect")), causes=())
    assert messages(bare, "en") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_is_written_as_pdf_and_page_in_a_language(lang: str, tmp_path: Path) -> None:
    pdf, page = (publish.impact_report(impact(), tmp_path / f"impact.{form}", lang, date="2026") for form in ("pdf", "html"))
    assert pdf.read_bytes().startswith(b"%PDF-")
    text = page.read_text(encoding="utf-8")
    title = {"en": "Whom it helps", "fr": "Qui en bénéficie"}[lang]
    assert f'<html lang="{lang}">' in text and title in text and text.count("<figure>") == len(re.findall('role="img"', text)) >= 10
    assert "src=" not in text and "<script" not in text and impact().statement.law in text
    other = {"en": "Taux de pauvreté", "fr": "Poverty rate"}[lang]
    assert other not in text


def test_every_figure_of_the_chapter_is_followed_by_a_table() -> None:
    from opensocle.publish.content import Figure as Drawn

    blocks = chapter(impact(), "en")
    after = [following for block, following in pairwise(blocks) if isinstance(block, Drawn)]
    assert all(isinstance(block, Table | Drawn) for block in after) and sum(isinstance(block, Table) for block in after) >= 9


def test_a_study_without_a_law_makes_a_document_of_what_it_has(tmp_path: Path) -> None:
    made = impact()
    keep = ("fgt0", "fgt1", "fgt2", "line", "poor", "gini", "mean", "median", "persons")
    bare = replace(
        made, scenarios={name: made.scenarios[name] for name in (NONE, CURRENT)}, transfers={}, causes=(), budgets=(), indicators={},
        figures=tuple(f for f in made.figures if f.measure in keep and f.scenario in ("", NONE, CURRENT) and f.grouping != QUANTILE),
    )  # fmt: skip
    found = impact_document(bare, "fr")
    assert publish.impact_report(bare, tmp_path / "bare.pdf", "fr").stat().st_size > 1000
    assert not any(isinstance(block, Table) and "régime" in block.caption for block in found.blocks)


def test_an_ending_that_is_not_known_and_a_language_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="U069"):
        publish.impact_report(impact(), tmp_path / "impact.docx")
    with pytest.raises(InputError, match="U060"):
        publish.impact_report(impact(), tmp_path / "impact.pdf", "de")


def test_titles_of_a_country_go_into_a_document_as_text(tmp_path: Path) -> None:
    nasty = {"en": '<b>#panic("x")</b> $x$ "', "fr": "<b>x"}
    made = replace(impact(), title=nasty, transfers={**impact().transfers, "child_grant": nasty})
    text = publish.impact_report(made, tmp_path / "nasty.html").read_text(encoding="utf-8")
    assert "<b>" not in text and "&lt;b&gt;" in text
    assert publish.impact_report(made, tmp_path / "nasty.pdf").read_bytes().startswith(b"%PDF-")


def test_a_figure_that_is_not_defined_is_a_dash() -> None:
    def undefined(figure: Figure) -> Figure:
        nan = float("nan")
        return replace(figure, estimate=nan, se=nan, low=nan, high=nan) if figure.measure == "fgt1" else figure

    made = replace(impact(), figures=tuple(map(undefined, impact().figures)))
    line = next(line for line in write(publish.headline_table(made, "en"), "text", "en").splitlines() if line.startswith("Poverty gap"))
    assert line.split()[2:] == ["–"] * 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_on_a_costing_has_the_chapter_where_there_is_a_study(costing: Costing, lang: str, tmp_path: Path) -> None:
    title = {"en": "Whom it helps", "fr": "Qui en bénéficie"}[lang]
    [without] = publish.report(sample.small(costing, 2), tmp_path / "without", lang, ["html"])
    [page] = publish.report(sample.small(costing, 2), tmp_path / "with", lang, ["html"], impact=impact())
    text = page.read_text(encoding="utf-8")
    assert title not in without.read_text(encoding="utf-8") and re.search(rf"<h2[^>]*>{title}</h2>", text)
    assert impact().statement.data in text and len(set(re.findall(r'id="([^"]+)"', text))) == len(re.findall(r'\bid="([^"]+)"', text))
