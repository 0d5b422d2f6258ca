"""Subscription filters: the documented expression language over message attributes.

    attributes:KEY    attributes.KEY = "v"    attributes.KEY != "v"    hasPrefix(attributes.KEY, "v")

joined by AND, OR and NOT (or a leading minus) with parentheses; AND and OR do not mix without them. As in the
real service an inequality also matches a message that lacks the attribute.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.local.pubsub.errors import PubSubError, invalid

Predicate = Callable[[Mapping[str, str]], bool]

MAX_FILTER_BYTES = 256

_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>\w[\w-]*)|(?P<symbol>!=|[=:.,()-]))', re.ASCII
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-7]{3})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


def parse_filter(text: str) -> Predicate:
    """Return the predicate on message attributes that `text` describes; the empty text matches everything.

    Raises:
        PubSubError: INVALID_ARGUMENT when the text is longer than 256 bytes or not in the language.
    """
    if not text:
        return lambda _attributes: True
    if len(text.encode()) > MAX_FILTER_BYTES:
        raise invalid(f"The filter is longer than {MAX_FILTER_BYTES} bytes.")
    return _Parser(text, _tokenize(text)).parse()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


_END = _Token("end", "end of the filter")


def _tokenize(text: str) -> list[_Token]:
    tokens = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise invalid(f"Invalid filter: unexpected {text[position:].strip()[:10]!r} in {text!r}.")
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind]))
        position = match.end()
    return tokens


def _unquote(literal: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code_point, byte, octal, plain = match.groups()
        if code_point or byte:
            return chr(int(code_point or byte, 16))
        if octal:
            return chr(int(octal, 8))
        if plain not in _PLAIN_ESCAPES:
            raise invalid(f"Invalid filter: unknown escape sequence \\{plain} in {literal}.")
        return _PLAIN_ESCAPES[plain]

    return _ESCAPE.sub(replace, literal[1:-1])


class _Parser:
    """Recursive descent over the tokens; each method consumes what it names and returns its predicate."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self._text = text
        self._tokens = [*tokens, _END]
        self._position = 0

    def parse(self) -> Predicate:
        predicate = self._expression()
        if self._peek() is not _END:
            raise self._unexpected("AND or OR (with parentheses where both are used)")
        return predicate

    def _expression(self) -> Predicate:
        terms = [self._term()]
        operator = self._peek().text if self._peek().kind == "word" else ""
        if operator not in ("AND", "OR"):
            return terms[0]
        while self._peek() == _Token("word", operator):
            self._next()
            terms.append(self._term())
        combine = all if operator == "AND" else any
        return lambda attributes: combine(term(attributes) for term in terms)

    def _term(self) -> Predicate:
        if self._peek() in (_Token("word", "NOT"), _Token("symbol", "-")):
            self._next()
            negated = self._term()
            return lambda attributes: not negated(attributes)
        if self._peek() == _Token("symbol", "("):
            self._next()
            inner = self._expression()
            self._expect(")")
            return inner
        if self._peek() == _Token("word", "hasPrefix"):
            return self._has_prefix()
        return self._comparison()

    def _has_prefix(self) -> Predicate:
        self._expect("hasPrefix")
        self._expect("(")
        self._expect("attributes")
        self._expect(".")
        key = self._key()
        self._expect(",")
        prefix = self._string()
        self._expect(")")
        return lambda attributes: key in attributes and attributes[key].startswith(prefix)

    def _comparison(self) -> Predicate:
        self._expect("attributes")
        if self._peek() == _Token("symbol", ":"):
            self._next()
            key = self._key()
            return lambda attributes: key in attributes
        self._expect(".")
        key = self._key()
        operator = self._next()
        if operator not in (_Token("symbol", "="), _Token("symbol", "!=")):
            raise self._unexpected('= "value" or != "value"', operator)
        value = self._string()
        if operator.text == "=":
            return lambda attributes: attributes.get(key) == value
        return lambda attributes: attributes.get(key) != value

    def _key(self) -> str:
        token = self._next()
        if token.kind == "word":
            return token.text
        if token.kind == "string":
            return _unquote(token.text)
        raise self._unexpected("an attribute's name", token)

    def _string(self) -> str:
        token = self._next()
        if token.kind != "string":
            raise self._unexpected("a value in double quotes", token)
        return _unquote(token.text)

    def _peek(self) -> _Token:
        return self._tokens[self._position]

    def _next(self) -> _Token:
        token = self._tokens[self._position]
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _expect(self, text: str) -> None:
        token = self._next()
        if token.kind == "string" or token.text != text:
            raise self._unexpected(repr(text), token)

    def _unexpected(self, expected: str, token: _Token | None = None) -> PubSubError:
        found = (token or self._peek()).text
        return invalid(f"Invalid filter {self._text!r}: expected {expected}, found {found!r}.")
