"""The tree that expressions read: a form's answers, its choice lists, and its attached tables.

Nodes have only what XPath 1.0 needs. A node that is not relevant is marked as `hidden`, and paths don't find it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from accord.formlib.xpath.limits import DEEPEST_TREE, LARGEST_TREE, EvaluationFailed


class Kind(enum.Enum):
    """The kinds of nodes in XPath 1.0. Namespace nodes are left out, because forms have no use for them."""

    ROOT = "root"
    ELEMENT = "element"
    ATTRIBUTE = "attribute"
    TEXT = "text"
    COMMENT = "comment"
    INSTRUCTION = "processing-instruction"


class Node:
    """A node of the tree. `text` is the node's own text. An element's text is in its text nodes."""

    __slots__ = (
        "attributes",
        "children",
        "hidden",
        "index",
        "kind",
        "name",
        "order",
        "parent",
        "prefix",
        "text",
        "uri",
    )

    def __init__(
        self, kind: Kind, name: str = "", *, uri: str = "", prefix: str = "", text: str = "", parent: Node | None = None
    ) -> None:
        self.kind = kind
        self.name = name
        self.uri = uri
        self.prefix = prefix
        self.text = text
        self.parent = parent
        self.children: list[Node] = []
        self.attributes: list[Node] = []
        self.hidden = False
        self.order = 0
        self.index: dict[str, list[Node]] | None = None

    def add(self, child: Node, at: int | None = None) -> Node:
        """Add a child at this position, or as the last child, and return it."""
        child.parent = self
        self.index = None
        self.children.insert(len(self.children) if at is None else at, child)
        return child

    def remove(self, child: Node) -> None:
        """Remove a child."""
        self.children.remove(child)
        self.index = None

    def named(self, name: str) -> list[Node]:
        """Return the child elements that have this local name in any namespace and are not hidden."""
        return [one for one in self.every(name) if not one.hidden]

    def every(self, name: str) -> list[Node]:
        """Return the child elements that have this local name, including hidden ones. Don't change the list."""
        if self.index is None:
            self.index = {}
            for one in self.children:
                if one.kind is Kind.ELEMENT:
                    self.index.setdefault(one.name, []).append(one)
        return self.index.get(name) or []

    def set_text(self, text: str) -> None:
        """Replace all content of this element with text."""
        if len(self.children) == 1 and text and self.children[0].kind is Kind.TEXT:
            self.children[0].text = text
            return
        self.children.clear()
        self.index = None
        if text:
            self.add(Node(Kind.TEXT, text=text))

    def value(self) -> str:
        """Return the node's text. The text of an element or root is the text of all its descendants."""
        if self.kind is not Kind.ELEMENT and self.kind is not Kind.ROOT:
            return self.text
        children = self.children
        if not children:
            return ""
        if len(children) == 1 and children[0].kind is Kind.TEXT:
            return children[0].text
        return "".join(node.text for node in self.descendants() if node.kind is Kind.TEXT)

    def descendants(self) -> Iterator[Node]:
        """Yield every node below this one in document order, except attributes and hidden nodes."""
        waiting = self.children[::-1]
        while waiting:
            node = waiting.pop()
            if not node.hidden:
                yield node
                waiting += node.children[::-1]

    def everything(self) -> Iterator[Node]:
        """Yield this node and every node below it in document order, including hidden nodes, except attributes."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children[::-1]

    def ancestors(self) -> Iterator[Node]:
        """Yield the node's parent, then the parent's parent, and so on up to the root."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def top(self) -> Node:
        """Return the root of the tree."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def attribute(self, name: str) -> str | None:
        """Return the text of an attribute without a namespace, or None."""
        return next((one.text for one in self.attributes if one.name == name and not one.uri), None)

    def elements(self) -> list[Node]:
        """Return the child elements, including hidden ones."""
        return [one for one in self.children if one.kind is Kind.ELEMENT]


def in_order(nodes: Iterable[Node], spend: Callable[[int], None]) -> list[Node]:
    """Return distinct nodes of one tree in document order. Every node of the tree is visited, which `spend` counts."""
    found = list(dict.fromkeys(nodes))
    if len(found) < 2:
        return found
    number = 0
    top = found[0].top()
    every = (top, *top.descendants())
    spend(len(every))
    for node in every:
        node.order = number
        number += 1 + len(node.attributes)
        for place, attribute in enumerate(node.attributes, 1):
            attribute.order = node.order + place
    return sorted(found, key=lambda node: node.order)


class _Builder:
    """Builds the tree from expat's events. XML may name a document type but may not declare anything in it."""

    def __init__(self) -> None:
        self.node = Node(Kind.ROOT)
        self.root = self.node
        self.depth = 0
        self.size = 0
        self.scopes: list[dict[str, str]] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]

    def start(self, name: str, pairs: list[str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST_TREE:
            raise EvaluationFailed(f"the XML has more than {DEEPEST_TREE} elements inside each other")
        self.size += 1 + len(pairs) // 2
        if self.size > LARGEST_TREE:
            raise EvaluationFailed(f"the XML has more than {LARGEST_TREE:,} elements and attributes")
        given = dict(zip(pairs[::2], pairs[1::2], strict=True))
        declared = {key[6:]: text for key, text in given.items() if key == "xmlns" or key.startswith("xmlns:")}
        self.scopes.append({**self.scopes[-1], **declared} if declared else self.scopes[-1])
        element = self._named(Kind.ELEMENT, name)
        if ":" not in name:
            element.uri = self.scopes[-1].get("", "")
        for key, text in given.items():
            if key != "xmlns" and not key.startswith("xmlns:"):
                attribute = self._named(Kind.ATTRIBUTE, key)
                attribute.text, attribute.parent = text, element
                element.attributes.append(attribute)
        self.node = self.node.add(element)

    def _named(self, kind: Kind, qualified: str) -> Node:
        prefix, _, local = qualified.rpartition(":")
        return Node(kind, local, prefix=prefix, uri=self.scopes[-1].get(prefix, "") if prefix else "")

    def end(self, name: str) -> None:
        self.depth -= 1
        self.scopes.pop()
        assert self.node.parent is not None
        self.node = self.node.parent

    def text(self, text: str) -> None:
        last = self.node.children[-1] if self.node.children else None
        if last is not None and last.kind is Kind.TEXT:
            last.text += text
        else:
            self.node.add(Node(Kind.TEXT, text=text))

    def comment(self, text: str) -> None:
        self.node.add(Node(Kind.COMMENT, text=text))

    def instruction(self, target: str, text: str) -> None:
        self.node.add(Node(Kind.INSTRUCTION, target, text=text))

    def refuse(self, *_: object) -> int:
        raise EvaluationFailed("the XML declares entities, which Accord does not read")


def read_xml(text: str) -> tuple[Node, dict[str, str]]:
    """Parse XML into a tree. Return two things: its root, and the namespaces declared on the root element (prefix to
    address). Raises EvaluationFailed for XML that is malformed or too deep, or that declares entities."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.CommentHandler = builder.comment
    parser.ProcessingInstructionHandler = builder.instruction
    parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise EvaluationFailed(f"the XML can't be read (line {error.lineno})") from None
    return builder.root, namespaces_of(builder.root)


def namespaces_of(root: Node) -> dict[str, str]:
    """Return the prefixes that a tree uses, with their namespace addresses."""
    found = {}
    for node in root.descendants():
        for each in (node, *node.attributes):
            if each.prefix:
                found[each.prefix] = each.uri
    return found
