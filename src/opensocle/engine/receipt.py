"""Who receives a scheme's benefit, as the history `benefits_in_payment` tells: a formula made here, since no law has it.

    any(benefits_in_payment, scheme = '…' and start_date <= reference_date and (end_date is null or end_date > reference_date),
        before => add_months(reference_date, 1))

A household receives where a living member does.
"""

from __future__ import annotations

from ..law import tree as t

TABLE = "benefits_in_payment"
_TEXT, _COUNT = t.Kind("text"), t.Kind("integer")


def in_payment(scheme: str) -> t.Expr:
    """Whether a benefit of the scheme is in payment to the person on the reference date; unknown where the data have no such history."""
    today = t.ReferenceDate(t.DATE, 0, 0)
    start, end = t.Fact(t.DATE, 0, 0, TABLE, "start_date"), t.Fact(t.DATE, 0, 0, TABLE, "end_date", none=True)
    its = _op("eq", t.Fact(_TEXT, 0, 0, TABLE, "scheme"), t.Const(_TEXT, 0, 0, scheme))
    open_end = _op("or", _op("is_null", end), _op("gt", end, today))
    soon = t.Op(t.DATE, 0, 0, "add_months", (today, t.Const(_COUNT, 0, 0, 1)))
    return t.Rows(t.BOOLEAN, 0, 0, "any", TABLE, None, _op("and", its, _op("le", start, today), open_end), t.Window(before=soon))


def in_payment_at_home(scheme: str) -> t.Expr:
    """Whether a living member of the household receives it."""
    alive = t.Result(t.BOOLEAN, 0, 0, "vocabulary", "alive", "person")
    return t.Rows(t.BOOLEAN, 0, 0, "any", "members", None, _op("and", alive, in_payment(scheme)))


def _op(name: str, *args: t.Expr) -> t.Op:
    return t.Op(t.BOOLEAN, 0, 0, name, args)
