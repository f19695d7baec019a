"""The words that a law pack can use. Each word is stored as a short code, and the sentence next to it is for people to
read.

Packs name kinds of information by their codes in the registry, which belongs to a higher room, `sharing`.
"""

from __future__ import annotations

from enum import StrEnum

from accord.core.text import N_


class Side(StrEnum):
    """An agency's side: community-based, systems-based, or the coalition itself. The side determines which default
    applies."""

    COMMUNITY = "community"
    SYSTEMS = "systems"
    COALITION = "coalition"


class Trait(StrEnum):
    """A fact about an agency, stated by its privacy officer and recorded in the agreement."""

    GRANT_VAWA = "grant_vawa"
    GRANT_VOCA = "grant_voca"
    GRANT_FVPSA = "grant_fvpsa"
    GRANT_OVC_TRAFFICKING = "grant_ovc_trafficking"
    HEALTH_PROVIDER = "health_provider"
    SUBSTANCE_USE_PROGRAMME = "substance_use_programme"
    SCHOOL = "school"
    LAW_PRACTICE = "law_practice"
    POLICE = "police"
    PROSECUTOR = "prosecutor"
    PROBATION = "probation"
    CHILD_PROTECTION = "child_protection"
    JUVENILE_COURT = "juvenile_court"
    CJI_PROFILE = "cji_profile"
    STATISTICS_UNIT = "statistics_unit"


class Regime(StrEnum):
    """A body of rules that binds an agency as a whole."""

    VAWA = "vawa"
    VOCA = "voca"
    FVPSA = "fvpsa"
    BASELINE = "baseline"
    HIPAA = "hipaa"
    PART2 = "part2"
    FERPA = "ferpa"
    ATTORNEY = "attorney"
    JUVENILE = "juvenile"
    CRIMINAL_JUSTICE = "criminal_justice"
    ADVOCATE = "advocate"


REGIME_WORDS = {
    Regime.VAWA: N_("Federal confidentiality rules for people served with Violence Against Women Act (VAWA) funds"),
    Regime.VOCA: N_("Federal confidentiality rules for people served with Victims of Crime Act (VOCA) funds"),
    Regime.FVPSA: N_(
        "Federal confidentiality rules for people served with Family Violence Prevention and Services Act (FVPSA) funds"
    ),
    Regime.BASELINE: N_("The coalition's own rules, which every community-based agency follows no matter who funds it"),
    Regime.HIPAA: N_("Health privacy rules (HIPAA)"),
    Regime.PART2: N_("Substance use treatment record rules (42 CFR Part 2)"),
    Regime.FERPA: N_("Student record rules (FERPA)"),
    Regime.ATTORNEY: N_("Attorney-client privilege"),
    Regime.JUVENILE: N_("Juvenile and dependency court record rules"),
    Regime.CRIMINAL_JUSTICE: N_("Criminal justice information rules"),
    Regime.ADVOCATE: N_("Advocate-survivor privilege under state law"),
}


class Label(StrEnum):
    """A mark on one item, in addition to its kind."""

    ATTORNEY = "attorney"
    CLERGY = "clergy"
    GRAND_JURY = "grand_jury"
    TAX = "tax"
    WIRETAP = "wiretap"
    SEALED = "sealed"
    SHELTER_ADDRESS = "shelter_address"
    CJI = "cji"


class Purpose(StrEnum):
    """A purpose for which a recipient may use the information."""

    LEGAL_HELP = "legal_help"
    HOUSING = "housing"
    HEALTH_CARE = "health_care"
    COUNSELLING = "counselling"
    SUBSTANCE_USE_CARE = "substance_use_care"
    SAFETY_PLANNING = "safety_planning"
    CASE_COORDINATION = "case_coordination"
    BENEFITS = "benefits"
    SCHOOL_AND_WORK = "school_and_work"
    COMPENSATION = "compensation"
    CHILD_PROTECTION = "child_protection"
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    TEAM_REVIEW = "team_review"
    STATISTICS = "statistics"


