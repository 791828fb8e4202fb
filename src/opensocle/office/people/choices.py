"""Closed lists of the registry that are not of the law's vocabulary, with their names for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Titles = dict[str, Promise]

IDENTIFIERS: Titles = {
    "national_id": _("National identity card"),
    "birth_certificate": _("Birth certificate"),
    "passport": _("Passport"),
    "refugee": _("Refugee document"),
    "displaced_person": _("Document of a displaced person"),
    "consular": _("Consular card"),
    "social_security": _("Social security number"),
    "tax": _("Tax number"),
    "provisional": _("Provisional number of this office"),
}
OF_PERSONS = tuple(name for name in IDENTIFIERS if name != "provisional")
"""Types that somebody may type in: the provisional number is the office's own."""
SEXES: Titles = {"female": _("Female"), "male": _("Male"), "not_known": _("Not known"), "not_applicable": _("Not applicable")}
PRECISIONS: Titles = {"day": _("Day known"), "month": _("Only month and year known"), "year": _("Only year known"), "estimated": _("Estimated")}
PROOFS: Titles = {"declared": _("Said by the person"), "document": _("Proved by a document"), "register": _("From another register")}
REASONS: Titles = {
    "typing_error": _("It was typed wrongly"),
    "new_document": _("A document shows it"),
    "statement": _("The person says so"),
    "civil_register": _("The civil register was changed"),
    "court_decision": _("A court decided it"),
}
"""Why something that was recorded is corrected; kept in the audit."""
DOCUMENTS: Titles = {
    "identity": _("Identity document"),
    "birth_certificate": _("Birth certificate"),
    "death_certificate": _("Death certificate"),
    "marriage_certificate": _("Marriage certificate"),
    "refugee_card": _("Refugee card"),
    "displacement_certificate": _("Certificate of displacement"),
    "medical_certificate": _("Medical certificate"),
    "payslip": _("Payslip"),
    "proof_of_address": _("Proof of address"),
    "proof_of_contributions": _("Proof of contributions"),
    "other": _("Other document"),
}
PURPOSES: Titles = {
    "share_with_programmes": _("Share the file with other social programmes"),
    "referral": _("Refer the person to other services"),
    "messages": _("Send text messages about rights and payments"),
    "research": _("Use the file, without the name, for research"),
}
ACCOUNTS: Titles = {"bank": _("Bank account"), "mobile": _("Mobile money"), "cash": _("Cash, at the counter")}
FLOWS: Titles = {"person": _("A person"), "newborn": _("A newborn child"), "displaced": _("A displaced person without a document")}

INTERVIEW = "interview"
"""What is kept of an interview without names that is to be gone on with later."""

ACTS: Titles = {
    "person.read": _("Read the file"),
    "person.register": _("Registered the person"),
    "person.change": _("Corrected who it is"),
    "person.die": _("Recorded the death"),
    "person.lives": _("Took the death back"),
    "person.transfer": _("Transferred the person"),
    "person.move": _("Moved with the household"),
    "person.merge": _("Joined another file to it"),
    "person.merged": _("Joined it to another file"),
    "person.unmerge": _("Parted another file from it"),
    "person.unmerged": _("Parted it from another file"),
    "person.restrict": _("Restricted the file"),
    "person.lift": _("Lifted the restriction"),
    "person.erase": _("Deleted the personal data"),
    "identifier.add": _("Added a document number"),
    "identifier.withdraw": _("Took a document number out"),
    "contact.add": _("Added a contact"),
    "contact.withdraw": _("Took a contact out"),
    "account.add": _("Added an account"),
    "account.end": _("Ended an account"),
    "document.add": _("Added a document"),
    "document.read": _("Read a document"),
    "consent.give": _("Recorded a consent"),
    "consent.withdraw": _("Recorded that a consent was taken back"),
    "fact.record": _("Recorded a fact"),
    "fact.correct": _("Corrected a fact"),
    "fact.end": _("Ended a fact"),
    "fact.retract": _("Took a fact out"),
    "record.add": _("Added a row of a history"),
    "record.withdraw": _("Took out a row of a history"),
    "household.join": _("Joined a household"),
    "household.leave": _("Left a household"),
    "household.relationship": _("Changed the relationship to the head"),
    "entitlement.check": _("Checked the rights"),
    "entitlement.death": _("Ended the rights because of the death"),
    "claim.open": _("Opened a claim"),
    "pair.judge": _("Judged a possible duplicate"),
}
"""What was done with a person's file, by the name of the act."""
PARTS: Titles = {
    "overview": _("overview"),
    "facts": _("facts"),
    "documents": _("list of documents"),
    "as_of": _("as it was on a day"),
    "then": _("as it was on a day"),
    "seen": _("who has seen it"),
    "merge": _("comparison of two files"),
    "comparison": _("comparison of two files"),
    **dict.fromkeys(("names", "birth", "sex", "address", "number", "contact", "account", "consent", "document"), _("to change it")),
    **dict.fromkeys(("withdraw-number", "withdraw-contact", "end-account", "withdraw-consent"), _("to change it")),
    **dict.fromkeys(("death", "alive", "transfer", "restrict", "lift", "erase"), _("to change it")),
    **dict.fromkeys(("new-household", "join", "leave", "relationship"), _("to change it")),
}
"""Which page of a file was read, by what the act says."""
ORIGINS: Titles = {"web": _("Page"), "api": _("Another program"), "command": _("Command of the office")}


def title(titles: Titles, code: str) -> str:
    """The name of a code; the code itself where the list no longer has it."""
    return str(titles.get(code, code))
