"""Runs `socle` inside the tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner

from opensocle.cli import main

MONTH = "2026-01"
Socle = Callable[..., Any]


def invoke(*args: object, code: int | None = 0, text: str | None = None) -> Any:
    """The result of a command, which must end with the code and never show a traceback. Its `data` is what --json printed."""
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=text, catch_exceptions=False)
    assert "Traceback" not in result.output
    assert code is None or result.exit_code == code, result.output
    result.data = json.loads(result.stdout) if "--json" in args and result.stdout.startswith("{") else None  # ty: ignore[unresolved-attribute]
    return result
