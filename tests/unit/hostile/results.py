"""What holds of every message, whatever it was made of."""

import json
from datetime import UTC, datetime

from sheetid.reader import SheetReading
from sheetid.result import Reading, SheetObject, SheetResult, Status

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHEET = SheetObject("sheets", "uploads/1.png", "1732284000000001")
LONGEST_ATTRIBUTE = 1024  # bytes, Pub/Sub's limit


def check_reading(sheet: SheetReading) -> None:
    """Assert that a reading is consistent in itself, and that its message can be published."""
    reading, evidence = sheet.reading, sheet.evidence
    assert (reading.status is Status.READ) == (reading.reason is None)
    assert len(reading.digits) == len(reading.number or "") == len(evidence.glyphs)
    assert (reading.confidence is None) == (reading.number is None)
    assert reading.confidence is None or 0 <= reading.confidence <= 1
    assert all(0 <= digit.confidence <= 1 for digit in reading.digits)
    check_message(message(reading))


def message(reading: Reading, sheet: SheetObject = SHEET, event_id: str = "77") -> SheetResult:
    """A result with that reading."""
    return SheetResult(reading, sheet, event_id, NOON)


def check_message(result: SheetResult) -> None:
    """Assert that a message is JSON without NaN, in UTF-8, and that its attributes fit."""
    fields = json.loads(result.to_json().encode(), parse_constant=no_number)
    assert fields.keys() == result.to_dict().keys()
    assert all(len(value.encode()) <= LONGEST_ATTRIBUTE for value in result.attributes().values())


def no_number(name: str) -> float:
    """Refuse NaN and the infinities, which are no JSON."""
    raise AssertionError(f"{name} is no JSON")
