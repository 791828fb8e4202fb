"""Invented people of whom some are registered twice, each time with another mistake; and twins, who are two. From a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from opensocle.office.people.models import Contact, Fact, Identifier, Person
from opensocle.office.places.models import Area

_GIVEN = """
Awa Kofi Ama Yao Aïssatou Moussa Fatoumata Ibrahim Mariam Kwame Adjoa Sékou Djeneba Oumar Salimata Abdou Nafissatou Bakary Khadija Yusuf
Bintou Kossi Afi Mamadou Rokia Issa Hawa Lamine Aminata Seydou Ramatou Idrissa Zeinab Tidiane Maimouna Souleymane Mohamed Hassan Hussein
Akouvi Essi Edem Kodjo Mawuli Sena Dela Elom Komla Abla Amavi Koffi Yawo Akossiwa Ablavi Messan Têtê Ayélé Adama Boubacar Cheikh
"""
_ROOTS = """
Dial Kon Tra Cou Men Sis Ke Ba So Ndi Ouat Sano Zong Kab Ye Lou Fof Tou Sar Ga Mba Ad Ow Nya Ji Osei Kwa Bon
"""
_ENDS = """
lo é oré libaly sah soko ta rry wé aye tara go re ni naba mba ana kré er yé uko wusu ti ndo
"""
GIVEN, ROOTS, ENDS = (tuple(_GIVEN.split()), tuple(_ROOTS.split()), tuple(_ENDS.split()))
SPELLINGS = {
    "Mohamed": "Muhammad", "Aïssatou": "Aisatu", "Fatoumata": "Fatumata", "Oumar": "Umar", "Yusuf": "Youssouf", "Mariam": "Maryam",
    "Ibrahim": "Ibraheem", "Khadija": "Hadiza", "Souleymane": "Sulaiman", "Mamadou": "Mamadu", "Moussa": "Musa", "Boubacar": "Bubakar",
}  # fmt: skip
KINDS = ("typo", "swapped names", "spelling", "day and month", "year only", "second name", "moved", "number")


@dataclass(frozen=True)
class Human:
    """A registration. `who`: the human being; kind: the mistake of a second registration, or what she is."""

    who: int
    kind: str
    given: str
    surname: str
    birth: date
    sex: str
    district: str
    second: str = ""
    precision: str = "day"
    mother: int | None = None
    phone: str = ""
    number: str = ""


@dataclass
class Made:
    """Registrations, and the pairs (indices) that are one human being, each with its kind."""

    humans: list[Human] = field(default_factory=list)
    pairs: dict[tuple[int, int], str] = field(default_factory=dict)
    twins: list[tuple[int, int]] = field(default_factory=list)


def make(count: int, twice: int, twins: int, seed: int, districts: tuple[str, ...]) -> Made:
    draw = random.Random(seed)
    made = Made()
    surnames = [root + end for root in ROOTS for end in ENDS]
    for number in range(count):
        made.humans.append(_human(draw, number, surnames, districts))
    for number in draw.sample(range(count), twins):
        one = replace(made.humans[number], mother=draw.randrange(count), phone="")
        made.humans[number] = one
        other = draw.choice([name for name in GIVEN if name != one.given])
        made.twins.append((number, len(made.humans)))
        made.humans.append(replace(one, who=len(made.humans), kind="twin", given=other, number="", sex=draw.choice(("male", "female"))))
    for number in draw.sample(range(count), twice):
        kind = KINDS[len(made.pairs) % len(KINDS)]
        made.pairs[number, len(made.humans)] = kind
        if kind == "spelling":
            made.humans[number] = replace(made.humans[number], given=draw.choice(list(SPELLINGS)))
        if kind == "day and month":
            made.humans[number] = replace(made.humans[number], birth=made.humans[number].birth.replace(day=draw.choice((2, 5, 11)), month=7))
        made.humans.append(_again(draw, made.humans[number], kind, districts))
    return made


def _human(draw: random.Random, number: int, surnames: list[str], districts: tuple[str, ...]) -> Human:
    birth = date(1945, 1, 1) + timedelta(days=draw.randrange(365 * 79))
    phone = f"+228{90_000_000 + number * 37}" if draw.random() < 0.3 else ""
    document = f"{draw.randrange(10**9):010d}" if draw.random() < 0.4 else ""
    second = draw.choice(GIVEN) if draw.random() < 0.3 else ""
    sex = draw.choice(("male", "female"))
    return Human(number, "", draw.choice(GIVEN), draw.choice(surnames), birth, sex, draw.choice(districts), second, phone=phone, number=document)


def _again(draw: random.Random, human: Human, kind: str, districts: tuple[str, ...]) -> Human:
    """The same human being, registered a second time without her number."""
    again = replace(human, kind=kind, number="")
    match kind:
        case "typo":
            place = draw.randrange(1, len(human.surname))
            return replace(again, surname=human.surname[:place] + draw.choice("aeiourstln") + human.surname[place + 1 :])
        case "swapped names":
            return replace(again, given=human.surname, surname=human.given)
        case "spelling":
            return replace(again, given=SPELLINGS[human.given])
        case "day and month":
            return replace(again, birth=human.birth.replace(day=human.birth.month, month=human.birth.day))
        case "year only":
            return replace(again, birth=human.birth.replace(day=1, month=1), precision="year")
        case "second name":
            return replace(again, second="" if human.second else draw.choice(GIVEN))
        case "moved":
            return replace(again, district=draw.choice(districts), phone="")
    if human.number:
        place = draw.randrange(10)
        return replace(again, number=human.number[:place] + str((int(human.number[place]) + 1) % 10) + human.number[place + 1 :])
    return again


def register(made: Made, areas: dict[str, Area]) -> list[Person]:
    """Everybody in the registry, in the order of `humans`; inside an act of the caller."""
    people = Person.plain.bulk_create(
        Person(
            given_name=h.given, second_name=h.second, surname=h.surname, sex=h.sex, birth_date=h.birth, birth_precision=h.precision,
            area=areas[h.district], district=areas[h.district],
        )
        for h in made.humans
    )  # fmt: skip
    pairs = list(zip(people, made.humans, strict=True))
    Contact.objects.bulk_create(Contact(person=p, kind="phone", value=h.phone) for p, h in pairs if h.phone)
    numbers = [Identifier(person=p, type="national_id", country="XE", value=h.number, normal=h.number) for p, h in pairs if h.number]
    Identifier.objects.bulk_create(numbers)
    now = people[0].created
    Fact.objects.bulk_create(
        Fact(person=p, name="mother_id", value=people[h.mother].reference, recorded=now) for p, h in pairs if h.mother is not None
    )
    return people
