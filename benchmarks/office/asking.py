"""What users of a large registry wait for: python asking.py people|search|pages|rights|register|verify OFFICE [NUMBER]. The last line is JSON.

`people`: Exemplia's law, and two users: a caseworker of one district, and one of the whole country. Times are in seconds: `clock` and `processor`.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

TODAY, SINCE = date(2026, 4, 1), date(2020, 1, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTH = "2026-03"
USERS = {"district": "d01", "country": "XE"}
CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyzéï", "абсдефгхийклмнопкрстувуксизеи", strict=False))
ARABIC = {
    "Ibrahim": "إبراهيم", "Moussa": "موسى", "Mariam": "مريم", "Oumar": "عمر", "Yusuf": "يوسف", "Khadija": "خديجة", "Kofi": "كوفي",
    "Aïssatou": "عائشة", "Bakary": "بكاري", "Fatoumata": "فاطمة", "Awa": "حواء", "Ama": "أما", "Yao": "ياو", "Adjoa": "أجوا", "Kwame": "كوامي",
    "Sékou": "سيكو", "Djeneba": "جنبا", "Salimata": "سليمة", "Abdou": "عبدو", "Nafissatou": "نفيسة",
}  # fmt: skip
SPELLINGS = (("ou", "u"), ("u", "ou"), ("k", "c"), ("s", "ss"), ("i", "y"), ("dj", "j"))


def people(office: Path) -> dict[str, Any]:
    """The law and the users."""
    import opensocle.countries
    from opensocle.office.access.models import Posting, User
    from opensocle.office.audit.services import act
    from opensocle.office.laws.models import InForce
    from opensocle.office.laws.services import install_law
    from opensocle.office.places.models import Area

    law = install_law(Path(opensocle.countries.__path__[0]) / "exemplia", by=None, on=TODAY)
    with act("law.bench", by=None):
        InForce.objects.create(law=law, since=SINCE, approved=NOW)
        for name, area in USERS.items():
            user = User.objects.create(username=name)
            Posting.objects.create(user=user, role="caseworker", area=Area.objects.get(code=area), since=SINCE)
    return {}


# --- searches


def queries(number: int, seed: int, district: str = "") -> Iterator[tuple[str, str]]:
    """What somebody types to find one of the registry's people, of each kind in turn: (kind, text)."""
    from opensocle.office.people.models import Person

    draw = random.Random(seed)
    kinds: dict[str, Callable[[Person, random.Random], str]] = {
        "name": lambda p, d: p.name,
        "given name and surname": lambda p, d: f"{p.given_name} {p.surname}",
        "surname first": lambda p, d: f"{p.surname} {p.given_name}".upper(),
        "typing error": lambda p, d: f"{p.given_name} {_mistyped(p.surname, d)}",
        "other spelling": lambda p, d: f"{p.given_name} {_respelled(p.surname, d)}",
        "unfinished": lambda p, d: f"{p.given_name} {p.surname[: max(2, len(p.surname) // 2)]}",
        "Arabic script": lambda p, d: f"{ARABIC.get(p.given_name, p.given_name)} {p.surname}",
        "Cyrillic script": lambda p, d: "".join(CYRILLIC.get(sign, sign) for sign in f"{p.given_name} {p.surname}".lower()),
        "surname alone": lambda p, d: p.surname,
        "given name alone": lambda p, d: p.given_name,
        "name and year of birth": lambda p, d: f"{p.given_name} {p.surname} {p.birth_date.year}" if p.birth_date else p.name,
        "surname and day of birth": lambda p, d: f"{p.surname} {p.birth_date:%d/%m/%Y}" if p.birth_date else p.name,
        "number of a document": lambda p, d: _number(p) or p.reference,
        "telephone": lambda p, d: _phone(p) or p.reference,
        "reference": lambda p, d: p.reference,
        "nobody": lambda p, d: "".join(d.choice("bcdfgklmnprstvz") + d.choice("aeiou") for _ in range(5)),
    }
    chosen = list(sample(number, draw, district))
    for at, person in enumerate(chosen):
        kind = list(kinds)[at % len(kinds)]
        yield kind, kinds[kind](person, draw)


def sample(number: int, draw: random.Random, district: str = "") -> Iterator[Any]:
    """People of the registry, at random."""
    from opensocle.office.people.models import Person

    rows = Person.objects.everyone().filter(merged_into=None)
    rows = rows.filter(district__code=district) if district else rows
    last = Person.plain.order_by("-pk").values_list("pk", flat=True)[0]
    for _ in range(number):
        found = None
        while found is None:
            found = rows.filter(pk__gte=draw.randint(1, last)).order_by("pk").first()
        yield found


def _mistyped(word: str, draw: random.Random) -> str:
    """A letter left out, doubled, or two in the wrong order."""
    at = draw.randrange(1, max(2, len(word) - 1))
    before, letter, rest = word[:at], word[at : at + 1], word[at + 1 :]
    return draw.choice((before + rest, before + letter * 2 + rest, before + rest[:1] + letter + rest[1:]))


def _respelled(word: str, draw: random.Random) -> str:
    fitting = [(old, new) for old, new in SPELLINGS if old in word.lower()]
    old, new = draw.choice(fitting or [("e", "e")])
    return word.lower().replace(old, new, 1)


def _number(person: Any) -> str:
    return str(person.identifiers.values_list("value", flat=True).first() or "")


