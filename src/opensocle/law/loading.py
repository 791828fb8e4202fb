"""Loads a country: all its files to one tree, and the tree to typed data, with every problem found on the way.

The way of the files: folder or texts → `read_tree` → `build`. An overlay changes the tree, and `build` reads the result again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import LawError, Problems, nearest
from ..vocabulary import Vocabulary
from .country import Heading, read_heading
from .model import Country, Place, Scheme
from .names import Context
from .nodes import Findings, Node
from .reading import read_file, read_text
from .rhythm import check_rhythm
from .schemes import read_concepts, read_scheme

MAX_FILES = 2_000
FOLDERS = ("schemes", "agreements", "cases")
BESIDE = ("impact.yaml",)
"""Files that stand beside the law and are read by others: docs/reference/impact.md."""

Source = str | Path | Mapping[str, str]
"""A country's folder, or the text of its files by path (`schemes/child_grant.yaml`)."""


@dataclass(frozen=True, slots=True)
class LawText:
    """A country's law as read from its files: structure checked, formulas not yet parsed.

    `vocabulary`: with what the country adds; None where that is wrong. `additions`: the same additions as plain data. `tree`: the nodes of country,
    concepts, schemes and agreements by name, which overlays change and `content_hash` sums up. `problems` must be empty before the law is used.
    """

    country: Country | None
    vocabulary: Vocabulary | None
    additions: Mapping[str, Mapping[str, Any]]
    concepts: Scheme
    schemes: Mapping[str, Scheme]
    problems: tuple[LawError, ...]
    warnings: tuple[LawError, ...]
    tree: Node

    def require(self) -> LawText:
        """This text if nothing is wrong with it. Raises Problems with everything that is."""
        if self.problems:
            raise Problems(self.problems)
        return self


def read_country(source: Source) -> LawText:
    """The law of a folder, or of texts by path. Problems are in the result, not raised."""
    found = Findings()
    return build(read_tree(source, found), found)


def build(tree: Node, found: Findings | None = None) -> LawText:
    """Typed data of a tree with the entries country, concepts, schemes and agreements; `found` holds what reading it met."""
    found = found or Findings()
    heading = tree.map.get("country")
    top = read_heading(heading, found) if heading else Heading(None, None, {"codes": {}, "variables": {}})
    country = top.country
    if country is None and not found.problems:
        found.problem("L011", "the law has no country", Place("country.yaml"), "add country.yaml")
    context = Context(found, country.languages if country else ("en",), country.currency.code if country else "", top.vocabulary)
    concepts = read_concepts(tree.get("concepts"), context)
    schemes: dict[str, Scheme] = {}
    entries = tree.map.get("schemes", Node({}))
    for name, node in sorted(entries.map.items()):
        scheme = read_scheme(name, node, context, entries.key_place(name))
        if scheme is not None:
            schemes[name] = scheme
            _check_clashes(scheme, concepts, found)
            _check_table_keys(scheme, concepts, context)
    _check_table_keys(concepts, concepts, context)
    check_rhythm([concepts, *schemes.values()], found)
    return LawText(country, top.vocabulary, top.additions, concepts, schemes, tuple(found.problems), tuple(found.warnings), tree)


def read_tree(source: Source, found: Findings) -> Node:
    """The merged tree of a country's files: `{country, concepts, schemes: {name: …}, agreements: {name: …}}`."""
    files = list_files(source, found)
    parts: dict[str, Node] = {}
    for key in ("country", "concepts"):
        node = files.read(f"{key}.yaml", found) if f"{key}.yaml" in files.names else None
        if node is not None and not (key == "concepts" and node.is_null):
            parts[key] = node
    if "country.yaml" not in files.names:
        found.problem("L001", "there is no country.yaml", Place("country.yaml"), "a country's folder starts with this file")
    for folder in ("schemes", "agreements"):
        nodes, places = {}, {}
        for name in files.under(folder):
            stem = name.removeprefix(folder + "/").removesuffix(".yaml")
            node = files.read(name, found)
            if node is None:
                continue
            nodes[stem] = _without_name(node, stem, found) if folder == "schemes" else node
            places[stem] = node.place
        parts[folder] = Node(nodes, Place(folder), keys=places)
    return Node(parts, Place(""))


