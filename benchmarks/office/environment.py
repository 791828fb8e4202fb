"""The peer's own Python environment, with Django and django-simple-history: made once, beside the project's `.venv`.

python benchmarks/office/environment.py      # prints the path of the environment's python
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".venv-simple-history"
PACKAGES = ("django==5.2.8", "django-simple-history==3.10.1")


def python() -> Path:
    """The environment's Python; the environment is made first where it is missing or was left half made."""
    program = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = FOLDER / "ready"
    if program.exists() and ready.exists() and ready.read_text(encoding="utf-8").split() == list(PACKAGES):
        return program
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is not installed: see https://docs.astral.sh/uv/, or `pip install uv`")
    make = ["venv", "--clear", "--python", "3.11", str(FOLDER)]
    install = ["pip", "install", "--compile-bytecode", "--python", str(program), *PACKAGES]
    for command in (make, install):
        subprocess.run([uv, *command], check=True, stdout=sys.stderr)
    ready.write_text("\n".join(PACKAGES) + "\n", encoding="utf-8")
    return program


if __name__ == "__main__":
    print(python())
