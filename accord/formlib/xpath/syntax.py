"""The grammar of expressions, and the tree that an expression is parsed into.

A chain such as `a or b or c` becomes one node with several parts instead of nested pairs, so that a long chain is not
deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from accord.formlib.xpath.limits import DEEPEST_EXPRESSION, LONGEST_EXPRESSION, BadExpression

AXES = (
    "ancestor-or-self",
    "ancestor",
    "attribute",
    "child",
    "descendant-or-self",
    "descendant",
    "following-sibling",
    "following",
    "namespace",
    "parent",
    "preceding-sibling",
    "preceding",
    "self",
)

# As XPath 1.0 requires, the parser accepts only tokens that are valid at its position. For example, `div` is an
# operator after an operand and a name everywhere else, and `1and1` needs no spaces.
_NAME = r"(?!\d)[\w\u00b7][\w.\u00b7-]*"
_GRAMMAR = rf"""
?start: or_expr
?or_expr: and_expr | and_expr ("or" and_expr)+ -> any_of
?and_expr: equal | equal ("and" equal)+ -> all_of
?equal: order | order (EQUAL order)+ -> chain
?order: sum | sum (ORDER sum)+ -> chain
?sum: product | product (SIGN product)+ -> chain
?product: signed | signed (times signed)+ -> chain
times: STAR -> operator | DIVISION -> operator
?signed: union | MINUS signed -> negative
?union: path | path ("|" path)+ -> union

?path: location | filtered | filtered SLASHES relative -> from_filter
?filtered: primary | primary predicate+ -> filter
?primary: "(" or_expr ")" | LITERAL -> literal | NUMBER -> number | call
call: FUNCTION "(" (or_expr ("," or_expr)*)? ")"

location: relative | SLASHES relative -> absolute | SLASHES -> root
relative: step (SLASHES step)*
?step: AXIS "::" test predicate* -> step | "@" test predicate* -> attribute_step | test predicate* -> child_step
     | DOTS -> dots
test: NAME -> name_test | STAR -> any_test | WILDCARD -> prefix_test | NODE_TYPE "(" LITERAL? ")" -> type_test
?predicate: "[" or_expr "]"

