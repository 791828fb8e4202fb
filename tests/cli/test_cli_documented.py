"""Every command and option is described, and every help teaches."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from socle_runner import Socle

from opensocle.cli import COMMANDS, main
from opensocle.cli.reporting import EXIT_CODES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")


def found(name: str) -> click.Command:
    command: click.Command | None = main
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None
    return command


def names() -> list[str]:
    """Every command, and the commands of those that are groups: `scenario seek`, `office user add`."""
    known: list[str] = []
    waiting = list(COMMANDS)
    while waiting:
        name = waiting.pop(0)
        command = found(name)
        known.append(name)
        waiting += [f"{name} {inner}" for inner in (command.commands if isinstance(command, click.Group) else ())]
    return known


def section(name: str) -> str:
    """The part of the page about a command."""
    found = re.search(rf"^## socle {name}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"describe `socle {name}` in docs/reference/cli.md"
    return found[1]


@pytest.mark.parametrize("name", names())
def test_a_command_and_each_of_its_options_are_documented(name: str) -> None:
    text = section(name)
    assert f"`socle {name}" in text
    for option in (p for p in found(name).params if isinstance(p, click.Option)):
        assert re.search(rf"`{option.opts[-1]}\b", text) or re.search(rf"`{option.opts[0]}\b", text), option.opts


@pytest.mark.parametrize("name", names())
def test_no_option_is_documented_that_a_command_does_not_have(name: str) -> None:
    known = {word for p in [*found(name).params, *main.params] for word in p.opts} | {"--help", "--version"}
    rows = re.findall(r"^\| (.*?) \|", section(name), re.MULTILINE)
    assert {word for row in rows for word in re.findall(r"--[a-z0-9-]+", row)} <= known


@pytest.mark.parametrize("name", names())
def test_the_help_says_what_a_command_does_with_examples_options_and_exit_codes(name: str, socle: Socle) -> None:
    text = " ".join(socle(*name.split(), "--help").stdout.split())
    assert text.count(f"socle {name} ") >= 2
    assert " ".join(EXIT_CODES.split()) in text
    command = found(name)
    assert all(isinstance(p, click.Argument) or (p.help and p.help.endswith((".", "}."))) for p in command.params if isinstance(p, click.Option))


def test_the_help_of_the_program_lists_the_commands_with_a_sentence_each(socle: Socle) -> None:
    text = socle("--help").stdout
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z]", text, re.MULTILINE)
    assert "0 fine, 1 problems" in text


def test_each_exit_code_is_documented() -> None:
    assert re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE) == ["0", "1", "2", "3", "130"]
