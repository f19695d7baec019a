"""Features of XLSForm that are rare but legal: each form asks and computes what its author meant."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from accord.cli.form import beside
from accord.formlib.answering import Answers
from accord.formlib.filling import fill
from accord.formlib.loading import load
from accord.formlib.model import Form
from accord.formlib.xpath.tree import Node
from tests.steps.surveys import at
from tests.steps.workbooks import save

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def form_of(folder: Path, survey: str, **sheets: str) -> Form:
    path = save(folder / "form.xlsx", survey=survey, **sheets)
    return load(path.read_bytes(), path.name, beside(path, None))


def opened(form: Form, language: str = "") -> Answers:
    assert [fill(form, seed=seed, now=NOW, zone=ZONE) for seed in (1, 2)] == [[], []]
    return Answers(form, NOW, ZONE, language, chance=random.Random(1))


def given(answers: Answers, **values: str) -> None:
    """Answer questions by place, in order. In a keyword, `__` means a slash, and digits after `_` the number of a copy."""
    for name, value in values.items():
        answers.answer(node(answers, name), value)


def node(answers: Answers, name: str) -> Node:
    parts = (part.partition("_") for part in name.split("__"))
    return at(answers, "/data/" + "/".join(f"{word}[{number}]" if number else word for word, _, number in parts))


def offered(answers: Answers, name: str) -> list[tuple[str, str]]:
    """Return the choices of a question, as pairs of value and words."""
    found = node(answers, name)
    question = answers.asked["/data/" + "/".join(part.partition("_")[0] for part in name.split("__"))]
    assert question.choices is not None
    return [(one.value, answers.choice_words(question.choices, one, found)) for one in answers.choices(question, found)]


def asked(answers: Answers) -> list[str]:
    return [answers.place(one).removeprefix("/data/") for _, one in answers.asking()]


def test_a_count_inside_a_repeat_is_that_of_its_own_copy(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        """
type | name | label | repeat_count | calculation
integer | homes | Homes | |
begin_repeat | home | Home | ${homes} |
integer | rooms | Rooms | |
begin_repeat | room | Room | ${rooms} |
text | color | Color | |
end_repeat | | | |
begin_group | outside | Outside | |
begin_repeat | tree | Tree | ${rooms} + 1 |
text | kind | Kind | |
end_repeat | | | |
end_group | | | |
end_repeat | | | |
calculate | all | | | count(${room})
""",
    )
    answers = opened(form)
    given(answers, homes="2", home_1__rooms="1", home_2__rooms="3")
    assert [name for name in asked(answers) if name.endswith("color")] == [
        "home[1]/room[1]/color",
        "home[2]/room[1]/color",
        "home[2]/room[2]/color",
        "home[2]/room[3]/color",
    ]
    assert len([name for name in asked(answers) if name.endswith("kind")]) == 2 + 4
    assert node(answers, "all").value() == "4"
    given(answers, home_2__rooms="0", homes="1")
    assert node(answers, "all").value() == "1"


def test_a_repeat_goes_on_while_the_last_answer_says_so(tmp_path: Path) -> None:
    more = "if(count(${child}) = 0 or ${child}[position() = last()]/more = 'yes', count(${child}) + 1, count(${child}))"
    form = form_of(
        tmp_path,
        f"""
type | name | label | repeat_count
begin_repeat | child | Child | {more}
select_one yn | more | Another? |
end_repeat | | |
""",
        choices="list_name | name | label\nyn | yes | Yes\nyn | no | No",
    )
    answers = Answers(form, NOW, ZONE)
    assert asked(answers) == ["child[1]/more"]
    given(answers, child_1__more="yes")
    given(answers, child_2__more="yes")
    given(answers, child_3__more="no")
    assert asked(answers) == ["child[1]/more", "child[2]/more", "child[3]/more"]


def test_a_long_chain_of_questions_is_filled_to_its_end(tmp_path: Path) -> None:
    rows = [f"text | q{i} | Q | {f'${{q{i - 1}}} != ' + chr(39) * 2 if i else ''}" for i in range(80)]
    back = [f"text | b{i} | B | {f'${{b{i + 1}}} != ' + chr(39) * 2 if i < 69 else ''}" for i in range(70)]
    form = form_of(tmp_path, "\n".join(["type | name | label | relevant", *rows, *back]))
    assert fill(form, seed=1, now=NOW, zone=ZONE) == []


def test_search_reads_the_columns_that_the_choices_name(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text(
        "key,english,spanish,zip,state\nc,Corning,Corning ES,14830,ny\nt,Tampa,Tampa ES,33601,fl\n", encoding="utf-8"
    )
    form = form_of(
        tmp_path,
        """
