"""Charts: what they show, that they can be drawn small and large, in both languages, for eyes of all kinds, and without a network."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sample

from opensocle.analysis.model import Costing
from opensocle.errors import InputError
from opensocle.publish import budget_charts, charts, look
from opensocle.publish.drawing import Drawing, save, unique_ids
from opensocle.publish.words import NARROW

AGES = [f"{age}-{age + 4}" for age in range(0, 80, 5)] + ["80+"]


def people(start: int) -> list[Decimal]:
    return [Decimal(start * (17 - place)) for place in range(17)]


def pyramid(costing: Costing, lang: str, **given: int) -> Drawing:
    return budget_charts.pyramid(costing, lang, AGES, (people(100_000), people(150_000)), (people(95_000), people(148_000)), (2025, 2055), **given)


CHARTS: dict[str, Callable[..., Drawing]] = {
    "cost_share": charts.cost_share,
    "cost_by_branch": charts.cost_by,
    "cost_by_scheme": lambda costing, lang, **given: charts.cost_by(costing, lang, by="scheme", **given),
    "beneficiaries": charts.beneficiaries,
    "contributions": charts.contributions,
    "scheme": lambda costing, lang, **given: charts.scheme(costing, "child_grant", lang, **given),
    "contributors": lambda costing, lang, **given: charts.scheme(costing, "social_insurance_contributions", lang, **given),
    "fiscal_space": budget_charts.fiscal_space,
    "tornado": budget_charts.tornado,
    "pyramid": pyramid,
    "population": budget_charts.population,
}


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All the data that stand in a specification."""
    return [row for table in spec["datasets"].values() for row in table]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_chart_is_drawn_large_and_small_with_its_words(costing: Costing, name: str, lang: str, tmp_path: Path) -> None:
    for given in ({}, {"width": 200}):
        drawing = CHARTS[name](costing, lang, **given)
        assert save(drawing, tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        tree = ElementTree.fromstring(save(drawing, tmp_path / f"{name}.svg").read_text(encoding="utf-8"))
        texts = " ".join("".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text"))
        assert drawing.title.split()[0] in texts and drawing.source in texts
        assert len(drawing.alt) > 30 and "{" not in drawing.alt


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_follows_the_schema_of_vega_lite_and_brings_its_data(costing: Costing, name: str) -> None:
    drawing = CHARTS[name](costing, "fr")
    spec = drawing.chart.to_dict(validate=True)
    assert spec["description"] == drawing.alt
    assert rows(spec) and '"url"' not in json.dumps(spec)
    assert spec["config"]["locale"]["number"]["thousands"] == NARROW


def test_the_lines_are_the_budget_s_shares(costing: Costing) -> None:
    shown = {(row["name"], row["year"]): row["value"] for row in rows(charts.cost_share(costing, "en").spec()) if "year" in row}
    for result in costing.scenarios:
        for year in result.budget:
            assert shown[(result.title["en"], year.year)] == float(year.share_of_gdp)


@pytest.mark.parametrize("by", ["branch", "scheme"])
def test_the_stack_adds_up_to_gross_expenditure(costing: Costing, by: Any) -> None:
    result = costing.scenario("full_floor")
    shown = [row for row in rows(charts.cost_by(costing, "en", "full_floor", by).spec()) if "year" in row]
    assert len({row["name"] for row in shown}) == 9
    for year in result.budget:
        assert math.isclose(sum(row["value"] for row in shown if row["year"] == year.year), year.share_of_gdp, rel_tol=1e-8)


@pytest.mark.parametrize("scenario", ["current_law", "gradual", "full_floor"])
@pytest.mark.parametrize("year", [2025, 2040])
def test_the_waterfall_falls_from_expenditure_to_what_remains(costing: Costing, scenario: str, year: int) -> None:
    steps = budget_charts.waterfall(costing, "en", scenario, year)
    level = 0.0
    for step in steps:
        level = step["value"] if step["kind"] == "sum" and level == 0.0 else level - step["value"] if step["kind"] == "less" else level
        if step["kind"] == "sum":
            assert math.isclose(level, step["value"], abs_tol=1e-12)
    result = costing.scenario(scenario)
    budget = next(item for item in result.budget if item.year == year)
    gdp = next(item.gdp for item in result.accounts if item.year == year)
    assert math.isclose(steps[-1]["value"], budget.remaining / gdp, abs_tol=1e-12)


def test_the_bars_of_the_population_add_up_to_it(costing: Costing) -> None:
    found = rows(budget_charts.population(costing, "en").spec())
    for year in (2025, 2055):
        whole = sum(abs(row["value"]) for row in found if row.get("year") == str(year))
        people = next(item for item in costing.scenarios[0].people if item.year == year)
        assert whole == pytest.approx(float(people.total) / 1000, rel=1e-9)
    assert {row["age"] for row in found if "age" in row} >= {"0–4", "95–99", "100+"}
    with pytest.raises(InputError, match="U065"):
        budget_charts.population(costing, "en", years=(2025, 2100))


def test_the_waterfall_passes_by_the_net_cost_where_a_baseline_is_financed_already(costing: Costing) -> None:
    steps = budget_charts.waterfall(sample.additional(costing, "current_law"), "fr", "full_floor", 2035)
    names = [step["name"] for step in steps if step["kind"] == "sum"]
    assert names == ["Dépenses brutes", "Coût net", "Besoin de financement supplémentaire", "Reste à trouver"]
    for before, after in pairwise(steps):
        assert after["from"] == pytest.approx(0 if after["kind"] == "sum" else before["from" if before["kind"] == "less" else "to"] - after["value"])


def test_the_tornado_puts_the_widest_first(costing: Costing) -> None:
    names = [row["name"] for row in rows(budget_charts.tornado(costing, "en").spec()) if "side" in row]
    assert names[0] == "Inflation" and len(set(names)) == 5


def test_a_scenario_has_the_same_colour_in_every_chart(costing: Costing) -> None:
    def colours(spec: Any) -> dict[str, str]:
        if isinstance(spec, dict):
            scale = spec.get("scale", {}) if isinstance(spec.get("scale"), dict) else {}
            own = dict(zip(scale["domain"], scale["range"], strict=True)) if spec.get("field") == "name" and scale.get("range") else {}
            own = {name: colour for name, colour in own.items() if isinstance(colour, str)}
            return {**own, **{k: v for value in spec.values() for k, v in colours(value).items()}}
        return {k: v for item in spec for k, v in colours(item).items()} if isinstance(spec, list) else {}

    everywhere = colours(charts.cost_share(costing, "en").spec())
    assert len(everywhere) == 3
    assert colours(charts.scheme(costing, "child_grant", "en").spec()).items() <= everywhere.items()


def test_french_axes_have_commas_and_narrow_spaces(costing: Costing) -> None:
    assert re.search(rf">4,0{NARROW}%</text>", charts.cost_share(costing, "fr").svg())
    assert ">4.0%</text>" in charts.cost_share(costing, "en").svg()
    assert ">2035</text>" in charts.cost_share(costing, "fr").svg()


def test_a_page_and_a_specification_need_no_network(costing: Costing, tmp_path: Path) -> None:
    drawing = charts.cost_share(costing, "fr")
    page = save(drawing, tmp_path / "chart.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and '<html lang="fr">' in page
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=", page[:2000] + page[-20_000:])
    assert "<script src" not in page
    assert json.loads(save(drawing, tmp_path / "chart.json").read_text(encoding="utf-8"))["description"] == drawing.alt
    assert save(drawing, tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


def test_a_title_cannot_leave_its_place_in_a_page(costing: Costing, tmp_path: Path) -> None:
    bad = {"en": "</script><script>alert(1)</script>", "fr": "x"}
    changed = replace(costing, scenarios=tuple(replace(item, title=bad) for item in costing.scenarios[:1]))
    page = save(charts.cost_share(changed, "en"), tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page


def test_what_does_not_exist_is_named(costing: Costing, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"U061.*full_floor"):
        charts.cost_by(costing, "en", "full_flor")
    with pytest.raises(InputError, match=r"U062.*child_grant"):
        charts.scheme(costing, "child_grants", "en")
    with pytest.raises(InputError, match="U063"):
        save(charts.cost_share(costing, "en"), tmp_path / "chart.gif")
    with pytest.raises(InputError, match="U065"):
        budget_charts.fiscal_space(costing, "en", year=1999)
    with pytest.raises(InputError, match="U066"):
        budget_charts.tornado(costing, "en", "current_law")
    with pytest.raises(InputError, match="U067"):
        budget_charts.pyramid(costing, "en", AGES[:3], (people(1), people(1)), (people(1), people(1)), (2025, 2055))


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "pyramid"])
def test_one_year_and_one_scenario_are_enough(costing: Costing, name: str) -> None:
    assert CHARTS[name](sample.small(costing, 1, ["full_floor"]), "fr").svg()


def test_ids_of_several_drawings_do_not_meet() -> None:
    svg = '<svg><clipPath id="clip1"/><clipPath id="clip10"/><g clip-path="url(#clip1)"/><use href="#clip10"/></svg>'
    assert (
        unique_ids(svg, "a-") == '<svg><clipPath id="a-clip1"/><clipPath id="a-clip10"/><g clip-path="url(#a-clip1)"/><use href="#a-clip10"/></svg>'
    )


# Colours as people with a colour vision deficiency see them: Machado, Oliveira and Fernandes (2009), severity 1.
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(colour: str, eyes: str) -> list[float]:
    source = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, source, strict=True)))) for row in SEEN[eyes])
    white = (0.95047, 1.0, 1.08883)
    xyz = (
        0.4124 * red + 0.3576 * green + 0.1805 * blue,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        0.0193 * red + 0.1192 * green + 0.9505 * blue,
    )
    x, y, z = ((v / w) ** (1 / 3) if v / w > 0.008856 else 7.787 * v / w + 16 / 116 for v, w in zip(xyz, white, strict=True))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_stay_apart_for_colour_blind_readers(eyes: str) -> None:
    for palette in (look.LINES[:4], look.STACK, (look.LOW, look.HIGH), (look.NEUTRAL, look.GOOD)):
        nearest = min(math.dist(lab(one, eyes), lab(other, eyes)) for one, other in combinations(palette, 2))
        assert nearest > 8, (eyes, palette)


@pytest.mark.parametrize("colour", [*look.LINES, look.INK, look.SOFT])
def test_lines_and_letters_stand_out_from_the_paper(colour: str) -> None:
    red, green, blue = linear(colour)
    contrast = 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    assert contrast >= (4.5 if colour in (look.INK, look.SOFT) else 3)
