"""What differs between two texts of the law: article by article, in words a lawyer can check against a bill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from .loading import LawText
from .nodes import Node, is_name, plain_data
from .overlays import START

Kind = Literal["added", "removed", "changed"]
_WHOLE = ("parameters", "variables")
_DATED = re.compile(r"(\w+)\.parameters\.(\w+)\[(\d{4}-\d{2}-\d{2})\]", re.ASCII)
_SAID = {
    "en": {
        "country": "Country", "concepts": "Concepts", "agreements": "Agreements", "same": "No difference.", "whole": "whole text",
        "scheme": "scheme {}", "parameter": "parameter {}", "variable": "variable {}", "formula": "formula", "from": "from {}",
        "row": "row {}", "added": "{}: {} (added{})", "removed": "{}: removed (was {})",
        "changed": "{}: {} → {}", "since": "; {} since {}", "nothing": "nothing (null)",
    },
    "fr": {
        "country": "Pays", "concepts": "Notions", "agreements": "Accords", "same": "Aucune différence.", "whole": "texte entier",
        "scheme": "régime {}", "parameter": "paramètre {}", "variable": "variable {}", "formula": "formule", "from": "à partir du {}",
        "row": "ligne {}", "added": "{}\u00a0: {} (ajouté{})", "removed": "{}\u00a0: supprimé (c'était {})", "changed": "{}\u00a0: {} → {}",
        "since": "\u202f; {} depuis le {}", "nothing": "rien (null)",
    },
}  # fmt: skip
_GROUPS = ("country", "concepts", "agreements")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path`: `child_grant.parameters.amount[2026-01-01]`; `before` and `after` are texts, or maps of texts for a whole thing."""

    path: str
    kind: Kind
    before: Any
    after: Any
    group: str
    what: str
    keys: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, for `--json`."""
        return {"path": self.path, "kind": self.kind, "before": self.before, "after": self.after, "group": self.group, "what": self.what}


def compare(before: LawText, after: LawText) -> list[Change]:
    """The changes from one law to another: country, concepts, schemes and agreements, each by name."""
    changes: list[Change] = []
    for part in ("country", "concepts"):
        changes += _changes(before.tree.get(part), after.tree.get(part), (part,), part)
    for part in ("schemes", "agreements"):
        old, new = (law.tree.map.get(part, _EMPTY).map for law in (before, after))
        for name in sorted({*old, *new}):
            prefix = (name,) if part == "schemes" else (part, name)
            changes += _changes(old.get(name), new.get(name), prefix, name if part == "schemes" else part)
    return changes


_EMPTY = Node({})


def _changes(old: Node | None, new: Node | None, path: tuple[str, ...], group: str) -> Iterator[Change]:
    """The differences under a path; a thing that is new or gone is one change."""
    if path[-1] == "formula" and len(path) >= 3 and path[-3] == "variables":
        old, new = _dated(old), _dated(new)
    before, after = _plain(old), _plain(new)
    if before == after:
        return
    if old is not None and new is not None and isinstance(old.value, dict) and isinstance(new.value, dict):
        for key in [*old.map, *(key for key in new.map if key not in old.map)]:
            yield from _changes(old.map.get(key), new.map.get(key), (*path, key), group)
    elif (old is None or new is None) and path[-1] in (*_WHOLE, "values") and isinstance(before or after, dict):
        for key in (old or new or _EMPTY).map:
            yield from _changes(old and old.map.get(key), new and new.map.get(key), (*path, key), group)
    else:
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        yield Change(_path(path), kind, before, after, group, _words(path), path)


def _dated(formula: Node | None) -> Node | None:
    """A formula by date, so that one without a date compares with one that has several."""
    return Node({START: formula}, formula.place) if formula is not None and isinstance(formula.value, str) else formula


def _plain(node: Node | None) -> Any:
    return None if node is None else plain_data(node)


def _path(path: Sequence[str]) -> str:
    """The keys with points between names and brackets around dates and table keys; `values` is left out."""
    text = ""
    for position, key in enumerate(path):
        if key == START or (key == "values" and position >= 2 and "parameters" in path[:position]):
            continue
        text += (f".{key}" if text else key) if is_name(key) else f"[{key}]"
    return text


def _words(path: Sequence[str], lang: str = "en") -> str:
    """The thing that differs, in words: `parameter amount, from 2026-01-01`."""
    said, rest = _SAID[lang], list(path[1:])
    if not rest:
        return said["whole"] if path[0] in _GROUPS else said["scheme"].format(path[0])
    if rest[0] in _WHOLE and len(rest) >= 2:
        kind = said[rest[0].removesuffix("s")]
        return ", ".join([kind.format(rest[1]), *_details(rest[2:], said)])
    return " ".join(rest[:1]) + "".join(f", {key}" for key in rest[1:])


def _details(keys: Sequence[str], said: Mapping[str, str]) -> list[str]:
    if len(keys) >= 2 and keys[0] in ("values", "formula"):
        dated = [said["from"].format(keys[1])] if keys[1] != START else []
        dated += [said["row"].format(key) for key in keys[2:]]
        return dated if keys[0] == "values" else [said["formula"], *dated]
    return list(keys)


def as_text(changes: Sequence[Change], before: LawText, after: LawText, lang: str = "en") -> str:
    """The changes as lines in English or French, grouped by scheme under its title; one sentence if there are none."""
    lang = lang if lang in _SAID else "en"
    if not changes:
        return f"{_SAID[lang]['same']}\n"
    lines: list[str] = []
    group = ""
    for change in changes:
        if change.group != group:
            group = change.group
            lines += ["", _heading(group, before, after, lang)]
        lines.append(f"  {_sentence(change, before, after, lang)}")
    return "\n".join(lines[1:]) + "\n"


def _heading(group: str, before: LawText, after: LawText, lang: str) -> str:
    scheme = after.schemes.get(group) or before.schemes.get(group)
    if scheme is None:
        return _SAID[lang].get(group, group)
    title = scheme.title.get(lang) or next(iter(scheme.title.values()), "")
    return f"{title} ({group})" if title else group


def _sentence(change: Change, before: LawText, after: LawText, lang: str) -> str:
    said, unit = _SAID[lang], _unit(change, after if change.kind != "removed" else before)
    old, new = _shown(change.before, said, unit), _shown(change.after, said, unit)
    what = _words(change.keys, lang)
    what = what[0].upper() + what[1:]
    if change.kind == "added":
        return said["added"].format(what, new, _in_force(change, before, unit, said))
    return said["removed"].format(what, old) if change.kind == "removed" else said["changed"].format(what, old, new)


def _in_force(change: Change, law: LawText, unit: str, said: Mapping[str, str]) -> str:
    """The value that the older law has on the date of a new one: `; 30 XMU/month since 2024-01-01`."""
    found = _DATED.fullmatch(change.path)
    if not found:
        return ""
    scheme = law.concepts if found[1] == "concepts" else law.schemes.get(found[1])
    parameter = scheme.parameters.get(found[2]) if scheme else None
    earlier = [dated for dated in parameter.values if dated.since.isoformat() < found[3]] if parameter else []
    if not earlier or not isinstance(earlier[-1].value, Decimal | str | bool):
        return ""
    return said["since"].format(_shown(str(earlier[-1].value), said, unit), earlier[-1].since)


def _unit(change: Change, law: LawText) -> str:
    """The unit of the figure that differs, if it is one."""
    owner, _, rest = change.path.partition(".")
    if not rest.startswith("parameters.") or "[" not in rest:
        return ""
    scheme = law.concepts if owner == "concepts" else law.schemes.get(owner)
    name = rest.removeprefix("parameters.").partition("[")[0]
    parameter = scheme.parameters.get(name) if scheme else None
    return parameter.unit_text if parameter and not parameter.scale else ""


def _shown(value: Any, said: Mapping[str, str], unit: str = "") -> str:
    """A value on one line: texts as they are, maps by their entries, at most 300 characters."""
    if value is None:
        return said["nothing"]
    text = _flat(value)
    text = text if len(text) <= 300 else text[:297] + "…"
    return f"{text} {unit}".strip() if isinstance(value, str) else text


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(child)}" for key, child in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(child) if not isinstance(child, Mapping) else f"({_flat(child)})" for child in value)
    return "null" if value is None else " ".join(str(value).split())
