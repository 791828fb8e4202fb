"""What a person's page shows of her cases: the rights that run, and the latest claims."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from ....periods import Month
from ...access.models import User
from ...cases.models import Entitlement
from ...cases.selectors import claims_about
from ...cases.views import STATES, scheme_title, title_in
from ..models import Household, Person
from ..selectors import actions_of

MOST = 5
"""Claims shown; the page of claims has them all."""


def rights_and_claims(user: User, person: Person, home: Household | None, on: date) -> dict[str, Any]:
    """Rights of the person and her household that have not ended, and the latest claims; nothing where the user may not read claims."""
    if "claim.read" not in actions_of(user, on, person.district_id):
        return {}
    own = Q(person=person) | (Q(household=home) if home is not None else Q())
    rows = Entitlement.objects.visible_to(user, "claim.read", on).filter(own).exclude(state=Entitlement.State.ENDED)
    rights = rows.select_related("decision__claim").order_by("since", "pk")
    claims = list(claims_about(user, person, on)[:MOST])
    return {
        "rights": [(right, title_in(right.scheme, Month.of(right.decision.claim.month))) for right in rights],
        "claims": [(claim, scheme_title(claim), *STATES[claim.state]) for claim in claims],
    }
