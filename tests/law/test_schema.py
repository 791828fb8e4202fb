"""The JSON Schemas: they accept the files that the loader accepts, and mark slips."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from opensocle.errors import InputError
from opensocle.law.schema import KINDS, schema, scheme_schema
from opensocle.law.skeleton import new_country
from opensocle.vocabulary import labels


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: dates are texts, keys are texts."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def load(text: str) -> Any:
    def keyed(data: Any) -> Any:
        if isinstance(data, dict):
            return {str(key): keyed(value) for key, value in data.items()}
        return [keyed(item) for item in data] if isinstance(data, list) else data

    return keyed(yaml.load(text, Loader=Core))


def faults(kind: str, text: str) -> list[str]:
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in Draft202012Validator(schema(kind)).iter_errors(load(text))]


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one_and_describes_its_keys(kind: str) -> None:
    made = schema(kind)
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["description"]
    for name, value in made["properties"].items():
        target = made["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
        assert target.get("description") or target.get("type") or target.get("anyOf"), name


def test_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean 'scheme'"):
        schema("schema")


def test_the_closed_lists_are_those_of_the_vocabulary() -> None:
    branches = scheme_schema()["properties"]["branch"]["oneOf"]
    assert [branch["const"] for branch in branches] == list(labels("branches"))
    assert branches[0]["title"] == "Medical care"


def test_the_sample_country_is_accepted(files: dict[str, str]) -> None:
    assert not faults("country", files["country.yaml"])
    assert not faults("concepts", files["concepts.yaml"])
    assert not faults("scheme", files["schemes/child_grant.yaml"])


def test_the_starter_country_is_accepted(tmp_path: Path) -> None:
    for path in new_country(tmp_path / "new", "Newland"):
        kind = {"cases": "cases", "schemes": "scheme"}.get(path.parent.name, path.stem)
        if path.suffix == ".yaml":
            assert not faults(kind, path.read_text(encoding="utf-8")), path


COUNTRIES = Path(str(resources.files("opensocle.countries")))


@pytest.mark.parametrize("path", sorted(COUNTRIES.glob("*/schemes/*.yaml")), ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_scheme_of_the_package_is_accepted(path: Path) -> None:
    assert not faults("scheme", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(COUNTRIES.glob("*/cases/*.yaml")), ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_every_file_of_cases_of_the_package_is_accepted(path: Path) -> None:
    assert not faults("cases", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("branch: family", "branch: familly", "branch"),
        ("branch: family\n", "", ""),
        ("title: {en: Universal", "titel: {en: Universal", ""),
        ("from: 2024-01-01", "from: 1/1/2024", "from"),
        ("values: {2024-01-01: 30}", "values: {2024: 30}", "parameters/amount/values"),
        ('    source: "Act 12/2023, art. 5"\n', "", "parameters/age_limit"),
        ("    type: boolean\n", "    type: bool\n", "variables/eligible/type"),
        ("way: nearest", "way: closest", "variables/benefit/rounding/way"),
        ("by: consumer_prices", "by: prices", "parameters/amount/index/by"),
        ("general_revenue: 0.9", "taxes: 0.9", "finance/sources"),
        ("{from: 0, rate: 0}", "{start: 0, rate: 0}", "parameters/rates/values/2024-01-01"),
        ("  age_limit:\n", "  Age-limit:\n", "parameters"),
        ("to: 1, way", "to: 0, way", "variables/benefit/rounding/to"),
        ("scale: marginal", "scale: progressive", "parameters/rates/scale"),
    ],
)
def test_a_slip_in_a_scheme_is_marked_where_it_is(files: dict[str, str], old: str, new: str, place: str) -> None:
    found = faults("scheme", files["schemes/child_grant.yaml"].replace(old, new, 1))
    assert any(fault.partition(":")[0] == place for fault in found), found


@pytest.mark.parametrize(
    ("kind", "text", "good"),
    [
        ("overlay", "overlay: x\nschemes: {a: null, b: {parameters: {c: {values: {2026-01-01: 60, 2027-01-01: null}, until: null}}}}", True),
        ("overlay", "overlay: x\nconcepts: {variables: {resident: {formula: 'true'}}}", True),
        ("overlay", "overlay: x\nschemes: {b: {parameters: {c: {valeus: {2026-01-01: 60}}}}}", False),
        ("overlay", "overlay: x\nschemes: {b: {branch: nothing}}", False),
        ("overlay", "schemes: {b: null}", False),
        ("country", "country: XE\ntitle: {en: X}\ncurrency: {code: xmu}", False),
        ("country", "country: XE\ntitle: {en: X}\ncurrency: {code: XMU, digits: 2}\nvariables: {people: {}}", False),
        ("cases", "cases: [{case: x, period: 2026-03, person: {age: 3}, expect: {benefit: 3 * 4, eligible: true}}]", True),
        ("cases", "cases: [{case: x, period: 2026, expect: {benefit: 1}}]", False),
        ("cases", "cases: [{case: x, period: 2026-03, expected: {benefit: 1}}]", False),
        ("concepts", "variables: {a: {of: person, formula: 1 + 1}}", True),
        ("concepts", "variables: {a: {of: people, formula: 1 + 1}}", False),
    ],
)
def test_other_files_are_accepted_or_marked(kind: str, text: str, good: bool) -> None:
    assert bool(faults(kind, text)) is not good
