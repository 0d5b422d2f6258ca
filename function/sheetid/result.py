"""What is published: one result for one object generation (see infra/schemas/sheet_result.proto)."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1


class Status(StrEnum):
    """Whether the number can be relied upon."""

    READ = "read"
    REVIEW = "review"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a sheet was not read; the schema says what each means."""

    LOW_CONFIDENCE = "low_confidence"
    NO_DIGITS = "no_digits"
    WRONG_LENGTH = "wrong_length"
    CHECK_DIGIT = "check_digit"
    PATTERN_MISMATCH = "pattern_mismatch"
    AMBIGUOUS = "ambiguous"
    EMPTY_FILE = "empty_file"
    NOT_AN_IMAGE = "not_an_image"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    OBJECT_GONE = "object_gone"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Digit:
    """One character of the number: its calibrated confidence, and its box in the displayed image."""

    digit: str
    confidence: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Model:
    """The model that answered, as TensorFlow Serving named it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one image.

    Attributes:
        status: `read`, `review` or `rejected`.
        reason: Why it is not `read`; None when it is.
        number: The best candidate, or None when there is none worth showing.
        confidence: Calibrated probability that the whole number is right, or None without a candidate.
        digits: The number's digits, left to right.
        model: The model that was asked, or None if none was.
    """

    status: Status
    reason: Reason | None = None
    number: str | None = None
    confidence: float | None = None
    digits: tuple[Digit, ...] = ()
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class SheetObject:
    """One generation of one object in Cloud Storage."""

    bucket: str
    name: str
    generation: str

    @property
    def identity(self) -> str:
        """The identity of the sheet's result, however often its event is delivered."""
        return f"{self.bucket}/{self.name}#{self.generation}"


@dataclass(frozen=True, slots=True)
class SheetResult:
    """The message for one sheet."""

    reading: Reading
    sheet: SheetObject
    event_id: str
    processed_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return the message's fields by their JSON names; what is not known is left out."""
        reading = self.reading
        fields = {
            "schemaVersion": SCHEMA_VERSION,
            "sheetNumber": reading.number if reading.status is Status.READ else None,
            "status": reading.status.value,
            "reason": reading.reason.value if reading.reason else None,
            "candidate": reading.number if reading.status is Status.REVIEW else None,
            "confidence": reading.confidence,
            "digits": [dataclasses.asdict(digit) for digit in reading.digits],
            "bucket": self.sheet.bucket,
            "image": self.sheet.name,
            "generation": self.sheet.generation,
            "model": dataclasses.asdict(reading.model) if reading.model else None,
            "eventId": self.event_id,
            "processedAt": self.processed_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def to_json(self) -> str:
        """Return the message's data."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def attributes(self) -> dict[str, str]:
        """Return the message's attributes, by which subscriptions filter."""
        return {
            "status": self.reading.status.value,
            "bucketId": self.sheet.bucket,
            "objectId": self.sheet.name,
            "objectGeneration": self.sheet.generation,
            "schemaVersion": str(SCHEMA_VERSION),
        }
