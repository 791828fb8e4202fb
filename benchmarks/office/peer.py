"""The same people in plain Django: the same tables and facts, each model with django-simple-history. Runs in the environment of environment.py.

    python peer.py DATABASE NUMBER      # the last line is JSON: seconds of each registration, and of one in bulk

One by one: each person with her number, telephone, membership and seven facts in a transaction of her own, as a form would. In bulk: its own
bulk_create_with_history. No search keys, no comparison with what is there, no checks of rows, nothing sealed.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.conf import settings

FACTS = {"nationality": "TG", "marital_status": "married", "works": "true", "earnings": "100", "walking": "no", "in_education": "false", "rooms": "2"}
START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;"
DAY = date(2026, 1, 1)


def prepare(database: Path) -> dict[str, Any]:
    """The models, in a new database with the same settings as the office's."""
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database), "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": START}}
    apps = ["django.contrib.contenttypes", "django.contrib.auth", "simple_history"]
    settings.configure(DATABASES={"default": engine}, INSTALLED_APPS=apps, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True)
    django.setup()
    from django.core.management import call_command
    from django.db import models
    from simple_history.models import HistoricalRecords

    def model(called: str, /, **fields: Any) -> Any:
        fields |= {"__module__": "simple_history.models", "history": HistoricalRecords(app="simple_history")}
        fields["Meta"] = type("Meta", (), {"app_label": "simple_history"})
        return type(called, (models.Model,), fields)

    def text(size: int) -> Any:
        return models.CharField(max_length=size, blank=True)

    def person() -> Any:
        return models.ForeignKey("simple_history.Person", on_delete=models.PROTECT)

    made = {
        "Person": model(
            "Person", reference=models.CharField(max_length=14, unique=True), surname=text(120), given_name=text(120), second_name=text(120),
            sex=text(14), birth_date=models.DateField(null=True), district=text(10), address=text(300),
        ),
        "Household": model("Household", reference=models.CharField(max_length=14, unique=True), district=text(10), address=text(300)),
    }  # fmt: skip
    home = models.ForeignKey("simple_history.Household", on_delete=models.PROTECT)
    made["Membership"] = model("Membership", person=person(), household=home, relationship=text(20), since=models.DateField())
    made["Identifier"] = model("Identifier", person=person(), type=text(20), value=text(60))
    made["Contact"] = model("Contact", person=person(), kind=text(10), value=text(120))
    made["Fact"] = model("Fact", person=person(), name=text(60), value=text(200), since=models.DateField())
    call_command("migrate", verbosity=0, run_syncdb=True)
    return made


def rows_of(made: dict[str, Any], at: int, home: Any) -> list[Any]:
    """A person with what hangs on her, not yet written."""
    person = made["Person"](reference=f"P{at}", surname="Dialaye", given_name="Awa", sex="female", birth_date=DAY, district="d01")
    rows = [made["Membership"](person=person, household=home, relationship="child", since=DAY)]
    rows += [made["Identifier"](person=person, type="national_id", value=f"{at:010d}"), made["Contact"](person=person, kind="phone", value=f"+{at}")]
    rows += [made["Fact"](person=person, name=name, value=value, since=DAY) for name, value in FACTS.items()]
    return [person, *rows]


def main(database: Path, number: int) -> None:
    made = prepare(database)
    from django.db import transaction
    from simple_history.utils import bulk_create_with_history

    home = made["Household"](reference="H", district="d01")
    home.save()
    taken = []
    for at in range(number):
        started = time.perf_counter()
        with transaction.atomic():
            person, *rows = rows_of(made, at, home)
            person.save()
            for row in rows:
                row.person = person
                row.save()
        taken.append(time.perf_counter() - started)
    started, many = time.perf_counter(), 10 * number
    with transaction.atomic():
        everybody = [rows_of(made, number + at, home) for at in range(many)]
        bulk_create_with_history([rows[0] for rows in everybody], made["Person"], batch_size=1_000)
        known = {person.reference: person for person in made["Person"].objects.all()}
        for rows in everybody:
            for row in rows[1:]:
                row.person = known[rows[0].reference]
        for name in ("Membership", "Identifier", "Contact", "Fact"):
            bulk_create_with_history([row for rows in everybody for row in rows[1:] if type(row) is made[name]], made[name], batch_size=1_000)
    bulk = (time.perf_counter() - started) / many
    counts = {name: [one.objects.count(), one.history.count()] for name, one in made.items()}
    assert counts["Person"] == [number + many] * 2 and counts["Fact"] == [7 * (number + many)] * 2, counts
    print(json.dumps({"one": taken, "bulk": bulk}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
