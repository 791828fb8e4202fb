"""The words, dates, numbers and units of the pages about the law, in English and French."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..vocabulary import labels

MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
}
UNITS = {
    "en": {"square_metre": "m²", "kilometre": "km", "percent": "%"},
    "fr": {
        "day": "jour",
        "week": "semaine",
        "month": "mois",
        "year": "an",
        "person": "personne",
        "household": "ménage",
        "point": "point",
        "hour": "heure",
        "visit": "visite",
        "square_metre": "m²",
        "kilometre": "km",
        "index": "indice",
        "rate": "taux",
        "number": "nombre",
        "percent": "%",
    },
}
WORDS = {
    "en": {
        "concepts": "Shared concepts",
        "country": "Country",
        "name": "Name in formulas",
        "branch": "Branch",
        "guarantee": "Guarantee of the social protection floor",
        "kind": "Kind",
        "contingency": "Contingency",
        "unit": "Right of",
        "person": "the person",
        "household": "the household",
        "paid": "Paid",
        "since": "In force from",
        "until": "No longer in force from",
        "as_of": "Facts looked at on",
        "first_day": "the first day of the month",
        "last_day": "the last day of the month",
        "sources": "Financed by",
        "administration": "Administration",
        "decided_by": "Decided",
        "officers_0": "by the program",
        "officers_1": "by one officer",
        "officers_2": "by two officers",
        "within_days": "within {0} days",
        "reconsideration": "Reconsideration",
        "appeal": "Appeal",
        "asked_within": "within {0} days of the decision",
        "review": "Looked at again",
        "every_months": "every {0} months",
        "benefits": "of benefits",
        "gross_expenditure": "of gross expenditure",
        "legal": "Legal basis",
        "articles": "art.",
        "parameters": "Parameters",
        "variables": "Rules",
        "notes": "Notes",
        "from": "From",
        "value": "Value",
        "source": "Source: {}",
        "ends": "Ends on {}: no value from that day.",
        "repealed": "repealed",
        "by": "Looked up by {}.",
        "threshold": "From",
        "rate": "Rate",
        "amount": "Amount",
        "marginal": "A scale: each slice at its own rate.",
        "single": "A scale: the whole at the rate or the amount of its bracket.",
        "index_year": "After its last date it follows the series “{}”, each year in {}.",
        "index_month": "After its last date it follows the series “{}”, each month.",
        "rounding": "Rounded to {0}, {1} ({2}).",
        "nearest": "to the nearest",
        "up": "upwards",
        "down": "downwards",
        "dated": "From {}:",
        "start": "From the start:",
        "in": "Unit: {}.",
        "true": "yes",
        "false": "no",
        "over": "{} and over",
        "band": "{} to {}",
        "reserved_eligible": "Who has the right",
        "reserved_benefit": "Benefit",
        "reserved_duration": "How long the benefit runs",
        "reserved_worker_contribution": "Worker's contribution",
        "reserved_employer_contribution": "Employer's contribution",
        "reserved_state_contribution": "State's contribution",
    },
    "fr": {
        "concepts": "Notions communes",
        "country": "Pays",
        "name": "Nom dans les formules",
        "branch": "Branche",
        "guarantee": "Garantie du socle de protection sociale",
        "kind": "Nature",
        "contingency": "Éventualité",
        "unit": "Droit",
        "person": "de la personne",
        "household": "du ménage",
        "paid": "Versement",
        "since": "En vigueur à partir du",
        "until": "Cesse d'être en vigueur le",
        "as_of": "Situation appréciée",
        "first_day": "le premier jour du mois",
        "last_day": "le dernier jour du mois",
        "sources": "Financement",
        "administration": "Frais de gestion",
        "decided_by": "Décision",
        "officers_0": "par le programme",
        "officers_1": "par un agent",
        "officers_2": "par deux agents",
        "within_days": "dans un délai de {0} jours",
        "reconsideration": "Recours gracieux",
        "appeal": "Recours contentieux",
        "asked_within": "dans les {0} jours suivant la décision",
        "review": "Réexamen",
        "every_months": "tous les {0} mois",
        "benefits": "des prestations",
        "gross_expenditure": "des dépenses brutes",
        "legal": "Base légale",
        "articles": "art.",
        "parameters": "Paramètres",
        "variables": "Règles",
        "notes": "Remarques",
        "from": "À partir du",
        "value": "Valeur",
        "source": "Source : {}",
        "ends": "Prend fin le {} : aucune valeur à partir de ce jour.",
        "repealed": "abrogé",
        "by": "Selon : {}.",
        "threshold": "À partir de",
        "rate": "Taux",
        "amount": "Montant",
        "marginal": "Barème : chaque tranche à son propre taux.",
        "single": "Barème : le tout au taux ou au montant de sa tranche.",
        "index_year": "Après sa dernière date, suit la série « {} », chaque année en {}.",
        "index_month": "Après sa dernière date, suit la série « {} », chaque mois.",
        "rounding": "Arrondi à {0}, {1} ({2}).",
        "nearest": "au plus proche",
        "up": "par excès",
        "down": "par défaut",
        "dated": "À partir du {} :",
        "start": "Depuis le début :",
        "in": "Unité : {}.",
        "true": "oui",
        "false": "non",
        "over": "{} et plus",
        "band": "{} à {}",
        "reserved_eligible": "Qui a droit",
        "reserved_benefit": "Prestation",
        "reserved_duration": "Durée de la prestation",
        "reserved_worker_contribution": "Cotisation du travailleur",
        "reserved_employer_contribution": "Cotisation de l'employeur",
        "reserved_state_contribution": "Cotisation de l'État",
    },
}
MINUS = "\u2212"
THIN = "\u202f"


def word(key: str, lang: str) -> str:
    """A word of the page, in English where the language has none."""
    return WORDS.get(lang, WORDS["en"])[key]


def day(on: date, lang: str) -> str:
    """`1 January 2024`, `1er janvier 2024`."""
    months = MONTHS.get(lang, MONTHS["en"])
    first = "1er" if lang == "fr" and on.day == 1 else str(on.day)
    return f"{first} {months[on.month - 1]} {on.year}"


def month(number: int, lang: str) -> str:
    return MONTHS.get(lang, MONTHS["en"])[number - 1]


def figure(number: Decimal, lang: str) -> str:
    """All the digits of the number, in groups of three: `1,234.5` or `1 234,5`."""
    text = format(abs(number), "f")
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0") if not decimals.strip("0") else decimals
    grouped = f"{int(whole):,}"
    if lang == "fr":
        grouped = grouped.replace(",", THIN)
    sign = MINUS if number < 0 else ""
    return f"{sign}{grouped}{(',' if lang == 'fr' else '.') + decimals if decimals else ''}"


def percent(rate: Decimal, lang: str) -> str:
    """0.055 as `5.5 %`."""
    return f"{figure((rate * 100).normalize() + 0, lang)}{THIN if lang == 'fr' else ' '}%"


def unit(text: str, lang: str) -> str:
    """`XMU/month` as `XMU/mois`."""
    names = UNITS.get(lang, UNITS["en"])
    return "/".join(names.get(base.strip(), base.strip()) for base in text.split("/"))


def measured(number: Decimal, text: str, lang: str) -> str:
    """A figure with its unit, in the plural where the language asks for it: `5 years`, `8 ans`, `30 XMU/month`, `0.02/year`."""
    name = unit(text, lang)
    if name.startswith("1/"):
        return f"{figure(number, lang)}{name[1:]}"
    plural = abs(number) >= 2 if lang == "fr" else abs(number) != 1
    if plural and name.isalpha() and name.islower() and name not in ("km", "mois", "taux", "rate"):
        name += "s"
    return f"{figure(number, lang)} {name}".strip()


def label(kind: str, code: str, lang: str) -> str:
    """The title of a label, or its code."""
    found = labels(kind).get(code)
    return (found.title.get(lang) or found.title["en"]) if found else code
