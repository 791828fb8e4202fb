"""The office's French: complete, nothing left over, typed as French is; and the tool that says so."""

from __future__ import annotations

import gettext
import shutil
from io import BytesIO
from pathlib import Path

import pytest

from office_messages import OFFICE, extracted, french, look, main, merged, parts, unfilled, written

CODE = """
from django.utils.translation import gettext as _, ngettext
def said(number):
    return _("Find a person"), ngettext("%(number)s claim", "%(number)s claims", number) % {"number": number}
"""
PAGE = """{% load i18n %}<c-card title="{% translate "My work" %}">
  {% blocktranslate trimmed with day=day %}Until {{ day }}{% endblocktranslate %}</c-card>"""
PART = """
msgid "Find a person"
msgstr "Trouver une personne"

msgid "%(number)s claim"
msgid_plural "%(number)s claims"
msgstr[0] "%(number)s demande"
msgstr[1] "%(number)s demandes"

msgid "My work"
msgstr "Qu'ai-je à faire ?"

msgid "Until %(day)s"
msgstr "Jusqu'au %(day)s"
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A small office: one module, one page, one part."""
    for name, text in {"cases/views.py": CODE, "templates/cases/list.html": PAGE, "locale_parts/fr/cases.po": PART}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(office: Path, before: str, after: str) -> list[str]:
    """The faults once the part says something else."""
    part = office / "locale_parts/fr/cases.po"
    text = part.read_text(encoding="utf-8")
    assert before in text
    part.write_text(text.replace(before, after), encoding="utf-8")
    return [str(fault) for fault in look(office)[1]]


def test_every_text_of_the_office_has_its_french_and_the_files_are_written() -> None:
    assert main(["--check"]) == 0, "run: python tools/office_messages.py"


def test_python_and_templates_are_read_with_plurals_and_placeholders(office: Path) -> None:
    assert {m.id for m in extracted(office) if m.id} == {"Find a person", ("%(number)s claim", "%(number)s claims"), "My work", "Until %(day)s"}
    assert look(office)[1:] == ([], [])


def test_gettext_itself_reads_the_compiled_file(office: Path) -> None:
    files, _, _ = look(office)
    read = gettext.GNUTranslations(BytesIO(files[office / "locale/fr/LC_MESSAGES/django.mo"]))
    assert read.gettext("My work") == "Qu'ai-je à faire\u202f?"
    assert [read.ngettext("%(number)s claim", "%(number)s claims", n) for n in (0, 1, 2)] == ["%(number)s demande"] * 2 + ["%(number)s demandes"]


def test_the_same_texts_give_the_same_bytes(office: Path) -> None:
    assert look(office)[0] == look(office)[0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"Trouver une personne"', '""', "has no French"),
        ('msgid "My work"', 'msgid "My old work"', "is used nowhere"),
        ("Jusqu'au %(day)s", "Jusqu'au %(jour)s", "placeholders"),
        ("Jusqu'au %(day)s", "Jusqu'à ce jour", "placeholders"),
        ("à faire ?", "à faire?", "a space is missing"),
        ("Trouver une", "“Trouver” une", "quotation marks"),
        ('msgid "My work"', '#, fuzzy\nmsgid "My work"', "fuzzy"),
        ("Trouver", " Trouver", "begins or ends"),
    ],
)
def test_a_faulty_part_is_refused(office: Path, before: str, after: str, said: str) -> None:
    assert any(said in fault for fault in change(office, before, after))


def test_two_parts_may_not_translate_the_same_text_differently(office: Path) -> None:
    other = office / "locale_parts/fr/people.po"
    other.write_text('msgid "My work"\nmsgstr "Qu\'ai-je à faire ?"\n', encoding="utf-8")
    assert look(office)[1] == []
    other.write_text('msgid "My work"\nmsgstr "Mon travail"\n', encoding="utf-8")
    assert [fault for fault in look(office)[1] if "otherwise" in fault.said]


def test_what_is_missing_is_printed_ready_to_be_filled_in(office: Path) -> None:
    shutil.rmtree(office / "locale_parts")
    (office / "locale_parts/fr").mkdir(parents=True)
    (office / "locale_parts/fr/cases.po").write_text(unfilled(look(office)[2]), encoding="utf-8")
    said, faults = parts(office / "locale_parts/fr")
    assert (said, faults) == ({}, []) and len(look(office)[2]) == 4


def test_no_break_spaces_stand_where_french_has_them() -> None:
    assert french("« Quoi ? » : rien ; non !") == "«\u00a0Quoi\u202f?\u00a0»\u00a0: rien\u202f; non\u202f!"


def test_the_heading_names_no_day_and_no_program() -> None:
    said, _ = parts(OFFICE / "locale_parts/fr")
    heading = written(merged(extracted(), said)[0])[0].decode().split("\n\n")[0]
    assert "Date" not in heading and "Babel" not in heading and "plural=(n > 1)" in heading
