"""Who may do what: eight roles, each a set of actions. A posting gives a user a role in an area."""

from __future__ import annotations

READ = frozenset({"person.search", "person.read", "household.read", "entitlement.check", "claim.read", "document.read"})
WRITE = READ | {
    "person.register", "person.change", "household.change", "document.add", "consent.give", "claim.open", "claim.evidence", "grievance.open",
}  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    "intake": WRITE,
    "caseworker": WRITE
    | {"claim.determine", "decision.propose", "letter.make", "person.transfer", "grievance.answer", "export.people"},
    "supervisor": READ
    | {"decision.approve", "decision.suspend", "claim.assign", "grievance.answer"}
    | {"person.transfer", "person.merge", "person.restrict", "person.erase"}
    | {"import.people", "export.people", "law.approve", "audit.read"},
    "appeals": READ | {"appeal.read", "appeal.decide", "letter.make"},
    "payments": frozenset({"person.search", "entitlement.read", "payment.read"}),
    "auditor": READ | {"audit.read", "audit.verify", "appeal.read", "entitlement.read"},
    "administrator": frozenset({"user.manage", "place.manage", "law.install", "office.check", "import.people"}),
    "analyst": frozenset({"statistics.read"}),
}  # fmt: skip
"""Actions by role. An analyst sees figures only, never a person; an administrator keeps the office running and sees no file."""

INCOMPATIBLE = (("caseworker", "supervisor"), ("caseworker", "appeals"), ("supervisor", "appeals"), ("auditor", "administrator"))
"""Pairs of roles that one user may not hold in the same area: nobody approves or reviews her own work."""
ACTIONS = frozenset().union(*ROLES.values())
