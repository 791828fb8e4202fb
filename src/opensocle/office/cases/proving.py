"""What documents prove for a claim, in the reader's words."""

from __future__ import annotations

from ...law.law import Law
from ..laws.deciding import law_on
from ..laws.presenting import NamedWords
from ..people.choices import DOCUMENTS, title
from ..people.models import Document
from .models import Claim, Evidence
from .selectors import facts_of


def called(law: Law, table: str, name: str) -> str:
    """What a fact, or a history (name is empty), is called."""
    words = NamedWords(law, {})
    word = law.vocabulary.tables[table].get(name) if name else None
    return words.capital(words.title(word.title, name) if word else words(table))


def choices_of(claim: Claim) -> list[tuple[str, str]]:
    """What can be proved for a claim: the name that is kept, and what it is called."""
    law = law_on(claim.month)
    found = {name or table: called(law, table, name) for table, name in facts_of(law, claim.scheme)}
    return sorted(found.items(), key=lambda pair: pair[1])


def listed(claim: Claim, evidence: list[Evidence]) -> list[tuple[Document, str, str]]:
    """Each document with its kind and what it proves, in the reader's words."""
    names = dict(choices_of(claim)) if evidence else {}
    return [(one.document, title(DOCUMENTS, one.document.kind), names.get(one.proves, one.proves)) for one in evidence]
