"""The guide's statements and examples run as they are printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/howto/postgresql.md"
REGISTRY = """
CREATE SCHEMA registry;
CREATE TABLE registry.dwelling (id integer PRIMARY KEY, region_code text);
CREATE TABLE registry.person (id integer PRIMARY KEY, dwelling integer REFERENCES registry.dwelling,
  born date, died date, sex char(1), present boolean);
INSERT INTO registry.dwelling VALUES (1, 'north'), (2, NULL);
INSERT INTO registry.person VALUES
  (1, 1, '2024-05-01', NULL, 'F', true), (2, 1, '1990-01-01', NULL, 'M', true), (3, 2, '2025-05-01', NULL, NULL, true);
"""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_guide_runs(cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("law").symlink_to(ROOT / "src/opensocle/countries/exemplia")
    views, role, comment = blocks("sql")
    base = cluster.replace("dbname=postgres", "dbname=guide")
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("CREATE DATABASE guide")
    with psycopg.connect(base, autocommit=True) as connection:
        for statements in (REGISTRY, views, role, "GRANT CREATE ON DATABASE guide TO socle"):
            connection.execute(statements.encode())
    names: dict[str, Any] = {}
    for example in blocks("python"):
        address = base.replace("user=postgres", "user=socle")
        exec(example.replace("postgresql://socle@localhost/registry", address), names)
    said = capsys.readouterr().out.splitlines()
    assert any(line.startswith("child_grant benefit") for line in said) and said[-1].startswith("{'person': 3")
    with psycopg.connect(base) as connection:
        assert connection.execute(comment.encode()).fetchone() == (names["law"].hash,)
