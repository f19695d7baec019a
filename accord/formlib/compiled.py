"""Save a loaded form as JSON, so that it can be opened again without its workbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from accord.formlib.model import Action, Bind, Choices, Form, Group, Question
from accord.formlib.ordering import rules_of
from accord.formlib.problems import Problem, refuse
from accord.formlib.xpath.limits import DEEPEST_TREE, BadExpression
from accord.formlib.xpath.tree import Kind, Node

FORMAT = 1
_PLAIN = Bind("")


def dump(form: Form) -> bytes:
    """Return a form as JSON."""
    found = {
        "format": FORMAT,
        "title": form.title,
        "id": form.id,
        "version": form.version,
        "default_language": form.default_language,
        "data": _node(form.data),
        "binds": [
            {name: value for name, value in asdict(bind).items() if value != getattr(_PLAIN, name)}
            for bind in form.binds.values()
        ],
        "parts": [_part(part) for part in form.parts],
        "actions": [[one.path, one.value, one.trigger] for one in form.actions],
        "instances": {name: _node(node) for name, node in form.instances.items()},
        "texts": {
            language: {name: _node(node) for name, node in texts.items()} for language, texts in form.texts.items()
        },
        "rows": form.rows,
        "tables": form.tables,
        "warnings": [[one.sheet, one.row, one.message] for one in form.warnings],
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def load(content: bytes) -> Form:
    """Return a form from JSON. Raises Refused if it isn't a form that this version of Accord saved."""
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise refuse("the form was saved by another version of Accord; load its workbook again")
        form = _form(found)
        _check_paths(form)
        rules_of(form)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, BadExpression):
        raise refuse("the saved form is damaged; load its workbook again") from None
    return form


def _form(found: dict[str, Any]) -> Form:
    texts = {
        _text(language): {_text(name): _read_node(node) for name, node in every.items()}
        for language, every in found["texts"].items()
    }
    binds = [Bind(**{name: _text(value) for name, value in one.items()}) for one in found["binds"]]
    return Form(
        title=_text(found["title"]),
        id=_text(found["id"]),
        version=_text(found["version"]),
        languages=tuple(texts),
        default_language=_text(found["default_language"]),
        data=_read_node(found["data"]),
        binds={bind.path: bind for bind in binds},
        parts=tuple(_read_part(part) for part in found["parts"]),
        actions=tuple(Action(*map(_text, one)) for one in found["actions"]),
        instances={name: _read_node(node) for name, node in found["instances"].items()},
        texts=texts,
        rows={path: _number(row) for path, row in found["rows"].items()},
        tables={
            name: tuple({column: _text(text) for column, text in row.items()} for row in rows)
            for name, rows in found["tables"].items()
        },
        warnings=[Problem(_text(sheet), _number(row), _text(message)) for sheet, row, message in found["warnings"]],
    )


def _check_paths(form: Form) -> None:
    """Raise ValueError if something is at a path that the data of the form doesn't have."""
    known = set()
    waiting = [(f"/{form.data.name}", form.data)]
    while waiting:
        path, node = waiting.pop()
        known.add(path)
        waiting += [(f"{path}/{child.name}", child) for child in node.elements()]
    groups = [group.path for group in form.groups() if group.path or group.repeat]
    if not known.issuperset([*form.binds, *groups, *(question.path for question in form.questions())]):
        raise ValueError("an unknown path")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("not a number")
    return value


def _node(node: Node) -> Any:
    """Return a node as text, or as a list: its name, namespace, prefix, attributes, and children."""
    if node.kind is Kind.TEXT:
        return node.text
    attributes = [[one.name, one.uri, one.prefix, one.text] for one in node.attributes]
    children = [_node(one) for one in node.children if one.kind in (Kind.TEXT, Kind.ELEMENT)]
    return [node.name, node.uri, node.prefix, attributes, children]


def _read_node(found: Any, depth: int = 0) -> Node:
    if isinstance(found, str):
        return Node(Kind.TEXT, text=found)
    if depth > DEEPEST_TREE:
        raise ValueError("too deep")
    name, uri, prefix, attributes, children = found
    node = Node(Kind.ELEMENT, _text(name), uri=_text(uri), prefix=_text(prefix))
    for one in attributes:
        given, space, short, text = map(_text, one)
        node.attributes.append(Node(Kind.ATTRIBUTE, given, uri=space, prefix=short, text=text, parent=node))
    for child in children:
        node.add(_read_node(child, depth + 1))
    return node


def _maybe(node: Node | None) -> Any:
    return None if node is None else _node(node)


def _part(part: Question | Group) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": part.path,
        "row": part.row,
        "label": _maybe(part.label),
        "appearance": part.appearance,
    }
    if isinstance(part, Group):
        return found | {"repeat": part.repeat, "count": part.count, "parts": [_part(one) for one in part.parts]}
    choices = part.choices
    return found | {
        "kind": part.kind,
        "hint": _maybe(part.hint),
        "guidance": _maybe(part.guidance),
        "sensitive": part.sensitive,
        "choices": [choices.items, choices.value, choices.label] if choices is not None else None,
        "span": part.span,
    }


def _read_part(found: dict[str, Any]) -> Question | Group:
    def maybe(name: str, read: Callable[[Any], Any]) -> Any:
        return None if found[name] is None else read(found[name])

    path, row = _text(found["path"]), _number(found["row"])
    label, appearance = maybe("label", _read_node), _text(found["appearance"])
    if "parts" in found:
        parts = tuple(_read_part(one) for one in found["parts"])
        return Group(path, row, bool(found["repeat"]), label, appearance, _text(found["count"]), parts)
    return Question(
        path=path,
        row=row,
        kind=_text(found["kind"]),
        label=label,
        hint=maybe("hint", _read_node),
        guidance=maybe("guidance", _read_node),
        sensitive=bool(found["sensitive"]),
        appearance=appearance,
        choices=maybe("choices", lambda each: Choices(*map(_text, each))),
        span=maybe("span", lambda each: tuple(map(_text, each))),
    )
