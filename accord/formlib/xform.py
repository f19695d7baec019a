"""Convert the XForm that pyxform makes from a workbook to a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accord.formlib.model import Action, Bind, Choices, Form, Group, Question
from accord.formlib.problems import refuse
from accord.formlib.xpath.tree import Node, read_xml

_JR = "http://openrosa.org/javarosa"
_KINDS = {  # the type of a bind, for a question with a typed answer
    "int": "integer",
    "string": "text",
    "dateTime": "datetime",
    "binary": "file",
}
_CONTROLS = {"input", "select", "select1", "upload", "trigger", "range", "rank", "secret"}


def read_form(xform: str, rows_under: Callable[[str], dict[str, int]]) -> Form:
    """Return the form in an XForm. `rows_under` returns the row of each path, given the name of the outermost element.
    Raises Refused if it has no questions."""
    root, _ = read_xml(xform)
    head, body = _only(_only(root, "html"), "head"), _only(_only(root, "html"), "body")
    model = _only(head, "model")
    primary = next(one for one in model.named("instance") if one.attribute("id") is None)
    data = primary.elements()[0]
    rows = rows_under(data.name)
    texts, default = _texts(model)
    binds = {bind.path: bind for bind in map(_bind, model.named("bind"))}
    parts = tuple(_parts(body, binds, rows))
    if not parts:
        raise refuse("the form has no questions", sheet="survey")
    return Form(
        title=head.named("title")[0].value() if head.named("title") else data.attribute("id") or "",
        id=data.attribute("id") or data.name,
        version=data.attribute("version") or "",
        languages=tuple(texts),
        default_language=default,
        data=data,
        binds=binds,
        parts=parts,
        actions=tuple(_actions(model, "")) + tuple(_actions(body, "")),
        instances={one.attribute("id") or "": one for one in model.named("instance") if one is not primary},
        texts=texts,
        rows=rows,
    )


def external(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the instances that come from files, as pairs of an instance name and a file name."""
    for name, node in form.instances.items():
        source = node.attribute("src")
        if source:
            yield name, source.rpartition("/")[2]


def _only(node: Node, name: str) -> Node:
    found = node.named(name)
    if len(found) != 1:
        raise refuse(f"the form has no {name}")
    return found[0]


def _texts(model: Node) -> tuple[dict[str, dict[str, Node]], str]:
    """Return two things: the strings in each language, keyed by id, and the default language."""
    texts: dict[str, dict[str, Node]] = {}
    default = ""
    for itext in model.named("itext"):
        for translation in itext.named("translation"):
            language = translation.attribute("lang") or ""
            texts[language] = {one.attribute("id") or "": one for one in translation.named("text")}
            if translation.attribute("default"):
                default = language
    return texts, default or next(iter(texts), "")


def _attribute(node: Node, name: str) -> str:
    return next((one.text.strip() for one in node.attributes if one.name == name and one.uri == _JR), "")


def _bind(node: Node) -> Bind:
    def given(name: str) -> str:
        return (node.attribute(name) or "").strip()

    return Bind(
        path=given("nodeset"),
        type=given("type") or "string",
        relevant=given("relevant"),
        constraint=given("constraint"),
        message=_attribute(node, "constraintMsg"),
        required=given("required"),
        required_message=_attribute(node, "requiredMsg"),
        read_only=given("readonly"),
        calculate=given("calculate"),
        preload=_attribute(node, "preloadParams") or _attribute(node, "preload"),
    )


def _actions(node: Node, trigger: str) -> Iterator[Action]:
    for child in node.elements():
        if child.name == "setvalue":
            value = (child.attribute("value") or "").strip() or f"'{child.value()}'"
            changed = "xforms-value-changed" in (child.attribute("event") or "")
            yield Action(child.attribute("ref") or "", value, trigger if changed else "")
        elif node.name != "model":
            yield from _actions(child, child.attribute("ref") or trigger)


def _parts(node: Node, binds: dict[str, Bind], rows: dict[str, int]) -> Iterator[Question | Group]:
    for child in node.elements():
        if child.name == "group":
            yield _group(child, binds, rows)
        elif child.name == "repeat":
            yield _repeat(child, None, binds, rows)
        elif child.name in _CONTROLS:
            yield _question(child, binds, rows)


def _group(node: Node, binds: dict[str, Bind], rows: dict[str, int]) -> Group:
    repeats = node.named("repeat")
    if len(repeats) == 1 and all(one.name in ("repeat", "label", "hint") for one in node.elements()):
        return _repeat(repeats[0], node, binds, rows)
    path = node.attribute("ref") or node.attribute("nodeset") or ""
    label = next(iter(node.named("label")), None)
    parts = tuple(_parts(node, binds, rows))
    return Group(path, rows.get(path, 0), False, label, node.attribute("appearance") or "", "", parts)


def _repeat(node: Node, group: Node | None, binds: dict[str, Bind], rows: dict[str, int]) -> Group:
    path = node.attribute("nodeset") or ""
    label = next(iter(group.named("label")), None) if group is not None else None
    appearance = node.attribute("appearance") or (group.attribute("appearance") if group is not None else None) or ""
    parts = tuple(_parts(node, binds, rows))
    return Group(path, rows.get(path, 0), True, label, appearance, _attribute(node, "count"), parts)


def _question(node: Node, binds: dict[str, Bind], rows: dict[str, int]) -> Question:
    path = node.attribute("ref") or ""
    bind = binds.get(path, Bind(path))
    span = None
    if node.name == "range":
        span = (node.attribute("start") or "1", node.attribute("end") or "10", node.attribute("step") or "1")
    return Question(
        path=path,
        kind=_kind(node, bind),
        row=rows.get(path, 0),
        label=next(iter(node.named("label")), None),
        hint=next(iter(node.named("hint")), None),
        appearance=node.attribute("appearance") or "",
        choices=_choices(node),
        span=span,
    )


def _kind(node: Node, bind: Bind) -> str:
    match node.name:
        case "select":
            return "select_multiple"
        case "select1":
            return "select_one"
        case "trigger":
            return "acknowledge"
        case "upload":
            return "image" if (node.attribute("mediatype") or "").startswith("image") else "file"
        case "range" | "rank":
            return node.name
    if node.attribute("query"):
        return "select_one"
    if bind.read_only == "true()" and not bind.calculate and bind.type == "string":
        return "note"
    return _KINDS.get(bind.type, bind.type)


def _choices(node: Node) -> Choices | None:
    query = node.attribute("query")
    if query:
        return Choices(query.strip(), "name", "label")
    for itemset in node.named("itemset"):
        value, label = itemset.named("value"), itemset.named("label")
        shown = label[0].attribute("ref") or "label" if label else "name"
        shown = shown.removeprefix("jr:itext(").removesuffix(")")
        return Choices((itemset.attribute("nodeset") or "").strip(), value[0].attribute("ref") or "name", shown)
    for item in node.named("item"):  # pyxform writes the choices here only for search(), and they name columns
        named = item.named("label")[0]
        return Choices("", item.named("value")[0].value(), named.attribute("ref") or named.value())
    return None
