"""Files of invented persons and households for an import, from a seed: persons.csv, households.csv and mapping.yaml.

python benchmarks/office/people_files.py 100000 FOLDER [--seed 1]
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

_BEFORE = """
Awa Kofi Ama Yao Aïssatou Moussa Fatoumata Ibrahim Mariam Kwame Adjoa Sékou Djeneba Oumar Salimata Abdou Nafissatou Bakary Khadija Yusuf
"""
_MIDDLE = """
Bintou Kossi Afi Mamadou Rokia Issa Hawa Lamine Aminata Seydou Ramatou Idrissa Zeinab Tidiane Maimouna Souleymane
"""
_ROOTS = """
Dial Kon Tra Cou Men Sis Ke Ba So Ndi Ouat Sano Zong Kab Ye Lou Fof Tou Sar Ga Mba Ad Ow Nya Ji Osei Kwa Bon
"""
_ENDS = """
lo é oré libaly sah soko ta rry w aye tara go re ni naba mba ana ré er ye uko wusu ti ndo
"""
BEFORE, MIDDLE, ROOTS, ENDS = (tuple(_BEFORE.split()), tuple(_MIDDLE.split()), tuple(_ROOTS.split()), tuple(_ENDS.split()))
DISTRICTS = [f"d{number:02d}" for number in range(1, 13)]
MAPPING = """\
date: {day}
tables:
  persons:
    file: persons.csv
    columns:
      person_id: ID
      household_id: HH
      relationship_to_head: {{column: REL, codes: {{H: head, S: spouse, C: child}}}}
      given_name: GIVEN
      second_name: SECOND
      surname: SURNAME
      sex: {{column: SEX, codes: {{1: male, 2: female}}}}
      birth_date: {{column: BORN, format: "%d/%m/%Y"}}
      birth_precision: PRECISION
      identifier_national_id: NIN
      phone: PHONE
      mother_id: MOTHER
      nationality: {{value: TG}}
      marital_status: MARITAL
      works: WORKS
      earnings: EARNINGS
      walking: WALKING
      in_education: SCHOOL
  households:
    file: households.csv
    columns:
      household_id: HH
      area: DISTRICT
      address: ADDRESS
      rooms: ROOMS
      roof: ROOF
      electricity: LIGHT
      has_land: LAND
"""
_PERSONS = """
ID HH REL GIVEN SECOND SURNAME SEX BORN PRECISION NIN PHONE MOTHER MARITAL WORKS EARNINGS WALKING SCHOOL
"""
PERSONS = tuple(_PERSONS.split())
HOUSEHOLDS = ["HH", "DISTRICT", "ADDRESS", "ROOMS", "ROOF", "LIGHT", "LAND"]


def homes(persons: int, seed: int) -> Iterator[tuple[list[object], list[list[object]]]]:
    """Each household with its persons, as rows of the files; persons in all exactly as many as asked."""
    draw = random.Random(seed)
    surnames = [root + end for root in ROOTS for end in ENDS]
    made = number = 0
    while made < persons:
        number += 1
        size = min(draw.choices((1, 2, 3, 4, 5, 6, 7, 8), (8, 12, 16, 19, 17, 13, 9, 6))[0], persons - made)
        yield _home(draw, number, surnames), _members(draw, number, made, size, surnames)
        made += size


def _home(draw: random.Random, number: int, surnames: list[str]) -> list[object]:
    roof = draw.choice(("metal", "natural"))
    return [f"H{number}", draw.choice(DISTRICTS), f"{draw.randint(1, 200)} {draw.choice(surnames)}", draw.randint(1, 7), roof, *_truths(draw, 2)]


def _truths(draw: random.Random, count: int) -> list[str]:
    return [draw.choice(("true", "false")) for _ in range(count)]


def _members(draw: random.Random, home: int, before: int, size: int, surnames: list[str]) -> list[list[object]]:
    surname = draw.choice(surnames)
    first = date(1950, 1, 1) + timedelta(days=draw.randint(0, 365 * 52))
    rows: list[list[object]] = []
    for place in range(size):
        relation, age = ("H", 0) if place == 0 else ("S", draw.randint(-2500, 2500)) if place == 1 else ("C", draw.randint(7300, 13000))
        born = min(first + timedelta(days=age), date(2025, 12, 31))
        adult = relation != "C"
        precision = draw.choices(("day", "year"), (9, 1))[0]
        born = born.replace(month=1, day=1) if precision == "year" else born
        mother = f"P{before + 2}" if not adult and size > 1 else ""
        number = f"{before + place + 1:010d}" if adult and draw.random() < 0.9 else ""
        phone = f"90{before + place + 1:06d}" if adult and draw.random() < 0.7 else ""
        second = draw.choice(MIDDLE) if draw.random() < 0.4 else ""
        own = surname if draw.random() < 0.85 else draw.choice(surnames)
        works = draw.random() < 0.6 and adult
        rows.append([
            f"P{before + place + 1}", f"H{home}", relation, draw.choice(BEFORE), second, own, draw.randint(1, 2), born.strftime("%d/%m/%Y"),
            precision, number, phone, mother, "married" if adult and size > 1 else "never_married", "true" if works else "false",
            draw.randint(20, 900) * 100 if works else 0, draw.choices(("no_difficulty", "some_difficulty"), (9, 1))[0], "false" if adult else "true",
        ])  # fmt: skip
    return rows


def write(persons: int, folder: Path, seed: int = 1) -> Path:
    """The files, in a folder; gives the mapping's path."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "persons.csv").open("w", newline="", encoding="utf-8") as one,
        (folder / "households.csv").open("w", newline="", encoding="utf-8") as two,
    ):
        people, places = csv.writer(one), csv.writer(two)
        people.writerow(PERSONS)
        places.writerow(HOUSEHOLDS)
        for home, members in homes(persons, seed):
            places.writerow(home)
            people.writerows(members)
    mapping = folder / "mapping.yaml"
    mapping.write_text(MAPPING.format(day="2026-01-01"), encoding="utf-8")
    return mapping


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes files of invented persons for an import.")
    parser.add_argument("persons", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write(given.persons, given.folder, given.seed))
