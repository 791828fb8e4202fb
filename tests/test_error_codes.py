"""Every error code that the program raises is on the page of errors, and the page has no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]\d{3}) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


def raised() -> dict[str, str]:
    """The codes in the source, and a module that names each."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        for code in re.findall(r"\"([A-Z]\d{3})\"", path.read_text(encoding="utf-8")):
            found.setdefault(code, path.name)
    return found


def test_every_code_that_is_raised_is_on_the_page() -> None:
    documented = {code for code, _, _ in ROWS}
    missing = {code: module for code, module in raised().items() if code not in documented}
    assert not missing, "say in docs/reference/errors.md what it means and what to do"


def test_every_code_on_the_page_is_raised() -> None:
    known = raised()
    assert [code for code, _, _ in ROWS if code not in known] == []


def test_codes_stand_once_in_order_under_their_letter() -> None:
    codes = [code for code, _, _ in ROWS]
    assert len(codes) == len(set(codes))
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    for section in sections:
        listed = re.findall(r"^\| ([A-Z]\d{3}) ", section, re.MULTILINE)
        assert listed == sorted(listed)
        assert {code[0] for code in listed} == {section[0]}


def test_every_row_is_whole_sentences() -> None:
    assert [code for code, what, todo in ROWS if not (what.endswith(".") and todo.endswith((".", "…")))] == []
