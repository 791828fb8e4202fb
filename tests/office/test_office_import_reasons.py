"""Why rows are set aside is said in the language of who looks, for every reason that the readers and the import have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import override

import opensocle
from opensocle.office.people.importing.reasons import REASONS, finding_said, said
from opensocle.population.report import Finding

SOURCE = Path(opensocle.__file__).parent
FILES = ("population/converting.py", "population/validating.py", *(f"office/people/importing/{name}.py" for name in ("numbers", "staging")))
BEGINS = (
    r'reject\([^"]*"[a-z_]+",\s*',
    r'Check\([^"]*"[a-z_]*",\s*',
    r"Check\([a-z_.]+,\s*",
    r'_check_reference\([^)]*",\s*',
    "reason = |said = |UNREADABLE = ",
)
WRITTEN = re.compile(f"""(?:{"|".join(BEGINS)})f?"([^"]+)\"""")


def in_french(text: str) -> str:
    with override("fr"):
        return said(text)


def test_every_reason_that_the_sources_write_has_its_french() -> None:
    found = {text for file in FILES for text in WRITTEN.findall((SOURCE / file).read_text(encoding="utf-8"))}
    assert len(found) > 25
    plain = {re.sub(r"\{[^}]*\}", "7", text) for text in found} - {"7 7", "is not 7", "is before 7"}  # these three are put together from parts, below
    assert not [text for text in sorted(plain) if in_french(text) == text]


@pytest.mark.parametrize(
    "text", ["is not a whole number", "is not a number", "is before the start", "is before the birth", "is less than 3", "is more than 1.5"]
)
def test_reasons_that_are_put_together_have_their_french(text: str) -> None:
    assert in_french(text) != text


def test_the_french_keeps_what_the_reason_names() -> None:
    for words in REASONS:
        with override("en"):
            english = str(words)
        with override("fr"):
            french = str(words)
        assert french != english
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", french))


def test_a_finding_is_said_with_its_rows_in_both_languages() -> None:
    finding = Finding("persons", "sex", "is not in the code list sex", 3, (("a.csv", 7, "9"), ("a.csv", 8, None)))
    with override("en"):
        assert finding_said(finding) == "persons.sex: is not in the code list sex: 3 rows, row 7 (9), 8, …" == str(finding)
    with override("fr"):
        assert finding_said(finding).replace("\u00a0", " ") == "persons.sex : n'est pas dans la liste de codes sex : 3 lignes, ligne 7 (9), 8, …"


def test_what_is_not_known_stays_as_it_is() -> None:
    assert in_french("something else") == "something else"
