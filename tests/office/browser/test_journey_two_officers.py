"""A grant that two officers decide: the first one may not approve what she proposed."""

from __future__ import annotations

from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another

pytestmark = JOURNEYS


@EVERYWHERE
def test_a_decision_of_two_officers_is_sent_back_proposed_again_and_approved(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Sy {another(language, js)}"
    known = {"disability_degree": "60", "disabled": "true", "insured": "false", "public_pension": "false"}
    bureau.home(bureau.person("Oumou", surname, date(1990, 1, 1), known))
    both = bureau.officer("caseworker", name="both")
    bureau.officer("supervisor", name="both")
    first = bureau.desk(both, language, js, "two-officers")
    first.find(surname, f"Oumou {surname}")
    first.follow("Claim a benefit")
    first.choose_name(first.in_("Disability grant", "Allocation pour personne handicapée"))
    first.press("Continue")
    first.press("Decide as the law says")
    first.says("The decision is proposed: a second officer has to approve it.")
    first.says("You proposed it: another officer has to approve.")
    assert not first.offers("Approve")
    claim = first.page.url
    second = bureau.desk(bureau.officer("supervisor"), language, js, "two-officers")
    second.start()
    second.follow_name(second.words("claim waits for a second officer"))
    second.page.locator("main tr", has_text=f"Oumou {surname}").get_by_role("link").click()
    second.page.wait_for_url("**/claims/**")
    second.look()
    second.says("Proposed: granted")
    second.page.locator("summary", has_text=second.words("Send it back")).click()
    second.press("Send it back")
    second.says("Say why: the first officer has to know what to look at.")
    second.page.locator("summary", has_text=second.words("Send it back")).click()
    reason = second.in_("The certificate is of 2019.", "Le certificat date de 2019.")
    second.fill("Why?", reason)
    second.press("Send it back")
    first.go(claim)
    first.says("The proposal was sent back")
    first.sees(reason, "supervisor-d01")
    first.press("Decide as the law says")
    first.says("A decision waits for a second officer")
    second.go(claim)
    second.press("Approve")
    second.says("The decision is approved: tell the person in a letter.")
    second.says("Granted")
    first.go(claim)
    first.sees(first.money("40.00", "40,00"), first.in_("March 2027", "mars 2027"))
    first.says("The person has a right to this decision in writing: in which language?")
