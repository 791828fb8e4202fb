"""A household moves to another district, and its files and rights with it."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another

pytestmark = JOURNEYS


@EVERYWHERE
def test_the_old_district_sees_the_file_no_more_and_the_right_goes_on_in_the_new_one(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Ndiaye {another(language, js)}"
    child = bureau.person("Astou", surname, date(2023, 9, 9))
    bureau.home(bureau.person("Rama", surname, date(1992, 6, 1)), child)
    old = bureau.desk(bureau.officer("caseworker"), language, js, "moving")
    old.find(surname, f"Astou {surname}")
    old.follow("Claim a benefit")
    old.choose_name(old.in_("Universal child grant", "Allocation universelle pour enfant"))
    old.press("Continue")
    old.press("Decide as the law says")
    claim = old.page.url
    old.follow_name(f"Astou {surname}", within="nav.crumbs")
    file = old.page.url
    old.follow_name(old.words("Household"))
    old.follow("The household has moved")
    old.page.locator("#id_area").select_option(label="District 2")
    old.fill("Address, or how to find the house", "7, rue du Port")
    old.press("Save")
    old.says("The household has moved.")
    assert old.go(file) == old.go(claim) == 404
    old.start()
    old.page.locator("#id_q").fill(surname)
    old.press("Search")
    old.says("Nobody was found")
    new = bureau.desk(bureau.officer("caseworker", "d02"), language, js, "moving")
    new.find(surname, f"Astou {surname}")
    new.sees("District 2", "7, rue du Port", new.money("30.00", "30,00"))
    new.says("In force")
    assert new.go(claim) == 200
    new.says("Granted")
    new.press("Compute the past months again")
    new.says("In force")
