"""`socle schema`: JSON Schemas of the files, so that an editor completes words and marks slips."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from . import options
from .reporting import say, say_json

KINDS = ("scheme", "concepts", "country", "cases", "overlay")
_FILES = {
    "scheme": "schemes/*.yaml",
    "concepts": "concepts.yaml",
    "country": "country.yaml",
    "cases": "cases/**/*.yaml",
    "overlay": ["reforms/*.yaml", "*.overlay.yaml"],
}


@options.command("schema")
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--out", metavar="FOLDER", type=click.Path(file_okay=False), help="Write all schemas, and VS Code's settings, into FOLDER/.vscode.")
@click.option("--json", "as_json", is_flag=True, help="JSON is what is printed anyway.")
def command(kind: str | None, out: str | None, as_json: bool) -> None:
    """Print the JSON Schema of a kind of file, or write all of them for an editor.

    With them an editor completes words and marks slips while one types. In VS Code, install the YAML extension of Red Hat, write
    the schemas into the folder that you open in it, and start to type. Reforms are looked for in reforms/ and *.overlay.yaml.

    \b
    Examples:
      socle schema scheme > scheme.schema.json
      socle schema --out mycountry
    """
    from ..law.schema import schema

    if kind and not out:
        say_json(schema(kind))
        return
    if not out:
        raise click.UsageError(f"Name a kind of file ({', '.join(KINDS)}), or --out FOLDER to write all of them.")
    folder = Path(out) / ".vscode"
    folder.mkdir(parents=True, exist_ok=True)
    for name in KINDS:
        (folder / f"{name}.schema.json").write_text(_text(schema(name)), encoding="utf-8")
    _write_settings(folder / "settings.json", as_json)


def _write_settings(settings: Path, as_json: bool) -> None:
    wanted = {"yaml.yamlVersion": "1.2", "yaml.schemas": {f"./.vscode/{name}.schema.json": files for name, files in _FILES.items()}}
    written = not settings.exists() or settings.read_text(encoding="utf-8") == _text(wanted)
    if written:
        settings.write_text(_text(wanted), encoding="utf-8")
    if as_json:
        say_json({"folder": str(settings.parent), "settings_written": written, "settings": wanted})
        return
    say(f"{len(KINDS)} schemas are in {settings.parent}.")
    if written:
        say(f"{settings} tells VS Code's YAML extension (redhat.vscode-yaml) which file is which: open {settings.parent.parent} in VS Code.")
    else:
        say(f"{settings} is yours and was left alone. Add to it:\n\n{_text(wanted)}")


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
