"""A form with every kind of field, for the page of components."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .dates import DayField, PartialDayField

SEXES = [("female", _("Female")), ("male", _("Male")), ("not_known", _("Not known"))]
NEEDS = [("food", _("Food")), ("care", _("Health care")), ("school", _("School fees"))]


class Sample(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=_("Full name"), help_text=_("As on the identity card"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), required=False)
    earnings = forms.IntegerField(label=_("Monthly earnings"), min_value=0)
    birth = PartialDayField(label=_("Date of birth"), help_text=_("For example, 27 3 1958. Leave empty what nobody knows."))
    since = DayField(label=_("Living here since"))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label=_("What is needed most?"), choices=NEEDS, widget=forms.CheckboxSelectMultiple, help_text=_("Tick all that apply.")
    )
    district = forms.ChoiceField(label=_("District"), choices=[("", "–"), ("d01", "Littoral"), ("d02", "Centre")])
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    document = forms.FileField(label=_("Document"), help_text=_("A photograph or a PDF of at most 10 MB"))
    agreed = forms.BooleanField(label=_("The person agrees that this is kept"), help_text=_("Read the notice out before you tick this."))
