"""Labels for an agency's own pages: agency types, funding and legal status, law packs, time zones, and lists."""

from __future__ import annotations

from accord.access.codes import BACKBONE, COMMUNITY, FUNDER, STATISTICS, SURVIVOR_LED, SYSTEMS
from accord.core.text import N_
from accord.law.codes import Trait

TRAIT_WORDS = {
    Trait.GRANT_VAWA: N_("Receives VAWA funds (violence against women)"),
    Trait.GRANT_VOCA: N_("Receives VOCA funds (crime victims)"),
    Trait.GRANT_FVPSA: N_("Receives FVPSA funds (family violence)"),
    Trait.GRANT_OVC_TRAFFICKING: N_("Receives OVC funds (trafficking survivors)"),
    Trait.HEALTH_PROVIDER: N_("Provides health care (HIPAA)"),
    Trait.SUBSTANCE_USE_PROGRAMME: N_("Provides substance use treatment (42 CFR Part 2)"),
    Trait.SCHOOL: N_("Is a school (FERPA)"),
    Trait.LAW_PRACTICE: N_("Practices law (attorney-client privilege)"),
    Trait.POLICE: N_("Is a law enforcement agency"),
    Trait.PROSECUTOR: N_("Is a prosecutor's office"),
    Trait.PROBATION: N_("Is a probation agency"),
    Trait.CHILD_PROTECTION: N_("Is a child protective services agency"),
    Trait.JUVENILE_COURT: N_("Is a juvenile court"),
    Trait.CJI_PROFILE: N_("May hold criminal justice information (CJIS)"),
    Trait.STATISTICS_UNIT: N_("Is the state statistics agency"),
}
# Jurisdictions whose law comes with Accord. Any other law pack is shown under the name in its own `words`.
LAW_WORDS = {
    "us": N_("United States, federal law"),
    "us-calder": N_("Calder, the demo's made-up state"),
    "un": N_("United Nations definition of trafficking"),
}
# Time zones by their common names, with the zones of most US agencies first.
ZONES = {
    "America/New_York": N_("Eastern Time (New York)"),
    "America/Chicago": N_("Central Time (Chicago)"),
    "America/Denver": N_("Mountain Time (Denver)"),
    "America/Phoenix": N_("Mountain Time without daylight saving (Phoenix)"),
    "America/Los_Angeles": N_("Pacific Time (Los Angeles)"),
    "America/Anchorage": N_("Alaska Time (Anchorage)"),
    "Pacific/Honolulu": N_("Hawaii Time (Honolulu)"),
    "America/Puerto_Rico": N_("Atlantic Time (Puerto Rico)"),
    "Pacific/Guam": N_("Chamorro Time (Guam)"),
    "Europe/London": N_("UK time (London)"),
    "UTC": N_("Coordinated Universal Time (UTC)"),
}
# Agency types, under the names used in victim services, each with its agency kind and legal facts.
AGENCY_TYPES: dict[str, tuple[str, str, tuple[Trait, ...]]] = {
    "services": (N_("Shelter or victim services program"), COMMUNITY, ()),
    "legal": (N_("Legal aid or law office"), COMMUNITY, (Trait.LAW_PRACTICE,)),
    "health": (N_("Hospital or clinic"), COMMUNITY, (Trait.HEALTH_PROVIDER,)),
    "school": (N_("School"), COMMUNITY, (Trait.SCHOOL,)),
    "survivor_led": (N_("Survivor-led group"), SURVIVOR_LED, ()),
    "police": (N_("Police or sheriff"), SYSTEMS, (Trait.POLICE,)),
    "prosecutor": (N_("Prosecutor's office"), SYSTEMS, (Trait.PROSECUTOR,)),
    "child_protection": (N_("Child protective services"), SYSTEMS, (Trait.CHILD_PROTECTION,)),
    "probation": (N_("Probation"), SYSTEMS, (Trait.PROBATION,)),
    "juvenile_court": (N_("Juvenile court"), SYSTEMS, (Trait.JUVENILE_COURT,)),
    "office": (N_("Coalition office"), BACKBONE, ()),
    "statistics": (N_("Statistics unit"), STATISTICS, (Trait.STATISTICS_UNIT,)),
    "funder": (N_("Funder"), FUNDER, ()),
    "other": (N_("Other agency that keeps client information confidential"), COMMUNITY, ()),
    "other_systems": (N_("Other public agency whose records may be discoverable"), SYSTEMS, ()),
}
LISTS = {
    "agreements": N_("Agreements"),
    "colleagues": N_("Staff"),
    "connected-systems": N_("Connected systems"),
    "log": N_("Audit log"),
    "agencies": N_("Agencies"),
}
"""An agency's downloadable lists, by file name."""