PURPOSE_WORDS = {
    Purpose.LEGAL_HELP: N_("To provide legal help and advice"),
    Purpose.HOUSING: N_("To find or keep a safe place to live"),
    Purpose.HEALTH_CARE: N_("To provide medical or dental care"),
    Purpose.COUNSELLING: N_("To provide counseling or mental health care"),
    Purpose.SUBSTANCE_USE_CARE: N_("To provide treatment for alcohol or drug use"),
    Purpose.SAFETY_PLANNING: N_("To help with safety planning"),
    Purpose.CASE_COORDINATION: N_("To coordinate services, so the story doesn't have to be told again"),
    Purpose.BENEFITS: N_("To apply for benefits, IDs or payments"),
    Purpose.SCHOOL_AND_WORK: N_("To find a school, job training or work"),
    Purpose.COMPENSATION: N_("To apply for crime victim compensation"),
    Purpose.CHILD_PROTECTION: N_("To keep a child safe"),
    Purpose.INVESTIGATION: N_("To investigate a crime"),
    Purpose.PROSECUTION: N_("To prosecute a crime"),
    Purpose.TEAM_REVIEW: N_("To discuss next steps in a team case review"),
    Purpose.STATISTICS: N_("To count each person only once in public statistics"),
}


class Statement(StrEnum):
    """A statement made to the person and recorded before anyone signs."""

    SERVICES_DO_NOT_DEPEND = "services_do_not_depend"
    RISKS_DISCUSSED = "risks_discussed"
    ALTERNATIVES_DISCUSSED = "alternatives_discussed"
    PRIVILEGE_WAIVER_DISCUSSED = "privilege_waiver_discussed"
    RIGHT_TO_WITHDRAW_TOLD = "right_to_withdraw_told"
    PRIVATE_CONVERSATION = "private_conversation"
    MANDATED_REPORTING_TOLD = "mandated_reporting_told"
    HEALTH_AUTHORISATION = "health_authorisation"
    PART2_CONSENT = "part2_consent"
    PART2_INTERMEDIARY_NAMED = "part2_intermediary_named"
    EDUCATION_RECORDS_NAMED = "education_records_named"
    IMMIGRATION_NAMED_APART = "immigration_named_apart"
    LINKAGE_EXPLAINED = "linkage_explained"


STATEMENT_WORDS = {
    Statement.SERVICES_DO_NOT_DEPEND: N_("Our help doesn't depend on whether this is signed."),
    Statement.RISKS_DISCUSSED: N_("We talked about what could go wrong if this is shared."),
    Statement.ALTERNATIVES_DISCUSSED: N_("We talked about other ways to get this help without sharing information."),
    Statement.PRIVILEGE_WAIVER_DISCUSSED: N_(
        "We talked about the chance that a court could later ask for more than what was shared."
    ),
    Statement.RIGHT_TO_WITHDRAW_TOLD: N_(
        "This can be revoked at any time. Just tell us. It doesn't have to be in writing."
    ),
    Statement.PRIVATE_CONVERSATION: N_(
        "We talked in private. No one could hear us except staff and, if we needed one, the interpreter."
    ),
    Statement.MANDATED_REPORTING_TOLD: N_("We explained what the law requires us to report to the authorities."),
    Statement.HEALTH_AUTHORISATION: N_(
        "The form describes the health information. The people who receive this information may share it with others."
    ),
    Statement.PART2_CONSENT: N_("This is consent to share records of treatment for alcohol or drug use."),
    Statement.PART2_INTERMEDIARY_NAMED: N_("This form names Accord as the system that transmits the records."),
    Statement.EDUCATION_RECORDS_NAMED: N_("The form says which school records are shared."),
    Statement.IMMIGRATION_NAMED_APART: N_(
        "We talked separately about sharing immigration information, and it was a separate choice."
    ),
    Statement.LINKAGE_EXPLAINED: N_(
        "We explained how each person is counted only once. We also explained that agreeing to this is optional."
    ),
}


class Situation(StrEnum):
    """The situation that determines whose signature the law requires."""

    ADULT = "adult"
    MINOR = "minor"
    MINOR_ALONE = "minor_alone"
    MINOR_UNABLE = "minor_unable"
    INCAPACITY = "incapacity"
    INCAPACITY_ALONE = "incapacity_alone"


