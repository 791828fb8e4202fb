"""How alike two persons are: comparisons, each with levels; what each level says (Fellegi and Sunter, 1969), counted by Splink on DuckDB.

m: how often the level is found between two registrations of one person; fixed here, see docs/methods/duplicates.md.
u: how often it is found between two different persons; counted on pairs of this registry drawn with a seed, so it fits the country's own names.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    from splink import SettingsCreator

SEED, DRAWN = 20_260_101, 400_000
"""Of the draw of pairs that are compared to count u."""
EXPECTED = 0.01
"""The share of persons who are expected to be registered twice."""
MACROS = """
CREATE OR REPLACE MACRO word_likeness(x, y) AS CASE WHEN x.w = y.w THEN 1.0
  WHEN x.s = y.s AND length(x.s) > 1 AND (x.v = y.v OR x.v = '' OR y.v = '') THEN greatest(0.9, jaro_winkler_similarity(x.w, y.w))
  ELSE jaro_winkler_similarity(x.w, y.w) END;
CREATE OR REPLACE MACRO one_way(a, b) AS list_min(list_transform(a, lambda x: list_max(list_transform(b, lambda y: word_likeness(x, y)))));
CREATE OR REPLACE MACRO likeness(a, b) AS CASE WHEN len(a) <= len(b) THEN one_way(a, b) ELSE one_way(b, a) END;
"""
"""Names in any order: each word of the shorter name beside the most similar word of the other one; the least similar of these counts.
Words that sound alike are alike if their first vowels are (Mohamed, Muhammad; not Hassan, Hussein), or if one is written without vowels."""


@dataclass(frozen=True)
class Level:
    """A condition on two rows (l and r), its m, and its u where it is not counted."""

    name: str
    condition: str
    m: float
    u: float | None = None


_SAME_NAMES = '"said_l" = "said_r"'
_LIKE = 'likeness("names_l", "names_r")'
_CLOSE_DATE = 'damerau_levenshtein("born_l", "born_r") <= 1'
_IMPRECISE = "(\"precision_l\" <> 'day' OR \"precision_r\" <> 'day')"
_ESTIMATED = "(\"precision_l\" = 'estimated' OR \"precision_r\" = 'estimated')"
_SAME_MONTH = (
    "substr(\"born_l\", 6, 2) = substr(\"born_r\", 6, 2) OR \"precision_l\" NOT IN ('day', 'month') OR \"precision_r\" NOT IN ('day', 'month')"
)
_NUMBERS = '"number_l" IS NULL OR "number_r" IS NULL'
COMPARISONS: dict[str, tuple[str, tuple[Level, ...]]] = {
    "names": (
        '"names_l" IS NULL OR "names_r" IS NULL',
        (
            Level("same words, rare", f'{_SAME_NAMES} AND "rare_l"', 0.34),
            Level("same words", _SAME_NAMES, 0.28),
            Level("all words alike", f'{_LIKE} >= 0.88 AND least(len("names_l"), len("names_r")) >= 2', 0.27),
            Level("words somewhat alike", f"{_LIKE} >= 0.8", 0.08),
            Level("other words", "ELSE", 0.03),
        ),
    ),
    "birth": (
        '"born_l" IS NULL OR "born_r" IS NULL',
        (
            Level("same day", '"born_l" = "born_r" AND "precision_l" = \'day\' AND "precision_r" = \'day\'', 0.7),
            Level("day and month exchanged", '"swapped_l" = "born_r"', 0.05),
            Level("same as far as known", f'{_IMPRECISE} AND "year_l" = "year_r" AND ({_SAME_MONTH})', 0.12),
            Level("one sign different", _CLOSE_DATE, 0.07),
            Level("about the same year", f'abs("year_l" - "year_r") <= 1 OR ({_ESTIMATED} AND abs("year_l" - "year_r") <= 3)', 0.04),
            Level("other", "ELSE", 0.02),
        ),
    ),
    "sex": ('"sex_l" IS NULL OR "sex_r" IS NULL', (Level("same", '"sex_l" = "sex_r"', 0.98), Level("other", "ELSE", 0.02))),
    "area": (
        '"area_l" IS NULL OR "area_r" IS NULL',
        (Level("same area", '"area_l" = "area_r"', 0.75), Level("same district", '"district_l" = "district_r"', 0.15), Level("other", "ELSE", 0.1)),
    ),
    "mother": (
        '"mother_l" IS NULL OR "mother_r" IS NULL',
        (
            Level("same mother, names alike", f'"mother_l" = "mother_r" AND {_LIKE} >= 0.88', 0.6),
            Level("same mother, other names: brothers and sisters", '"mother_l" = "mother_r"', 0.01, 0.1),
            Level("other mother", "ELSE", 0.39),
        ),
    ),
    "number": (
        _NUMBERS,
        (
            Level("same number, of another kind", '"number_l" = "number_r"', 0.2),
            Level("one sign different", '"number_type_l" = "number_type_r" AND damerau_levenshtein("number_l", "number_r") <= 1', 0.45),
            Level("other", "ELSE", 0.35),
        ),
    ),
    "phone": ('"phone_l" IS NULL OR "phone_r" IS NULL', (Level("same", '"phone_l" = "phone_r"', 0.5), Level("other", "ELSE", 0.5))),
}
"""By comparison: when it says nothing, and its levels, of which the first that fits counts."""


def prepare(duck: duckdb.DuckDBPyConnection) -> None:
    """The table `people`: with `rare`, whether few share all words of her names."""
    duck.execute(MACROS)
    duck.execute(
        "CREATE TABLE people AS SELECT p.*, count(*) OVER (PARTITION BY said) <= greatest(2, (SELECT count(*) FROM persons) / 20000) AS rare"
        " FROM persons p"
    )


def counted(duck: duckdb.DuckDBPyConnection, persons: int) -> dict[str, list[float]]:
    """u of each level by comparison: on pairs drawn with SEED, or on all pairs where there are fewer."""
    _draw(duck, persons)
    found: dict[str, list[float]] = {}
    sides = [f'{side}."{name}" AS "{name}_{side}"' for (name, *_) in duck.execute("DESCRIBE people").fetchall() for side in "lr"]
    pairs = f"SELECT {', '.join(sides)} FROM drawn JOIN people l ON l.place = first JOIN people r ON r.place = second"
    for name, (silent, levels) in COMPARISONS.items():
        cases = " ".join(f"WHEN {level.condition} THEN {number}" for number, level in enumerate(levels) if level.condition != "ELSE")
        rows = duck.execute(
            f"SELECT CASE {cases} ELSE {len(levels) - 1} END AS level, count(*) FROM ({pairs}) WHERE NOT ({silent}) GROUP BY 1"
        ).fetchall()
        times = dict(rows)
        total = sum(times.values())
        found[name] = [
            level.u if level.u is not None else (times.get(number, 0) + 0.5) / (total + 0.5 * len(levels)) if total else level.m
            for number, level in enumerate(levels)
        ]
    return found


def _draw(duck: duckdb.DuckDBPyConnection, persons: int) -> None:
    import pyarrow as pa

    duck.execute("ALTER TABLE people ADD COLUMN place BIGINT")
    duck.execute(
        "UPDATE people SET place = n.place"
        " FROM (SELECT unique_id AS id, row_number() OVER (ORDER BY unique_id) AS place FROM people) n WHERE n.id = unique_id"
    )
    if persons * (persons - 1) // 2 <= DRAWN:
        duck.execute("CREATE TABLE drawn AS SELECT l.place AS first, r.place AS second FROM people l JOIN people r ON l.place < r.place")
        return
    draw = random.Random(SEED)
    pairs = [(draw.randint(1, persons), draw.randint(1, persons)) for _ in range(DRAWN)]
    first, second = zip(*((a, b) for a, b in pairs if a != b), strict=True)
    duck.register("drawn_in", pa.table({"first": first, "second": second}))
    duck.execute("CREATE TABLE drawn AS SELECT * FROM drawn_in")
    duck.unregister("drawn_in")


def settings(persons: int, u: dict[str, list[float]]) -> SettingsCreator:
    """What Splink is told."""
    import splink.comparison_level_library as levels_of
    import splink.comparison_library as comparisons_of
    from splink import SettingsCreator, block_on

    comparisons: list[Any] = []
    for name, (silent, levels) in COMPARISONS.items():
        made: list[Any] = [levels_of.CustomLevel(silent, "not known").configure(is_null_level=True)]
        for level, often in zip(levels, u[name], strict=True):
            one = levels_of.ElseLevel() if level.condition == "ELSE" else levels_of.CustomLevel(level.condition, level.name)
            made.append(one.configure(m_probability=level.m, u_probability=min(often, 0.9999), label_for_charts=level.name))
        comparisons.append(comparisons_of.CustomComparison(made, output_column_name=name))
    rules: list[Any] = [
        block_on("pairs", "year", arrays_to_explode=["pairs"]),
        block_on("sounds", "born", arrays_to_explode=["sounds"]),
        block_on("pairs", "district", "sex", arrays_to_explode=["pairs"]),
        block_on("number"),
        block_on("phone"),
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        probability_two_random_records_match=min(0.5, 2 * EXPECTED / max(1, persons - 1)),
        retain_matching_columns=False,
    )
