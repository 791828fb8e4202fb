"""A law changes: tried on the registry, approved by a second person, and applied from its month on."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from journeys import EVERYWHERE, JOURNEYS, TODAY, Bureau, Desk, another, run
from made_districts import EXEMPLIA

from opensocle.office.audit.services import act
from opensocle.office.laws.models import InForce
from opensocle.office.laws.services import install_law, read_texts

pytestmark = JOURNEYS


OLD, NEW = "values: {2024-01-01: 30, 2025-01-01: 30}", "values: {2024-01-01: 30, 2025-01-01: 30, 2026-04-01: %d}"


def new_law(amount: int) -> dict[str, str]:
    """Exemplia's law with a child grant of so many XMU from April 2026 on; its worked cases say so too."""
    texts, name = read_texts(EXEMPLIA), "schemes/child_grant.yaml"
    assert OLD in texts[name]
    return texts | {name: texts[name].replace(OLD, NEW % amount), "cases/child_grant.yaml": CASES % amount}


CASES = """scheme: child_grant
source: "Decree 118/2023, art. 2, as amended"
cases:
  - case: a child of four receives 30 in March 2026
    period: 2026-03
    person: {birth_date: 2022-01-15, residence_status: usual_resident}
    expect: {eligible: true, benefit: 30}
  - case: and another amount from April 2026 on
    period: 2026-04
    person: {birth_date: 2022-01-15, residence_status: usual_resident}
    expect: {eligible: true, benefit: %d}
"""


@EVERYWHERE
def test_a_law_is_tried_on_the_registry_approved_by_another_person_and_live_on_its_date(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Faye {another(language, js)}"
    child = bureau.person("Khady", surname, date(2023, 3, 3))
    bureau.home(bureau.person("Sokhna", surname, date(1991, 3, 3)), child)
    grant = "Allocation universelle pour enfant" if language == "fr" else "Universal child grant"
    amount = 45 + run(language, js)
    law = install_law(new_law(amount), by=None, on=TODAY, title=f"Exemplia, child grant of {amount}")
    keeper = bureau.desk(bureau.officer("administrator", "XE"), language, js, "law-change")
    keeper.start()
    keeper.follow("Laws", within="nav.menu")
    keeper.follow_name(law.title)
    keeper.says("This law is not proposed yet.")
    month = keeper.in_("April 2026", "Avril 2026")
    keeper.pick("Month", month)
    keeper.press("Propose it from this month on")
    keeper.pick("Month", month)
    keeper.press("Try it on the registry in this month")
    keeper.says("What it changes in the registry")
    keeper.sees(grant, "District 1", "2026-04-01")
    assert not keeper.offers("Approve")
    boss = bureau.desk(bureau.officer("supervisor", "XE"), language, js, "law-change")
    boss.start()
    boss.follow_name(boss.words("law waits for approval"))
    boss.follow_name(law.title)
    boss.press("Approve")
    boss.says("The law is approved, and applied from its month on.")
    officer = bureau.officer("intake")
    before = bureau.desk(officer, language, js, "law-change")
    rights = f"/people/{child.reference}/rights/"
    assert before.go(rights) == 200
    assert "30" in line_of(before, grant) and law.hash[:12] not in before.text
    bureau.clock.today = date(2026, 4, 1)
    after = bureau.desk(officer, language, js, "law-change")
    assert after.go(rights) == 200
    assert str(amount) in line_of(after, grant) and law.hash[:12] in after.text
    after.pick("Month", after.in_("March 2026", "Mars 2026"))
    after.press("Show this month")
    assert "30" in line_of(after, grant)
    with act("law.withdraw", by=None):  # the next journey begins with the old law
        InForce.objects.filter(law=law).update(withdrawn=timezone.now())


def line_of(desk: Desk, grant: str) -> str:
    """What the page says of the child grant in its first table."""
    return str(desk.page.locator("section.accent tr", has_text=grant).first.inner_text())
