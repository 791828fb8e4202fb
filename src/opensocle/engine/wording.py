"""The words of explanations in English and French, and values as a reader writes them: 1,234.50 XMU, 1 234,50 XMU, 1er mars 2026."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ..errors import InputError
from ..law import wording as w
from ..money import CONTEXT
from ..periods import Month
from .operators import Value

LANGUAGES = ("en", "fr")
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "unknown",
        "none": "none",
        "yes": "yes",
        "no": "no",
        "colon": ": ",
        "entitled": "entitled",
        "not_entitled": "not entitled",
        "undecided": "cannot be decided",
        "due": "due",
        "nothing_due": "nothing due",
        "amount_unknown": "amount unknown",
        "household": "the household",
        "person": "the person",
        "why": "Why",
        "first_failing": "First condition that is not met",
        "because": "because",
        "missing": "Facts to ask for",
        "obstacles": "What no further fact would settle",
        "sources": "Sources",
        "monthly": "{} a month",
        "yearly": "{} a year",
        "once": "{} once",
        "per_claim": "{} for the claim",
        "in_kind": "{} in kind",
        "since": "since {}",
        "on": "on {}",
        "for": "for {}",
        "held": "kept at its last known value",
        "indexed": "moved with its series",
        "absent": "has no value on that day",
        "no_key": "the table has no such row",
        "below": "below the first bracket",
        "given": "given, not computed",
        "not_in_force": "not in force in this month",
        "no_formula": "no formula in force on that day",
        "no_claim": "no such claim in this month",
        "claims_unknown": "it is not known whether a claim was made",
        "not_born": "not yet born",
        "not_alive": "no longer alive",
        "above": "explained above",
        "rounded": "rounded to {} {}",
        "before_rounding": "before rounding {}",
        "nearest": "to the nearest",
        "up": "upwards",
        "down": "downwards",
        "then": "therefore",
        "counted": "{} of {} counted",
        "uncounted": "not counted",
        "rows_unknown": "unknown: {}",
        "shown": "shown: {}",
        "no_table": "not in the facts",
        "slice": "from {}",
        "slice_to": "from {} to {}",
        "whole_table": "the whole table is missing",
        "claim": "whether there was an event to claim for, and when",
        "and_more": "and {} more",
        "members": "members of the household",
        "contributions": "contributions",
        "residence": "periods of residence",
        "employment": "periods of employment",
        "benefits_in_payment": "benefits in payment",
        "events": "events and claims",
        "obstacle_zero": "division by zero: {}",
        "obstacle_no_key": "the table has no row for {1}: {0}",
        "obstacle_below": "below the first bracket: {}",
        "obstacle_absent": "the law gives no value on that day: {}",
        "obstacle_not_in_force": "not in force in this month: {}",
        "obstacle_no_formula": "no formula in force on that day: {}",
        "obstacle_no_rows": "there is no row to take it from: {}",
        "obstacle_none": "there is none: {}",
        "obstacle_range": "outside the calendar, or without a value: {}",
        "benefit": "Benefit",
        "duration": "Duration",
        "worker_contribution": "Worker's contribution",
        "employer_contribution": "Employer's contribution",
        "state_contribution": "State's contribution",
        "foot": "Law of {}, text {}; month: {}; OpenSocle {}",
    },
    "fr": {
        "unknown": "inconnu",
        "none": "néant",
        "yes": "oui",
        "no": "non",
        "colon": "\u00a0: ",
        "entitled": "droit ouvert",
        "not_entitled": "pas de droit",
        "undecided": "décision impossible",
        "due": "dû",
        "nothing_due": "rien n'est dû",
        "amount_unknown": "montant inconnu",
        "household": "le ménage",
        "person": "la personne",
        "why": "Pourquoi",
        "first_failing": "Première condition non remplie",
        "because": "parce que",
        "missing": "Renseignements à demander",
        "obstacles": "Ce qu'aucun autre renseignement ne réglerait",
        "sources": "Sources",
        "monthly": "{} par mois",
        "yearly": "{} par an",
        "once": "{} en une fois",
        "per_claim": "{} pour la demande",
        "in_kind": "{} en nature",
        "since": "depuis le {}",
        "on": "au {}",
        "for": "pour {}",
        "held": "maintenu à sa dernière valeur connue",
        "indexed": "revalorisé selon sa série",
        "absent": "sans valeur à cette date",
        "no_key": "la table n'a pas cette ligne",
        "below": "en dessous de la première tranche",
        "given": "fourni, non calculé",
        "not_in_force": "pas en vigueur ce mois-là",
        "no_formula": "aucune formule en vigueur à cette date",
        "no_claim": "aucune demande de ce type ce mois-là",
        "claims_unknown": "on ne sait pas si une demande a été faite",
        "not_born": "pas encore né",
        "not_alive": "décédé",
        "above": "expliqué plus haut",
        "rounded": "arrondi à {} {}",
        "before_rounding": "avant arrondi {}",
        "nearest": "au plus proche",
        "up": "par excès",
        "down": "par défaut",
        "then": "donc",
        "counted": "{} sur {} pris en compte",
        "uncounted": "pas pris en compte",
        "rows_unknown": "inconnus\u00a0: {}",
        "shown": "affichés\u00a0: {}",
        "no_table": "absent des renseignements",
        "slice": "à partir de {}",
        "slice_to": "de {} à {}",
        "whole_table": "toute la table manque",
        "claim": "s'il y a eu un événement à déclarer, et quand",
        "and_more": "et {} de plus",
        "members": "membres du ménage",
        "contributions": "cotisations",
        "residence": "périodes de résidence",
        "employment": "périodes d'emploi",
        "benefits_in_payment": "prestations en cours",
        "events": "événements et demandes",
        "obstacle_zero": "division par zéro\u00a0: {}",
        "obstacle_no_key": "la table n'a pas de ligne pour {1}\u00a0: {0}",
        "obstacle_below": "en dessous de la première tranche\u00a0: {}",
        "obstacle_absent": "la loi ne donne aucune valeur à cette date\u00a0: {}",
        "obstacle_not_in_force": "pas en vigueur ce mois-là\u00a0: {}",
        "obstacle_no_formula": "aucune formule en vigueur à cette date\u00a0: {}",
        "obstacle_no_rows": "aucune ligne d'où le tirer\u00a0: {}",
        "obstacle_none": "il n'y en a pas\u00a0: {}",
        "obstacle_range": "hors du calendrier, ou sans valeur\u00a0: {}",
        "benefit": "Prestation",
        "duration": "Durée",
        "worker_contribution": "Cotisation du travailleur",
        "employer_contribution": "Cotisation de l'employeur",
        "state_contribution": "Cotisation de l'État",
        "foot": "Loi\u00a0: {}, texte {}\u00a0; mois\u00a0: {}\u00a0; OpenSocle {}",
    },
}


class Words:
    """The words and numbers of one language. digits: decimals of the country's currency. Raises InputError P042 for another language."""

    def __init__(self, lang: str, digits: int) -> None:
        if lang not in LANGUAGES:
            raise InputError("P042", f"explanations are not written in {lang!r}", hint=f"use one of {', '.join(LANGUAGES)}")
        self.lang, self.digits = lang, digits

    def __call__(self, key: str, *values: str) -> str:
        return WORDS[self.lang][key].format(*values)

    def title(self, titles: Mapping[str, str], otherwise: str = "") -> str:
        """The title in the language, in English, or in any."""
        return titles.get(self.lang) or titles.get("en") or next(iter(titles.values()), otherwise)

    def subject(self, name: str) -> str:
        return self(name) if name in ("household", "person") else name

    def month(self, month: Month) -> str:
        return f"{w.month(month.number, self.lang)} {month.year}"

    def day(self, day: date | Month) -> str:
        return self.month(day) if isinstance(day, Month) else w.day(day, self.lang)

    def money(self, amount: Decimal | int, currency: str) -> str:
        """With the currency's decimals, or more where the amount has more."""
        exact = _exact(Decimal(amount))
        whole, _, decimals = f"{abs(exact):f}".partition(".")
        decimals = decimals.ljust(self.digits, "0")
        sign = w.MINUS if exact < 0 else ""
        point = ("," if self.lang == "fr" else ".") if decimals else ""
        return f"{sign}{w.figure(Decimal(whole), self.lang)}{point}{decimals} {currency}"

    def number(self, number: Decimal | int, unit: str = "") -> str:
        """A number with its unit: `30.00 XMU/month`, `4 years`, `5.5 %`."""
        number = Decimal(number)
        if unit == "rate":
            return w.percent(number, self.lang)
        if unit == "percent":
            return w.percent(number / 100, self.lang)
        if unit[:3].isupper() and len(unit[:3]) == 3:
            return self.money(number, w.unit(unit, self.lang))
        return w.measured(_exact(number), "" if unit in ("index", "number") else unit, self.lang)

    def value(self, value: Value, unit: str = "", code: Mapping[str, str] | None = None) -> str:
        """A value as the reader writes it."""
        if value is None:
            return self("unknown")
        if code:
            return self.title(code)
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, Decimal | int):
            return self.number(value, unit)
        return self.day(value) if isinstance(value, date | Month) else str(value)

    def paid(self, value: Value, unit: str, paid: str) -> str:
        """An amount as it is paid: `30.00 XMU a month`."""
        if not isinstance(value, Decimal | int):
            return self("amount_unknown")
        currency, _, time = unit.partition("/")
        if not (len(currency) == 3 and currency.isupper()):
            return self.number(value, unit)
        how = {"month": "monthly", "year": "yearly", "": paid}.get(time, "")
        return self(how, self.money(value, currency)) if how else self.number(value, unit)


def _exact(number: Decimal) -> Decimal:
    """The number without needless zeros."""
    return CONTEXT.add(number.normalize(CONTEXT), Decimal(0))
