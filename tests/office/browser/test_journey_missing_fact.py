"""A fact is missing for a right: it is asked for, given, and the answer is another."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_missing_fact_is_asked_for_in_the_interview_and_the_answer_changes(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Traoré {another(language, js)}"
    mother = bureau.person("Mariam", surname, date(1994, 2, 3))
    child = bureau.person("Bintou", surname, date(2023, 7, 1), {"residence_status": ""})
    bureau.home(mother, child)
    grant = bureau.law.title and ("Allocation universelle pour enfant" if language == "fr" else "Universal child grant")
    officer = bureau.desk(bureau.officer("intake"), language, js, "missing-fact")
    officer.find(surname, f"Bintou {surname}")
    officer.follow("What is the person entitled to?")
    waits = officer.page.locator("h3", has_text=f"{grant} – Bintou {surname}")
    assert waits.count() == 1
    officer.follow("Ask the questions one by one")
    for _ in range(40):
        if officer.page.locator("input[name=name]").input_value() == "residence_status" and "Bintou" in officer.title:
            break
        officer.press("Not known")
    officer.choose_name(officer.in_("Usual resident", "Résident habituel"))
    officer.press("Continue")
    officer.press("Save for later")
    assert waits.count() == 0
    entitled = officer.page.locator("section.accent tr", has_text=f"Bintou {surname}").filter(has_text=grant)
    assert "30" in entitled.inner_text() and "Social Protection Act 2020" in entitled.inner_text()
    officer.follow_name(f"{officer.words('Why?')} {grant}, Bintou {surname}")
    officer.sees("Social Protection Act 2020, art. 10", "Social Protection Act 2020, art. 3(1)", officer.in_("Usual resident", "Résident habituel"))
    officer.follow_name(f"Bintou {surname}", within="nav.crumbs")
    officer.follow("Facts")
    officer.says("Said by the person")
