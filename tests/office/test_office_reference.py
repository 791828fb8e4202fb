"""The page about the office says what the code does: keys, roles, actions, commands."""

from __future__ import annotations

import re
from pathlib import Path

from opensocle.cli.office import command
from opensocle.office.access.roles import ACTIONS, INCOMPATIBLE, ROLES
from opensocle.office.place import KEYS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "reference" / "office.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_key_of_the_settings_is_described_and_no_other() -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", section("office.yaml"), re.MULTILINE)) == sorted(KEYS)


def test_the_table_of_roles_says_who_may_do_what() -> None:
    heads, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section("Roles").splitlines() if line.startswith("| ")]
    assert heads[1:] == list(ROLES)
    said = {role: {row[0].split("`")[1] for row in rows if row[at] == "●"} for at, role in enumerate(heads[1:], 1)}
    assert said == {role: set(actions) for role, actions in ROLES.items()}
    assert {row[0].split("`")[1] for row in rows} == ACTIONS


def test_every_pair_of_roles_that_does_not_go_together_is_named() -> None:
    words = {"appeals": "appeals officer"}
    text = " ".join(section("Roles").split())
    assert all(f"{words.get(one, one)} and {words.get(other, other)}" in text for one, other in INCOMPATIBLE)


def test_the_pages_name_commands_that_there_are() -> None:
    howto = (DOCS / "howto" / "office.md").read_text(encoding="utf-8")
    named = set(re.findall(r"socle office ([a-z]+)", howto + PAGE))
    assert named and named <= set(command.commands)
    assert set(command.commands) <= named | set(re.findall(r"\[`([a-z]+)`\]\(cli", PAGE))
