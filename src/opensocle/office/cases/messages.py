"""What a page says when a service refuses, in the reader's language, by the error's code."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...errors import SocleError


def said(error: SocleError) -> str:
    """The sentence for a refusal; of codes that only a program can cause, a general one with the code."""
    sentences = {
        "O041": _("No law is in force in that month."),
        "O050": _("This cannot be claimed: look at the scheme, the household and the date of the event."),
        "O051": _("The same benefit is claimed for this month already."),
        "O052": _("The claim is closed."),
        "O053": _("The document is about somebody else."),
        "O060": _("Facts are missing: record them, then decide."),
        "O061": _("A decision is proposed already: a supervisor approves it or sends it back."),
        "O062": _("An officer decides this scheme."),
        "O063": _("Nobody approves her own proposal: another supervisor has to look at it."),
        "O064": _("Facts or the law have changed since the proposal: send it back, so that it is determined anew."),
        "O065": _("Say why: the first officer has to know what to look at."),
        "O066": _("The decision does not wait for approval any more."),
        "O070": _("Say why: the person has a right to know, and to appeal."),
        "O071": _("The right is in another state by now: look at it again."),
        "O073": _("Facts of past months are missing: record them, then revise."),
        "O074": _("A right that is paid once is not revised by month: decide a new claim, or an appeal."),
        "O080": _("The decision cannot be contested yet."),
        "O081": _("The time for it is over; it may be excused for a good reason."),
        "O082": _("An appeal against this decision is open, or decided already."),
        "O083": _("You had a part in this decision: another appeals officer has to hear it."),
        "O084": _("An appeal is decided with an outcome and reasons."),
        "O085": _("The law says the same on the facts as they are recorded: record what the appeal has proved, then decide."),
        "O086": _("A right in force is revised or changed, not sent back."),
        "O090": _("Choose what it is about, and write what happened."),
        "O091": _("The grievance is about you: somebody else answers it."),
        "O092": _("The grievance is answered already."),
        "O100": _("The decision is only proposed: a letter is written once it is taken."),
    }
    return sentences.get(error.code) or _("This cannot be done (%(code)s).") % {"code": error.code}