type | name | label::English (en) | label::Español (es) | appearance
text | state | State | Estado |
select_one towns | any | Any | Alguno | search('towns')
select_one towns | near | Near | Cerca | minimal search('towns', 'matches', 'state', ${state})
begin_repeat | r | R | R |
text | part | Part | Parte |
select_one plain | inner | Inner | Dentro | search('towns', 'startswith', 'key', ${part})
end_repeat | | | |
""",
        choices="""
list_name | name | label::English (en) | label::Español (es)
towns | key | english, zip | spanish
plain | key | english | english
""",
    )
    answers = opened(form)
    assert offered(answers, "any") == [("c", "Corning 14830"), ("t", "Tampa 33601")]
    assert offered(answers, "near") == []
    given(answers, state="fl", r_1__part="c")
    assert offered(answers, "near") == [("t", "Tampa 33601")] and offered(answers, "r_1__inner") == [("c", "Corning")]
    assert offered(opened(form, "Español (es)"), "any") == [("c", "Corning ES"), ("t", "Tampa ES")]


def test_the_name_of_a_choice_inside_a_repeat_is_that_of_its_own_copy(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        """
type | name | label::English (en) | label::Español (es) | calculation | choice_filter
begin_repeat | r | R | R | |
select_one states | state | State | Estado | |
select_one towns | town | Town | Pueblo | | of = ${state}
calculate | said | | | jr:choice-name(${town}, '${town}') |
note | told | You said ${said} | Dijo ${said} | |
end_repeat | | | | |
calculate | first | | | jr:choice-name(indexed-repeat(${state}, ${r}, 1), '${state}') |
""",
        choices="""
list_name | name | label::English (en) | label::Español (es) | of
states | ny | New York | Nueva York |
states | fl | Florida | La Florida |
towns | a | Albany | Albany NY | ny
towns | b | Miami | Miami FL | fl
""",
    )
    answers = opened(form, "Español (es)")
    repeated = answers.nodes("/data")[0]
    answers.add_repeat("/data/r", repeated)
    given(answers, r_1__state="ny", r_2__state="fl", r_1__town="a", r_2__town="b")
    assert [node(answers, f"r_{number}__said").value() for number in (1, 2)] == ["Albany NY", "Miami FL"]
    assert node(answers, "first").value() == "Nueva York"
    label = next(one.label for one in form.questions() if one.path == "/data/r/told")
    assert answers.words(label, node(answers, "r_2__told")).strip() == "Dijo Miami FL"


def test_a_new_copy_gets_its_computed_defaults(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        """
type | name | label | default | repeat_count | trigger | calculation
text | family | Family | Doe | | |
integer | many | Many | | | |
begin_repeat | child | Child | | | |
text | surname | Surname | ${family} | | |
integer | number | Number | position(..) | | |
text | plain | Plain | fixed | | |
dateTime | changed | | | | ${surname} | now()
end_repeat | | | | | |
begin_repeat | counted | Counted | | ${many} | |
text | also | Also | ${family} | | |
end_repeat | | | | | |
""",
    )
    answers = opened(form)
    given(answers, family="Roe")
    answers.add_repeat("/data/child", answers.nodes("/data")[0])
    given(answers, many="2")
    given(answers, child_1__surname="Poe")
    found = answers.export()
    assert [found[f"/data/child[{n}]/{q}"] for n in (1, 2) for q in ("surname", "number", "plain")] == [
        *("Poe", "1", "fixed"),
        *("Roe", "2", "fixed"),
    ]
    assert found["/data/child[1]/changed"].startswith("2026-03-04") and found["/data/child[2]/changed"] == ""
    assert [found[f"/data/counted[{n}]/also"] for n in (1, 2)] == ["Roe", "Roe"]


def test_a_question_that_is_not_asked_compares_as_an_empty_answer(tmp_path: Path) -> None:
    form = form_of(
        tmp_path,
        """
