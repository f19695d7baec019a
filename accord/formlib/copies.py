"""Add copies of a form's repeats to the answers, within limits."""

from __future__ import annotations

from collections.abc import Iterable

from accord.formlib.xpath.limits import EvaluationFailed
from accord.formlib.xpath.tree import Kind, Node

MOST_REPEATS = 200  # copies of one repeat in one place
MOST_NODES = 50_000  # questions and groups in the whole form


class Copies:
    """The template of each repeat in a tree of answers, and the number of questions and groups in that tree. The copies
    that the form marks as templates are removed from the tree."""

    def __init__(self, root: Node, repeats: Iterable[str]) -> None:
        paths = list(repeats)
        self.templates: dict[str, Node] = {}
        self._before: dict[str, set[str]] = {}
        for path in paths:
            for inside in nodes_at(root, path.rpartition("/")[0]):
                self._take_templates(path, inside)
        for path in paths:
            found = nodes_at(root, path)
            self.templates[path] = copy_of(found[0]) if found else Node(Kind.ELEMENT, path.rpartition("/")[2])
        self.size = _size(root)

    def _take_templates(self, path: str, inside: Node) -> None:
        every = list(inside.every(path.rpartition("/")[2]))
        there = inside.elements()
        self._before[path] = {one.name for one in there[: there.index(every[0])]}
        for one in every:
            if any(attribute.name == "template" for attribute in one.attributes):
                inside.remove(one)

    def grow(self, path: str, inside: Node) -> Node:
        """Add a copy of a repeat after the existing copies in one place. Raises EvaluationFailed if there are too
        many."""
        name = path.rpartition("/")[2]
        same = [place for place, one in enumerate(inside.children) if one.name == name]
        if len(same) >= MOST_REPEATS:
            raise EvaluationFailed(f"a form can repeat something at most {MOST_REPEATS} times")
        template = self.templates[path]
        size = _size(template)
        if self.size + size > MOST_NODES:
            raise EvaluationFailed(f"with its repeats, the form has more than {MOST_NODES:,} questions and groups")
        self.size += size
        return inside.add(copy_of(template), same[-1] + 1 if same else self._slot(inside, path))

    def forget(self, node: Node) -> None:
        """Count a copy that was removed from the tree."""
        self.size -= _size(node)

    def _slot(self, inside: Node, path: str) -> int:
        """Return the position for the first copy, which is after everything that comes before it in the form."""
        before = self._before[path]
        return max((number for number, one in enumerate(inside.children, 1) if one.name in before), default=0)


def nodes_at(root: Node, path: str) -> list[Node]:
    """Return every node with this path, including hidden nodes."""
    found = [root]
    for name in path.split("/")[1:]:
        found = [one for node in found for one in node.every(name)]
    return found


def copy_of(node: Node) -> Node:
    """Return a copy of a node with everything in it, except blank text."""
    found = Node(node.kind, node.name, uri=node.uri, prefix=node.prefix, text=node.text)
    found.attributes = node.attributes
    for child in node.children:
        if child.kind is not Kind.TEXT or child.text.strip():
            found.add(copy_of(child))
    return found


def _size(node: Node) -> int:
    return sum(1 for one in node.everything() if one.kind is Kind.ELEMENT)
