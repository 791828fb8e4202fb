"""The United Nations' World Population Prospects as a population of weighted cells: a row for each age and sex, weighted by its persons.

Three layouts are read, as CSV, CSV compressed with gzip (as the UN publishes them) or Parquet:
- the UN's own: `ISO3_code, Time, AgeGrp, AgeGrpStart, PopMale, PopFemale`, thousands;
- a tidy one: `iso3, year, age` such as 0-4, `popM, popF`, thousands;
- single ages of one country: `time, age, popmale, popfemale`, persons.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from ..errors import DataError, InputError, nearest
from ..vocabulary.model import Vocabulary
from .splitting import WIDTH, split_sprague, split_uniform
from .tables import Population

Split = Literal["sprague", "uniform", "none"]
SEXES = ("male", "female")
VARIANTS = {"medium": ("medium", "estimate", "estimates", ""), "low": ("low",), "high": ("high",)}
Row = Mapping[str, str]
Groups = dict[tuple[int, int | None], tuple[Decimal, Decimal]]
"""(first age, width; None for the open group) -> men and women, persons."""


def read_united_nations(
    path: str | Path,
    country_iso3: str,
    year: int,
    *,
    split: Split = "sprague",
    variant: str = "medium",
    extra: Mapping[str, Any] | None = None,
    vocabulary: Vocabulary | None = None,
    date: date | None = None,
) -> Population:
    """The population of a country in a year, of kind `cells`: person_id, age, sex, weight (persons), and the `extra` facts, the same for all cells.

    split: how five-year groups become single ages: `sprague` (see splitting.py), `uniform` (a fifth each), or `none` (the whole group
    at its middle age). The open group stays at its first age (100), single ages stay as they are. Totals of groups are kept exactly.
    variant: medium (with the estimates of past years), low or high.
    date: by default 1 July of the year, or 1 January where the file says so (MidPeriod).
    Raises DataError D022 if the file is of another layout or does not have the country and year.
    """
    path = Path(path)
    if split not in ("sprague", "uniform", "none"):
        raise InputError("D022", f"{split!r} is not a way to split", hint="use sprague, uniform or none")
    if variant not in VARIANTS:
        raise InputError("D022", f"{variant!r} is not a variant", hint=nearest(variant, list(VARIANTS)))
    groups, day = _groups(path, country_iso3, year, variant)
    ages = _single(groups, split, str(path))
    cells = [(age, sex, persons[number]) for age, persons in sorted(ages.items()) for number, sex in enumerate(SEXES)]
    columns: dict[str, list[Any]] = {
        "person_id": list(range(1, len(cells) + 1)),
        "age": [age for age, _, _ in cells],
        "sex": [sex for _, sex, _ in cells],
        "weight": [persons for _, _, persons in cells],
    }
    for name, value in (extra or {}).items():
        if name in columns:
            raise InputError("D022", f"{name} comes from the file", hint="leave it out of extra")
        columns[name] = [value] * len(cells)
    return Population.of(persons=columns, kind="cells", date=date or day, vocabulary=vocabulary)


def _groups(path: Path, country: str, year: int, variant: str) -> tuple[Groups, date]:
    """The age groups of a country and year, and the day they are for."""
    groups: Groups = {}
    day = date(year, 7, 1)
    countries: set[str] = set()
    read = None
    for row in _rows(path):
        read = read or _layout(row, path)
        if read(row, "country") not in ("", country):
            countries.add(read(row, "country"))
            continue
        if read(row, "time") != str(year) or not _of_variant(row, read, variant):
            continue
        group = _group(read(row, "age"), str(path))
        if group in groups:
            raise DataError("D022", f"age {read(row, 'age')} of {country} {year} is there twice", at=str(path))
        scale = 1 if "popmale" in row else 1000
        groups[group] = (_persons(row, "male", variant, scale, path), _persons(row, "female", variant, scale, path))
        if row.get("MidPeriod") and Decimal(row["MidPeriod"]) == year:
            day = date(year, 1, 1)
    if not groups:
        hint = nearest(country, sorted(countries)) if countries else ""
        raise DataError("D022", f"there is nothing on {country} in {year}, variant {variant}", at=str(path), hint=hint)
    return groups, day


NAMES = {
    "ISO3_code": {"country": "ISO3_code", "time": "Time", "age": "AgeGrp", "male": "PopMale", "female": "PopFemale"},
    "iso3": {"country": "iso3", "time": "year", "age": "age", "male": "popM", "female": "popF"},
    "popmale": {"time": "time", "age": "age", "male": "popmale", "female": "popfemale"},
}
"""The columns of each layout, by the one that tells it."""


def _layout(row: Row, path: Path) -> Any:
    """A reader of cells by our own names. Raises DataError D022 for an unknown layout."""
    names = next((names for mark, names in NAMES.items() if mark in row), None)
    if names is None or any(name not in row for name in names.values()):
        raise DataError(
            "D022", "this is no table of population by age and sex of the United Nations", at=str(path), hint="see the layouts in the guide"
        )
    return lambda row, name: row[names[name]].strip() if name in names else ""


def _of_variant(row: Row, read: Any, variant: str) -> bool:
    """Whether the row is of the variant; the tidy layout has low and high as columns of the medium rows."""
    if "popM_low" in row:
        return variant == "medium" or bool(row[f"popM_{variant}"].strip())
    return row.get("Variant", "").strip().lower() in VARIANTS[variant] or (variant == "medium" and "Variant" not in row)


def _persons(row: Row, sex: str, variant: str, scale: int, path: Path) -> Decimal:
    """Persons of a sex, exactly."""
    names = next(names for mark, names in NAMES.items() if mark in row)
    name = names[sex] if variant == "medium" or "popM_low" not in row else f"{names[sex]}_{variant}"
    try:
        number = Decimal(row[name].strip()) * scale
    except InvalidOperation:
        raise DataError("D022", f"{name} is {row[name]!r}, which is no number", at=str(path)) from None
    if not number.is_finite() or number < 0:
        raise DataError("D022", f"{name} is {row[name]!r}", at=str(path))
    return number


def _group(text: str, at: str) -> tuple[int, int | None]:
    """First age and width of `0-4`, `17` or `100+`."""
    found = re.fullmatch(r"(\d+)(?:(\+)|-(\d+))?", text)
    if not found:
        raise DataError("D022", f"{text!r} is not an age group", at=at, hint="0-4, 17 or 100+")
    first = int(found[1])
    return first, None if found[2] else int(found[3]) - first + 1 if found[3] else 1


def _rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV or Parquet file as texts."""
    if not path.is_file():
        raise DataError("D010", "there is no such file", at=str(path))
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(path).iter_batches():
            for row in batch.to_pylist():
                yield {name: "" if value is None else str(value) for name, value in row.items()}
        return
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _single(groups: Groups, split: Split, at: str) -> dict[int, tuple[Decimal, Decimal]]:
    """Men and women by single age."""
    ordered = sorted(groups)
    ends = [first + width for first, width in ordered if width is not None]
    starts = [first for first, _ in ordered]
    if starts[0] != 0 or starts[1:] != ends[: len(starts) - 1] or any(width is None for _, width in ordered[:-1]):
        raise DataError("D022", "the age groups do not follow each other from age 0", at=at)
    widths = {width for _, width in ordered if width is not None}
    if widths == {1}:
        return {first: groups[first, width] for first, width in ordered}
    if widths != {WIDTH} or (split == "sprague" and len(ends) < 5):
        raise DataError("D022", "the age groups are neither single ages nor at least five groups of five years", at=at)
    if split == "none":
        return {first if width is None else first + width // 2: groups[first, width] for first, width in ordered}
    closed = [groups[group] for group in ordered if group[1] is not None]
    method = split_sprague if split == "sprague" else split_uniform
    men, women = method([m for m, _ in closed]), method([w for _, w in closed])
    ages = dict(enumerate(zip(men, women, strict=True)))
    return ages | {first: groups[first, width] for first, width in ordered if width is None}
