"""Who somebody is: names, birth, sex, where, documents, telephones. Each form is a step of a registration, or a correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ....errors import InputError
from ....vocabulary import vocabulary
from ...design.dates import DayField, PartialDay, PartialDayField
from ...places.models import Area
from ...references import read_reference
from ..choices import ACCOUNTS, IDENTIFIERS, OF_PERSONS, REASONS, SEXES
from ..models import Person
from ..selectors import areas_for
from ..services.values import Birth, Names, Number, contact_of
from ..words import in_reader_language
from .base import EMPTY, FileForm, areas, codes, pairs


class NamesForm(FileForm):
    """The names, in any script."""

    given_name = forms.CharField(label=_("Given names"), required=False, max_length=120)
    second_name = forms.CharField(label=_("Father's or second name"), required=False, max_length=120)
    surname = forms.CharField(label=_("Surname"), required=False, max_length=120)
    maiden_name = forms.CharField(label=_("Name at birth, where it is another"), required=False, max_length=120)
    other_names = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=400,
        help_text=_("In another script, or by which people call the person; with commas between."),
    )

    def prepare(self) -> None:
        if isinstance(self.about, Person):
            for name in ("given_name", "second_name", "surname", "maiden_name"):
                self.fields[name].initial = getattr(self.about, name)
            self.fields["other_names"].initial = ", ".join(self.about.other_names)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not (said.get("given_name") or said.get("surname")):
            raise ValidationError({"given_name": _("Enter a given name or a surname.")})
        return said

    def names(self) -> Names:
        said = self.cleaned_data
        others = tuple(name.strip() for name in said["other_names"].replace("،", ",").split(",") if name.strip())
        return Names(said["given_name"], said["surname"], said["second_name"], said["maiden_name"], others)


class BirthForm(FileForm):
    """The date of birth, as far as it is known."""

    birth = PartialDayField(label=_("Date of birth"), required=False, help_text=_("For example, 27 3 1958. Leave empty what nobody knows."))

    def prepare(self) -> None:
        if isinstance(self.about, Person) and self.about.birth_date:
            self.fields["birth"].initial = PartialDay(self.about.birth_date, self.about.birth_precision)

    def birth_of(self) -> Birth:
        said = self.cleaned_data["birth"]
        return Birth(said.date, said.precision) if said else Birth()


class SexForm(FileForm):
    sex = forms.ChoiceField(label=_("Sex"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.give("sex", pairs(SEXES), getattr(self.about, "sex", None))


class ReasonMixin(forms.Form):
    """Why something that was recorded is corrected."""

    reason = forms.ChoiceField(label=_("Why is this corrected?"), widget=forms.RadioSelect, choices=lambda: pairs(REASONS))


class ChangeNames(NamesForm, ReasonMixin):
    pass


class ChangeBirth(BirthForm, ReasonMixin):
    pass


class ChangeSex(SexForm, ReasonMixin):
    pass


class ReasonForm(FileForm, ReasonMixin):
    """Only the reason."""


class PlaceForm(FileForm):
    """Where somebody lives."""

    area = forms.ChoiceField(label=_("District or place"))
    address = forms.CharField(label=_("Address, or how to find the house"), required=False, max_length=300)

    def prepare(self) -> None:
        found = areas_for(self.user, "person.register", self.on)
        districts = [area for area in found if area.kind == "district"]
        self.give("area", areas(found, get_language() or "en"), districts[0].code if len(districts) == 1 else None)


class AddressForm(FileForm):
    address = forms.CharField(label=_("Address, or how to find the house"), required=False, max_length=300)

    def prepare(self) -> None:
        self.fields["address"].initial = self.about.address


class ContactsForm(FileForm):
    """How to reach somebody, asked once at the registration."""

    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=120)

    def clean_phone(self) -> str:
        return _checked("phone", self.cleaned_data["phone"])

    def clean_email(self) -> str:
        return _checked("email", self.cleaned_data["email"])


def _checked(kind: str, text: str) -> str:
    try:
        return contact_of(kind, text) if text else ""
    except InputError as error:
        raise ValidationError(error.what) from error


class ContactForm(FileForm):
    """One more telephone or address."""

    kind = forms.ChoiceField(
        label=_("What is it?"), widget=forms.RadioSelect, choices=[("phone", _("Telephone")), ("email", _("E-mail"))], initial="phone"
    )
    value = forms.CharField(label=_("Number or address"), max_length=120)


class NumberForm(FileForm):
    """A number of a document."""

    type = forms.ChoiceField(label=_("Document"))
    value = forms.CharField(label=_("Number"), max_length=60)
    country = forms.ChoiceField(label=_("Country of the document"), required=False)

    def prepare(self) -> None:
        from django.conf import settings

        self.give("type", [EMPTY, *pairs(IDENTIFIERS, OF_PERSONS)])
        names = vocabulary().codes["country"].values
        known = sorted(((code, in_reader_language(names[code])) for code in names), key=lambda pair: pair[1])
        here, root = settings.PLACE.country, Area.objects.filter(parent=None).order_by("pk").first()
        own = (here, root.name(get_language() or "en") if root else in_reader_language(names[here]) if here in names else here)
        self.give("country", [own, *(pair for pair in known if pair[0] != here)], here)

    def number(self) -> Number:
        said = self.cleaned_data
        return Number(said["type"], said["value"], said["country"])


class AccountForm(FileForm):
    """Where somebody is paid."""

    kind = forms.ChoiceField(label=_("How is the person paid?"), widget=forms.RadioSelect, choices=lambda: pairs(ACCOUNTS))
    provider = forms.CharField(label=_("Bank or operator"), required=False, max_length=80)
    number = forms.CharField(label=_("Account number or telephone"), required=False, max_length=40)
    holder = forms.CharField(label=_("Whose account it is, where not the person's"), required=False, max_length=120)
    since = DayField(label=_("From which day?"))

    def prepare(self) -> None:
        self.fields["since"].initial = self.on


class ParentsForm(FileForm):
    """The mother, and the father where he is registered."""

    mother = forms.CharField(label=_("Reference of the mother"), max_length=20, help_text=_("It is at the top of her file."))
    father = forms.CharField(label=_("Reference of the father"), max_length=20, required=False)
    registered = forms.BooleanField(label=_("The birth is in the civil register"), required=False)

    def clean_mother(self) -> str:
        return self._parent("mother")

    def clean_father(self) -> str:
        return self._parent("father") if self.cleaned_data["father"] else ""

    def _parent(self, name: str) -> str:
        reference = read_reference(self.cleaned_data[name]) or ""
        if not Person.objects.visible_to(self.user, "person.register", self.on).filter(reference=reference, merged_into=None).exists():
            raise ValidationError(_("There is nobody with this reference."))
        return reference


class DisplacementForm(FileForm):
    """Where a displaced person is, since when, and as what."""

    area = forms.ChoiceField(label=_("Where is the person now?"))
    place_type = forms.ChoiceField(label=_("What kind of place is it?"))
    status = forms.ChoiceField(label=_("As what did the person come?"), widget=forms.RadioSelect)
    since = DayField(label=_("Since when?"))

    STATUSES = ("internally_displaced", "refugee", "asylum_seeker", "returnee", "stateless")

    def prepare(self) -> None:
        self.give("area", areas(areas_for(self.user, "person.register", self.on), get_language() or "en"))
        self.give("place_type", codes("place_type", self.on), "camp")
        self.give("status", [pair for pair in codes("migration_status", self.on) if pair[0] in self.STATUSES])


class ConfirmForm(FileForm):
    """The last question of a registration, where somebody like that is registered."""

    nobody = forms.BooleanField(label=_("None of these is the person"), required=False)
