"""Reads a workbook back: which inputs an analyst changed, and the scenario that says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from ..errors import DataError, InputError, Problems, SocleError
from ..money import settle
from .naming import split
from .sheets import BASE, FORMAT, HEAD, KEY, letters

CLOSE = 1e-9  # programs that save a workbook may keep 15 digits
LARGEST, UNPACKED = 50_000_000, 500_000_000  # bytes of the file, and of its parts unpacked
SHARES = ("take_up", "compliance")


@dataclass(frozen=True, slots=True)
class Row:
    """An input of a workbook: as it was and as it is, by year; None where the cell is empty. `at` is its sheet and row."""

    scenario: str
    path: str  # a path in the assumptions; @… for what the law, the projection or the scenario gives
    was: Mapping[int, Decimal | None]
    now: Mapping[int, Decimal | None]
    at: str

    @property
    def changed(self) -> bool:
        return any(not _same(self.was[year], self.now[year]) for year in self.was)


def read_back(path: str | Path) -> dict[str, dict[str, Any]]:
    """What was changed, by scenario: `change` (paths in the assumptions with new values) and, where one was changed, all `levers`.

    The keys are those of a scenario's file (docs/reference/projection.md). A scenario without changes is left out. Raises Problems: a
    damaged sheet (D070), an input that no assumption stands for, such as an average benefit, which is changed in the law (D071).
    """
    rows, levers = _read(Path(path))
    problems: list[SocleError] = []
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row.changed:
            continue
        if row.path.startswith("@lever."):
            found.setdefault(row.scenario, {})["levers"] = []
        elif row.path.startswith("@"):
            problems.append(_no_assumption(row))
        else:
            empty = [year for year in row.was if row.was[year] is not None and row.now[year] is None]
            if empty:
                problems.append(
                    InputError(
                        "D070",
                        f"the value of {', '.join(map(str, empty))} is missing",
                        at=row.at,
                        hint="write a number; a formula has its value once the workbook was saved by Excel or LibreOffice",
                    )
                )
            found.setdefault(row.scenario, {}).setdefault("change", {})[in_file(row.path)] = series(row.now)
    if problems:
        raise Problems(problems)
    for name, scenario in found.items():
        if "levers" in scenario:
            scenario["levers"] = [_lever(item, at, name, rows) for at, item in enumerate(levers[name])]
    return found


def changes(path: str | Path) -> tuple[Row, ...]:
    """Every changed input, also those that no scenario can say. Raises Problems for a damaged workbook."""
    return tuple(row for row in _read(Path(path))[0] if row.changed)


def in_file(path: str) -> str:
    """The path of a group as a scenario names it: `labour.participation[female, 15-24]` as `labour.participation.values.female.15-24`."""
    base, group = split(path)
    return ".".join([base, "values", *(member.strip() for member in group.split(","))]) if group else path


def series(values: Mapping[int, Decimal | None]) -> Any:
    """Yearly values as a scenario writes them, with at most 10 decimals: one number where all years have it, otherwise `values` by year
    without repeated ends.
    """
    known = {year: plain(settle(value)) for year, value in sorted(values.items()) if value is not None}
    years = list(known)
    if len(known) == len(values) and len(set(known.values())) == 1:
        return known[years[0]]
    while len(years) > 1 and known[years[-1]] == known[years[-2]]:
        years.pop()
    while len(years) > 1 and known[years[0]] == known[years[1]]:
        years.pop(0)
    return {"values": {year: known[year] for year in years}}


def _no_assumption(row: Row) -> InputError:
    what = row.path[1:].split(".")[0]
    hints = {
        "average_benefit": "change the amount in the law: a reform's overlay",
        "entitled": "change the conditions in the law, or the demography and labour assumptions",
        "offset": "change `replaces` in the scenario",
        "already": "change the scenario or the assumptions on what is spent today",
    }
    by_law = "change the law: a reform's overlay" if what.startswith(("contribution", "administration")) else "change the assumption it follows from"
    years = ", ".join(str(year) for year in row.was if not _same(row.was[year], row.now[year]))
    return InputError("D071", f"{row.path[1:]} was changed ({years}), and no assumption stands for it", at=row.at, hint=hints.get(what, by_law))


def _lever(item: dict[str, Any], at: int, scenario: str, rows: list[Row]) -> dict[str, Any]:
    row = next(row for row in rows if row.scenario == scenario and row.path == f"@lever.{at}")
    return {**item, "value": series({year: value or Decimal(0) for year, value in row.now.items()})}


def _same(was: Decimal | None, now: Decimal | None) -> bool:
    if was is None or now is None:
        return was is now
    return abs(was - now) <= Decimal(CLOSE) * max(abs(was), abs(now))


def _read(path: Path) -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    book = _open(path)
    base, levers = _base(book, path)
    problems: list[SocleError] = []
    found: dict[str, tuple[Mapping[int, Decimal | None], str]] = {}
    for sheet in book.worksheets:
        if sheet.title != BASE:
            problems.extend(_sheet(sheet, base, found))
    for key in base:
        if key not in found:
            scenario, _, name = key.partition("|")
            problems.append(
                DataError("D070", f"the row of {name!r} is missing", at=f"{path.name}, {scenario}", hint="rows keep their key in the hidden column A")
            )
    if problems:
        raise Problems(problems)
    rows = []
    for key, was in base.items():
        scenario, _, name = key.partition("|")
        now, at = found[key]
        rows.append(Row(scenario, name, was, now, at))
    return rows, levers


def _open(path: Path) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise InputError("U064", "reading a workbook needs openpyxl", hint="pip install 'opensocle[report]'") from None
    if not path.is_file():
        raise DataError("D070", "there is no such workbook", at=str(path))
    if path.stat().st_size > LARGEST:
        raise DataError("D070", f"the workbook is larger than {LARGEST // 1_000_000} MB", at=str(path))
    try:
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise ValueError("too large when unpacked")
        return openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except (BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError, IndexError, SyntaxError, EOFError) as error:
        raise DataError("D070", f"this is no workbook that can be read ({type(error).__name__})", at=str(path), hint="save it as .xlsx") from error


def _base(book: Any, path: Path) -> tuple[dict[str, dict[int, Decimal | None]], dict[str, list[dict[str, Any]]]]:
    """The inputs as they were, by key, and the levers of each scenario, from the hidden sheet."""
    if BASE not in book.sheetnames or book[BASE]["A1"].value != FORMAT:
        raise DataError("D070", "the workbook is not one that OpenSocle wrote, or its hidden sheet was removed", at=str(path), hint="write it again")
    rows = [[cell.value for cell in row] for row in book[BASE].iter_rows()]
    levers: dict[str, list[dict[str, Any]]] = {}
    start = next((at for at, row in enumerate(rows) if row[0] == "key"), None)
    try:
        if start is None:
            raise ValueError("no heading")
        for row in rows[1:start]:
            if row[0] and str(row[0]).startswith("scenario "):
                levers[str(row[0])[9:]] = json.loads(row[1])["levers"]
        years = [int(year) for year in rows[start][1:] if year is not None]
        return {str(row[0]): {year: _decimal(row[1 + at]) for at, year in enumerate(years)} for row in rows[start + 1 :] if row[0]}, levers
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError) as error:
        raise DataError("D070", f"the hidden sheet {BASE} was damaged ({error})", at=str(path), hint="write the workbook again") from error


def _sheet(sheet: Any, base: Mapping[str, Mapping[int, Any]], found: dict[str, tuple[Mapping[int, Decimal | None], str]]) -> Iterator[SocleError]:
    """Reads the input rows of a sheet into `found`; gives the problems."""
    rows = list(sheet.iter_rows())
    keyed = [row for row in rows if row and row[KEY].value in base]
    if not keyed:
        return
    years = _years(rows, set(next(iter(base.values()))))
    missing = set(next(iter(base.values()))) - set(years)
    if missing:
        what = ", ".join(map(str, sorted(missing)))
        yield DataError(
            "D070", f"the columns of {what} are missing", at=f"{sheet.title}, row {HEAD + 1}", hint="the row of years says which column is which"
        )
        for row in keyed:
            found[row[KEY].value] = (base[row[KEY].value], "")
        return
    for row in keyed:
        key, at = row[KEY].value, f"{sheet.title}, row {row[KEY].row}"
        if key in found:
            yield DataError("D070", f"the row of {key.partition('|')[2]!r} stands twice", at=at)
            continue
        values: dict[int, Decimal | None] = {}
        for year, column in years.items():
            try:
                values[year] = checked_value(row[column].value, key)
            except ValueError as error:
                yield DataError("D070", str(error), at=f"{sheet.title}!{letters(column)}{row[KEY].row}")
                values[year] = None
        found[key] = (values, at)


def _years(rows: list[Any], wanted: set[int]) -> dict[int, int]:
    """Which column (from 0) each year stands in: from the row that names most years."""
    best: dict[int, int] = {}
    for row in rows[: HEAD + 12]:
        named = {int(cell.value): at for at, cell in enumerate(row) if isinstance(cell.value, int | float) and cell.value in wanted}
        best = named if len(named) > len(best) else best
    return best


def checked_value(value: object, key: str) -> Decimal | None:
    """The number in a cell. Raises ValueError saying what is wrong with it."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{str(value)[:40]!r} is not a number")
    number = _decimal(value)
    if number is None or not number.is_finite():
        raise ValueError("this is not a finite number")
    if key.partition("|")[2].startswith(SHARES) and not 0 <= number <= 1:
        raise ValueError(f"{value} is not a share from 0 to 1: 80 % is written 0.8 or 80%")
    return number


def _decimal(value: Any) -> Decimal | None:
    """The number that a reader sees in the cell: at most 15 significant digits."""
    if value is None:
        return None
    return plain(Decimal(f"{value:.15g}"))


def plain(number: Decimal) -> Decimal:
    """The number without zeros behind its decimals, and a whole number without an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() and abs(number) < 10**15 else number.normalize()
