"""An auditor finds out who has seen a file."""

from __future__ import annotations

import re
from datetime import date

from journeys import EVERYWHERE, JOURNEYS, Bureau, another

pytestmark = JOURNEYS


@EVERYWHERE
def test_an_auditor_reconstructs_who_saw_and_changed_a_file(bureau: Bureau, language: str, js: bool) -> None:
    surname = f"Camara {another(language, js)}"
    person = bureau.person("Saran", surname, date(1988, 12, 12))
    bureau.home(person)
    intake = bureau.desk(bureau.officer("intake"), language, js, "who-saw")
    intake.find(surname, f"Saran {surname}")
    intake.follow("Facts")
    intake.go(f"/people/{person.reference}/")
    assert not intake.offers("Who has seen it", role="link")
    assert intake.go(f"/people/{person.reference}/seen/") == 403
    officer = bureau.desk(bureau.officer("caseworker"), language, js, "who-saw")
    officer.find(surname, f"Saran {surname}")
    officer.page.locator("dl.rows > div", has_text=officer.words("Address")).get_by_role("link").first.click()
    officer.page.locator("#id_address").fill("12, rue des Manguiers")
    officer.press("Save")
    officer.sees("12, rue des Manguiers")
    stranger = bureau.desk(bureau.officer("caseworker", "d02"), language, js, "who-saw")
    assert stranger.go(f"/people/{person.reference}/") == 404
    auditor = bureau.desk(bureau.officer("auditor", "north"), language, js, "who-saw")
    auditor.find(surname, f"Saran {surname}")
    assert not auditor.offers("Add a contact", role="link")
    auditor.follow("Who has seen it")
    rows = [re.sub(r"\s+", " ", text) for text in auditor.page.locator("tbody tr").all_inner_texts()]
    who = [next((name for name in ("intake-d01", "caseworker-d01", "auditor-north") if name in row), "") for row in rows]
    assert "caseworker-d02" not in auditor.text
    assert who[0] == "auditor-north" and {"intake-d01", "caseworker-d01", "auditor-north"} <= set(who)
    read, changed = auditor.words("Read the file"), auditor.words("Corrected who it is")
    assert any("intake-d01" in row and read in row and auditor.words("Facts").lower() in row.lower() for row in rows)
    assert any("caseworker-d01" in row and changed in row for row in rows)
    assert not any("intake-d01" in row and changed in row for row in rows)
    assert auditor.words("the program") in rows[-1]
