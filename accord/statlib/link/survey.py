"""Find out from whole columns which dates are placeholders and what the words for sex mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from accord.statlib.link import dates, sex


class Survey(NamedTuple):
    """The dates in a list that are too common to be real, the letter for each word for sex, and messages for the list's
    owner."""

    unknown: frozenset[str]
    sexes: Mapping[str, str]
    notes: list[str]


def survey(births: Mapping[str, int], sexes: Mapping[str, int]) -> Survey:
    """Survey two columns, each given as a mapping from text to number of records."""
    overused = dates.overused(births)
    letters, about_sex = sex.meanings(sexes)
    typed = sum(number for text, number in births.items() if dates.placeholder(text))
    habit = sum(births[text] for text in overused)
    years = sum(
        number
        for text, number in births.items()
        if text not in overused and len(dates.plain(text)) > 4 and (born := dates.birth(text)) and not born.day
    )
    notes = []
    if typed:
        notes.append(f"{typed:,} birth dates are placeholders (such as 0000-00-00); they were read as unknown")
    if habit:
        notes.append(f"{habit:,} birth dates are shared by too many records to be real; they were read as unknown")
    if years:
        notes.append(f"{years:,} birth dates without a day, or on 1 January, were read as a year alone")
    return Survey(overused, letters, notes + about_sex)
