"""Every command of the guide runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from opensocle.cli import main

GUIDE = Path(__file__).resolve().parents[2] / "docs/howto/cost-a-floor.md"
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_guide_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if " report " in line:
        for library in ("altair", "vl_convert"):
            pytest.importorskip(library, reason="opensocle[report] is not installed")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)
    assert words[0] == "socle"
    result = CliRunner().invoke(main, words[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip()
    if "--out" in words:
        assert (tmp_path / words[words.index("--out") + 1]).exists()
