"""What a page says when a service refuses, in the reader's language, by the error's code."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ...errors import SocleError


def said(error: SocleError) -> str:
    """The sentence for a refusal; of codes that only a program can cause, a general one with the code."""
    sentences = {
        "O041": _("No law is in force in that month."),
        "O250": _("This cannot be claimed: look at the scheme, the household and the date of the event."),
        "O251": _("The same benefit is claimed for this month already."),
        "O252": _("The claim is closed."),
        "O253": _("The document is about somebody else."),
        "O260": _("Facts are missing: record them, then decide."),
        "O261": _("A decision is proposed already: a supervisor approves it or sends it back."),
        "O262": _("An officer decides this scheme."),
        "O263": _("Nobody approves her own proposal: another supervisor has to look at it."),
        "O264": _("Facts or the law have changed since the proposal: send it back, so that it is determined anew."),
        "O265": _("Say why: the first officer has to know what to look at."),
        "O266": _("The decision does not wait for approval any more."),
        "O270": _("Say why: the person has a right to know, and to appeal."),
        "O271": _("The right is in another state by now: look at it again."),
        "O273": _("Facts of past months are missing: record them, then revise."),
        "O274": _("A right that is paid once is not revised by month: decide a new claim, or an appeal."),
        "O280": _("The decision cannot be contested yet."),
        "O281": _("The time for it is over; it may be excused for a good reason."),
        "O282": _("An appeal against this decision is open, or decided already."),
        "O283": _("You had a part in this decision: another appeals officer has to hear it."),
        "O284": _("An appeal is decided with an outcome and reasons."),
        "O285": _("The law says the same on the facts as they are recorded: record what the appeal has proved, then decide."),
        "O286": _("A right in force is revised or changed, not sent back."),
        "O290": _("Choose what it is about, and write what happened."),
        "O291": _("The grievance is about you: somebody else answers it."),
        "O292": _("The grievance is answered already."),
        "O300": _("The decision is only proposed: a letter is written once it is taken."),
    }
    return sentences.get(error.code) or _("This cannot be done (%(code)s).") % {"code": error.code}
