"""Limits of what can be computed: long chains of variables, and histories without dates."""

from __future__ import annotations

import pyarrow as pa
import pytest

from opensocle.engine.deciding import decide
from opensocle.engine.running import run
from opensocle.errors import Problems
from opensocle.law.law import load
from opensocle.population.tables import Population, Table

COUNTRY = "country: XA\ntitle: {en: Chain}\ncurrency: {code: XMU, digits: 2}\nlanguages: [en]\n"
SCHEME = (
    "scheme: chain\ntitle: {en: Chain}\nbranch: old_age\nkind: non_contributory\ncontingency: old_age\nunit: person\npaid: monthly\n"
    "from: 2020-01-01\nlegal: [{act: Test}]\n"
)


def chain(links: int, levels: int) -> dict[str, str]:
    more = " + 1" * levels
    rules = [f"  v0: {{unit: XMU/month, formula: earnings{more}}}"]
    rules += [f"  v{n}: {{unit: XMU/month, formula: v{n - 1}{more}}}" for n in range(1, links)]
    rules.append(f"  benefit: {{unit: XMU/month, formula: v{links - 1}}}")
    return {"country.yaml": COUNTRY, "schemes/chain.yaml": SCHEME + "variables:\n" + "\n".join(rules) + "\n"}


@pytest.mark.parametrize(("links", "levels"), [(900, 0), (40, 20), (16, 55)])
def test_a_long_chain_is_computed_by_both_engines(links: int, levels: int) -> None:
    law = load(chain(links, levels))
    expected = 100 + links * levels
    assert decide(law, {"person": {"earnings": 100}}, "2026-01").value("chain.benefit") == expected
    people = Population.of(persons=[{"person_id": 1, "earnings": "100.00"}], vocabulary=law.vocabulary)
    assert run(law, people, "2026-01").table().column("chain.benefit").to_pylist() == [expected]


def test_a_chain_beyond_the_limit_is_refused_when_the_law_is_loaded() -> None:
    with pytest.raises(Problems) as caught:
        load(chain(1_100, 0))
    assert [problem.code for problem in caught.value.problems] == ["F032"]
    assert caught.value.problems[0].at.startswith("schemes/chain.yaml:")


@pytest.mark.parametrize("formula", ["duration(residence)", "last(residence.country)", "first(residence.country)", "count(residence)"])
def test_a_history_without_its_dates_is_unknown(formula: str) -> None:
    texts = {
        "country.yaml": COUNTRY,
        "schemes/chain.yaml": SCHEME + f"variables:\n  found: {{formula: {formula}}}\n  benefit: {{unit: XMU/month, formula: '1'}}\n",
    }
    tables = {"persons": pa.table({"person_id": [1]}), "residence": pa.table({"person_id": [1], "country": ["XA"]})}
    people = Population("registry", None, {name: Table(name, data=data) for name, data in tables.items()})
    result = run(load(texts), people, "2026-01", ["chain.found"])
    assert result.table().column("chain.found").to_pylist() == [None]
    assert ("residence", "start_date") in result.absent
