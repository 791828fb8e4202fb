"""Somebody who is registered already comes again, under another spelling."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another, run

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_duplicate_is_caught_while_registering_and_nobody_is_added(bureau: Bureau, language: str, js: bool) -> None:
    surname, phone = f"Diallo {another(language, js)}", f"+22177123450{run(language, js)}"
    awa = bureau.person("Awa", surname, date(1990, 5, 17), phones=[phone])
    officer = bureau.desk(bureau.officer("intake"), language, js, "duplicate")
    officer.start()
    officer.follow("Register somebody")
    officer.press("Start")
    officer.fill("Given names", "Hawa")
    officer.fill("Surname", surname.replace("D", "Dj"))
    officer.press("Save and continue")
    officer.page.locator("#id_birth_2").fill("1990")
    officer.press("Save and continue")
    officer.choose("Female")
    officer.press("Save and continue")
    officer.press("Continue, with or without a document")
    officer.press("Save and continue")
    officer.fill("Telephone", phone)
    officer.press("Save and continue")
    officer.says("The person may be registered already")
    officer.says("has the same telephone")
    check = officer.page.url
    officer.press("Register")
    officer.says("There is a problem")
    officer.says("Look at these files first, then say whether one of them is the person.")
    officer.follow_name(f"Awa {surname}")
    assert officer.reference == awa.reference and officer.title == f"Awa {surname}"
    officer.go(check)
    officer.follow("Register somebody", within="nav.crumbs")
    officer.press("Discard")
    officer.says("The registration was discarded.")
    officer.start()
    officer.page.locator("#id_q").fill(phone)
    officer.press("Search")
    assert officer.page.locator("#results tbody tr").count() == 1
    officer.sees(f"Awa {surname}")
