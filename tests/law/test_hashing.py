"""The hash of a law: the same for the same law, another one for any other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from opensocle.law.hashing import content_hash
from opensocle.law.loading import LawText, read_country
from opensocle.law.overlays import apply_overlay, read_overlay

Changed = Callable[..., LawText]


def test_comments_order_quotes_and_layout_do_not_count(files: dict[str, str]) -> None:
    before = content_hash(read_country(files).tree)
    assert len(before) == 64
    body = files["schemes/child_grant.yaml"]
    lines = body.split("parameters:\n")
    other = "# a comment\n" + lines[0].replace("branch: family", 'branch:   "family"   # another')
    other = "paid: monthly\n" + other.replace("paid: monthly\n", "") + "parameters:\n" + lines[1]
    other = other.replace("values: {2024-01-01: 5, 2027-01-01: 8}", "values:\n      '2027-01-01': 8\n      2024-01-01: 5")
    assert other != body
    assert content_hash(read_country({**files, "schemes/child_grant.yaml": other}).tree) == before
    assert content_hash(read_country({**files, "cases/x.yaml": "cases: []", "README.md": "x"}).tree) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{2024-01-01: 30}", "{2024-01-01: 31}"),
        ("{2024-01-01: 30}", "{2024-01-02: 30}"),
        ("{2024-01-01: 30}", "{2024-01-01: 30, 2025-01-01: null}"),
        ("age < age_limit and resident", "age <= age_limit and resident"),
        ("Act 12/2023, art. 4", "Act 12/2023, art. 4.1"),
        ('articles: "4-7"', 'articles: "4-8"'),
        ("month: 1}", "month: 2}"),
        ("to: 1, way", "to: 5, way"),
        ("Sans le supplément.", "Sans supplément."),
        ("{1: 25, 2: 32}", "{1: 25, 2: 32, 3: 1}"),
    ],
)
def test_any_change_of_the_law_counts(files: dict[str, str], changed: Changed, old: str, new: str) -> None:
    assert content_hash(changed(old, new).tree) != content_hash(read_country(files).tree)


def test_the_country_the_concepts_and_agreements_count(files: dict[str, str], changed: Changed) -> None:
    before = content_hash(read_country(files).tree)
    assert content_hash(changed("digits: 2", "digits: 3", file="country.yaml").tree) != before
    assert content_hash(changed("usual_resident", "temporary", file="concepts.yaml").tree) != before
    assert content_hash(read_country({**files, "agreements/xf.yaml": "with: XF"}).tree) != before


def test_null_and_the_word_null_differ(files: dict[str, str]) -> None:
    one = read_country({**files, "agreements/x.yaml": "a: null"})
    other = read_country({**files, "agreements/x.yaml": "a: 'null'"})
    assert content_hash(one.tree) != content_hash(other.tree)


def test_a_reform_that_is_undone_gives_the_first_hash_again(files: dict[str, str]) -> None:
    law = read_country(files)
    there = apply_overlay(law, read_overlay({"schemes": {"child_grant": {"parameters": {"amount": {"values": {"2026-01-01": 60}}}}}}))
    back = apply_overlay(there, read_overlay({"schemes": {"child_grant": {"parameters": {"amount": {"values": {"2026-01-01": None}}}}}}))
    assert content_hash(there.tree) != content_hash(law.tree) == content_hash(back.tree)