type | name | label | relevant | calculation
text | a | A | |
text | b | B | ${a} = 'x' |
note | unanswered | U | ${b} = '' |
note | other | O | ${b} != 'y' |
note | below | L | ${b} < 5 |
calculate | counted | | | count(${b})
""",
    )
    answers = opened(form)
    assert asked(answers) == ["a", "unanswered", "other"] and node(answers, "counted").value() == "0"
    given(answers, a="x", b="y")
    assert asked(answers) == ["a", "b"] and node(answers, "counted").value() == "1"


@pytest.mark.parametrize(
    "kept",
    [
        "once(random())",
        "if(. = '', uuid(), .)",
        "coalesce(${kept}, uuid())",
        "once(${n} + 1)",
        "if(${n} > 5, now(), .)",
    ],
)
def test_a_calculation_may_keep_its_own_value(kept: str, tmp_path: Path) -> None:
    survey = f"type | name | label | calculation\ninteger | n | N |\ncalculate | kept | | {kept}"
    form = form_of(tmp_path, survey)
    answers = opened(form)
    given(answers, n="7")
    first = node(answers, "kept").value()
    given(answers, n="3")
    assert first and node(answers, "kept").value() == first


def test_looks_lists_and_orders_that_are_rare(tmp_path: Path) -> None:
    (tmp_path / "people.xml").write_text(
        "<root><item><name>a</name><label>Ann</label></item><item><name>b</name><label>Bo</label></item></root>",
        encoding="utf-8",
    )
    form = form_of(
        tmp_path,
        """
type | name | label | appearance | parameters | choice_filter | relevant | guidance_hint | hint
begin_group | table | Table | table-list | | | | |
select_one yn | one | One | | | | | |
select_one yn | two | Two | | | | | |
end_group | | | | | | | |
begin_group | matrix | | w4 | | | | |
select_one yn | h | Header | label | | | | |
select_one yn | m | M | list-nolabel | | | | |
end_group | | | | | | | |
select_one open or_other | oo | OO | | | | | Read it aloud | A hint
select_multiple open or_other | mo | MO | | | | | |
select_one yn | mixed | Mixed | | randomize=true, seed=7 | | | |
select_multiple_from_file people.xml | people | People | | | | | |
rank yn | order | Order | | | | | |
range | r | R | vertical | start=-1 end=1 step=0.5 | | | |
range | q | Q | | start=10 end=1 step=3 | | | |
begin repeat | kid | Kid | field-list | | | | |
text | name | Name | | | | | |
integer | age | Age | | | | | |
end repeat | | | | | | | |
select_one ${name} | oldest | Oldest | | | ${age} > 9 | | |
select_multiple ${name} | some | Some | | | | | |
""",
        choices="list_name | name | label\nyn | yes | Yes\nyn | no | No\nopen | yes | Yes",
    )
    answers = opened(form)
    assert offered(answers, "oo")[-1] == ("other", "Other") and "oo_other" not in asked(answers)
    given(answers, oo="other", mo="yes other")
    assert answers.export()["/data/mo"] == "yes other"
    assert {"oo_other", "mo_other"} <= set(asked(answers))
    assert sorted(offered(answers, "mixed")) == [("no", "No"), ("yes", "Yes")]
    assert offered(answers, "people") == [("a", "Ann"), ("b", "Bo")]
    answers.add_repeat("/data/kid", answers.nodes("/data")[0])
    given(answers, kid_1__name="Kim", kid_1__age="12", kid_2__name="Lee", kid_2__age="4")
    assert offered(answers, "oldest") == [("Kim", "Kim")]
    assert offered(answers, "some") == [("Kim", "Kim"), ("Lee", "Lee")]
    given(answers, oldest="Kim", kid_1__age="3")
    assert answers.export()["/data/oldest"] == ""


def test_nothing_is_copied_from_the_last_form_that_was_saved(tmp_path: Path) -> None:
    form = form_of(tmp_path, "type | name | label | default\ntext | a | A | ${last-saved#a}")
    assert node(opened(form), "a").value() == "" and "another person" in form.warnings[0].message
