"""A backup is made while the office works, and what is restored from it is the office of one moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from opensocle.office import backup
from opensocle.office.place import read_place

HERE = Path(__file__).parent
MAKE = "import sys; from pathlib import Path; from opensocle.office import running; running.init(Path(sys.argv[1]), {'country': 'XE'})"
WRITE = """
import itertools, sys; from pathlib import Path; from opensocle.office.running import prepare; prepare(Path(sys.argv[1]))
from opensocle.office.audit.services import act; from opensocle.office.places.models import Area
for number in itertools.count():
    with act('place.load', by=None):
        Area.objects.create(code=f'X{number}', name_en='x' * 90, name_fr='x' * 90, kind='country', path=f'/X{number}/')
    print(number, flush=True)
"""


def _run(program: str, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", program, *map(str, arguments)]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENSOCLE_OFFICE", "DJANGO"))}


def _restored(archive: Path, folder: Path, secret: str) -> dict[str, str]:
    """What `socle office check` says of a restored office."""
    backup.restore(archive, folder, secret)
    check = [sys.executable, "-m", "opensocle", "office", "check", "--json", "--office", str(folder)]
    ran = subprocess.run(check, capture_output=True, text=True, env=_environment())
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {look["name"]: look["said"] for look in json.loads(ran.stdout)}


def test_a_backup_ends_while_others_write_and_is_the_office_of_one_moment(tmp_path: Path) -> None:
    office = tmp_path / "office"
    subprocess.run(_run(MAKE, office), check=True, env=_environment())
    writer = subprocess.Popen(_run(WRITE, office), stdout=subprocess.PIPE, text=True, env=_environment())
    assert writer.stdout is not None
    before = int(writer.stdout.readline())
    last = [before]
    reader = threading.Thread(target=lambda: last.extend(int(line) for line in writer.stdout or () if line.endswith("\n")))
    reader.start()
    try:
        backup.back_up(read_place(office), tmp_path / "backup.zip")
        still = writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
        reader.join()
    assert still and last[-1] > before
    said = _restored(tmp_path / "backup.zip", tmp_path / "restored", (office / "secret.key").read_text())
    acts = int(said["audit"].split()[0])
    assert before < acts <= last[-1] + 2 and said["consistency"] == "sound"


def test_a_backup_in_which_a_single_byte_is_another_is_not_restored(tmp_path: Path) -> None:
    office, archive = tmp_path / "office", tmp_path / "backup.zip"
    subprocess.run(_run(MAKE, office), check=True, env=_environment())
    backup.back_up(read_place(office), archive)
    whole = bytearray(archive.read_bytes())
    whole[len(whole) // 2] ^= 1
    archive.write_bytes(whole)
    with pytest.raises(backup.InputError, match="O032"):
        backup.restore(archive, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
