"""Demographic data that a country keeps: a folder with one table (data.csv) and its heading (data.yaml), and the ways to fill it.

    import_file(path, "mortality", out, country="SEN")     from a file of the UN, or from a table with the columns below
    read_dataset(folder) -> DataSet                         checked against its SHA-256
    read_inputs(folder, 2025, 2100) -> Inputs               from the data folders inside a folder
    download(name, out)                                     one file of the UN; the only thing here that uses a network, and only when called

Columns of data.csv: year, sex (male, female), age (first of its group), value; without those that the kind does not have.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .. import __version__
from ..errors import DataError, InputError, Problems, nearest
from .demography_inputs import Inputs
from .demography_rows import BY_AGE, BY_SEX, KINDS, UNITS, Conventions, Row, assemble
from .lifetables import Array
from .un_files import LICENCE, MARKS, SOURCE, lines_of, number, open_text, stock_of, un_rows

BASE = "https://population.un.org/wpp/assets/Excel%20Files/1_Indicator%20(Standard)/CSV_FILES/"
DOWNLOADS = (
    "WPP2024_Population1JanuaryBySingleAgeSex_Medium_1950-2023.csv.gz",
    "WPP2024_Population1JanuaryBySingleAgeSex_Medium_2024-2100.csv.gz",
    "WPP2024_PopulationBySingleAgeSex_Medium_1950-2023.csv.gz",
    "WPP2024_PopulationBySingleAgeSex_Medium_2024-2100.csv.gz",
    "WPP2024_Life_Table_Complete_Medium_Male_1950-2023.csv.gz",
    "WPP2024_Life_Table_Complete_Medium_Male_2024-2100.csv.gz",
    "WPP2024_Life_Table_Complete_Medium_Female_1950-2023.csv.gz",
    "WPP2024_Life_Table_Complete_Medium_Female_2024-2100.csv.gz",
    "WPP2024_Fertility_by_Age1.csv.gz",
    "WPP2024_Demographic_Indicators_Medium.csv.gz",
)
GZIP = b"\x1f\x8b"
CONVENTIONS = ("width", "stock", "flows", "timing", "infant", "middle", "averaged")


@dataclass(frozen=True)
class DataSet:
    """A table and where it is from."""

    kind: str
    rows: tuple[Row, ...]
    heading: Mapping[str, Any]
    """kind, unit, country, years, source, licence, file, file_sha256, rows, sha256, and conventions such as stock."""

    @property
    def hash(self) -> str:
        """SHA-256 of data.csv."""
        return str(self.heading["sha256"])


def columns(kind: str) -> tuple[str, ...]:
    """The columns of data.csv."""
    return ("year", *(["sex"] if kind in BY_SEX else []), *(["age"] if kind in BY_AGE else []), "value")


def import_file(
    path: str | Path,
    kind: str,
    out: str | Path,
    *,
    country: str = "",
    variant: str = "Medium",
    source: str = "",
    licence: str = "",
    **conventions: Any,
) -> DataSet:
    """Puts a table of a file into a data folder and gives it as read back.

    path: a file of the UN (see un_files.py; then `country` is needed), or a CSV file with the columns of the kind, and its source and licence.
    conventions: width, stock, flows, timing… where they are not those of single ages (see Inputs); kept in the heading.
    """
    path, out = Path(path), Path(out)
    if kind not in KINDS:
        raise InputError("P118", f"{kind!r} is no kind of data", at="kind", hint=nearest(kind, KINDS))
    strange = [name for name in conventions if name not in CONVENTIONS]
    if strange:
        raise InputError("P118", f"{strange[0]!r} is no convention", at="conventions", hint=nearest(strange[0], CONVENTIONS))
    if not path.is_file():
        raise DataError("D111", "the file is not there", at=str(path), hint="give the place of the file")
    header = set(next(csv.reader([next(iter(open_text(path)), "")]), []))
    if header >= set(columns(kind)):
        rows = read_rows(path, kind)
    elif kind in MARKS and header >= set(MARKS[kind]):
        rows = un_rows(path, kind, country, variant)
        source, licence = source or f"{SOURCE}, {country}, {variant}", licence or LICENCE
        if kind == "population":
            conventions.setdefault("stock", stock_of(path, country))
    else:
        raise DataError("D110", f"this is no table of {kind}", at=str(path), hint=f"give the columns {', '.join(columns(kind))}, or a file of the UN")
    _complete(path, rows, source=source, licence=licence)
    _write(out, kind, rows, path, {"country": country, "source": source, "licence": licence, **conventions})
    return read_dataset(out)


def _complete(path: Path, rows: list[Row], **words: str) -> None:
    """Raises Problems if the source or the licence is missing, DataError D110 if there are no rows."""
    hint = "say where the data are from and who may use them"
    missing = [InputError("P118", f"the {name} is missing", at=name, hint=hint) for name, value in words.items() if not value.strip()]
    if missing:
        raise Problems(missing)
    if not rows:
        raise DataError("D110", "there is not one row", at=str(path), hint="give a table with values")


def read_rows(path: Path, kind: str) -> list[Row]:
    """The rows of a CSV file with the columns of the kind. Raises Problems with every line that is wrong."""
    faults: list[DataError] = []
    rows = []
    for n, line in enumerate(lines_of(path, None), start=2):
        year, age, value = number(line["year"]), number(line.get("age", "-1")), number(line["value"])
        sex = line.get("sex", "").strip() if kind in BY_SEX else ""
        at = f"{path.name}:{n}"
        if year != year or year != int(year) or (kind in BY_AGE and (age != age or age != int(age) or age < 0)):
            faults.append(DataError("D110", "year or age is no whole number", at=at, hint="write 2030, and the first age of the group"))
        elif kind in BY_SEX and sex not in ("male", "female"):
            faults.append(DataError("D110", f"sex is {sex!r}", at=at, hint="write male or female"))
        elif value != value:
            faults.append(DataError("D110", f"the value is {line['value']!r}", at=at, hint="give a number: a missing value is not zero"))
        else:
            rows.append(Row(int(year), sex, int(age) if kind in BY_AGE else -1, value, at))
    if faults:
        raise Problems(faults)
    return rows


def _write(out: Path, kind: str, rows: list[Row], path: Path, about: dict[str, Any]) -> None:
    """Writes data.csv, then data.yaml: a folder without a heading is no data folder."""
    import yaml

    names = columns(kind)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in sorted(rows):
        writer.writerow([repr(row.value) if name == "value" else getattr(row, name) for name in names])
    data = text.getvalue().encode()
    heading = {
        "kind": kind,
        "unit": UNITS[kind],
        **about,
        "years": [min(row.year for row in rows), max(row.year for row in rows)],
        "rows": len(rows),
        "file": path.name,
        "file_sha256": _digest(path),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "data.csv").write_bytes(data)
    (out / "data.yaml").write_text(yaml.safe_dump(heading, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_dataset(folder: str | Path) -> DataSet:
    """The table of a data folder. Raises DataError D112 if its heading is incomplete or the data are not those that it describes."""
    import yaml

    folder = Path(folder)
    try:
        heading = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
        data = (folder / "data.csv").read_bytes()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError("D112", f"this is no data folder: {error}", at=str(folder), hint="a data folder has data.csv and data.yaml") from None
    needed = ("kind", "unit", "source", "licence", "sha256")
    absent = [name for name in needed if not isinstance(heading, dict) or not heading.get(name)]
    if absent:
        raise DataError("D112", f"the heading has no {', '.join(absent)}", at=str(folder / "data.yaml"), hint="import the file again")
    if heading["kind"] not in KINDS:
        raise DataError("D112", f"{heading['kind']!r} is no kind of data", at=str(folder / "data.yaml"), hint=nearest(str(heading["kind"]), KINDS))
    if hashlib.sha256(data).hexdigest() != heading["sha256"]:
        raise DataError("D112", "the data are not those of the heading", at=str(folder / "data.csv"), hint="import the file again: it was changed")
    return DataSet(heading["kind"], tuple(read_rows(folder / "data.csv", heading["kind"])), heading)


def read_inputs(folder: str | Path, start: int, until: int, *, pattern: Array | None = None) -> Inputs:
    """The inputs of a projection from the data folders inside a folder, one of each kind; the conventions are those of their headings."""
    folder = Path(folder)
    sets = [read_dataset(path.parent) for path in sorted(folder.glob("*/data.yaml"))]
    faults = []
    meant: dict[str, Any] = {}
    tables: dict[str, tuple[Row, ...]] = {}
    for each in sets:
        if each.kind in tables:
            faults.append(DataError("D112", f"there are two tables of {each.kind}", at=str(folder), hint="keep one"))
        tables[each.kind] = each.rows
        for name in CONVENTIONS:
            if name in each.heading and meant.setdefault(name, each.heading[name]) != each.heading[name]:
                faults.append(DataError("D112", f"{name} is {meant[name]} and {each.heading[name]}", at=str(folder), hint="import them alike"))
    if faults:
        raise Problems(faults)
    source = "; ".join(dict.fromkeys(str(each.heading["source"]) for each in sets))
    return assemble(tables, start, until, Conventions(**meant), pattern=pattern, source=source)


def download(name: str, out: str | Path, *, base: str = BASE, timeout: float = 60) -> Path:
    """Fetches one file of the UN (DOWNLOADS) into a folder and gives its path. A file that is there already is not fetched again.

    Raises DataError D113 if there is no network: the message says what to fetch by hand, and from where.
    """
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    if name not in DOWNLOADS:
        raise InputError("P118", f"{name!r} is no file to download", at="name", hint=nearest(name, DOWNLOADS))
    target = Path(out) / name
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(name + ".part")
    try:
        request = Request(base + name, headers={"User-Agent": f"OpenSocle/{__version__}"})
        with urlopen(request, timeout=timeout) as answer, part.open("wb") as file:
            while block := cast(bytes, answer.read(1 << 20)):
                file.write(block)
        with part.open("rb") as file:
            if file.read(2) != GZIP:
                raise OSError("what came is no compressed table, perhaps a page that says why")
    except (URLError, OSError) as error:
        part.unlink(missing_ok=True)
        hint = f"fetch {base + name} on a machine that has a network, and put it into {target.parent}"
        raise DataError("D113", f"the file cannot be fetched: {getattr(error, 'reason', error)}", at=name, hint=hint) from None
    return part.rename(target)