EQUAL: "=" | "!="
ORDER: "<=" | ">=" | "<" | ">"
SIGN: "+" | "-"
MINUS: "-"
STAR: "*"
DIVISION: "div" | "mod"
SLASHES: "//" | "/"
DOTS: ".." | "."
LITERAL: /"[^"]*"|'[^']*'/
NUMBER: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/
AXIS.4: /(?:{"|".join(AXES)})(?=\s*::)/
NODE_TYPE.3: /(?:comment|text|node|processing-instruction)(?=\s*\()/
FUNCTION.2: /{_NAME}(?::{_NAME})?(?=\s*\()/
WILDCARD.2: /{_NAME}:\*/
NAME: /{_NAME}(?::{_NAME})?(?![\w.\u00b7-]|\s*::)/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or number, as written in the expression."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Call:
    """A function call with its arguments. The name includes its prefix."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """`or` (any) or `and` (all), with two or more parts."""

    any: bool
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of equal precedence, from left to right."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign in front of an operand."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Union:
    """The nodes from several paths."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """What a step accepts: a kind of node and a name. If `name` is None, any name is accepted."""

    kind: str
    prefix: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    axis: str
    test: Test
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps that begin at the root, at the context node (`start` is None), or at the result of another expression."""

    absolute: bool
    steps: tuple[Step, ...]
    start: Expression | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Predicates on the result of an expression that has no steps of its own."""

    of: Expression
    predicates: tuple[Expression, ...]


Expression = Literal | Call | Logic | Chain | Negative | Union | Path | Filter

_EVERYTHING = Step("descendant-or-self", Test("node"))


def parts_of(expression: Expression) -> Iterator[Expression]:
    """Yield the expressions directly inside this expression, including those in predicates."""
    match expression:
        case Literal():
            return
        case Call():
            yield from expression.arguments
        case Logic() | Union():
            yield from expression.parts
        case Chain():
            yield expression.first
            yield from (operand for _, operand in expression.rest)
        case Negative():
            yield expression.of
        case Filter():
            yield expression.of
            yield from expression.predicates
        case Path():
            if expression.start is not None:
                yield expression.start
            for step in expression.steps:
                yield from step.predicates


@v_args(inline=True)
class _Reader(Transformer[Token, Any]):
    """Builds the tree from the parser's output, from the inside out."""

    def literal(self, token: Token) -> Literal:
        return Literal(str(token)[1:-1])

    def number(self, token: Token) -> Literal:
        return Literal(float(token))

    def call(self, name: Token, *arguments: Expression) -> Call:
        return Call(str(name), arguments)

    def any_of(self, *parts: Expression) -> Logic:
        return Logic(True, parts)

    def all_of(self, *parts: Expression) -> Logic:
        return Logic(False, parts)

    def operator(self, token: Token) -> Token:
        return token

    def chain(self, first: Expression, *rest: Any) -> Chain:
        return Chain(first, tuple((str(sign), operand) for sign, operand in zip(rest[::2], rest[1::2], strict=True)))

    def negative(self, _: Token, of: Expression) -> Expression:
        if isinstance(of, Literal) and isinstance(of.value, float):
            return Literal(-of.value)
        return Negative(of)

    def union(self, *parts: Expression) -> Union:
        return Union(parts)

    def filter(self, of: Expression, *predicates: Expression) -> Filter:
        return Filter(of, predicates)

    def location(self, steps: tuple[Step, ...]) -> Path:
        return Path(False, steps)

    def absolute(self, slashes: Token, steps: tuple[Step, ...]) -> Path:
        return Path(True, ((_EVERYTHING,) if slashes == "//" else ()) + steps)

    def root(self, slashes: Token) -> Path:
        if slashes != "/":
            raise BadExpression("a path can't end in //")
        return Path(True, ())

    def from_filter(self, start: Expression, slashes: Token, steps: tuple[Step, ...]) -> Path:
        return Path(False, ((_EVERYTHING,) if slashes == "//" else ()) + steps, start)

    def relative(self, first: Step, *rest: Any) -> tuple[Step, ...]:
        steps = [first]
        for slashes, step in zip(rest[::2], rest[1::2], strict=True):
            steps += [_EVERYTHING, step] if slashes == "//" else [step]
        return tuple(steps)

    def step(self, axis: Token, test: Test, *predicates: Expression) -> Step:
        return Step(str(axis), test, predicates)

    def attribute_step(self, test: Test, *predicates: Expression) -> Step:
        return Step("attribute", test, predicates)

    def child_step(self, test: Test, *predicates: Expression) -> Step:
        return Step("child", test, predicates)

    def dots(self, written: Token) -> Step:
        return Step("self" if written == "." else "parent", Test("node"))

    def name_test(self, token: Token) -> Test:
        prefix, _, name = str(token).rpartition(":")
        return Test("principal", prefix, name)

    def any_test(self, _: Token) -> Test:
        return Test("principal")

    def prefix_test(self, token: Token) -> Test:
        return Test("principal", str(token)[:-2])

    def type_test(self, kind: Token, name: Token | None = None) -> Test:
        if name is not None and kind != "processing-instruction":
            raise BadExpression(f"{kind}() takes no argument")
        return Test(str(kind), name=None if name is None else str(name)[1:-1])


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Reader(), maybe_placeholders=False)


@lru_cache(maxsize=5_000)
def read(text: str) -> Expression:
    """Parse an expression. Raises BadExpression, with the position and the reason, if the expression is not XPath 1.0,
    too long, or too deep."""
    if len(text) > LONGEST_EXPRESSION:
        raise BadExpression(f"the expression is longer than {LONGEST_EXPRESSION:,} characters")
    if _depth(text) > DEEPEST_EXPRESSION:
        raise BadExpression(f"the expression has more than {DEEPEST_EXPRESSION} levels of parentheses")
    if not text.strip():
        raise BadExpression("the expression is empty")
    try:
        found: Expression = _PARSER.parse(text)  # type: ignore[assignment]  # the transformer's result
    except UnexpectedCharacters as error:
        raise BadExpression(f"unexpected {text[error.pos_in_stream or 0]!r} {_place(text, error)}") from None
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise BadExpression("the expression ends too early") from None
        raise BadExpression(f"unexpected {str(error.token)!r} {_place(text, error)}") from None
    except VisitError as error:
        raise error.orig_exc from None
    return found


def _place(text: str, error: UnexpectedInput) -> str:
    before = text[: error.pos_in_stream or 0].rstrip()[-20:]
    return f"after {before!r}" if before else "at the beginning"


def _depth(text: str) -> int:
    """Return how deeply brackets and minus signs are nested. Quoted text doesn't count."""
    deepest = depth = minus = 0
    quote = ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        minus = minus + 1 if letter == "-" else minus if letter.isspace() else 0
        deepest = max(deepest, depth + minus)
    return deepest
