"""Names in any script as they are searched: latinised words, how a word sounds, numbers of documents and telephones in one form.

Sounds: Metaphone (L. Philips, 1990) of the latinised word after joining spellings of one sound that separate languages of one region
(ou/u, dj/j, kh/k, Diallo/Jallow), without the vowel at the beginning and without h, w and y: Arabic writes no short vowels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import jellyfish
from anyascii import anyascii

LONGEST = 40
"""Letters of a word that are kept in a key."""
PARTICLE = 3
"""Words up to this many letters are also searched together with their neighbour: Abd Allah and Abdallah."""
_BEFORE = str.maketrans({"х": "h", "Х": "H", "ث": "s", "ذ": "z", "’": "", "ʼ": "", "'": "", "`": "", "‘": "", "ʻ": "", "-": " "})
"""Letters whose usual latinisation hides how they sound, and signs within words."""
_WORD = re.compile(r"[a-z0-9]+")
_RUN = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SAME_SOUND = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"kh|gh|ck|q"), "k"),
    (re.compile(r"dj|di(?=[aou])|dh"), "j"),
    (re.compile(r"tch|ch"), "sh"),
    (re.compile(r"z"), "s"),
    (re.compile(r"c(?=[aou])"), "k"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"w"), "u"),
)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in the letters a to z and figures, without accents and case: « Aïssatou N'Diaye » gives aissatou, ndiaye."""
    latin = "".join(_latin(part) + " " for part in text.translate(_BEFORE).split())
    return tuple(word[:LONGEST] for word in _WORD.findall(latin.lower()))


def _latin(part: str) -> str:
    """A word latinised; Chinese and Japanese signs become a word each."""
    latin = re.sub(r"[`'\"]", "", anyascii(part))
    return latin if part.isascii() or not _ideographic(part) else _RUN.sub(" ", latin)


def _ideographic(part: str) -> bool:
    return any("぀" <= sign <= "鿿" or "가" <= sign <= "힯" for sign in part)


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """How a latinised word sounds, capital letters; the word itself where nothing is left."""
    said = word
    for pattern, letters in _SAME_SOUND:
        said = pattern.sub(letters, said)
    code = re.sub(r"[HWY0]", lambda found: "T" if found[0] == "0" else "", jellyfish.metaphone(said)).replace(" ", "")
    code = re.sub(r"^[AEIOU]+", "", code)
    code = re.sub(r"(.)\1+", r"\1", code)
    return (code or word.upper())[:LONGEST]


def name_words(names: Iterable[str]) -> set[str]:
    """All words under which somebody with these names is found; short words also joined to their neighbours."""
    found: set[str] = set()
    for name in names:
        said = words(name)
        found.update(said)
        for left, right in pairwise(said):
            if min(len(left), len(right)) <= PARTICLE or _ideographic(name):
                found.add((left + right)[:LONGEST])
    return found


def normal_identifier(text: str) -> str:
    """A number of a document as it is compared: capital letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", anyascii(text).upper())[:60]


def search_keys(names: Iterable[str], identifiers: Iterable[str] = (), phones: Iterable[str] = ()) -> set[tuple[str, str]]:
    """All search keys (kind, key) of a person: of names as typed, numbers of documents, telephones in E.164."""
    numbers = {("i", number) for identifier in identifiers if (number := normal_identifier(identifier))}
    return {("w", word) for word in name_words(names)} | numbers | {("p", digits(phone)) for phone in phones if phone}


def digits(phone: str) -> str:
    """The figures of a telephone."""
    return re.sub(r"\D", "", anyascii(phone))