def _phone(person: Any) -> str:
    return str(person.contacts.filter(kind="phone").values_list("value", flat=True).first() or "").removeprefix("+228")


def search(number: int) -> dict[str, Any]:
    """Searches as requests: for each user, what each took; and whether the one who was meant is among those shown."""
    from django.urls import reverse

    return {name: _searches(signed_in(name), reverse("people:results"), number, area if area != "XE" else "") for name, area in USERS.items()}


def _searches(client: Any, address: str, number: int, district: str) -> dict[str, Any]:
    meant = [person.reference for person in sample(number, random.Random(5), district)]
    runs, hits = [], 0
    client.get(address, {"q": "Kofi"})
    for (kind, text), reference in zip(queries(number, 5, district), meant, strict=True):
        took, response = timed(lambda text=text: client.get(address, {"q": text}))
        runs.append({"kind": kind, **took})
        hits += reference in response.content.decode()
    return {"runs": runs, "found": hits / number}


# --- pages


def signed_in(name: str) -> Any:
    """A browser in which a user has signed in."""
    from django.test import Client

    from opensocle.office.access.models import User

    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def timed(task: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    clock, processor = time.perf_counter(), time.process_time()
    answer = task()
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}, answer


def requests(client: Any, addresses: Sequence[str]) -> list[dict[str, float]]:
    """Each address asked for once, after one that is not counted."""
    runs = []
    for at, address in enumerate([addresses[0], *addresses]):
        took, response = timed(lambda address=address: client.get(address))
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")
        runs += [took] if at else []
    return runs


def pages(number: int) -> dict[str, Any]:
    """The page of a person: the whole request, with its act in the audit."""
    from django.urls import reverse

    from opensocle.office.audit.models import Entry

    drawn = list(sample(number, random.Random(6)))
    before = Entry.objects.filter(action="person.read").count()
    runs = requests(signed_in("country"), [reverse("people:person", args=[person.reference]) for person in drawn])
    return {"runs": runs, "acts": Entry.objects.filter(action="person.read").count() - before}


def rights(number: int) -> dict[str, Any]:
    """All schemes for a person and her household: the check alone, and the whole request; for the whole household; and for the largest households."""
    from django.db.models import Count
    from django.urls import reverse

    from opensocle.office.access.models import User
    from opensocle.office.laws.checking import check_rights
    from opensocle.office.people.models import Household, Membership
    from opensocle.periods import Month

    user, month = User.objects.get(username="country"), Month.parse(MONTH)
    drawn = list(sample(number, random.Random(7)))
    check_rights(drawn[0], month, by=user, on=TODAY)
    checks = [timed(lambda person=person: check_rights(person, month, by=user, on=TODAY))[0] for person in drawn]
    homes = Membership.objects.filter(person__in=[person.pk for person in drawn]).values_list("household", flat=True)
    many = Membership.objects.filter(household__in=list(homes)).values("household").annotate(size=Count("pk")).order_by("-size")
    largest = [row["household"] for row in many[: max(5, number // 10)]]
    known = {home.pk: home for home in Household.objects.everyone().select_related("area").filter(pk__in=list(homes))}
    large = [timed(lambda home=known[pk]: check_rights(home, month, by=user, on=TODAY))[0] for pk in largest]
    client = signed_in("country")
    return {
        "checks": checks,
        "large": large,
        "most": many[0]["size"],
        "pages": requests(client, [f"{reverse('laws:person_rights', args=[person.reference])}?month={MONTH}" for person in drawn]),
        "homes": requests(client, [f"{reverse('laws:household_rights', args=[home.reference])}?month={MONTH}" for home in known.values()]),
    }


def register(number: int) -> dict[str, Any]:
    """People registered one by one, as at the counter."""
    from opensocle.office.access.models import User
    from opensocle.office.people.models import Person
    from opensocle.office.people.services import Birth, Names, Number, register_person
    from opensocle.office.places.models import Area

    user, area, draw = User.objects.get(username="country"), Area.objects.get(code="d02"), random.Random(8)
    like = list(sample(20, draw))
    runs, there = [], Person.plain.count()  # other numbers than an earlier run's
    for at in range(there, there + number):
        one = like[at % 20]
        names, birth = Names(one.given_name, one.surname), Birth(one.birth_date or date(1990, 1, 1))
        facts = {"marital_status": "married", "works": "true", "earnings": "100", "nationality": "TG", "in_education": "false"}
        more = {"identifiers": [Number("passport", f"B{at:09d}")], "phones": [f"+22891{at % 1_000_000:06d}"], "facts": facts, "sex": "female"}
        runs.append(timed(lambda: register_person(by=user, on=TODAY, area=area, names=names, birth=birth, **more))[0])  # noqa: B023
    return {"runs": runs}


def verify() -> dict[str, Any]:
    """The chain of the audit, from the first act to the last."""
    from opensocle.office.audit.models import RowChange
    from opensocle.office.audit.selectors import verify as look

    took, verdict = timed(look)
    return {**took, "sound": verdict.sound, "entries": verdict.entries, "rows": RowChange.objects.count()}


def main() -> None:
    what, office, *more = sys.argv[1:]
    from opensocle.office.running import prepare

    prepare(Path(office))
    steps: dict[str, Callable[[int], dict[str, Any]]] = {"search": search, "pages": pages, "rights": rights, "register": register}
    answer = people(Path(office)) if what == "people" else verify() if what == "verify" else steps[what](int(more[0]))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
