"""What differs between two laws, as paths and as sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opensocle.law.comparing import as_text, compare
from opensocle.law.loading import LawText, read_country
from opensocle.law.overlays import apply_overlay, read_overlay

Changed = Callable[..., LawText]


@pytest.fixture
def law(files: dict[str, str]) -> LawText:
    return read_country(files).require()


def test_a_law_does_not_differ_from_itself(law: LawText) -> None:
    assert compare(law, law) == []
    assert as_text([], law, law) == "No difference.\n"


def test_a_new_value_has_its_date_in_the_path_and_the_old_value_in_the_sentence(law: LawText) -> None:
    after = apply_overlay(law, read_overlay({"schemes": {"child_grant": {"parameters": {"amount": {"values": {"2026-01-01": 60}}}}}}))
    [change] = compare(law, after)
    assert change.as_dict() == {
        "path": "child_grant.parameters.amount[2026-01-01]",
        "kind": "added",
        "before": None,
        "after": "60",
        "group": "child_grant",
        "what": "parameter amount, from 2026-01-01",
    }
    assert as_text([change], law, after) == (
        "Universal child grant (child_grant)\n  Parameter amount, from 2026-01-01: 60 XMU/month (added; 30 XMU/month since 2024-01-01)\n"
    )
    [back] = compare(after, law)
    assert (back.kind, back.before, back.after) == ("removed", "60", None)
    assert "removed (was 60 XMU/month)" in as_text([back], after, law)


@pytest.mark.parametrize(
    ("old", "new", "path", "line"),
    [
        ("{2024-01-01: 30}", "{2024-01-01: 31}", "child_grant.parameters.amount[2024-01-01]", "30 XMU/month → 31 XMU/month"),
        ("{1: 25, 2: 32}", "{1: 25, 2: 33}", "child_grant.parameters.transfer[2024-01-01][2]", "from 2024-01-01, row 2: 32 XMU/month → 33 XMU/month"),
        ("north: {male: 1", "north: {male: 4", "child_grant.parameters.minimum_wage[2024-01-01].north.male", "row north, row male: 1 XMU/month → 4"),
        ("age < age_limit and", "age <= age_limit and", "child_grant.variables.eligible.formula", "age < age_limit and resident → age <= age_limit"),
        ("Act 12/2023, art. 4", "Act 1", "child_grant.variables.eligible.source", "Variable eligible, source: Act 12/2023, art. 4 → Act 1"),
        ("amount * 2", "amount * 3", "child_grant.variables.benefit.formula[2026-12-01]", "formula, from 2026-12-01: if(eligible, amount * 2"),
        ("paid: monthly", "paid: yearly", "child_grant.paid", "Paid: monthly → yearly"),
        ("general_revenue: 0.9, donations: 0.1", "general_revenue: 1", "child_grant.finance.sources.general_revenue", "0.9 → 1"),
        ("rate: 0.1}", "rate: 0.2}", "child_grant.parameters.rates[2024-01-01]", "rate: 0.1) → (from: 0; rate: 0), (from: 1000; rate: 0.2)"),
    ],
)
def test_each_change_has_its_path_and_its_line(law: LawText, changed: Changed, old: str, new: str, path: str, line: str) -> None:
    after = changed(old, new)
    changes = compare(law, after)
    assert changes[0].path == path
    assert line in as_text(changes, law, after)


def test_a_dated_formula_after_one_without_a_date_is_one_addition(law: LawText) -> None:
    after = apply_overlay(law, read_overlay({"schemes": {"child_grant": {"variables": {"eligible": {"formula": {"2026-01-01": "age < 9"}}}}}}))
    [change] = compare(law, after)
    assert (change.path, change.kind, change.after) == ("child_grant.variables.eligible.formula[2026-01-01]", "added", "age < 9")


def test_whole_schemes_and_parameters_are_one_change_each(law: LawText) -> None:
    gone = apply_overlay(law, read_overlay({"schemes": {"child_grant": None}}))
    [change] = compare(law, gone)
    assert (change.path, change.kind) == ("child_grant", "removed")
    assert "Universal child grant (child_grant)\n  Scheme child_grant: removed" in as_text([change], law, gone)
    fewer = apply_overlay(law, read_overlay({"schemes": {"child_grant": {"parameters": {"fees": None, "rates": None}}}}))
    assert [change.path for change in compare(law, fewer)] == ["child_grant.parameters.rates", "child_grant.parameters.fees"]


def test_the_country_and_the_concepts_are_compared_too(law: LawText, changed: Changed) -> None:
    after = changed("digits: 2", "digits: 3", file="country.yaml")
    assert [change.path for change in compare(law, after)] == ["country.currency.digits"]
    assert as_text(compare(law, after), law, after).startswith("Country\n")
    after = changed("usual_resident", "temporary", file="concepts.yaml")
    assert [change.path for change in compare(law, after)] == ["concepts.variables.resident.formula"]


def test_the_text_is_in_french_too(law: LawText) -> None:
    after = apply_overlay(law, read_overlay({"schemes": {"child_grant": {"parameters": {"amount": {"values": {"2026-01-01": 60}}}}}}))
    assert as_text(compare(law, after), law, after, "fr").split("\n", 1)[1] == (
        "  Paramètre amount, à partir du 2026-01-01\u00a0: 60 XMU/month (ajouté\u202f; 30 XMU/month depuis le 2024-01-01)\n"
    )
    assert "supprimé (c'était 60 XMU/month)" in as_text(compare(after, law), after, law, "fr")
    assert as_text([], law, law, "fr") == "Aucune différence.\n"
