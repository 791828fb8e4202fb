"""A maternity benefit, from the claim to the letter in the person's language."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from journeys import EVERYWHERE, JOURNEYS, TODAY, Bureau, another
from made_districts import PDF

from opensocle.office.people import services
from opensocle.office.people.models import Person
from opensocle.periods import Month

pytestmark = JOURNEYS


NEEDS_READER = pytest.mark.skipif(shutil.which("pdftotext") is None and not os.environ.get("CI"), reason="pdftotext is not installed (poppler-utils)")


def text_of(path: str) -> str:
    """What stands in a PDF."""
    made = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, encoding="utf-8")
    return re.sub(r"\s+", " ", made.stdout)


def insured(bureau: Bureau, surname: str) -> Person:
    """A mother insured for twelve months with 600 XMU each."""
    mother = bureau.person("Aminata", surname, date(1996, 8, 9))
    bureau.home(mother)
    for month in range(12):
        start = Month.parse("2025-02").plus(month).first_day
        values = {"earnings": "600", "paid": "true", "credited": "false"}
        services.add_record(by=None, on=TODAY, person=mother, table="contributions", start=start, values=values)
    return mother


@NEEDS_READER
@EVERYWHERE
def test_a_maternity_claim_with_its_evidence_is_decided_and_told_in_a_letter(bureau: Bureau, tmp_path: Path, language: str, js: bool) -> None:
    surname = f"Koné {another(language, js)}"
    mother = insured(bureau, surname)
    scheme = "Indemnité de maternité" if language == "fr" else "Maternity benefit"
    officer = bureau.desk(bureau.officer("caseworker"), language, js, "maternity")
    officer.find(surname, f"Aminata {surname}")
    officer.follow("Claim a benefit")
    officer.choose_name(scheme)
    officer.press("Continue")
    officer.press("Claim it")
    officer.says("There is a problem")
    officer.day("event_date", date(2026, 2, 24))
    officer.page.locator("#id_children_born").fill("1")
    officer.press("Claim it")
    officer.says("To be decided")
    officer.says("No document has been added to this claim.")
    officer.follow("Add a document to the claim")
    officer.press("Add it to the claim")
    officer.says("There is a problem")
    officer.pick("Which fact does it prove?", officer.in_("Date of the event", "Date de l'événement"))
    officer.page.locator("#id_file").set_input_files({"name": "birth.pdf", "mimeType": "application/pdf", "buffer": PDF + b"birth\n%%EOF\n"})
    officer.pick("What document is it?", officer.words("Birth certificate"))
    officer.press("Add it to the claim")
    officer.says("The document is in the file of the claim.")
    officer.says("Birth certificate")
    officer.press("Decide as the law says")
    officer.says("The claim is decided: tell the person in a letter.")
    officer.says("Granted")
    officer.sees(officer.money("1,568.00", "1 568,00"))
    officer.says("The person has a right to this decision in writing: in which language?")
    officer.press(officer.in_("Letter in English", "Letter in French"))
    with officer.page.expect_download() as download:
        officer.page.locator("main").get_by_role("link", name=officer.words("Letter")).first.click()
    path = tmp_path / "letter.pdf"
    download.value.save_as(path)
    letter = text_of(str(path))
    # 600 XMU a month are 20 a day; of these 80 % for 98 days: Social Insurance Act 2018, art. 42 and 43
    wanted = {
        "en": ("Your claim for “Maternity benefit” is granted", "XMU 1,568.00", "24 February 2026", "1 June 2026", "9 April 2026", "9 May 2026"),
        "fr": ("Indemnité de maternité", "1 568,00 XMU", "24 février 2026", "1er juin 2026", "9 avril 2026", "9 mai 2026"),
    }[language]
    for text in (*wanted, f"Aminata {surname}", "Social Insurance Act 2018, art. 43", "art. 42"):
        assert text in letter, (text, letter)
    other = "granted" if language == "fr" else "accord"
    assert other not in letter and officer.words("If you do not agree") in letter
    officer.follow_name(f"Aminata {surname}", within="nav.crumbs")
    assert officer.reference == mother.reference
    officer.says("In force")
    officer.follow("Documents")
    officer.says("Birth certificate")
