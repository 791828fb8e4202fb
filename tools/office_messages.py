"""The office's texts in French: every string of its code and pages, with the translations that each application keeps in a part of its own.

python tools/office_messages.py            # writes locale/fr/LC_MESSAGES/django.po and .mo; prints what has no French yet, ready to be filled in
python tools/office_messages.py --check    # writes nothing; fails where something is missing, unused, fuzzy, contradictory or not written yet

No gettext programs are needed. Parts: office/locale_parts/fr/<application>.po, blocks of msgid and msgstr without a header.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

OFFICE = Path(__file__).parents[1] / "src/opensocle/office"
LANGUAGE = "fr"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|(%%)")
NARROW, SOLID = "\u202f", "\u00a0"


class Whole(Catalog):
    """A catalogue whose heading names no day and no program, so that the files change only with the texts."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        plural = f"nplurals={self.num_plurals}; plural={self.plural_expr};"
        return [
            ("Language", LANGUAGE),
            ("Plural-Forms", plural),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


Key = tuple[str, tuple[str, ...]]
"""What a string is known by: its context, and its singular and plural."""


@dataclass(frozen=True)
class Fault:
    """Something that is wrong, and where."""

    at: str
    said: str

    def __str__(self) -> str:
        return f"{self.at}: {self.said}"


def key(message: Message) -> Key:
    """A string's context and forms."""
    return (message.context or "", tuple(message.id) if isinstance(message.id, (list, tuple)) else (message.id,))


def extracted(office: Path = OFFICE) -> Catalog:
    """Every string that the office's code and pages ask to have translated, with the files that do."""
    found = Catalog()
    for path in sorted([*office.rglob("*.py"), *office.glob("templates/**/*.html"), *office.glob("templates/**/*.txt")]):
        if "migrations" in path.parts:
            continue
        name = path.relative_to(office).as_posix()
        for context, forms in _strings(path):
            found.add(forms if len(forms) > 1 else forms[0], locations=[(name, 0)], context=context or None)
    return found


def _strings(path: Path) -> Iterator[Key]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text, origin=path.name).splitlines())
    for _, function, said, _ in extract_python(BytesIO(text.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}):
        given = [said] if isinstance(said, str) else list(said)
        count = 2 if function.startswith(("n", "np")) else 1
        context = given.pop(0) if "pgettext" in function else ""
        forms = given[:count]
        if forms and all(isinstance(form, str) and form for form in forms):
            yield (context, tuple(forms))


def french(text: str) -> str:
    """The text with spaces that do not break before `: ; ! ? »` and after `«`."""
    for sign in ":;!?»":
        text = text.replace(f" {sign}", f"{SOLID if sign in ':»' else NARROW}{sign}")
    return text.replace("« ", f"«{SOLID}")


def parts(folder: Path) -> tuple[dict[Key, tuple[tuple[str, ...], str]], list[Fault]]:
    """The translations of every part with the part's name, and what is wrong with them."""
    found: dict[Key, tuple[tuple[str, ...], str]] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as source:
            catalog = read_po(source, locale=LANGUAGE, abort_invalid=True)
        for message in catalog:
            if not message.id:
                continue
            forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            said = tuple(french(form or "") for form in forms)
            faults += _of_one(key(message), said, path.name, message.fuzzy)
            other = found.get(key(message))
            if other and other[0] != said:
                faults.append(Fault(path.name, f"{key(message)[1][0]!r} is translated otherwise in {other[1]}"))
            if all(said):
                found[key(message)] = (said, path.name)
    return found, faults


def _of_one(name: Key, said: tuple[str, ...], at: str, fuzzy: bool) -> list[Fault]:
    """What is wrong with one translation: uncertain, other placeholders, quotation marks of another language."""
    first = name[1][0]
    faults = [Fault(at, f"{first!r} is fuzzy")] if fuzzy else []
    if not all(said):
        return faults
    wanted = {place for form in name[1] for place in PLACES.findall(form)}
    for form in said:
        given = set(PLACES.findall(form))
        if given - wanted or (len(said) == 1 and wanted - given):
            faults.append(Fault(at, f"{first!r}: the placeholders of {form!r} are others"))
        if re.search(r"[“”]|\"(?![^<]*>)", form):
            faults.append(Fault(at, f"{first!r}: French quotation marks are « » in {form!r}"))
        if re.search(r"[^\W\d](?:[!?;]|:(?:\s|$))", re.sub(r"&#?\w+;|https?://\S+", "", form)):
            faults.append(Fault(at, f"{first!r}: a space is missing before a sign in {form!r}"))
        if form[:1].isspace() != first[:1].isspace() or form[-1:].isspace() != first[-1:].isspace():
            faults.append(Fault(at, f"{first!r}: {form!r} begins or ends otherwise"))
    return faults


def merged(strings: Catalog, said: dict[Key, tuple[tuple[str, ...], str]]) -> tuple[Catalog, list[Message]]:
    """The catalogue that Django reads, and the strings that have no translation."""
    whole = Whole(locale=LANGUAGE, fuzzy=False)
    whole.header_comment = "# Written by tools/office_messages.py from the parts in office/locale_parts: change those."
    missing = []
    for message in sorted((m for m in strings if m.id), key=key):
        forms = said.get(key(message), ((), ""))[0]
        if not forms:
            missing.append(message)
        string = (forms or ("", "")) if len(key(message)[1]) > 1 else (forms[0] if forms else "")
        whole.add(message.id, string, locations=sorted(set(message.locations)), context=message.context)
    return whole, missing


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as .po and .mo."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalog, width=150, include_lineno=False, sort_output=False)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def look(office: Path = OFFICE) -> tuple[dict[Path, bytes], list[Fault], list[Message]]:
    """The files as they should be, everything that is wrong, and the strings without a translation."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    said, faults = parts(office / "locale_parts" / LANGUAGE)
    strings = extracted(office)
    catalog, missing = merged(strings, said)
    there = {key(message) for message in strings if message.id}
    faults += [Fault(at, f"{name[1][0]!r} is used nowhere") for name, (_, at) in said.items() if name not in there]
    faults += [Fault(", ".join(sorted({f for f, _ in m.locations})), f"{key(m)[1][0]!r} has no French") for m in missing]
    po, mo = written(catalog)
    folder = office / "locale" / LANGUAGE / "LC_MESSAGES"
    return {folder / "django.po": po, folder / "django.mo": mo}, faults, missing


def unfilled(missing: list[Message]) -> str:
    """Blocks for what has no translation yet, to be filled in and put into a part."""
    blank, text = Catalog(locale=LANGUAGE), BytesIO()
    for message in missing:
        blank.add(message.id, locations=sorted(set(message.locations)), context=message.context)
    write_po(text, blank, omit_header=True, width=150, include_lineno=False)
    return text.getvalue().decode()


def main(arguments: list[str]) -> int:
    """0 where nothing is wrong."""
    files, faults, missing = look()
    if "--check" in arguments:
        faults += [Fault(path.name, "is not up to date: run tools/office_messages.py") for path, text in files.items() if _there(path) != text]
    else:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        print(unfilled(missing))
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} problems", file=sys.stderr)
    return 1 if faults else 0


def _there(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
