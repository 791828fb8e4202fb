"""The summary of a run as tables, in English and French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..law.showing import title_of
from ..law.wording import label, measured
from ..law.wording import unit as unit_words
from .summary import MONTH, Line, Summary
from .tables import count, money, rounded, share, table

if TYPE_CHECKING:
    from ..engine.results import Result
    from ..law.law import Law

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "benefit": "Benefit", "for": "for", "person": "persons", "household": "households", "entitled": "entitled", "unknown": "unknown",
        "month": "a month", "year": "a year", "granted": "granted", "months": "in {} months", "entitled_mean": "entitled (mean of months)",
        "contribution": "Contribution", "paid_by": "paid by", "worker_contribution": "worker", "employer_contribution": "employer",
        "state_contribution": "State", "payers": "for persons", "duration": "Duration granted", "total": "in all", "other": "Other result",
        "positive": "true, or above zero", "statement": "What made these results", "law": "law", "data": "data", "program": "program",
        "period": "period", "unknowns": "Unknown results, by variable", "absent": "Not in the data", "yes": "yes", "no": "no",
        "unsplit": "{} have no column {}: they are not split by it.", "share": "share unknown",
        "unsummed": "Dates, codes and texts are not added up; --out writes them: {}",
        "unknown_rows": "unknown rows",
    },
    "fr": {
        "benefit": "Prestation", "for": "pour", "person": "personnes", "household": "ménages", "entitled": "ayants droit", "unknown": "inconnus",
        "month": "par mois", "year": "par an", "granted": "accordé", "months": "en {} mois", "entitled_mean": "ayants droit (moyenne des mois)",
        "contribution": "Cotisation", "paid_by": "à la charge de", "worker_contribution": "travailleur", "employer_contribution": "employeur",
        "state_contribution": "État", "payers": "pour personnes", "duration": "Durée accordée", "total": "en tout", "other": "Autre résultat",
        "positive": "vrai, ou plus que zéro", "statement": "Ce qui a fait ces résultats", "law": "loi", "data": "données", "program": "programme",
        "period": "période", "unknowns": "Résultats inconnus, par variable", "absent": "Absent des données", "yes": "oui", "no": "non",
        "unsplit": "Les {} n'ont pas de colonne {} : pas de répartition selon elle.", "share": "part d'inconnus",
        "unsummed": "Les dates, codes et textes ne s'additionnent pas ; --out les écrit : {}",
        "unknown_rows": "lignes inconnues",
    },
}  # fmt: skip


class Printer:
    """Tables of one law and run in one language. shares: show what is unknown as a share instead of a number."""

    def __init__(self, law: Law, result: Result, lang: str, shares: bool = False) -> None:
        self.law, self.result, self.lang, self.shares = law, result, lang, shares
        self.words, self.digits = WORDS[lang], law.country.currency.digits
        self.asked = "unknown_rows" if result.weighted else "unknown"

    def tables(self, summary: Summary) -> str:
        """All tables that have lines."""
        parts = [self.benefits(summary), self.contributions(summary), self.durations(summary), self.others(summary)]
        for level, names in summary.unsplit.items():
            parts.append(self.words["unsplit"].format(self.words[level].capitalize(), ", ".join(names)))
        if summary.unsummed:
            parts.append(self.words["unsummed"].format(", ".join(summary.unsummed)))
        return "\n\n".join(part for part in parts if part)

    def benefits(self, summary: Summary) -> str:
        if not summary.benefits:
            return ""
        w, several = self.words, len(self.result.period) > 1 and MONTH not in summary.by
        entitled, unknown = w["entitled_mean" if several else "entitled"], w["share" if self.shares else self.asked]
        headers = (w["benefit"], w["for"], entitled, self.result.currency, "", unknown)
        rows: list[Sequence[str] | str] = []
        branch = scheme = ""
        for line in summary.benefits:
            of = self.law.schemes[line.scheme].branch
            if of != branch:
                branch = of
                rows.append(label("branches", branch, self.lang))
            name, scheme = self.name(line, scheme), line.scheme
            if summary.by and name:
                rows.append(f"    {name}")
            first = f"  {name}" if not summary.by else f"    {self.group(summary.by, line)}"
            amount = money(line.amount, self.digits, self.lang)
            rows.append((first, w[line.level], count(line.entitled, self.lang), amount, self.measure(line, several), self.unknown(line)))
        return table(headers, rows, (2, 3, 5))

    def unknown(self, line: Line) -> str:
        return share(line.unknown, line.rows, self.lang) if self.shares else count(line.unknown, self.lang)

    def name(self, line: Line, before: str) -> str:
        """The scheme's title where it is another than the line's before."""
        return "" if line.scheme == before else title_of(self.law.schemes[line.scheme].title, self.lang, line.scheme)

    def measure(self, line: Line, several: bool) -> str:
        if line.measure == "month" and several:
            return self.words["months"].format(len(self.result.period))
        return self.words.get(line.measure, unit_words(line.measure, self.lang) if line.measure else "")

    def contributions(self, summary: Summary) -> str:
        if not summary.contributions:
            return ""
        w, several = self.words, len(self.result.period) > 1 and MONTH not in summary.by
        rows: list[Sequence[str] | str] = []
        for line in summary.contributions:
            title = title_of(self.law.schemes[line.scheme].title, self.lang, line.scheme)
            first = ", ".join(part for part in (title, self.group(summary.by, line)) if part)
            cells = (count(line.entitled, self.lang), money(line.amount, self.digits, self.lang), self.measure(line, several))
            rows.append((first, w[line.variable], *cells, count(line.unknown, self.lang)))
        return table((w["contribution"], w["paid_by"], w["payers"], self.result.currency, "", w[self.asked]), rows, (2, 3, 5))

    def durations(self, summary: Summary) -> str:
        if not summary.durations:
            return ""
        w = self.words
        rows = [
            (
                title_of(self.law.schemes[line.scheme].title, self.lang, line.scheme),
                count(line.entitled, self.lang),
                measured(rounded(line.amount or Decimal(0), 0), line.measure, self.lang),
                count(line.unknown, self.lang),
            )
            for line in summary.durations
        ]
        return table((w["duration"], w["entitled"], w["total"], w[self.asked]), rows, (1, 2, 3))

    def others(self, summary: Summary) -> str:
        if not summary.others:
            return ""
        w = self.words
        rows = []
        for line in summary.others:
            name = line.variable if line.scheme in ("concepts", "vocabulary") else f"{line.scheme}.{line.variable}"
            first = ", ".join(part for part in (name, self.group(summary.by, line)) if part)
            amount, of = money(line.amount, self.digits, self.lang), unit_words(line.measure, self.lang) if line.measure else ""
            rows.append((first, w[line.level], count(line.entitled, self.lang), amount, of, count(line.unknown, self.lang)))
        return table((w["other"], w["for"], w["positive"], w["total"], "", w[self.asked]), rows, (2, 3, 5))

    def group(self, by: Sequence[str], line: Line) -> str:
        return ", ".join(self.value(name, value) for name, value in zip(by, line.group, strict=True) if value != "")

    def value(self, name: str, value: Any) -> str:
        """The title of a code, or the value."""
        if value is None:
            return self.words["unknown"]
        if isinstance(value, bool):
            return f"{name}: {self.words['yes' if value else 'no']}"
        vocabulary = self.law.vocabulary
        for table_ in ("persons", "households"):
            fact = vocabulary.fact(table_, name)
            codes = vocabulary.codes.get(fact.codes) if fact and fact.codes else None
            if codes and value in codes.values:
                return title_of(codes.values[value], self.lang, str(value))
        return str(value)

    def statement(self) -> str:
        """What made the results, what is unknown in them, and what the data do not have."""
        return "\n".join(self._statement())

    def _statement(self) -> Iterator[str]:
        made, w = self.result.statement(), self.words
        months = made["period"]
        told = {
            "law": made["law"],
            "data": made["data"],
            "program": f"OpenSocle {made['program']}, {made['engine']}",
            "period": months[0] if len(months) == 1 else f"{months[0]}:{months[-1]}",
        }
        yield w["statement"]
        wide = max(len(w[key]) for key in told)
        for key, value in told.items():
            yield f"  {w[key].ljust(wide)}  {value}"
        if made["unknown"]:
            rows = [(name, count(number, self.lang)) for name, number in made["unknown"].items()]
            yield f"{w['unknowns']}"
            yield from table(("", ""), rows, (1,)).split("\n")[1:]
        if made["not_in_the_data"]:
            yield f"{w['absent']}: {', '.join(made['not_in_the_data'])}"
