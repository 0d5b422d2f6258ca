"""Schemas: the results topic takes only what the result's protobuf schema describes."""

import json
from pathlib import Path

import pytest
from google.api_core import exceptions
from google.pubsub_v1 import types

from tests.integration.pubsub.emulators import Bench

pytestmark = pytest.mark.google_differs("protobuf schemas")

DEFINITION = (Path(__file__).parents[3] / "infra" / "schemas" / "sheet_result.proto").read_text(
    encoding="utf-8"
)
RESULT = {
    "schemaVersion": 1,
    "sheetNumber": "0012345",
    "status": "read",
    "confidence": 0.99,
    "digits": [{"digit": "0", "confidence": 0.999, "box": [1, 2, 3, 4]}],
    "model": {"name": "digits", "version": "1"},
}


def schema(bench: Bench, definition: str = DEFINITION) -> str:
    """Create a protobuf schema and return its full name."""
    request = {
        "parent": f"projects/{bench.project}",
        "schema_id": "sheet-result",
        "schema": {"type_": types.Schema.Type.PROTOCOL_BUFFER, "definition": definition},
    }
    return bench.emulator.schemas.create_schema(request=request).name


def results_topic(bench: Bench) -> str:
    """Create a topic whose messages are results in JSON."""
    return bench.topic(schema_settings={"schema": schema(bench), "encoding": types.Encoding.JSON})


def test_a_schema_is_kept(bench: Bench) -> None:
    """With its definition, and a revision."""
    stored = bench.emulator.schemas.get_schema(name=schema(bench))
    assert stored.definition == DEFINITION
    assert stored.revision_id
    with pytest.raises(exceptions.AlreadyExists):
        schema(bench)


def test_a_result_passes(bench: Bench) -> None:
    """The message arrives unchanged, marked with the schema that it was checked against."""
    topic = results_topic(bench)
    subscription = bench.subscription(topic)
    bench.publish(topic, json.dumps(RESULT).encode(), status="read")
    [received] = bench.pull(subscription)
    assert json.loads(received.message.data) == RESULT
    assert received.message.attributes["status"] == "read"
    assert received.message.attributes["googclient_schemaencoding"] == "JSON"
    assert received.message.attributes["googclient_schemaname"].endswith("/schemas/sheet-result")
    assert received.message.attributes["googclient_schemarevisionid"]


@pytest.mark.parametrize(
    "result",
    [
        RESULT | {"nonsense": 1},
        RESULT | {"status": "nonsense"},
        RESULT | {"confidence": "high"},
        RESULT | {"digits": [{"box": "1,2,3,4"}]},
        [RESULT],
        "no object",
    ],
    ids=["unknown-field", "unknown-status", "no-number", "no-list", "list", "text"],
)
def test_what_is_no_result_is_refused(bench: Bench, result: object) -> None:
    """Nothing of the request is published."""
    topic = results_topic(bench)
    subscription = bench.subscription(topic)
    messages = [{"data": json.dumps(content).encode()} for content in (RESULT, result)]
    with pytest.raises(exceptions.InvalidArgument, match="schema"):
        bench.publish_together(topic, messages)
    assert bench.ready(subscription) == []


@pytest.mark.parametrize("data", [b"", b"{", b"\xff"], ids=["empty", "broken", "binary"])
def test_what_is_not_json_is_refused(bench: Bench, data: bytes) -> None:
    """A message with attributes alone, too."""
    with pytest.raises(exceptions.InvalidArgument, match="schema"):
        bench.publish_together(results_topic(bench), [{"data": data, "attributes": {"a": "b"}}])


def test_binary_messages_are_checked_too(bench: Bench) -> None:
    """Of a topic that asks for the binary encoding."""
    settings = {"schema": schema(bench), "encoding": types.Encoding.BINARY}
    topic = bench.topic(schema_settings=settings)
    subscription = bench.subscription(topic)
    bench.publish(topic, b"\x08\x01")  # schemaVersion: 1
    assert [received.message.data for received in bench.pull(subscription)] == [b"\x08\x01"]
    with pytest.raises(exceptions.InvalidArgument, match="schema"):
        bench.publish_together(topic, [{"data": b"\x08"}])


def test_a_topic_needs_a_schema_that_exists(bench: Bench) -> None:
    """And says how messages are encoded."""
    nowhere = f"projects/{bench.project}/schemas/nowhere"
    with pytest.raises(exceptions.NotFound):
        bench.topic(schema_settings={"schema": nowhere, "encoding": types.Encoding.JSON})
    existing = schema(bench)
    for encoding in (types.Encoding.ENCODING_UNSPECIFIED, 99):
        with pytest.raises(exceptions.InvalidArgument, match="encoding"):
            bench.topic(schema_settings={"schema": existing, "encoding": encoding})


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ('syntax = "proto3"; mesage A {}', "top-level"),
        ('syntax = "proto3"; message A {} message B {}', "one top-level message"),
        ('syntax = "proto3"; import "google/protobuf/timestamp.proto"; message A {}', "import"),
        ('syntax = "proto3"; message A { Unknown x = 1; }', "Unknown"),
    ],
    ids=["syntax", "two-messages", "import", "unknown-type"],
)
def test_what_is_no_schema_is_refused(bench: Bench, definition: str, reason: str) -> None:
    """The answer says what is wrong, and where."""
    with pytest.raises(exceptions.InvalidArgument, match=reason):
        schema(bench, definition)


def test_schemas_and_messages_can_be_validated_beforehand(bench: Bench) -> None:
    """Without a topic, and without storing the schema."""
    parent = f"projects/{bench.project}"
    unsaved = {"type_": types.Schema.Type.PROTOCOL_BUFFER, "definition": DEFINITION}
    bench.emulator.schemas.validate_schema(request={"parent": parent, "schema": unsaved})
    request = {"parent": parent, "schema": unsaved, "encoding": types.Encoding.JSON}
    bench.emulator.schemas.validate_message(request={**request, "message": json.dumps(RESULT).encode()})
    with pytest.raises(exceptions.InvalidArgument, match="nonsense"):
        bench.emulator.schemas.validate_message(request={**request, "message": b'{"nonsense": 1}'})
