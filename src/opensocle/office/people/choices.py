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


def title(titles: Titles, code: str) -> str:
    """The name of a code; the code itself where the list no longer has it."""
    return str(titles.get(code, code))
