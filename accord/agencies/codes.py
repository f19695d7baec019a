"""Words of an agency's own matters: what is true of an agency, where an agreement stands, where clocks are."""

from __future__ import annotations

from accord.core.text import N_
from accord.law.codes import Trait

TRAIT_WORDS = {
    Trait.GRANT_VAWA: N_("Has violence-against-women funds (VAWA)"),
    Trait.GRANT_VOCA: N_("Has crime-victim funds (VOCA)"),
    Trait.GRANT_FVPSA: N_("Has family-violence funds (FVPSA)"),
    Trait.GRANT_OVC_TRAFFICKING: N_("Has federal funds for survivors of trafficking (OVC)"),
    Trait.HEALTH_PROVIDER: N_("Gives health care (HIPAA)"),
    Trait.SUBSTANCE_USE_PROGRAMME: N_("Treats substance use (42 CFR Part 2)"),
    Trait.SCHOOL: N_("Is a school (FERPA)"),
    Trait.LAW_PRACTICE: N_("Practises law: attorney and client"),
    Trait.POLICE: N_("Is a police agency"),
    Trait.PROSECUTOR: N_("Is a prosecutor's office"),
    Trait.PROBATION: N_("Is a probation agency"),
    Trait.CHILD_PROTECTION: N_("Protects children by law"),
    Trait.JUVENILE_COURT: N_("Is a juvenile court"),
    Trait.CJI_PROFILE: N_("May hold criminal justice information (CJIS)"),
    Trait.STATISTICS_UNIT: N_("Counts for the state"),
}

# State of an agreement: its meaning (as ui.components.STATES has them) and its words.
AGREEMENT_STATES = {
    "waiting": ("wait", N_("Waiting for a signature")),
    "coming": ("wait", N_("Signed, not begun yet")),
    "in_force": ("ok", N_("In force")),
    "review_due": ("urgent", N_("In force, yearly review is due")),
    "lapsed": ("urgent", N_("Paused: yearly review is too late")),
    "ended": ("ended", N_("Ended")),
}

KEY_STATES = {
    "same": ("ok", N_("These are the keys that you accepted")),
    "signed": ("ok", N_("Renewed, and signed with the keys that you accepted")),
    "new": ("urgent", N_("New keys: compare and accept them")),
    "none": ("plain", N_("Not accepted yet: signing accepts them")),
}

# Why a colleague cannot work now.
WAITS = {
    "sign_in": N_("New passphrase: has not signed in yet"),
    "officer": N_("New passphrase: waits to be let back in"),
    "closed": N_("Closed: ninety days without signing in"),
}

ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam", "Europe/London", "UTC"),
)

LISTS = {
    "agreements": N_("Agreements"),
    "colleagues": N_("Colleagues"),
    "connected-systems": N_("Connected systems"),
    "log": N_("Log"),
    "agencies": N_("Agencies"),
}
"""Lists of an agency that can be had as a file, by the file's name."""
