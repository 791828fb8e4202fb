"""What a condition of a right is about: found from the facts that it reads, through the variables that it uses.

Each fact of the vocabulary has a theme (`vocabulary/data/facts.yaml`, and `theme:` in a country's own variables); of several, the first in
the order of the labels `themes` holds. Method: docs/methods/exclusion.md#themes.
"""

from __future__ import annotations

from datetime import date

from ..law import tree as t
from ..law.compiling import RuleName
from ..law.law import Law
from ..law.model import RESERVED
from ..vocabulary import labels
from ..vocabulary.model import HOUSEHOLDS, PERSONS, TABLES
from .plan import HOUSEHOLD

OTHER = "other"
BENEFITS = "other_benefits"
STRONG = frozenset(("contributions", "means"))
"""What members are counted or summed for: anything else tells of the household's composition."""


def theme_of(law: Law, expr: t.Expr, owner: str, day: date) -> str:
    """The theme of a condition written in `owner`'s law and read on a day."""
    found = themes_of(law, expr, owner, day)
    return next((name for name in labels("themes") if name in found), OTHER)


def themes_of(law: Law, expr: t.Expr, owner: str, day: date) -> frozenset[str]:
    """The themes of all facts that an expression reads. Rights and amounts of other schemes are themes of their own, and not looked into."""
    found: set[str] = set()
    seen: set[RuleName] = set()
    pending = [(expr, owner)]
    while pending:
        node, inside = pending.pop()
        if isinstance(node, t.Fact):
            found.add(_of_word(law, "events" if node.table == "event" else node.table, node.name))
        elif isinstance(node, t.Result):
            if node.owner == "vocabulary":
                found.add(_of_word(law, HOUSEHOLDS if node.entity == HOUSEHOLD else PERSONS, node.name))
            elif node.owner != inside and node.name in RESERVED:
                found.add(BENEFITS)
            elif (node.owner, node.name) not in seen:
                seen.add((node.owner, node.name))
                formula = law.rules[node.owner, node.name].on(day)
                pending += [(formula.expr, node.owner)] if formula else []
        elif isinstance(node, t.Rows) and node.table == "members" and node.function not in ("any", "all"):
            within = [themes_of(law, part, inside, day) for part in t.below(node)]
            found |= frozenset().union(*within) & STRONG or {"household"}
        else:
            if isinstance(node, t.Rows) and node.table in TABLES:
                found.add(_of_word(law, node.table, "person_id"))
            pending += [(part, inside) for part in t.below(node)]
    return frozenset(found)


def _of_word(law: Law, table: str, name: str) -> str:
    word = law.vocabulary.fact(table, name)
    return word.theme if word else OTHER
