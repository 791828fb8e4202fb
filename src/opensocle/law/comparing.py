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
_GROUPS = {"country": "Country", "concepts": "Concepts", "agreements": "Agreements"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path`: `child_grant.parameters.amount[2026-01-01]`; `before` and `after` are texts, or maps of texts for a whole thing."""

    path: str
    kind: Kind
    before: Any
    after: Any
    group: str
    what: str

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
        yield Change(_path(path), kind, before, after, group, _words(path))


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


def _words(path: Sequence[str]) -> str:
    """The thing that differs, in words: `parameter amount, from 2026-01-01`."""
    rest = list(path[1:])
    if not rest:
        return "whole text" if path[0] in _GROUPS else f"scheme {path[0]}"
    if rest[0] in _WHOLE and len(rest) >= 2:
        kind = rest[0].removesuffix("s")
        return ", ".join([f"{kind} {rest[1]}", *_details(rest[2:])])
    return " ".join(rest[:1]) + "".join(f", {key}" for key in rest[1:])


def _details(keys: Sequence[str]) -> list[str]:
    if len(keys) >= 2 and keys[0] in ("values", "formula"):
        dated = [f"from {keys[1]}"] if keys[1] != START else []
        dated += [f"row {key}" for key in keys[2:]]
        return dated if keys[0] == "values" else ["formula", *dated]
    return list(keys)


def as_text(changes: Sequence[Change], before: LawText, after: LawText, lang: str = "en") -> str:
    """The changes as lines, grouped by scheme under its title; one sentence if there are none."""
    if not changes:
        return "No difference.\n"
    lines: list[str] = []
    group = ""
    for change in changes:
        if change.group != group:
            group = change.group
            lines += ["", _heading(group, before, after, lang)]
        lines.append(f"  {_sentence(change, before, after)}")
    return "\n".join(lines[1:]) + "\n"


def _heading(group: str, before: LawText, after: LawText, lang: str) -> str:
    scheme = after.schemes.get(group) or before.schemes.get(group)
    if scheme is None:
        return _GROUPS.get(group, group)
    title = scheme.title.get(lang) or next(iter(scheme.title.values()), "")
    return f"{title} ({group})" if title else group


def _sentence(change: Change, before: LawText, after: LawText) -> str:
    unit = _unit(change, after if change.kind != "removed" else before)
    old, new = _shown(change.before, unit), _shown(change.after, unit)
    what = change.what[0].upper() + change.what[1:]
    if change.kind == "added":
        return f"{what}: {new} (added{_in_force(change, before, unit)})"
    if change.kind == "removed":
        return f"{what}: removed (was {old})"
    return f"{what}: {old} → {new}"


def _in_force(change: Change, law: LawText, unit: str) -> str:
    """The value that the older law has on the date of a new one: `; 30 XMU/month since 2024-01-01`."""
    found = _DATED.fullmatch(change.path)
    if not found:
        return ""
    scheme = law.concepts if found[1] == "concepts" else law.schemes.get(found[1])
    parameter = scheme.parameters.get(found[2]) if scheme else None
    earlier = [dated for dated in parameter.values if dated.since.isoformat() < found[3]] if parameter else []
    if not earlier or not isinstance(earlier[-1].value, Decimal | str | bool):
        return ""
    return f"; {_shown(str(earlier[-1].value), unit)} since {earlier[-1].since}"


def _unit(change: Change, law: LawText) -> str:
    """The unit of the figure that differs, if it is one."""
    owner, _, rest = change.path.partition(".")
    if not rest.startswith("parameters.") or "[" not in rest:
        return ""
    scheme = law.concepts if owner == "concepts" else law.schemes.get(owner)
    name = rest.removeprefix("parameters.").partition("[")[0]
    parameter = scheme.parameters.get(name) if scheme else None
    return parameter.unit_text if parameter and not parameter.scale else ""


def _shown(value: Any, unit: str = "") -> str:
    """A value on one line: texts as they are, maps by their entries, at most 300 characters."""
    if value is None:
        return "nothing (null)"
    text = _flat(value)
    text = text if len(text) <= 300 else text[:297] + "…"
    return f"{text} {unit}".strip() if isinstance(value, str) else text


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_flat(child)}" for key, child in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(child) if not isinstance(child, Mapping) else f"({_flat(child)})" for child in value)
    return "null" if value is None else " ".join(str(value).split())
