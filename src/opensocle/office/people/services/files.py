"""What every verb does first: look whether the user may, lock the file, see that it may be changed."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from django.utils.translation import gettext as _

from ....errors import InputError
from ...access.models import User
from ...access.rules import NotThere, require, scope
from ...places.models import Area
from ..models import Household, Person


def open_file(by: User | None, action: str, on: date, person: Person, *, even: tuple[str, ...] = ()) -> Person:
    """The person's row, locked; inside an act. `by` None: the program itself. even: states in which this action is possible all the same.

    Raises Refused, NotThere, and InputError O056 where the file is restricted, erased or was joined to another.
    """
    if by is not None:
        require(by, action, on, person)
    locked = Person.plain.select_for_update().get(pk=person.pk)
    if by is not None:
        require(by, action, on, locked)
    if locked.merged_into_id is not None and "merged" not in even:
        raise InputError("O056", _("This file was joined to another one: change that one."))
    if locked.erased is not None and "erased" not in even:
        raise InputError("O056", _("The personal data of this file were deleted: it cannot be changed."))
    if locked.restricted is not None and "restricted" not in even:
        raise InputError("O056", _("This file is restricted: it can be read, but not changed."), hint=_("A supervisor can lift the restriction."))
    return locked


def open_household(by: User | None, action: str, on: date, household: Household) -> Household:
    """The household's row, locked; inside an act. Raises Refused, NotThere, and InputError O056 where it has ended."""
    if by is not None:
        require(by, action, on, household)
    locked = Household.plain.select_for_update().get(pk=household.pk)
    if by is not None:
        require(by, action, on, locked)
    if locked.until is not None and locked.until <= on:
        raise InputError("O056", _("This household has ended: it cannot be changed."))
    return locked


def allowed_area(by: User | None, action: str, on: date, area: Area) -> Area:
    """An area where the user may register people. Raises InputError O050 above a district, NotThere elsewhere."""
    if area.district_id is None:
        raise InputError("O050", _("Choose a district, or a place within one."), at="area")
    if by is not None and area.district_id not in scope(by, action, on):
        raise NotThere(action)
    return area


def chosen(code: str, known: Container[str], at: str) -> str:
    """A code of a closed list. Raises InputError O050."""
    if code not in known:
        raise InputError("O050", _("Choose one of the list."), at=at)
    return code
