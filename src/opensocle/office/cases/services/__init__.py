"""What officers do with cases: each verb checks, acts and leaves a line in the audit, in one transaction."""

from .appeals import decide_appeal, receive_appeal
from .claims import add_evidence, assign_claim, determine_claim, open_claim, withdraw_claim
from .decisions import approve, propose, send_back
from .entitlements import Revised, end_entitlement, end_for_death, resume_entitlement, revise_all, revise_entitlement, suspend_entitlement
from .grievances import answer_grievance, receive_grievance
from .letters import make_letter

__all__ = [
    "Revised",
    "add_evidence",
    "answer_grievance",
    "approve",
    "assign_claim",
    "decide_appeal",
    "determine_claim",
    "end_entitlement",
    "end_for_death",
    "make_letter",
    "open_claim",
    "propose",
    "receive_appeal",
    "receive_grievance",
    "resume_entitlement",
    "revise_all",
    "revise_entitlement",
    "send_back",
    "suspend_entitlement",
    "withdraw_claim",
]
