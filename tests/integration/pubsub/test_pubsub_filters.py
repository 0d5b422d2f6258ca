"""The filter language: its documented examples, its errors, and its logic over made-up expressions."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.pubsub.errors import PubSubError
from infra.local.pubsub.filters import parse_filter

Meaning = Callable[[Mapping[str, str]], bool]
Expression = tuple[str, Meaning]

KEYS = st.sampled_from(["a", "b", "status", "x-y_z", "1st"])
VALUES = st.sampled_from(["", "re", "read", "review", "ünï", 'quo"te', "back\\slash"])


def quoted(text: str) -> str:
    """Write a string literal of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    """Draw a comparison and what it means."""
    key, value = draw(KEYS), draw(VALUES)
    name = draw(st.sampled_from([key, quoted(key)]))
    forms: list[Expression] = [
        (f"attributes:{name}", lambda attributes: key in attributes),
        (f"attributes.{name} = {quoted(value)}", lambda attributes: attributes.get(key) == value),
        (f"attributes.{name}!={quoted(value)}", lambda attributes: attributes.get(key) != value),
        (
            f"hasPrefix(attributes.{name}, {quoted(value)})",
            lambda attributes: key in attributes and attributes[key][: len(value)] == value,
        ),
    ]
    return forms[draw(st.integers(0, len(forms) - 1))]


def negated(inner: Expression) -> Expression:
    """Put NOT before an expression."""
    text, meaning = inner
    return f"NOT ({text})", lambda attributes: not meaning(attributes)


def both(parts: tuple[Expression, Expression]) -> Expression:
    """Join two expressions by AND."""
    (left, is_left), (right, is_right) = parts
    return f"({left}) AND ({right})", lambda attributes: is_left(attributes) and is_right(attributes)


def either(parts: tuple[Expression, Expression]) -> Expression:
    """Join two expressions by OR."""
    (left, is_left), (right, is_right) = parts
    return f"({left}) OR ({right})", lambda attributes: is_left(attributes) or is_right(attributes)


EXPRESSIONS = st.recursive(
    comparisons(),
    lambda inner: (
        st.builds(negated, inner) | st.tuples(inner, inner).map(both) | st.tuples(inner, inner).map(either)
    ),
    max_leaves=4,
).filter(lambda expression: len(expression[0].encode()) <= 256)


@given(expression=EXPRESSIONS, attributes=st.dictionaries(KEYS, VALUES))
def test_an_expression_means_what_it_says(expression: Expression, attributes: dict[str, str]) -> None:
    """Parsed and evaluated, it agrees with what it was made from."""
    text, meaning = expression
    assert parse_filter(text)(attributes) == meaning(attributes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "attributes:domain",
        "-attributes:missing",
        'attributes.domain="com"',
        'attributes.domain != "COM"',
        'attributes."iana.org/language_tag" = "en"',
        'attributes:"\\u307F\\u3093\\u306A"',
        'attributes.domain = "\\x63\\157m"',
        "attributes:x OR attributes:y OR attributes:domain",
        "attributes:domain\n  AND (attributes:x OR NOT attributes:y)",
        "NOT attributes:x AND NOT attributes:y",
    ],
)
def test_documented_forms(text: str) -> None:
    """Keys and strings in all their spellings, and operators of one kind in a row."""
    attributes = {"domain": "com", "iana.org/language_tag": "en", "みんな": "1"}
    assert parse_filter(text)(attributes)


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "attributes",
        "attributes.a",
        "attributes:",
        "attributes.a = x",
        "attributes.a = 'x'",
        'attributes.a = "x',
        'attributes.a = "\\q"',
        'attributes.a : "x"',
        'attributes.a == "x"',
        'data = "x"',
        '"attributes":a',
        "attributes:a attributes:b",
        "attributes:a and attributes:b",
        "attributes:a AND",
        "attributes:a AND attributes:b OR attributes:c",
        "(attributes:a",
        "attributes:a)",
        "NOT",
        "hasPrefix(attributes:a)",
        'hasPrefix(attributes.a "x")',
        'hasSuffix(attributes.a, "x")',
        "attributes:*",
        "attributes:" + "a" * 250,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """With an error that says so, rather than a filter that lets through whatever."""
    with pytest.raises(PubSubError, match="filter") as refused:
        parse_filter(text)
    assert refused.value.code.name == "INVALID_ARGUMENT"


@given(text=st.text(alphabet=st.sampled_from(list('attributes:.ab=!"()\\- ANDORhsPrefix,x')), max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    """It is parsed or refused."""
    try:
        matches = parse_filter(text)
    except PubSubError:
        return
    assert matches({"a": "b"}) in (True, False)
