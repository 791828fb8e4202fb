"""Facts, documents, consent, households, and what happens to a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ....vocabulary import labels
from ....vocabulary.model import Fact, Vocabulary
from ...design.dates import DayField
from ...laws.values import PEOPLE, write
from ...places.models import Area
from ...references import read_reference
from ..choices import DOCUMENTS, PROOFS, PURPOSES
from ..models import Household, Person
from ..selectors import districts_of_country, documents_of, home
from ..services.documents import MOST
from ..words import in_reader_language, recordable, table_of, unit_of, word_of, words_on
from .base import EMPTY, FileForm, areas, codes, pairs
from .identity import ReasonMixin

KNOWN_DEATHS = {
    "new_document": _("By a death certificate"),
    "civil_register": _("By the civil register"),
    "statement": _("The family or a neighbour says so"),
    "court_decision": _("A court has declared it"),
}
"""How a death is known, as codes of REASONS."""
FEW = 8
"""Codes that are shown as a list to tick; more become a menu."""


class FactNameForm(FileForm):
    """Which fact."""

    name = forms.ChoiceField(label=_("What do you want to record?"))

    def prepare(self) -> None:
        themes = labels("themes")
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, word in recordable(table_of(self.about), words_on(self.on)).items():
            theme = themes.get(word.theme)
            groups.setdefault(in_reader_language(theme.title) if theme else word.theme, []).append((name, in_reader_language(word.title)))
        self.give("name", [EMPTY, *((theme, sorted(found, key=lambda pair: pair[1])) for theme, found in sorted(groups.items()))])


class FactForm(FileForm):
    """A fact: its value, the days, and how it is known. name: the word of the vocabulary."""

    since = DayField(label=_("Since when?"), required=False, help_text=_("Leave it empty where it has always been so."))
    until = DayField(
        label=_("Until when?"), required=False, help_text=_("The first day on which it is not so any more. Leave it empty where it goes on.")
    )
    proof = forms.ChoiceField(label=_("How is it known?"), widget=forms.RadioSelect, choices=lambda: pairs(PROOFS), initial="declared")
    document = forms.ChoiceField(label=_("Which document proves it?"), required=False)

    def __init__(self, *args: Any, name: str, **more: Any) -> None:
        self.name = name
        super().__init__(*args, **more)

    def prepare(self) -> None:
        words = words_on(self.on)
        word = word_of(table_of(self.about), self.name, words)
        first: dict[str, forms.Field] = {"value": value_field(word, words)}
        if word.none:
            first["none"] = forms.BooleanField(label=_("There is none"), required=False)
            first["value"].required = False
        self.fields = {**first, **self.fields}
        if isinstance(self.about, Household):
            del self.fields["document"]
        else:
            known = documents_of(self.user, self.about, self.on)
            self.give("document", [EMPTY, *((one.reference, str(one.title or DOCUMENTS.get(one.kind, one.kind))) for one in known)])
        if self.row is not None:
            self.initial = {"value": _initial(word, self.row.value), "none": word.none and self.row.value == ""}
            self.initial.update(since=self.row.since, until=self.row.until, proof=self.row.proof)
        else:
            self.initial["since"] = self.on

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "none" in self.fields and not said.get("none") and said.get("value") in (None, ""):
            self.add_error("value", _("Say what it is, or that there is none."))
        return said

    def text(self) -> str:
        """The value as the services take it."""
        said = self.cleaned_data
        return "" if said.get("none") else _typed(said["value"])


class CorrectFact(FactForm, ReasonMixin):
    """What is right instead; the document that proved it stays with it."""

    def prepare(self) -> None:
        super().prepare()
        self.fields.pop("document", None)
        self.order_fields(["value", "none", "since", "until", "proof", "reason"])


def value_field(word: Fact, words: Vocabulary) -> forms.Field:
    """A field for a value of a word."""
    label, hint = in_reader_language(word.title), in_reader_language(word.description) if word.description else ""
    if measure := unit_of(word):
        hint = f"{hint} ({measure})" if hint else measure
    found = words.codes.get(word.codes)
    if word.type == "boolean":
        return forms.ChoiceField(label=label, help_text=hint, widget=forms.RadioSelect, choices=[("true", _("Yes")), ("false", _("No"))])
    if word.type == "code" and found and found.values:
        choices = [(code, in_reader_language(titles)) for code, titles in found.values.items()]
        if len(choices) <= FEW:
            return forms.ChoiceField(label=label, help_text=hint, widget=forms.RadioSelect, choices=choices)
        return forms.ChoiceField(label=label, help_text=hint, choices=[EMPTY, *sorted(choices, key=lambda pair: pair[1])])
    if word.type == "date":
        return DayField(label=label, help_text=hint)
    if word.name in PEOPLE:
        return forms.CharField(label=label, help_text=_("The reference of the person"), max_length=20)
    return forms.CharField(label=label, help_text=hint, max_length=200)


def _typed(value: Any) -> str:
    """Figures as people type them, 1 250,50, as canonical text."""
    if isinstance(value, date):
        return write(value)
    text = str(value).strip()
    bare = "".join(text.replace("\u202f", "").replace("\u00a0", "").split())
    figures = bare.replace(",", ".", 1)
    return figures if figures.lstrip("-").replace(".", "", 1).isdecimal() and figures.isascii() else text


def _initial(word: Fact, text: str) -> Any:
    return date.fromisoformat(text) if word.type == "date" and text else text


class EndForm(FileForm):
    """The last day of something."""

    until = DayField(label=_("From which day is it not so any more?"))

    def prepare(self) -> None:
        self.fields["until"].initial = self.on


class DocumentForm(FileForm):
    """A file."""

    kind = forms.ChoiceField(label=_("What document is it?"), choices=lambda: [EMPTY, *pairs(DOCUMENTS)])
    title = forms.CharField(label=_("What you call it"), required=False, max_length=120)
    file = forms.FileField(label=_("File"), help_text=_("A photograph (JPEG or PNG) or a PDF, 8 megabytes at most"))

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > MOST:
            raise ValidationError(_("The file is too large: %(most)d megabytes at most.") % {"most": MOST // 1_000_000})
        content: bytes = sent.read()
        return content


class ConsentForm(FileForm):
    """What somebody agrees to."""

    purpose = forms.ChoiceField(label=_("What does the person agree to?"), widget=forms.RadioSelect, choices=lambda: pairs(PURPOSES))
    until = DayField(label=_("Until when?"), required=False, help_text=_("Leave it empty where it goes on."))


class DeathForm(FileForm):
    """When, and how it is known; kept in the audit as the reason of the change."""

    died = DayField(label=_("On which day did the person die?"))
    reason = forms.ChoiceField(label=_("How is it known?"), widget=forms.RadioSelect, choices=lambda: list(KNOWN_DEATHS.items()))


class TransferForm(FileForm):
    """To where, and from when."""

    area = forms.ChoiceField(label=_("Where does the person live now?"))
    address = forms.CharField(label=_("Address, or how to find the house"), required=False, max_length=300)
    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        self.give("area", areas(districts_of_country(), get_language() or "en"))
        self.fields["since"].initial = self.on

    def clean_area(self) -> Area:
        found = Area.objects.filter(code=self.cleaned_data["area"]).select_related("district").first()
        if found is None:
            raise ValidationError(_("Choose one of the list."))
        return found


class MakeHouseholdForm(FileForm):
    """A new household of which the person is the head."""

    since = DayField(label=_("Since when does the person head this household?"))
    address = forms.CharField(label=_("Address, or how to find the house"), required=False, max_length=300)

    def prepare(self) -> None:
        self.fields["address"].initial = self.about.address


class JoinForm(FileForm):
    """Which household, as what, and from when."""

    household = forms.CharField(label=_("Reference of the household, or of somebody who lives in it"), max_length=20)
    relationship = forms.ChoiceField(label=_("What is the person to the head of the household?"))
    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        self.give("relationship", [EMPTY, *codes("relationship_to_head", self.on)])
        self.fields["since"].initial = self.on

    def clean_household(self) -> Household:
        reference = read_reference(self.cleaned_data["household"]) or ""
        rows = Household.objects.visible_to(self.user, "household.change", self.on)
        found = rows.filter(reference=reference).first()
        if found is None:
            member = Person.objects.visible_to(self.user, "household.change", self.on).filter(reference=reference).first()
            found = rows.filter(memberships__person=member, memberships__until__isnull=True).first() if member else None
        if found is None:
            raise ValidationError(_("There is no household with this reference."))
        return found


class SinceForm(FileForm):
    """From which day."""

    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        self.fields["since"].initial = self.on


class HeadForm(FileForm):
    """Who heads a household from when, and what the former head is to her."""

    head = forms.ChoiceField(label=_("Who is the new head?"), widget=forms.RadioSelect)
    former = forms.ChoiceField(label=_("What is the former head to the new one?"))
    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        staying = [place for place in home(self.user, self.about, self.on).members if place.until is None]
        self.give("head", [(place.person.reference, place.person.name) for place in staying if place.relationship != "head"])
        if all(place.relationship != "head" for place in staying):
            del self.fields["former"]  # who headed it has died or left
        else:
            self.give("former", [pair for pair in codes("relationship_to_head", self.on) if pair[0] != "head"])
        self.fields["since"].initial = self.on

    def clean_head(self) -> Person:
        return Person.objects.visible_to(self.user, "household.change", self.on).get(reference=self.cleaned_data["head"])


class RelationshipForm(FileForm):
    """What a member is to the head, from when."""

    relationship = forms.ChoiceField(label=_("What is the person to the head of the household?"))
    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        self.give("relationship", [pair for pair in codes("relationship_to_head", self.on) if pair[0] != "head"])
        self.fields["since"].initial = self.on


class MoveForm(TransferForm):
    """Where a household lives now."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["area"].label = _("Where does the household live now?")


class SureForm(FileForm):
    """Nothing but whether one is sure."""


class AsOfForm(forms.Form):
    """A day of the past, and the day on which it was known."""

    on = DayField(label=_("As it was on"))
    known = DayField(label=_("As it was known on"), required=False, help_text=_("Leave it empty for what is known today."))
