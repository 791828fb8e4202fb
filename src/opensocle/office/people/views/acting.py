"""What can be done with a person's file or a household: each a page with one question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ...access.rules import NotThere, require
from ...counter.services import report_death
from .. import services
from ..forms import identity, matters
from ..forms.base import FileForm
from ..models import Account, Consent, Contact, Identifier, Membership, Person
from ..selectors import own_row
from .base import back_to, open_about, question, user_of

Kept = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """A page: what is asked, who may answer, what is done with the answer (by, on, about, row, form)."""

    title: Any
    done: Any
    action: str
    form: type[FileForm]
    do: Callable[..., object]
    row: type[Any] | None = None
    part: str = "person"  # the page to go back to
    danger: bool = False
    notice: Any = ""
    button: Any = ""


def _said(service: Callable[..., object], *fields: str, row: str = "", whom: str = "person", **names: str) -> Callable[..., object]:
    """Calls a service with fields of the form; names: argument = field, where they differ."""

    def do(by: Any, on: Any, about: Any, kept: Any, form: FileForm) -> object:
        asked = {name: name for name in fields if name in form.fields} | names
        said = {argument: form.cleaned_data[field] for argument, field in asked.items()}
        subject = {row: kept} if row else {whom: about}
        return service(by=by, on=on, **subject, **said)

    return do


def _change(by: Any, on: Any, about: Any, kept: Any, form: Any) -> object:
    """Names, birth, sex or address, by what the form asks."""
    said: dict[str, Any] = {"reason": form.cleaned_data.get("reason", "statement")}
    if isinstance(form, identity.NamesForm):
        said["names"] = form.names()
    elif isinstance(form, identity.BirthForm):
        said["birth"] = form.birth_of()
    else:
        said |= {name: form.cleaned_data[name] for name in ("sex", "address") if name in form.cleaned_data}
    return services.change_person(by=by, on=on, person=about, **said)


def _number(by: Any, on: Any, about: Any, kept: Any, form: Any) -> object:
    return services.add_identifier(by=by, on=on, person=about, number=form.number())


def _join(by: Any, on: Any, about: Any, kept: Any, form: Any) -> object:
    said = form.cleaned_data
    return services.join_household(by=by, on=on, person=about, household=said["household"], relationship=said["relationship"], since=said["since"])


def _file(by: Any, on: Any, about: Any, kept: Any, form: Any) -> object:
    said = form.cleaned_data
    return services.add_document(by=by, on=on, person=about, kind=said["kind"], content=said["file"], title=said["title"])


PERSON: dict[str, Act] = {
    "names": Act(gettext_lazy("What is the name?"), gettext_lazy("The name was corrected."), "person.change", identity.ChangeNames, _change),
    "birth": Act(
        gettext_lazy("When was the person born?"), gettext_lazy("The date of birth was corrected."), "person.change", identity.ChangeBirth, _change
    ),
    "sex": Act(gettext_lazy("What is the sex?"), gettext_lazy("The sex was corrected."), "person.change", identity.ChangeSex, _change),
    "address": Act(gettext_lazy("What is the address?"), gettext_lazy("The address was changed."), "person.change", identity.AddressForm, _change),
    "number": Act(gettext_lazy("Which document?"), gettext_lazy("The document number was added."), "person.change", identity.NumberForm, _number),
    "withdraw-number": Act(
        gettext_lazy("Why is this number taken out?"),
        gettext_lazy("The number was taken out."),
        "person.change",
        identity.ReasonForm,
        _said(services.withdraw_identifier, "reason", row="identifier"),
        Identifier,
        danger=True,
        button=gettext_lazy("Take it out"),
    ),
    "contact": Act(
        gettext_lazy("How can the person be reached?"),
        gettext_lazy("The contact was added."),
        "person.change",
        identity.ContactForm,
        _said(services.add_contact, "kind", "value"),
    ),
    "withdraw-contact": Act(
        gettext_lazy("Take this contact out?"),
        gettext_lazy("The contact was taken out."),
        "person.change",
        matters.SureForm,
        _said(services.withdraw_contact, row="contact"),
        Contact,
        danger=True,
        button=gettext_lazy("Take it out"),
    ),
    "account": Act(
        gettext_lazy("Where is the person paid?"),
        gettext_lazy("The account was added."),
        "person.change",
        identity.AccountForm,
        _said(services.add_account, "kind", "provider", "number", "holder", "since"),
        notice=gettext_lazy("The account before it ends on that day."),
    ),
    "end-account": Act(
        gettext_lazy("End this account today?"),
        gettext_lazy("The account has ended."),
        "person.change",
        matters.SureForm,
        _said(services.end_account, row="account"),
        Account,
        danger=True,
        button=gettext_lazy("End it"),
    ),
    "document": Act(
        gettext_lazy("Which document do you add?"),
        gettext_lazy("The document was added."),
        "document.add",
        matters.DocumentForm,
        _file,
        part="documents",
    ),
    "consent": Act(
        gettext_lazy("What does the person agree to?"),
        gettext_lazy("The consent was recorded."),
        "consent.give",
        matters.ConsentForm,
        _said(services.give_consent, "purpose", "until"),
        notice=gettext_lazy("Read it out, and record it only where the person agrees freely. A right never depends on it."),
    ),
    "withdraw-consent": Act(
        gettext_lazy("Does the person take this consent back?"),
        gettext_lazy("The consent was taken back."),
        "consent.give",
        matters.SureForm,
        _said(services.withdraw_consent, row="consent"),
        Consent,
        danger=True,
        button=gettext_lazy("Take it back"),
    ),
    "death": Act(
        gettext_lazy("When did the person die?"),
        gettext_lazy("The death was recorded."),
        "person.change",
        matters.DeathForm,
        _said(report_death, "died", "reason"),
        danger=True,
        button=gettext_lazy("Record the death"),
        notice=gettext_lazy(
            "The person leaves the household the day after. Own rights end with the month of death, and claims that wait are withdrawn."
        ),
    ),
    "alive": Act(
        gettext_lazy("Why is the death taken back?"),
        gettext_lazy("The death was taken back."),
        "person.change",
        identity.ReasonForm,
        _said(services.take_back_death, "reason"),
        notice=gettext_lazy("The household has to be said again, and rights that ended with the death have to be claimed again."),
    ),
    "transfer": Act(
        gettext_lazy("Where does the person live now?"),
        gettext_lazy("The person was transferred."),
        "person.transfer",
        matters.TransferForm,
        _said(services.transfer_person, "area", "address", "since"),
        part="search",
        notice=gettext_lazy(
            "In another district the person leaves the household. The file and the claims belong to that district from now on, and you may see "
            "them no more. Where the whole household moves, do it on the page of the household."
        ),
    ),
    "restrict": Act(
        gettext_lazy("Close this file to changes?"),
        gettext_lazy("The file is restricted."),
        "person.restrict",
        matters.SureForm,
        _said(services.restrict),
        button=gettext_lazy("Restrict the file"),
        notice=gettext_lazy("It can still be read, and rights go on. Do this where the person contests what is written, or asks for it."),
    ),
    "lift": Act(
        gettext_lazy("Open this file to changes again?"),
        gettext_lazy("The file can be changed again."),
        "person.restrict",
        matters.SureForm,
        _said(services.lift_restriction),
        button=gettext_lazy("Lift the restriction"),
    ),
    "erase": Act(
        gettext_lazy("Delete the personal data of this file?"),
        gettext_lazy("The personal data were deleted."),
        "person.erase",
        matters.SureForm,
        _said(services.erase_person),
        danger=True,
        button=gettext_lazy("Delete the data for ever"),
        notice=gettext_lazy("Names, addresses, numbers, contacts and documents are deleted and cannot be brought back. Decisions and payments stay."),
    ),
    "new-household": Act(
        gettext_lazy("A new household"),
        gettext_lazy("The household was made."),
        "household.change",
        matters.MakeHouseholdForm,
        _said(services.make_household, "since", "address", whom="head"),
    ),
    "join": Act(
        gettext_lazy("Which household does the person join?"),
        gettext_lazy("The person joined the household."),
        "household.change",
        matters.JoinForm,
        _join,
    ),
    "leave": Act(
        gettext_lazy("When did the person leave the household?"),
        gettext_lazy("The person left the household."),
        "household.change",
        matters.SinceForm,
        _said(services.leave_household, "since"),
    ),
    "relationship": Act(
        gettext_lazy("What is the person to the head of the household?"),
        gettext_lazy("The relationship was changed."),
        "household.change",
        matters.RelationshipForm,
        _said(services.change_relationship, "relationship", "since", row="membership"),
        Membership,
    ),
}
HOUSEHOLD: dict[str, Act] = {
    "head": Act(
        gettext_lazy("Who heads the household?"),
        gettext_lazy("The head was changed."),
        "household.change",
        matters.HeadForm,
        _said(services.change_head, "head", "former", "since", whom="household"),
        part="household",
    ),
    "move": Act(
        gettext_lazy("Where does the household live now?"),
        gettext_lazy("The household has moved."),
        "household.change",
        matters.MoveForm,
        _said(services.move_household, "area", "address", "since", whom="household"),
        part="household",
        notice=gettext_lazy("In another district the files and claims of everybody in it belong to that district from now on."),
    ),
}


@login_required
@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, kind: str, reference: str, name: str, number: int = 0) -> HttpResponse:
    """The page of an act."""
    user, today = user_of(request), timezone.localdate()
    act = (PERSON if kind == "person" else HOUSEHOLD).get(name)
    if act is None or (act.row is None) != (number == 0):
        raise NotThere(name)
    about = open_about(request, kind, reference, name)
    require(user, act.action, today, about)
    row = own_row(about, act.row, number) if act.row is not None and isinstance(about, Person) else None
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = act.form(data, files, user=user, on=today, about=about, row=row)
    return question(
        request,
        form,
        partial(_do, act, user, today, about, row),
        title=act.title,
        back=back_to(about, act.part),
        done=act.done,
        about=about,
        button=act.button,
        danger=act.danger,
        notice=act.notice,
    )


def _do(act: Act, user: Any, today: Any, about: Any, row: Any, form: FileForm) -> object:
    return act.do(user, today, about, row, form)
