"""People screened, by form and result: counted by agencies, combined, reviewed, and published like people served."""

from __future__ import annotations

import pytest

from accord.demo import totals
from accord.numbers import queries, rules, services, sums
from accord.numbers.codes import PEOPLE_SCREENED
from accord.numbers.rules import Period
from accord.people import services as people
from accord.people.codes import PersonName
from accord.screening.codes import ScreenResult
from tests.region import World
from tests.steps.totals import joined_long_ago, last_half_year

SCREENED = {
    "adele": ("positive",) * 7 + ("declined",),
    "emil": ("positive",) * 6,
    "june": ("negative",) * 3 + ("positive",) * 4,
}


@pytest.fixture(scope="module")
def half(world: World) -> Period:
    """Return a half-year in which three agencies screened people, combined and published."""
    joined_long_ago(world)
    half = last_half_year(world).of(PEOPLE_SCREENED)
    for user, results in SCREENED.items():
        made = [[PersonName(used=f"Wren {n}"), _screen(half, result)] for n, result in enumerate(results)]
        with world.as_(user) as officer:
            people.open_records(actor=officer, people=made)
        totals.submit(world, user, half)
    with world.as_("ines") as ines:
        made_sum = services.sum_up(actor=ines, period=half, limit_seconds=0.5)
    with world.as_("ivan") as ivan:
        services.publish(actor=ivan, sum_id=made_sum)
    return half


def _screen(half: Period, result: str) -> ScreenResult:
    return ScreenResult(tool="tvit", day=half.first.isoformat(), result=result)


def test_small_figures_are_hidden_and_no_difference_gives_them_away(half: Period) -> None:
    found = queries.published_table(period=half)
    shown = {keys: value for keys, value in found.cells.items() if value}
    assert shown and all(value >= 11 for value in shown.values())
    assert found.cells["tvit", "declined"] is None and found.cells["qyit", "*"] == 0
    # 17 positive of 21: if both were shown, the 4 others would be known.
    assert None in (found.cells["tvit", "positive"], found.cells["tvit", "*"])


def test_a_submission_names_no_person_and_no_agency_sees_anothers(world: World, half: Period) -> None:
    with world.as_("ines") as ines:
        for step in queries.newest_submissions(actor=ines, period=half):
            counts = queries.open_submission(actor=ines, step=step)
            assert set(counts) <= {("tvit", "positive"), ("tvit", "negative"), ("tvit", "declined")}
        assert sums.board(actor=ines, period=half).submitted == 3
    with world.as_("kim") as kim:
        assert queries.newest_submissions(actor=kim, period=half) == []


def test_its_pages_open_like_those_of_people_served(world: World, half: Period) -> None:
    adele = world.client("adele")
    home = adele.get("/numbers/").content.decode()
    assert f'href="/numbers/{half.code}/"' in home and f'href="/numbers/{half.half_year}/"' in home
    own = adele.get(f"/numbers/{half.code}/").content.decode()
    assert "People screened" in own and "8 people screened" in own
    behind = adele.get(f"/numbers/{half.code}/people/2-4/").content.decode()
    assert "People in this count" in behind
    assert adele.get(f"/numbers/{half.code}/people/9-9/").status_code == 404
    public = world.client().get(f"/statistics/{half.code}/")
    words = public.content.decode()
    assert public.status_code == 200 and "People screened" in words and "Form by result" in words
    assert "no one is refused help because of it" in words and "Wren" not in words
    csv = world.client().get(f"/statistics/{half.code}/people-served.csv")
    assert f"people-screened-{half.half_year}.csv" in csv.headers["Content-Disposition"]
    assert csv.content.decode().splitlines()[0] == "measure,version,half_year,tool,result,people"
    assert world.client().get(f"/statistics/{half.half_year}/").status_code == 404  # people served was not published


def test_a_cell_of_one_measure_is_no_cell_of_the_other() -> None:
    assert rules.problem({("tvit", "positive"): 1}, PEOPLE_SCREENED) == ""
    assert (
        rules.problem({("tvit", "positive"): 1})
        == rules.problem({("18_24", "sex", "new"): 1}, PEOPLE_SCREENED)
        == "cell"
    )
