"""The how-to "Set up an office": from nothing to an office at work, each command a process of its own, as it is typed."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opensocle.vocabulary.model import HISTORIES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "howto" / "office.md").read_text(encoding="utf-8")
PASSWORD = "a long enough sentence"


def socle(folder: Path, *words: object, code: int = 0) -> str:
    """What `socle office …` prints in a folder. The page must name the command."""
    assert f"socle office {words[0]}" in PAGE
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO_"))}
    line = [sys.executable, "-m", "opensocle", "office", *map(str, words)]
    run = subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert run.returncode == code, run.stderr
    return run.stdout


@pytest.fixture
def office(tmp_path: Path) -> Path:
    said = socle(tmp_path, "init", "office", "--country", "exemplia", "--title", "Social protection office")
    assert "with 19 areas" in said
    for name, role, area in (("david", "administrator", "XE"), ("nadia", "supervisor", "XE"), ("karim", "caseworker", "north")):
        socle(tmp_path, "user", "add", name, "--role", role, "--area", area, "--password", PASSWORD)
    return tmp_path


def test_the_how_to_leads_from_nothing_to_an_office_at_work(office: Path) -> None:
    socle(office, "law", "install", "exemplia", "--by", "david")
    (law,) = json.loads(socle(office, "law", "list", "--json"))
    socle(office, "law", "propose", law["hash"][:6], "2026-01", "--by", "david")
    socle(office, "law", "approve", law["hash"][:6], "2026-01", "--by", "david", code=2)  # nobody approves her own proposal
    socle(office, "law", "approve", law["hash"][:6], "2026-01", "--by", "nadia")
    rows = [("person_id", "given_name", "surname", "birth_date", "area"), ("1", "Awa", "Kone", "1990-05-01", "d01")]
    with (office / "persons.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert "1 added" in socle(office, "import", "persons.csv", "--source", "civil register", "--by", "david")
    found: list[dict[str, Any]] = json.loads(socle(office, "check", "--json"))
    assert found and all(one["fine"] for one in found)
    assert "The audit is whole." in socle(office, "audit", "verify")
    socle(office, "backup", "backup.zip")
    socle(office, "restore", "backup.zip", "again", "--secret", office / "office" / "secret.key")
    assert all(one["fine"] for one in json.loads(socle(office, "check", "--office", "again", "--json")))


def test_the_registers_that_the_page_names_are_histories() -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith("registers: ")]
    assert set(line.removeprefix("registers: [").removesuffix("]").split(", ")) <= set(HISTORIES)
