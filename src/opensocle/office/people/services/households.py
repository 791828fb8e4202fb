"""Who lives with whom, from when to when: households made, joined, left, headed, moved; and a person or household that goes to another district.

A membership is never changed for days that were true: it ends, and another begins.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.row_security import everywhere
from ...audit.services import act, mark, note
from ...places.models import Area
from ..models import Household, Membership, Person
from ..words import words_on
from .districts import move_to
from .facts import check_days
from .files import allowed_area, chosen, open_file, open_household
from .values import tidy

HEAD = "head"


def make_household(*, by: User | None, on: date, head: Person, since: date, area: Area | None = None, address: str | None = None) -> Household:
    """A new household with its head, from a day on; by default where she is registered. Raises InputError O050, O054, O055, O056."""
    check_days(since, None, on)
    with act("household.make", by=by) as entry:
        person = open_file(by, "household.change", on, head)
        place = allowed_area(by, "household.change", on, area or person.area)
        if place.district_id != person.district_id:
            raise InputError("O055", _("The household lies in another district than the person: transfer the person first."), at="area")
        household = add_household(place, person.address if address is None else address, since)
        mark(entry, household)
        _place(person, household, HEAD, since)
    return household


def join_household(*, by: User | None, on: date, person: Person, household: Household, relationship: str, since: date) -> Membership:
    """A person lives in a household from a day on; the household that she lived in until then is left that day.

    Raises InputError O055 where it has a head already, where she dies before, or where a later membership is in the way; O050, O054, O056.
    """
    check_days(since, None, on)
    chosen(relationship, words_on(on).codes["relationship_to_head"].values, "relationship")
    with act("household.join", by=by, about=person, household=household.reference):
        locked, home = open_file(by, "household.change", on, person), open_household(by, "household.change", on, household)
        if locked.district_id != home.district_id:
            raise InputError("O055", _("The household lies in another district: transfer the person first."), at="household")
        if since < home.since:
            raise InputError("O055", _("The household begins later than this day."), at="since")
        return _place(locked, home, relationship, since)


def leave_household(*, by: User | None, on: date, person: Person, since: date) -> None:
    """A person lives in no household from a day on. A head hands over first, where others stay. Raises InputError O055, O056."""
    with act("household.leave", by=by, about=person) as entry:
        locked = open_file(by, "household.change", on, person)
        place = locked.memberships.filter(until__isnull=True).select_related("household").first()
        if place is None:
            raise InputError("O055", _("This person lives in no household."))
        note(entry, household=place.household.reference)
        if since < place.since:
            raise InputError("O055", _("She joined the household later than this day."), at="since")
        _leave(place, since)


def change_head(*, by: User | None, on: date, household: Household, head: Person, since: date, former: str = "other_relative") -> None:
    """Another member heads the household from a day on; `former`: what the head of before is to the new one. Raises InputError O055, O056.

    What the others are to the new head is not known from this: it stays as it was said, and can be said anew with `change_relationship`.
    """
    chosen(former, [code for code in words_on(on).codes["relationship_to_head"].values if code != HEAD], "former")
    with act("household.head", by=by, about=household):
        home = open_household(by, "household.change", on, household)
        places = {place.person_id: place for place in home.memberships.select_for_update().filter(until__isnull=True).select_related("person")}
        new = places.get(head.pk)
        if new is None:
            raise InputError("O055", _("The new head has to live in the household."), at="head")
        if new.relationship == HEAD:
            return
        old = next((place for place in places.values() if place.relationship == HEAD), None)
        if old is not None:
            _become(old, former, since)
        _become(new, HEAD, since)


def change_relationship(*, by: User | None, on: date, membership: Membership, relationship: str, since: date) -> Membership:
    """What a member is to the head, from a day on. Raises InputError O050, O055, O056."""
    chosen(relationship, [code for code in words_on(on).codes["relationship_to_head"].values if code != HEAD], "relationship")
    with act("household.relationship", by=by, about=membership.person):
        open_file(by, "household.change", on, membership.person)
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        if row.until is not None or row.relationship == HEAD:
            raise InputError("O055", _("The head is changed by naming another one, and a past membership not at all."), at="relationship")
        return _become(row, relationship, since)


def move_household(*, by: User | None, on: date, household: Household, area: Area, address: str, since: date) -> Household:
    """A household lives elsewhere with everybody in it. To another district: `person.transfer` is needed, and the files go with them.

    Raises Refused, NotThere, InputError O050, O055, O056.
    """
    if area.district_id is None:
        raise InputError("O050", _("Choose a district, or a place within one."), at="area")
    check_days(since, None, on)
    action = "household.change" if area.district_id == household.district_id else "person.transfer"
    with act("household.move", by=by, about=household) as entry, everywhere():
        home = open_household(by, action, on, household)
        members = [
            open_file(by, action, on, place.person, even=("restricted",))
            for place in home.memberships.filter(until__isnull=True).select_related("person")
        ]
        note(entry, before=home.area.code, after=area.code, since=since.isoformat())
        home.area, home.district_id, home.address = area, area.district_id, tidy(address)
        home.save(update_fields=["area", "district", "address"])
        for person in members:
            with act("person.move", by=by, about=person, before=person.area.code, after=area.code, since=since.isoformat()):
                move_to(person, area, home.address)
    return home


def transfer_person(*, by: User | None, on: date, person: Person, area: Area, since: date, address: str = "") -> Person:
    """One person goes to another district, without her household, which she leaves; her file belongs to the new district from now on.

    The district that she leaves sees the file no more: its history goes with her. Raises Refused, NotThere, InputError O050, O055, O056.
    """
    if area.district_id is None:
        raise InputError("O050", _("Choose a district, or a place within one."), at="area")
    check_days(since, None, on)
    action = "person.change" if area.district_id == person.district_id else "person.transfer"
    with act("person.transfer", by=by, about=person, before=person.area.code, after=area.code, since=since.isoformat()), everywhere():
        locked = open_file(by, action, on, person, even=("restricted",))
        place = locked.memberships.filter(until__isnull=True).select_related("household").first()
        if place is not None and area.district_id != place.household.district_id:
            if since < place.since:
                raise InputError("O055", _("She joined the household later than this day."), at="since")
            _leave(place, since)
        move_to(locked, area, tidy(address))
    return locked


# --- steps, inside an act


def add_household(area: Area, address: str, since: date) -> Household:
    return Household.plain.create(area=area, district_id=area.district_id, address=tidy(address), since=since)


def add_member(person: Person, household: Household, relationship: str, since: date) -> Membership:
    """A membership without an end. What the database refuses is said in words: InputError O055."""
    try:
        with transaction.atomic():
            return Membership.objects.create(person=person, household=household, relationship=relationship, since=since)
    except IntegrityError as error:
        if relationship == HEAD and household.memberships.filter(relationship=HEAD, until__isnull=True).exclude(person=person).exists():
            raise InputError("O055", _("This household has a head already."), at="relationship") from error
        raise InputError("O055", _("This person lives in a household on that day already: nobody is in two."), at="since") from error


def end_membership(place: Membership, day: date) -> None:
    """The membership ends before the day; one that had not begun by then is taken out."""
    if day <= place.since:
        place.delete()
        return
    place.until = day
    place.save(update_fields=["until"])


def _place(person: Person, household: Household, relationship: str, since: date) -> Membership:
    """Leaves where she lives and joins."""
    if person.death_date is not None:
        raise InputError("O055", _("This person has died."), at="person")
    current = person.memberships.select_for_update().filter(until__isnull=True).select_related("household").first()
    if current is not None and current.household_id == household.pk:
        raise InputError("O055", _("This person lives in this household already."), at="person")
    ending = current.pk if current is not None and current.since <= since else 0
    if person.memberships.filter(Q(since__gte=since) | Q(until__gt=since)).exclude(pk=ending).exists():
        raise InputError("O055", _("A later household of this person is recorded already."), at="since")
    if current is not None:
        _leave(current, since)
    return add_member(person, household, relationship, since)


def _leave(place: Membership, since: date) -> None:
    """Ends a membership; a head leaves last, or hands over first. An empty household ends."""
    others = place.household.memberships.filter(Q(until__isnull=True) | Q(until__gt=since)).exclude(person=place.person_id)
    if place.relationship == HEAD and others.exists():
        raise InputError("O055", _("She is the head of a household where others stay: name another head first."), at="person")
    end_membership(place, since)
    if not others.exists():
        household = Household.plain.select_for_update().get(pk=place.household_id)
        household.until = max(since, household.since)
        household.save(update_fields=["until"])


def _become(place: Membership, relationship: str, since: date) -> Membership:
    """The same person in the same household in another position, from a day on."""
    if since < place.since:
        raise InputError("O055", _("She joined the household later than this day."), at="since")
    person, household = place.person, place.household
    end_membership(place, since)
    return add_member(person, household, relationship, since)
