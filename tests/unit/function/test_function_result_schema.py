"""Results against the schema: Pub/Sub refuses what does not parse strictly as the topic's message."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types
from hypothesis import given
from hypothesis import strategies as st

from sheetid.result import Digit, Model, Reading, Reason, SheetObject, SheetResult, Status

SCHEMA = Path(__file__).parents[3] / "infra" / "schemas" / "sheet_result.proto"
DIGITS = (Digit("0", 0.99, (1, 2, 3, 4)), Digit("7", 1.0, (5, 2, 3, 4)))
MODEL = Model("digits", "1")
READINGS = [
    Reading(Status.READ, None, "07", 0.999, DIGITS, MODEL),
    *(Reading(Status.REVIEW, reason, "07", 0.61, DIGITS, MODEL) for reason in Reason),
    *(Reading(Status.REJECTED, reason) for reason in Reason),
    *(Reading(Status.REJECTED, reason, "07", 0.2, DIGITS, MODEL) for reason in Reason),
]


@pytest.fixture(scope="module")
def message_type(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - made from the schema
    """Return the schema's top-level message, compiled from the file that Pub/Sub gets."""
    compiled = tmp_path_factory.mktemp("schema") / "schema.bin"
    code = protoc.main(["protoc", f"-I{SCHEMA.parent}", f"--descriptor_set_out={compiled}", str(SCHEMA)])
    assert code == 0
    files = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("SheetResult"))


def sheet_result(reading: Reading, name: str = "uploads/1.png") -> SheetResult:
    """Return a result as the handler makes it."""
    return SheetResult(
        reading, SheetObject("sheets", name, "1732284000000001"), "77", datetime(2026, 11, 22, 13, tzinfo=UTC)
    )


def parsed(message_type: Any, result: SheetResult) -> Any:  # noqa: ANN401
    """Parse a result as strictly as Pub/Sub does: unknown fields and enum values are errors."""
    return json_format.Parse(result.to_json(), message_type(), ignore_unknown_fields=False)


def names(reading: Reading) -> str:
    """Name a reading in the output of the tests."""
    return f"{reading.status}-{reading.reason}-{'number' if reading.number else 'nothing'}"


@pytest.mark.parametrize("reading", READINGS, ids=names)
def test_every_kind_of_result_is_valid(message_type: Any, reading: Reading) -> None:  # noqa: ANN401
    """Every status with every reason, with and without a candidate; nothing is lost on the way."""
    result = sheet_result(reading)
    message = parsed(message_type, result)
    without_digits: dict[str, object] = {
        "digits": []
    }  # always there for consumers, though empty lists are nothing to protobuf
    assert without_digits | json.loads(json_format.MessageToJson(message)) == json.loads(result.to_json())


@given(name=st.text(st.characters(codec="utf-8"), min_size=1), confidence=st.floats(0, 1))
def test_any_name_and_confidence_are_valid(message_type: Any, name: str, confidence: float) -> None:  # noqa: ANN401
    """Whatever an object is called, and however sure the reader is."""
    reading = Reading(Status.READ, None, "0123", confidence, DIGITS, MODEL)
    message = parsed(message_type, sheet_result(reading, name))
    assert message.image == name
    assert message.confidence == confidence


def test_the_schema_tells_right_from_wrong(message_type: Any) -> None:  # noqa: ANN401
    """A field or a reason that the schema does not have is refused: the tests above can fail."""
    fields = sheet_result(READINGS[0]).to_dict()
    for mistake in ({"sheet_number": 1, "sheetNumbers": "1"}, {"status": "done"}, {"reason": "bad_luck"}):
        with pytest.raises(json_format.ParseError):
            json_format.Parse(json.dumps(fields | mistake), message_type())


@pytest.mark.parametrize(("enum", "prefix"), [(Status, "Status"), (Reason, "Reason")])
def test_enums_agree(message_type: Any, enum: type[Status | Reason], prefix: str) -> None:  # noqa: ANN401
    """The code and the schema know the same statuses and reasons."""
    in_schema = {value.name for value in message_type.DESCRIPTOR.enum_types_by_name[prefix].values}
    assert in_schema == {value.value for value in enum} | {f"{prefix.lower()}_unspecified"}


def test_the_number_is_where_the_status_says(message_type: Any) -> None:  # noqa: ANN401
    """Only a number that can be relied on is called the sheet's number."""
    for reading in READINGS:
        message = parsed(message_type, sheet_result(reading))
        assert bool(message.sheetNumber) == (reading.status is Status.READ)
        assert bool(message.candidate) == (reading.status is Status.REVIEW)


def test_attributes_are_for_filtering() -> None:
    """Subscriptions filter by these; Pub/Sub takes strings only."""
    assert sheet_result(READINGS[0]).attributes() == {
        "status": "read",
        "bucketId": "sheets",
        "objectId": "uploads/1.png",
        "objectGeneration": "1732284000000001",
        "schemaVersion": "1",
    }
