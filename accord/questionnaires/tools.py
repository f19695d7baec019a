"""The validated and well-known screening tools of the field, as facts in our own words: what each license allows here.

The text of no tool is copied. The facts come from the owners' own publications, which `source` names. What an owner did
not publish is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accord.core.text import N_


class Use(StrEnum):
    """What an agency can do with a tool in Accord."""

    LOAD = "load"
    ASK = "ask"
    RESULT = "result"
    LINK = "link"


USES = {
    Use.LOAD: N_("You can bring it as a form. Name the owner in its first note."),
    Use.ASK: N_("Ask the owner for permission before you bring it as a form."),
    Use.RESULT: N_("Its license lets you keep only the result: the version, the date, the score and the level."),
    Use.LINK: N_("Use the owner's own guide. Its text may not be copied into a form."),
}


@dataclass(frozen=True)
class Tool:
    """A screening tool. The names of tools and owners are not translated."""

    code: str
    name: str
    owner: str
    people: str
    validation: str
    license: str
    use: Use
    source: str


TOOLS: dict[str, Tool] = {
    tool.code: tool
    for tool in (
        Tool(
            "AHTST",
            "Adult Human Trafficking Screening Tool",
            "Office on Trafficking in Persons, NHTTAC",
            N_("Adults in health, behavioral health and social services"),
            N_("Not validated"),
            N_("A federal publication that was made under a contract. Confirm with the owner."),
            Use.ASK,
            "Administration for Children and Families, 2018",
        ),
        Tool(
            "TVIT-short",
            "Trafficking Victim Identification Tool, short version",
            "Vera Institute of Justice",
            N_("Adults and minors, sex and labor trafficking"),
            N_("Validated"),
            N_("Free. No permission is needed."),
            Use.LOAD,
            "Vera Institute of Justice, 2014",
        ),
        Tool(
            "TVIT-long",
            "Trafficking Victim Identification Tool, long version",
            "Vera Institute of Justice",
            N_("Adults and minors, sex and labor trafficking"),
            N_("Validated"),
            N_("Free. No permission is needed."),
            Use.LOAD,
            "Vera Institute of Justice, 2014",
        ),
        Tool(
            "HTST",
            "Human Trafficking Screening Tool",
            "Urban Institute",
            N_("Young people ages 12 to 24, runaway and homeless youth and child welfare"),
            N_("Pretested with 617 young people"),
            N_("A report for a federal agency. It doesn't say who may use the questions."),
            Use.ASK,
            "Urban Institute for ASPE, 2017",
        ),
        Tool(
            "HTST-SF",
            "Human Trafficking Screening Tool, short form",
            "Urban Institute",
            N_("Young people ages 12 to 24, runaway and homeless youth and child welfare"),
            N_("Performed like the full tool"),
            N_("A report for a federal agency. It doesn't say who may use the questions."),
            Use.ASK,
            "Urban Institute for ASPE, 2017",
        ),
        Tool(
            "QYIT",
            "Quick Youth Indicators for Trafficking",
            "Covenant House New Jersey, Mount Sinai",
            N_("Homeless young adults ages 18 to 22"),
            N_("Validated with 307 young people (sensitivity 86.7%, specificity 76.5%)"),
            N_("Copyright of Covenant House New Jersey."),
            Use.ASK,
            "Covenant House New Jersey and Mount Sinai, 2019",
        ),
        Tool(
            "PEARR",
            "PEARR Tool",
            "Dignity Health, HEAL Trafficking, Pacific Survivor Center",
            N_("Hospital patients. It is a guide for a conversation, not a questionnaire."),
            N_("Evaluated in 2024"),
            N_("Free to use. The manual may not be used commercially (CC BY-NC-SA 4.0)."),
            Use.LINK,
            "CommonSpirit Health",
        ),
        Tool(
            "CSE-IT",
            "Commercial Sexual Exploitation Identification Tool",
            "WestCoast Children's Clinic",
            N_("Young people. A trained professional completes it, and it is never read aloud."),
            N_("Validated"),
            N_("Licensed. Your agency needs an agreement and training."),
            Use.RESULT,
            "WestCoast Children's Clinic, version 2.0",
        ),
    )
}
TO_LOAD = tuple(code for code, tool in TOOLS.items() if tool.use in (Use.LOAD, Use.ASK))
