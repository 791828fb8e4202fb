"""What can be done with files of persons and households: one function for each verb, keyword arguments only, each of them an act."""

from .changing import change_person, lift_restriction, record_death, restrict, take_back_death
from .consents import give_consent, withdraw_consent
from .documents import add_document
from .erasing import erasable_from, erase_person
from .facts import correct_fact, end_fact, record_fact, retract_fact
from .histories import add_record, withdraw_record
from .households import (
    change_head,
    change_relationship,
    join_household,
    leave_household,
    make_household,
    move_household,
    transfer_person,
)
from .identifying import add_account, add_contact, add_identifier, end_account, withdraw_contact, withdraw_identifier
from .keys import rebuild_keys
from .merging import merge, undo_merge
from .registering import register_displaced, register_newborn, register_person
from .values import Birth, Names, Number

__all__ = [
    "Birth",
    "Names",
    "Number",
    "add_account",
    "add_contact",
    "add_document",
    "add_identifier",
    "add_record",
    "change_head",
    "change_person",
    "change_relationship",
    "correct_fact",
    "end_account",
    "end_fact",
    "erasable_from",
    "erase_person",
    "give_consent",
    "join_household",
    "leave_household",
    "lift_restriction",
    "make_household",
    "merge",
    "move_household",
    "rebuild_keys",
    "record_death",
    "record_fact",
    "register_displaced",
    "register_newborn",
    "register_person",
    "restrict",
    "retract_fact",
    "take_back_death",
    "transfer_person",
    "undo_merge",
    "withdraw_consent",
    "withdraw_contact",
    "withdraw_identifier",
    "withdraw_record",
]
