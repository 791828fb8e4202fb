"""Forms of claims, decisions, appeals and grievances. They parse; the services check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ...law.law import Law
from ...periods import Month
from ..laws.presenting import NamedWords
from ..laws.questions import AnswerForm, month_choices, question_of
from ..people.forms.base import EMPTY
from ..people.forms.matters import DocumentForm
from .models import Appeal
from .selectors import event_words


class SchemeForm(forms.Form):
    """Which benefit, from which month."""

    scheme = forms.ChoiceField(label=_("Which benefit?"), widget=forms.RadioSelect)
    month = forms.ChoiceField(
        label=_("From which month?"), help_text=_("Where something has happened, such as a birth, its day is asked for next, and its month counts.")
    )

    def __init__(self, law: Law, around: Month, words: NamedWords, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={"month": str(around), **(initial or {})})
        claimable = [scheme for scheme in law.schemes.values() if "benefit" in scheme.variables]
        titles = [(scheme.name, words.title(scheme.title, scheme.name)) for scheme in claimable]
        self.fields["scheme"].choices = sorted(titles, key=lambda pair: pair[1])  # type: ignore[attr-defined]
        self.fields["month"].choices = month_choices(around, words)  # type: ignore[attr-defined]


class EventForm(forms.Form):
    """The facts of the event for which a scheme is claimed: its date, and what the scheme's rules read of it."""

    def __init__(self, law: Law, scheme: str, words: NamedWords, data: Any = None) -> None:
        super().__init__(data)
        self.names = ["event_date", *(name for name in event_words(law, scheme) if name not in ("event_date", "claim_date", "contingency"))]
        for name in self.names:
            question = question_of(law, ("person", "events", name), words, {})
            if question is not None:
                field = AnswerForm(question).fields["answer"]
                field.required = name == "event_date"
                self.fields[name] = field

    @property
    def event(self) -> dict[str, str]:
        """The facts that were given, canonical text."""
        from ..laws.values import write

        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {name: value if isinstance(value, str) else write(value) for name, value in told.items()}


class ReasonForm(forms.Form):
    """Why something is suspended, resumed, or sent back."""

    reason = forms.CharField(label=_("Why?"), max_length=200, widget=forms.Textarea)


class AppealForm(forms.Form):
    """An appeal as the person brings it."""

    level = forms.ChoiceField(
        label=_("What does the person ask for?"),
        widget=forms.RadioSelect,
        choices=[("reconsideration", _("Reconsideration by this office")), ("appeal", _("Appeal"))],
        initial="reconsideration",
    )
    grounds = forms.CharField(label=_("Why does the person not agree?"), help_text=_("In the person's own words."), widget=forms.Textarea)
    excused = forms.BooleanField(label=_("It is late for a good reason"), required=False)


class EvidenceForm(DocumentForm):
    """What a document proves: one of the file, or one that is added to it now. about: the claim."""

    proves = forms.ChoiceField(label=_("Which fact does it prove?"))
    document = forms.ChoiceField(label=_("A document of the file"), required=False)

    def __init__(self, *args: Any, facts: Sequence[tuple[str, str]], documents: Sequence[tuple[str, str]], **more: Any) -> None:
        self.facts, self.documents = facts, documents
        super().__init__(*args, **more)

    def prepare(self) -> None:
        self.give("proves", [EMPTY, *self.facts])
        self.give("document", [EMPTY, *self.documents])
        self.fields["file"].label = _("Or a new file")
        for name in ("file", "kind"):
            self.fields[name].required = not self.documents
        self.order_fields(["proves", "document", "file", "kind", "title"])
        if not self.documents:
            del self.fields["document"]
            self.fields["file"].label = _("File")

    def clean_file(self) -> bytes:
        return super().clean_file() if self.cleaned_data["file"] else b""  # empty where a document of the file is chosen

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.documents and not said.get("document"):
            if not said.get("file") and "file" not in self.errors:
                raise ValidationError({"file": _("Choose a document of the file, or a new one.")})
            if not said.get("kind"):
                raise ValidationError({"kind": _("Choose one of the list.")})
        return said


OUTCOMES: Mapping[str, Any] = {
    Appeal.Outcome.CHANGED: _("The decision is changed: the law is applied again to the facts as they are recorded now"),
    Appeal.Outcome.UPHELD: _("The decision stands"),
    Appeal.Outcome.SENT_BACK: _("Sent back: the office has to look at the facts again"),
    Appeal.Outcome.INADMISSIBLE: _("Not admissible"),
    Appeal.Outcome.WITHDRAWN: _("Withdrawn by the person"),
}


class OutcomeForm(forms.Form):
    """How an appeal is decided."""

    outcome = forms.ChoiceField(label=_("How do you decide?"), widget=forms.RadioSelect, choices=list(OUTCOMES.items()))
    reasons = forms.CharField(label=_("Reasons"), help_text=_("They stand in the file; the person may ask for them."), widget=forms.Textarea)


GRIEVANCES = {
    "delay": _("A delay"),
    "conduct": _("The conduct of an officer"),
    "corruption": _("Corruption or fraud"),
    "payment": _("A payment"),
    "data": _("Personal data"),
    "exclusion": _("Being left out"),
    "other": _("Something else"),
}


class GrievanceForm(forms.Form):
    """A grievance, of a person or of nobody named."""

    kind = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect, choices=list(GRIEVANCES.items()))
    district = forms.ChoiceField(label=_("Which district does it concern?"))
    text = forms.CharField(label=_("What happened?"), widget=forms.Textarea)

    def __init__(self, districts: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["district"].choices = districts  # type: ignore[attr-defined]


class AnswerGrievanceForm(forms.Form):
    """The answer to a grievance."""

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea)
