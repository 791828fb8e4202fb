"""An office that is served to the world: Django's own checks find nothing to say, and cookies and headers are those of HTTPS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from opensocle.office.place import VARIABLE, make_place

LOOK = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check", "--deploy", "--fail-level", "INFO")
assert not settings.SILENCED_SYSTEM_CHECKS and not settings.DEBUG
from django.test import Client
plain = Client().get("/", headers={"host": "office.example"})
assert (plain.status_code, plain["Location"]) == (301, "https://office.example/"), plain
safe = Client(headers={"host": "office.example", "x-forwarded-proto": "https"}).get("/accounts/login/")
assert safe.status_code == 200, safe
names = "Strict-Transport-Security Content-Security-Policy X-Content-Type-Options X-Frame-Options Referrer-Policy Cross-Origin-Opener-Policy"
for name in names.split():
    assert safe.headers.get(name), name
assert all(morsel["secure"] and morsel["httponly"] and morsel["samesite"] == "Lax" for morsel in safe.cookies.values()), safe.cookies
assert Client(headers={"host": "elsewhere.example", "x-forwarded-proto": "https"}).get("/").status_code == 400
print("clean")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "office"
    make_place(path, {"title": {"en": "Office", "fr": "Bureau"}, "country": "XE", "hosts": ["office.example"], "https": True, "database": "sqlite"})
    return path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    there = {**os.environ, VARIABLE: str(folder), "DJANGO_SETTINGS_MODULE": "opensocle.office.settings"}
    for name in ("OPENSOCLE_OFFICE_DATABASE", "DJANGO_ALLOW_ASYNC_UNSAFE"):  # set by whoever runs the tests, and by those in a browser
        there.pop(name, None)
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=there, check=False)


def test_an_office_that_is_served_has_nothing_that_django_warns_of(folder: Path) -> None:
    assert run(folder, "-m", "django", "migrate", "-v0").returncode == 0
    assert run(folder, "-m", "django", "collectstatic", "--noinput", "-v0").returncode == 0
    done = run(folder, "-c", LOOK)
    assert done.stdout.strip().endswith("clean"), done.stdout + done.stderr


def test_what_is_secret_is_for_the_offices_own_user_only(folder: Path) -> None:
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0
    assert len((folder / "secret.key").read_text().strip()) >= 64