class SignerCapacity(StrEnum):
    """The capacity in which someone signs."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    COURT_GUARDIAN = "court_guardian"
    RELATIVE = "relative"
    OTHER = "other"


class SignerFlag(StrEnum):
    """Something that the agency knows about a signer. It is never shown to the signer."""

    ABUSER_OF_PERSON = "abuser_of_person"
    ABUSER_OF_OTHER_PARENT = "abuser_of_other_parent"
    TRAFFICKER = "trafficker"


class InterpreterTie(StrEnum):
    """An interpreter's tie to the person, or to those who harmed the person."""

    FAMILY = "family"
    CO_SURVIVOR = "co_survivor"
    TIED_TO_TRAFFICKER = "tied_to_trafficker"


class Process(StrEnum):
    """A type of legal document that demands information."""

    JUDGE_ORDER = "judge_order"
    WARRANT = "warrant"
    JUDGE_SUBPOENA = "judge_subpoena"
    GRAND_JURY_SUBPOENA = "grand_jury_subpoena"
    ATTORNEY_SUBPOENA = "attorney_subpoena"
    ASSURED_SUBPOENA = "assured_subpoena"
    ADMINISTRATIVE_REQUEST = "administrative_request"
    STATUTE = "statute"


PROCESS_WORDS = {
    Process.JUDGE_ORDER: N_("Court order signed by a judge"),
    Process.WARRANT: N_("Warrant"),
    Process.JUDGE_SUBPOENA: N_("Subpoena signed by a judge"),
    Process.GRAND_JURY_SUBPOENA: N_("Grand jury subpoena"),
    Process.ATTORNEY_SUBPOENA: N_("Subpoena signed by an attorney or clerk, not a judge"),
    Process.ASSURED_SUBPOENA: N_("Subpoena with HIPAA assurances (person notified or records protected)"),
    Process.ADMINISTRATIVE_REQUEST: N_("Administrative request (no court involved)"),
    Process.STATUTE: N_("Demand letter that cites a law"),
}


class Who(StrEnum):
    """A type of person who may legally receive a service without a parent or guardian."""

    MINOR = "minor"
    WARD = "ward"


class Form(StrEnum):
    """A form of trafficking that a definition covers. `ANY` is for a definition that covers every form."""

    SEX = "sex"
    LABOR = "labor"
    ANY = "any"


class Act(StrEnum):
    """Something that a trafficker does to get or keep a person."""

    RECRUITED = "recruited"
    ENTICED = "enticed"
    HARBORED = "harbored"
    TRANSPORTED = "transported"
    TRANSFERRED = "transferred"
    RECEIVED = "received"
    PROVIDED = "provided"
    OBTAINED = "obtained"
    PATRONIZED = "patronized"
    SOLICITED = "solicited"
    ADVERTISED = "advertised"
    MAINTAINED = "maintained"
    BENEFITED = "benefited"


class Means(StrEnum):
    """A way in which a trafficker makes a person do something."""

    FORCE = "force"
    THREATS = "threats"
    RESTRAINT = "restraint"
    SCHEME = "scheme"
    LEGAL_PROCESS = "legal_process"
    ABDUCTION = "abduction"
    FRAUD = "fraud"
    DECEPTION = "deception"
    POWER = "power"
    VULNERABILITY = "vulnerability"
    PAYMENT = "payment"  # to get the consent of someone who controls the person


class Aim(StrEnum):
    """The exploitation that a trafficker wants."""

    COMMERCIAL_SEX = "commercial_sex"
    SEXUAL_EXPLOITATION = "sexual_exploitation"
    FORCED_LABOR = "forced_labor"
    SERVITUDE = "servitude"
    PEONAGE = "peonage"
    DEBT_BONDAGE = "debt_bondage"
    SLAVERY = "slavery"
    ORGANS = "organs"


class FirstStep(StrEnum):
    """Something that must follow when a screen indicates trafficking, other than a report."""

    CHILD_PROGRAM = "child_program"
