"""A displaced person who has no document is registered where she is."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another, run

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_displaced_person_without_a_document_is_registered_at_the_place_of_displacement(bureau: Bureau, language: str, js: bool) -> None:
    officer = bureau.desk(bureau.officer("intake", "d03"), language, js, "displaced")
    given, year = ("Halima", "Djeneba", "Salimata", "Nana")[run(language, js)], str(1958 + 6 * run(language, js))
    officer.start()
    officer.follow("Register somebody")
    officer.choose("A displaced person without a document")
    officer.press("Start")
    officer.fill("Given names", given)
    officer.fill("Surname", another(language, js))
    officer.press("Save and continue")
    officer.page.locator("#id_birth_2").fill(year)
    officer.choose("This date is an estimate")
    officer.press("Save and continue")
    officer.choose("Female")
    officer.press("Save and continue")
    officer.press("Save and continue")
    officer.says("There is a problem")
    officer.page.locator("#id_area").select_option(label=officer.in_("— Riverside site", "— Site de la Rivière"))
    officer.choose_name(officer.in_("Internally displaced", "Personne déplacée"))
    officer.day("since", date(2026, 2, 20))
    officer.press("Save and continue")
    officer.press("Save for later")
    officer.sees(f"{given} {another(language, js)}")
    officer.follow_name(f"{given} {another(language, js)}")
    officer.press("Register")
    assert officer.title == f"{given} {another(language, js)}"
    officer.says("Provisional number of this office")
    officer.says("Estimated")
    officer.sees(officer.in_("Riverside site", "Site de la Rivière"), year)
    mine = officer.reference
    officer.follow("Facts")
    officer.sees(officer.in_("Internally displaced", "Personne déplacée"), officer.in_("20 February 2026", "20 février 2026"))
    officer.follow("Rights")
    officer.says("Entitled")
    officer.follow_name(given, within="nav.crumbs")
    assert officer.reference == mine and officer.title == f"{given} {another(language, js)}"
    elsewhere = bureau.desk(bureau.officer("intake", "d01"), language, js, "displaced")
    assert elsewhere.go(f"/people/{mine}/") == 404