def _without_name(node: Node, stem: str, found: Findings) -> Node:
    """The scheme without its `scheme:` line, once that says the file's name."""
    if not isinstance(node.value, dict):
        return node
    name = node.get("scheme")
    if name is None:
        found.problem("L011", "the file has no 'scheme'", node.place, f"start with scheme: {stem}")
    elif name.text != stem:
        found.problem("L018", f"the scheme is called {name.shown}, the file {stem}.yaml", name.place, "give both the same name")
    return Node({key: child for key, child in node.map.items() if key != "scheme"}, node.place, keys=node.keys)


def _check_clashes(scheme: Scheme, concepts: Scheme, found: Findings) -> None:
    """Report what a scheme calls by the name of a concept."""
    for name, thing in [*scheme.parameters.items(), *scheme.variables.items()]:
        if name in concepts.variables or name in concepts.parameters:
            other = concepts.variables.get(name) or concepts.parameters[name]
            found.problem("L017", f"{name!r} is already a concept ({other.place})", thing.place, "choose another name, or use the concept")


def _check_table_keys(scheme: Scheme, concepts: Scheme, context: Context) -> None:
    """Report the keys of tables that are neither in the vocabulary nor computed by the law."""
    if context.vocabulary is None:
        return
    own = [*scheme.variables, *scheme.parameters, *concepts.variables, *concepts.parameters]
    for parameter in scheme.parameters.values():
        for key in parameter.by:
            if key not in own and context.word(key) is None:
                words = [name for facts in context.vocabulary.tables.values() for name in facts]
                hint = nearest(key, [*own, *words, *context.vocabulary.codes])
                context.found.problem("L027", f"parameter {parameter.name!r}: the key {key!r} is no variable and no code list", parameter.place, hint)


@dataclass(frozen=True, slots=True)
class Files:
    """The YAML files of a country, by path within it."""

    names: tuple[str, ...]
    folder: Path | None
    texts: Mapping[str, str]

    def under(self, folder: str) -> list[str]:
        return [name for name in self.names if name.startswith(folder + "/")]

    def read(self, name: str, found: Findings) -> Node | None:
        if self.folder is None:
            return read_text(self.texts[name], name, found)
        return read_file(self.folder / name, name, found, inside=self.folder)


def list_files(source: Source, found: Findings) -> Files:
    """The files that are read; a problem for a folder that is missing, too full, or holds a .yml that nobody would read."""
    if isinstance(source, Mapping):
        names, folder, texts = list(source), None, source
    else:
        folder, texts = Path(source), {}
        if not folder.is_dir():
            found.problem("L001", f"there is no folder {folder.name!r}", Place(str(folder)), "name the folder of a country")
            return Files((), folder, texts)
        names = [path.name for path in folder.iterdir() if path.suffix in (".yaml", ".yml")]
        for part in FOLDERS:
            if (folder / part).is_dir():
                names += [path.relative_to(folder).as_posix() for path in (folder / part).rglob("*.y*ml")]
    names = sorted(name for name in names if name.endswith((".yaml", ".yml")) and name not in BESIDE)
    if len(names) > MAX_FILES:
        found.problem("L005", f"the country has {len(names)} files", Place(""), f"at most {MAX_FILES} are read")
        names = names[:MAX_FILES]
    for name in names:
        if name.endswith(".yml"):
            found.problem("L001", "the file is not read: its name ends in .yml", Place(name), "rename it to .yaml")
        elif name.count("/") > 1 and not name.startswith("cases/"):
            found.problem("L001", "the file is not read: it stands in a folder of its own", Place(name), f"move it up to {name.split('/')[0]}/")
        elif "/" not in name and name not in ("country.yaml", "concepts.yaml"):
            found.problem("L001", "the file is not read: nobody looks for this name", Place(name), "move a scheme to schemes/, cases to cases/")
    kept = [name for name in names if name.endswith(".yaml") and (name.count("/") <= 1 or name.startswith("cases/"))]
    return Files(tuple(kept), folder, texts)
