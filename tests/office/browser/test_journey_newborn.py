"""A household is registered, with a child whose birth is in no register."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another, run

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_household_is_registered_with_an_unregistered_newborn(bureau: Bureau, language: str, js: bool) -> None:
    officer = bureau.desk(bureau.officer("intake"), language, js, "newborn")
    surname, mothers = another(language, js), ("Kadiatou", "Assétou", "Yacine", "Mbarka")[run(language, js)]
    officer.start()
    officer.follow("Register somebody")
    officer.choose("A person")
    officer.press("Start")
    officer.fill("Given names", mothers)
    officer.fill("Surname", surname)
    officer.press("Save and continue")
    officer.day("birth", date(1983 + 4 * run(language, js), 4 + run(language, js), 27))
    officer.press("Save and continue")
    officer.choose("Female")
    officer.press("Save and continue")
    officer.press("Continue, with or without a document")
    officer.fill("Address, or how to find the house", "Behind the mill")
    officer.press("Save and continue")
    officer.press("Save and continue")
    officer.press("Register")
    assert officer.title == f"{mothers} {surname}"
    officer.says("This person has no document.")
    mother = officer.reference
    officer.follow("New household")
    officer.day("since", date(2025, 11, 1))
    officer.press("Save")
    officer.press("She has a newborn child")
    assert officer.page.locator("#id_mother").input_value() == mother
    officer.press("Save and continue")
    officer.fill("Given names", "Fanta")
    officer.fill("Surname", surname)
    officer.press("Save and continue")
    officer.day("birth", date(2026, 3, 6))
    officer.press("Save and continue")
    officer.choose("Female")
    officer.press("Save and continue")
    officer.press("Register")
    child = officer.reference
    assert officer.title == f"Fanta {surname}" and child != mother
    officer.says("Provisional number of this office")
    officer.follow("Facts")
    officer.sees(officer.in_("no", "non"), f"{mothers} {surname}")
    officer.go(f"/people/{mother}/")
    officer.follow_name(officer.words("Household"))
    officer.sees(f"{mothers} {surname}", f"Fanta {surname}", "Behind the mill")
