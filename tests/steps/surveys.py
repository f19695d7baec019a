"""Forms for the tests of the form library: random ones, and one with every type of question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from accord.formlib.answering import Answers
from accord.formlib.paging import found
from accord.formlib.xpath.tree import Node

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
HEADER = ["type", "name", "label", "relevant", "constraint", "calculation", "choice_filter", "repeat_count", "trigger"]
EVERYTHING = """
type | name | label::English (en) | label::Español (es) | relevant | constraint | required | calculation | \
appearance | choice_filter | repeat_count | default | trigger | parameters | read_only
start | started | | | | | | | | | | | | |
today | day | | | | | | | | | | | | |
deviceid | device | | | | | | | | | | | | |
text | nickname | Name | Nombre | | regex(., '^[A-Za-z ]+$') | yes | | | | | | | |
integer | age | Age | Edad | | . >= 0 and . <= 120 | yes | | | | | | | |
decimal | height | Height | Altura | ${age} > 5 | . > 0.3 | | | | | | | | |
date | born | Born | Nacimiento | | . <= today() | | | | | | | | |
time | at | At | Hora | | | | | | | | | | |
dateTime | seen | Seen | Visto | | | | | | | | now() | | |
select_one yes_no | safe | Safe? | ¿Segura? | | | yes | | | | | | | |
select_one states or_other | state | State | Estado | | | | | minimal | | | | | |
select_one towns | town | Town | Pueblo | | | | | | state = ${state} | | | | |
select_multiple yes_no | both | Both | Ambos | | count-selected(.) < 3 | | | | | | | | |
rank states | order | Order | Orden | | | | | | | | | | |
range | pain | Pain | Dolor | | | | | | | | | | start=0 end=10 step=2 |
note | say | Hello ${nickname} | Hola ${nickname} | | | | | | | | | | |
acknowledge | agree | Agree | De acuerdo | | | | | | | | | | |
calculate | double | | | | | | ${age} * 2 | | | | | | |
hidden | secret | | | | | | | | | | x | | |
image | picture | Picture | Foto | | | | | | | | | | |
file | paper | Paper | Papel | | | | | | | | | | |
geopoint | place | Place | Lugar | | | | | | | | | | |
barcode | code | Code | Código | | | | | | | | | | |
begin_group | home | Home | Hogar | selected(${safe}, 'yes') | | | | table-list | | | | | |
select_one yes_no | warm | Warm | Cálido | | | | | | | | | | |
select_one yes_no | quiet | Quiet | Tranquilo | | | ${age} > 18 | | | | | | | |
end_group | | | | | | | | | | | | | |
integer | children | Children | Hijos | | . >= 0 and . < 4 | yes | | | | | | | |
begin_repeat | child | Child | Hijo | | | | | | | ${children} | | | |
text | called | Called | Se llama | | | | | | | | | | |
calculate | number | | | | | | position(..) | | | | | | |
begin_repeat | toy | Toy | Juguete | | | | | | | | | | |
text | kind | Kind | Tipo | | | | | | | | | | |
end_repeat | | | | | | | | | | | | | |
end_repeat | | | | | | | | | | | | | |
calculate | first | | | | | | indexed-repeat(${called}, ${child}, 1) | | | | | | |
select_one ${called} | favorite | Favorite | Favorito | ${children} > 0 | | | | | | | | | |
calculate | spoken | | | | | | jr:choice-name(${safe}, '${safe}') | | | | | | |
calculate | fruit | | | | | | pulldata('fruits', 'name', 'key', 'mango') | | | | | | |
select_one fruits | snack | Snack | Merienda | | | | | search('fruits') | | | | | |
select_one_from_file fruits.csv | meal | Meal | Comida | | | | | | | | | | value=key label=name |
calculate | stamped | | | | | | now() | | | | | ${age} | |
calculate | kept | | | | | | once(uuid()) | | | | | | |
text | shown | Shown | Se ve | | | | | | | | fixed | | | yes
"""
CHOICES = """
list_name | name | label::English (en) | label::Español (es) | state
yes_no | yes | Yes | Sí |
yes_no | no | No | No |
states | ny | New York | Nueva York |
states | fl | Florida | Florida |
towns | albany | Albany | Albany | ny
towns | miami | Miami | Miami | fl
fruits | key | name | name |
"""
SETTINGS = "form_title | form_id | version | default_language\nEverything | all | 1 | English (en)"


def every(node: Node) -> Iterator[Node]:
    """Yield every element below a node, including hidden ones."""
    for child in node.elements():
        yield child
        yield from every(child)


def at(answers: Answers, place: str) -> Node:
    """Return the node at a place."""
    node = found(answers, place)
    assert node is not None
    return node


def from_the_start(answers: Answers) -> Answers:
    """Return new answers with the same repeats and the same given answers, computed at once."""
    fresh = Answers(answers.form, NOW, ZoneInfo("America/New_York"), seed=answers.seed)
    for path, group in fresh.repeats.items():
        if not group.count:
            for inside in answers.nodes(path.rpartition("/")[0]):
                fresh.fit(path, at(fresh, answers.place(inside)), len(inside.every(path.rpartition("/")[2])))
    for _ in range(4):  # an answer can bring up the repeats that hold other answers
        places = {fresh.place(node): node for node in every(fresh.root)}
        for node, value in answers.given.items():
            if answers.place(node) in places:
                fresh.given[places[answers.place(node)]] = value
        fresh.compute_all()
    return fresh


@st.composite
def surveys(draw: st.DrawFn) -> list[list[str]]:
    """Draw the rows of a form whose questions depend on earlier and later ones."""
    count = draw(st.integers(3, 9))
    names = [f"q{number}" for number in range(count)]
    rows: list[list[str]] = []
    for number, name in enumerate(names):
        kind = draw(st.sampled_from(["integer", "integer", "select_one size", "select_multiple color", "text"]))
        other = draw(st.sampled_from(names[:number])) if number else ""
        condition = draw(
            st.sampled_from(["", f"${{{other}}} > 1", f"selected(${{{other}}}, 's')", f"${{{other}}} != ''"])
        )
        choice_filter = f"of = ${{{other}}}" if kind.endswith("color") and other and draw(st.booleans()) else ""
        row = [kind, name, name, condition if other else "", "", "", choice_filter, "", ""]
        if draw(st.integers(0, 4)) == 0:
            rows += [["begin_group", f"g{number}", "G", condition if other else "", "", "", "", "", ""], row]
            rows += [["calculate", f"c{number}", "", "", "", f"coalesce(${{{name}}}, 'none')", "", "", ""]]
            rows += [["end_group", "", "", "", "", "", "", "", ""]]
        elif draw(st.integers(0, 3)) == 0:
            counted = f"${{{other}}}" if other and draw(st.booleans()) else ""
            rows += [["begin_repeat", f"r{number}", "R", "", "", "", "", counted, ""], row]
            rows += [["calculate", f"p{number}", "", "", "", "position(..)", "", "", ""]]
            if draw(st.integers(0, 3)):
                row[0], row[6] = "integer", ""
                rows += [["begin_repeat", f"n{number}", "N", "", "", "", "", f"${{{name}}}", ""]]
                rows += [["text", f"nt{number}", "T", f"${{{name}}} > position(..)", "", "", "", "", ""]]
                rows += [["end_repeat", "", "", "", "", "", "", "", ""]]
            rows += [["end_repeat", "", "", "", "", "", "", "", ""]]
            rows += [["calculate", f"t{number}", "", "", "", f"count(${{r{number}}})", "", "", ""]]
        else:
            rows.append(row)
    rows.append(["calculate", "all", "", "", "", f"concat(${{{names[0]}}}, '-', ${{{names[-1]}}})", "", "", ""])
    return rows
