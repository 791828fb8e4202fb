"""A refusal is contested; another officer finds for the person."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_refusal_is_appealed_and_another_officer_grants_the_right(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Ba {another(language, js)}"
    child = bureau.person("Ndeye", surname, date(2023, 4, 5), {"residence_status": "abroad"})
    bureau.home(bureau.person("Coumba", surname, date(1995, 1, 20)), child)
    officer = bureau.desk(bureau.officer("caseworker"), language, js, "appeal")
    grounds = officer.in_("We came back in 2024 and live here.", "Nous sommes rentrés en 2024 et habitons ici.")
    officer.find(surname, f"Ndeye {surname}")
    officer.follow("Claim a benefit")
    officer.choose_name(officer.in_("Universal child grant", "Allocation universelle pour enfant"))
    officer.press("Continue")
    officer.press("Decide as the law says")
    officer.says("Refused")
    officer.sees(officer.in_("9 April 2026", "9 avril 2026"))
    claim = officer.page.url
    officer.follow("The person does not agree")
    officer.press("Receive the appeal")
    officer.says("There is a problem")
    officer.fill("Why does the person not agree?", grounds)
    officer.press("Receive the appeal")
    officer.says("The appeal is received.")
    judge = bureau.desk(bureau.officer("appeals", "north"), language, js, "appeal")
    judge.start()
    judge.follow_name(judge.in_("appeal", "recours"))
    judge.page.locator("main tr", has_text=f"Ndeye {surname}").get_by_role("link").click()
    judge.page.wait_for_url("**/appeals/*/")
    judge.look()
    judge.sees(grounds)
    appeal = judge.page.url
    judge.choose("The decision is changed: the law is applied again to the facts as they are recorded now")
    judge.fill("Reasons", "x")
    judge.press("Decide the appeal")
    judge.says("The law says the same on the facts as they are recorded: record what the appeal has proved, then decide.")
    officer.find(surname, f"Ndeye {surname}")
    officer.follow("Facts")
    officer.page.locator("dl.rows > div", has_text=officer.in_("abroad", "étranger")).get_by_role("link", name=officer.words("Correct")).click()
    officer.page.locator("h1").wait_for()
    officer.look()
    officer.choose_name(officer.in_("Usual resident", "Résident habituel"))
    officer.choose("A document shows it")
    officer.press("Save")
    judge.go(appeal)
    judge.choose("The decision is changed: the law is applied again to the facts as they are recorded now")
    judge.fill("Reasons", judge.in_("A lease of 2024 proves it.", "Un bail de 2024 le prouve."))
    judge.press("Decide the appeal")
    judge.says("The appeal is decided.")
    judge.says("Granted")
    officer.go(claim)
    officer.says("Granted")
    officer.says("In force")
    officer.says("Replaced by a later decision")
    officer.sees(officer.money("30.00", "30,00"), officer.in_("A lease of 2024 proves it.", "Un bail de 2024 le prouve."))
