"""Codes of the `vault` room."""

from enum import StrEnum


class KeyState(StrEnum):
    """How an agency's keys compare with the keys that a partner has accepted."""

    SAME = "same"  # these keys were accepted
    SIGNED = "signed"  # the holders of the accepted keys renewed them
    NEW = "new"  # the keys must be compared again
    NONE = "none"  # no keys were accepted yet
    ABSENT = "absent"  # the agency has no keys yet
