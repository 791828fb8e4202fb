"""Why rows of an import are set aside, in the language of who looks: the readers of populations give their reasons in English."""

from __future__ import annotations

import re
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ....population.report import Finding

REASONS = (
    gettext_lazy("is missing"),
    gettext_lazy("the code is not in the mapping"),
    gettext_lazy("is not in the code list {name}, which is empty"),
    gettext_lazy("is not in the code list {name}"),
    gettext_lazy("is less than {limit}"),
    gettext_lazy("is more than {limit}"),
    gettext_lazy("is not a whole number after the conversion"),
    gettext_lazy("is not a whole number"),
    gettext_lazy("is not a number"),
    gettext_lazy("is too large"),
    gettext_lazy("has more than {digits} decimal after the conversion"),
    gettext_lazy("has more than {digits} decimals after the conversion"),
    gettext_lazy("has more than {digits} decimal"),
    gettext_lazy("has more than {digits} decimals"),
    gettext_lazy("is not a date as {form}"),
    gettext_lazy("is not a month as 2026-03, nor the first day of one"),
    gettext_lazy("is not a month as {form}"),
    gettext_lazy("is neither true, false, 1 nor 0 (map other codes)"),
    gettext_lazy("is after the population's date {day}"),
    gettext_lazy("is before the start"),
    gettext_lazy("is before the birth"),
    gettext_lazy("several rows have the same number"),
    gettext_lazy("several rows have the same {key}"),
    gettext_lazy("no accepted row of households has this household_id"),
    gettext_lazy("no accepted row of persons has this person_id"),
    gettext_lazy("has another number of columns than the header, broken quotes, or another encoding"),
    gettext_lazy("is no number of a document"),
    gettext_lazy("another person of the registry has a number of this row"),
    gettext_lazy("is no telephone number"),
    gettext_lazy("is no e-mail address"),
    gettext_lazy("no area is given"),
    gettext_lazy("has more than {signs} signs"),
    gettext_lazy("has signs that cannot be printed"),
    gettext_lazy("a name has letters"),
    gettext_lazy("the household is of a district that you do not import for"),
    gettext_lazy("neither given name nor surname"),
    gettext_lazy("the person is of a district that you do not import for"),
    gettext_lazy("the file of this person is restricted or erased"),
    gettext_lazy("the household has ended in the registry"),
    gettext_lazy("lies in the future"),
    gettext_lazy("nobody is that old"),
    gettext_lazy("what is not known of a date is written as 1"),
    gettext_lazy("the household has several heads"),
    gettext_lazy("the household has another head in the registry, who is not in the file"),
    gettext_lazy("several rows say the same moment of the same person"),
    gettext_lazy("nobody in the registry has this key of the source"),
    gettext_lazy("the file of this person is closed, or of a district that you do not import for"),
    gettext_lazy("{count} × the death would be before the birth: neither was changed"),
    gettext_lazy("{count} × the household has a head already: the relationship stays unknown"),
    gettext_lazy("{count} × the household has ended in the registry: nobody was put into it"),
    gettext_lazy("{column}: {count} keys are of nobody in the file or the registry, and stay unknown"),
    gettext_lazy("note: {table}: {count} persons have lost part of their history"),
    gettext_lazy("note: {table}: {count} households have lost a member, so that their size and income are no longer those of the source"),
)
"""Reasons and notes as they are written in English, a longer one before one that it begins with."""


def finding_said(finding: Finding) -> str:
    """A reason with the first rows that have it."""
    several = len({file for file, _row, _value in finding.examples}) > 1
    places = [(f"{file} {row}" if several else str(row)) + (f" ({value})" if value is not None else "") for file, row, value in finding.examples]
    count = ngettext("%(count)d row", "%(count)d rows", finding.rows) % {"count": finding.rows}
    more = ", …" if places and finding.rows > len(places) else ""
    where = _(", row %(rows)s") % {"rows": ", ".join(places)} if places else ""
    return _("%(table)s.%(column)s: %(reason)s: %(count)s%(where)s") % {
        "table": finding.table, "column": finding.column, "reason": said(finding.reason), "count": count, "where": where + more,
    }  # fmt: skip


def said(text: str) -> str:
    """A reason or a note in the language of who looks; as it is where it is not one of these."""
    for pattern, words in _patterns():
        if found := pattern.fullmatch(text):
            return str(words).format(**found.groupdict())
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Promise], ...]:
    from django.utils.translation import override

    with override("en"):
        return tuple((re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(str(words)))), words) for words in REASONS)
