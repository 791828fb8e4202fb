"""Pieces that the reader of a study's settings is made of: words, numbers, paths and terms, each with its place; groups, causes and reforms."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from ...errors import nearest
from ...law.law import Law
from ...law.names import titles
from ...law.nodes import Findings, Node, check_keys
from .concepts import COMPONENTS, names, terms
from .settings import Component, Deprivations, Grouping, Income, Indicator, Reform, Term

ONE, ZERO = Decimal(1), Decimal(0)


class Pieces:
    """Reads what several parts of a study have in common. `folder`: where its paths start; None where it may name no file."""

    def __init__(self, found: Findings, law: Law | None, folder: Path | None) -> None:
        self.found, self.law, self.folder = found, law, folder

    def title(self, node: Node, what: str) -> dict[str, str]:
        return titles(node.get("title"), self.found, self.law.country.languages if self.law else (), f"title of {what}")

    def choice(self, node: Node, key: str, known: tuple[str, ...]) -> Any:
        """One of the words, the first where there is none."""
        child = node.get(key)
        return (child.as_choice(self.found, f"{key!r}", known) if child else None) or known[0]

    def whole(self, node: Node, key: str, default: int, low: int, high: int) -> int:
        child = node.get(key)
        number = child.as_integer(self.found, f"{key!r}", low, high) if child else default
        return default if number is None else number

    def number(self, node: Node, key: str, what: str, low: Decimal | None = None, high: Decimal | None = None) -> Decimal | None:
        """A number inside its limits; None where there is none or after a problem (A073)."""
        child = node.get(key)
        found = child.as_decimal(self.found, what) if child else None
        if found is not None and child and ((low is not None and found < low) or (high is not None and found > high)):
            bounds = f"from {low} to {high}" if low is not None and high is not None else f"from {low}" if low is not None else f"up to {high}"
            self.found.problem("A073", f"{what} is {child.text}", child.place, f"write a number {bounds}")
            return None
        return found

    def flag(self, node: Node, key: str) -> bool:
        child = node.get(key)
        return bool(child and child.as_boolean(self.found, f"{key!r}"))

    def text(self, node: Node, key: str) -> str:
        child = node.get(key)
        return (child.as_text(self.found, f"{key!r}") or "") if child else ""

    def term(self, node: Node, what: str) -> Term | None:
        text = node.as_text(self.found, what)
        return Term(text, node) if text else None

    def terms(self, node: Node | None, what: str) -> tuple[Term, ...]:
        """One term or a list of terms."""
        if node is None:
            return ()
        items = node.items if isinstance(node.value, list) else [node]
        return tuple(one for item in items if (one := self.term(item, what)))

    def path(self, node: Node, key: str, what: str) -> Path | None:
        """A path below the settings' folder, without a look at whether it is there."""
        child = node.get(key)
        text = child.as_text(self.found, what) if child else None
        if child is None or text is None:
            return None
        if self.folder is None:
            self.found.problem("A072", f"{what} is a path, and plain data have no folder", child.place, "give the folder of the settings")
            return None
        return self.folder / text

    # --- groups, causes, reforms, deprivations

    def groups(self, node: Node | None) -> tuple[Grouping, ...]:
        made: list[Grouping] = []
        for item in node.as_list(self.found, "'groups'") if node else []:
            group = self.group(item)
            if group and group.name in {one.name for one in made}:
                self.found.problem("A074", f"the group {group.name!r} stands twice", item.place, "keep one of them")
            made += [group] if group else []
        return tuple(made)

    def group(self, node: Node) -> Grouping | None:
        if not isinstance(node.value, dict):
            one = self.term(node, "a group")
            return Grouping(one.text, {}, one) if one else None
        check_keys(node, self.found, "a group", ("name",), ("of", "bands", "title"))
        name_node, of, bands = node.get("name"), node.get("of"), node.get("bands")
        name = name_node.as_text(self.found, "the name of a group") if name_node else None
        one = self.term(of or name_node or node, "what a group is of")
        starts = [item.as_decimal(self.found, "a band of a group") for item in bands.as_list(self.found, "'bands'")] if bands else []
        numbers = [number for number in starts if number is not None]
        if bands and (sorted(set(numbers)) != numbers or not numbers):
            self.found.problem("A074", f"the bands of {name!r} must rise", bands.place, "write the first number of each: [0, 5, 15, 65]")
        return Grouping(name, self.title(node, f"group {name!r}"), one, tuple(numbers)) if name and one else None

    def causes(self, node: Node | None) -> tuple[str, ...] | None:
        """The schemes whose causes of exclusion are asked."""
        if node is None:
            return None
        known = list(self.law.schemes) if self.law else []
        for item in node.as_list(self.found, "'causes'"):
            if item.text not in known:
                self.found.problem("A077", f"'causes': the law has no scheme {item.shown}", item.place, nearest(item.text, known) or "leave it out")
        return tuple(item.text for item in node.items)

    def reforms(self, node: Node | None) -> tuple[Reform, ...]:
        made = []
        if node is not None and self.law is None:
            self.found.problem("A075", "a study without a law has no reforms", node.place, "leave out 'reforms', or name a country")
        for item in node.as_list(self.found, "'reforms'") if node else []:
            if not item.is_map(self.found, "a reform"):
                continue
            check_keys(item, self.found, "a reform", (), ("overlay", "scenario", "name", "title"))
            overlay, scenario = self.path(item, "overlay", "the overlay"), self.text(item, "scenario")
            if (item.get("overlay") is None) == (not scenario):
                self.found.problem("A075", "a reform is an overlay or a scenario: give one of them", item.place, "write overlay: overlays/name.yaml")
                continue
            if overlay is not None and not overlay.is_file():
                self.found.problem("A075", f"there is no overlay {overlay.name!r}", item.place, "write its path from the settings' folder")
                continue
            made.append(Reform(self.text(item, "name") or (overlay.stem if overlay else scenario), self.title(item, "a reform"), overlay, scenario))
        return tuple(made)

    def income(self, node: Node | None, transfers: Collection[str]) -> Income | None:
        """What is known of the components of income. Problems: A077 for a transfer, A080 for what a concept asked for lacks, A081 for a name."""
        if node is None or not node.is_map(self.found, "'income'"):
            return None
        check_keys(node, self.found, "'income'", ("components",), ("pensions", "concepts"))
        made: dict[str, Component] = {}
        child = node.get("components")
        for name, part in child.as_map(self.found, "'components'").items() if child else ():
            if name not in COMPONENTS:
                self.found.problem("A081", f"no component of income is called {name!r}", part.place, nearest(name, list(COMPONENTS)))
            made[name] = self.component(name, part, transfers)
        treatment = self.choice(node, "pensions", ("deferred", "transfer"))
        known, wanted = names(treatment), node.get("concepts")
        asked = {item.text: item for item in wanted.as_list(self.found, "'concepts'")} if wanted else {}
        for name, item in asked.items():
            if name not in known:
                self.found.problem("A081", f"no income concept is called {name!r}", item.place, nearest(name, known))
                continue
            missing = [part for part in terms(name, treatment) if part not in made]
            if missing:
                what = f"{name} income needs {', '.join(missing)}: {'; '.join(COMPONENTS[part] for part in missing)}"
                self.found.problem("A080", what, item.place, "give each component, or 0 if there is none in the country")
        if not asked and all(set(terms(name, treatment)) - set(made) for name in known):
            missing = [part for part in terms("market", treatment) if part not in made]
            self.found.problem("A080", f"market income needs {', '.join(missing)}", node.place, "give each component, or 0 if there is none")
        return Income(made, treatment, tuple(name for name in asked if name in known))

    def component(self, name: str, node: Node, transfers: Collection[str]) -> Component:
        what = f"the component {name!r}"
        if not isinstance(node.value, dict):
            number = node.as_decimal(self.found, what)
            if number is not None and number != 0:
                self.found.problem("A073", f"{what} is {node.text}", node.place, "write 0 where there is none, else {persons: [TERM]}")
            return Component()
        check_keys(node, self.found, what, (), ("persons", "households", "transfers"))
        named = node.get("transfers")
        for item in named.as_list(self.found, "'transfers'") if named else ():
            if item.text not in transfers:
                self.found.problem("A077", f"{what}: the study has no transfer {item.shown}", item.place, nearest(item.text, list(transfers)))
        own = tuple(item.text for item in named.items) if named else ()
        return Component(self.terms(node.get("persons"), what), self.terms(node.get("households"), what), own)

    def deprivations(self, node: Node | None) -> Deprivations | None:
        if node is None or not node.is_map(self.found, "'multidimensional'"):
            return None
        check_keys(node, self.found, "'multidimensional'", ("dimensions", "cutoff"), ("who", "notes"))
        cutoff = self.number(node, "cutoff", "the cut-off", Decimal("0.000001"), ONE)
        who = self.term(child, "'who'") if (child := node.get("who")) else None
        indicators: list[Indicator] = []
        named: dict[str, dict[str, str]] = {}
        dimensions = node.get("dimensions")
        for name, child in dimensions.as_map(self.found, "'dimensions'").items() if dimensions else ():
            check_keys(child, self.found, f"the dimension {name!r}", ("weight", "indicators"), ("title",))
            named[name] = self.title(child, f"dimension {name!r}")
            weight = self.number(child, "weight", f"the weight of {name!r}", ZERO, ONE)
            parts = child.get("indicators")
            found = parts.as_map(self.found, f"the indicators of {name!r}") if parts else {}
            for part, formula in found.items():
                if isinstance(formula.value, dict):
                    check_keys(formula, self.found, f"the indicator {part!r}", ("of",), ("title",))
                    named[part] = self.title(formula, f"indicator {part!r}")
                    formula = formula.get("of") or formula
                one = self.term(formula, f"the indicator {part!r}")
                indicators += [Indicator(part, name, (weight or ZERO) / len(found), one)] if one else []
        if dimensions and abs(sum((one.weight for one in indicators), ZERO) - 1) > Decimal("1e-6"):
            self.found.problem("A073", "the weights of the dimensions do not add up to 1", dimensions.place, "write shares of the whole")
        return Deprivations(who, tuple(indicators), cutoff or ONE, named)
