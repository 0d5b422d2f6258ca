"""What is fuzzed: each target takes bytes and raises only if something is wrong with the reader.

Imported by the fuzzer with instrumentation; nothing here or below may be imported before.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import cv2
import numpy as np

from sheetid.decoding import SHORTEST_SIDE, STARTS, Scan, decode
from sheetid.errors import PermanentError
from sheetid.events import FINALIZED, SOURCE, EventError, parse_upload
from sheetid.prediction import Prediction
from sheetid.reader import glyphs_of, interpret
from sheetid.result import Model, Reading, Reason, SheetObject, SheetResult, Status
from sheetid.settings import ReadingSettings
from sheetid.strips import find_strips

MOST_PIXELS = 60_000  # enough to go everywhere, few enough to go there often
MODEL = Model("digits", "1")
CLASSES = 12  # of that model
SOUND_EVENT = {"type": FINALIZED, "source": SOURCE + "sheets", "id": "1", "time": "2026-11-22T12:00:00Z"}


def read_file(data: bytes) -> None:
    """Decode a file and, if it is an image, read it."""
    try:
        scan = decode(data, MOST_PIXELS)
    except PermanentError:
        return
    read_picture(scan, data)


def read_pixels(data: bytes) -> None:
    """Read a picture whose first bytes say how wide it is and how its other bytes are enlarged."""
    if len(data) < SHORTEST_SIDE:
        return
    width, zoom = 1 + data[0], 1 + data[1] % 12
    pixels = np.frombuffer(data[2:], np.uint8)
    rows = -(-len(pixels) // width)
    small = np.resize(pixels, (rows, width))
    height, width = (max(SHORTEST_SIDE, side * zoom) for side in small.shape)
    if height * width <= 4 * MOST_PIXELS:
        picture = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
        read_picture(Scan(np.asarray(picture, np.uint8), 1), data)


def read_picture(scan: Scan, data: bytes) -> None:
    """Read a picture, with a model that answers with the input's own bytes."""
    strips = find_strips(scan)
    if not strips:
        return
    shape = (len(glyphs_of(strips)), CLASSES)
    raw = np.resize(np.frombuffer(data, np.uint8), shape).astype(np.float32) ** 3 + 1e-6
    prediction = Prediction(raw / raw.sum(axis=1, keepdims=True), MODEL)
    reading = interpret(strips, prediction, ReadingSettings()).reading
    if reading.confidence is not None and not 0 <= reading.confidence <= 1:
        raise AssertionError(f"a confidence of {reading.confidence}")
    publish(reading, SheetObject("sheets", "a.png", "1"), "1")


def read_event(data: bytes) -> None:
    """Parse an event: the input is JSON `[attributes, data]`, or the data of a sound event."""
    try:
        body = json.loads(data)
    except ValueError:
        body = data
    except RecursionError:  # the framework's to refuse
        return
    attributes: Mapping[str, object] = SOUND_EVENT
    if isinstance(body, list) and len(body) == 2 and isinstance(body[0], dict):
        attributes, body = {**SOUND_EVENT, **body[0]}, body[1]
    try:
        upload = parse_upload(attributes, body)
    except EventError:
        return
    publish(Reading(Status.REJECTED, Reason.EXPIRED), upload.sheet, upload.event_id)


def publish(reading: Reading, sheet: SheetObject, event_id: str) -> None:
    """Make the message of a reading, which has to be JSON in UTF-8."""
    result = SheetResult(reading, sheet, event_id, datetime.now(UTC))
    json.loads(result.to_json().encode(), parse_constant=no_number)


def no_number(name: str) -> float:
    """Refuse NaN and the infinities, which are no JSON."""
    raise AssertionError(f"{name} is no JSON")


def pictures_to_start_with() -> list[bytes]:
    """Small files of every format, and the first bytes of each."""
    picture = np.full((48, 160), 235, np.uint8)
    cv2.putText(picture, "4082", (8, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 25, 3)
    colour = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA)
    files = [cv2.imencode(end, picture)[1].tobytes() for end in (".jpg", ".png", ".tiff", ".bmp", ".pgm")]
    files += [cv2.imencode(end, colour)[1].tobytes() for end in (".png", ".webp", ".tiff")]
    return [*files, *STARTS]


def pixels_to_start_with() -> list[bytes]:
    """Print, stripes and a blank, as `read_pixels` takes them."""
    picture = np.full((24, 80), 235, np.uint8)
    cv2.putText(picture, "4082", (4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 25, 1)
    stripes = np.tile(np.array([0, 255], np.uint8), (20, 40))
    return [bytes([79, 3]) + pixels.tobytes() for pixels in (picture, stripes, np.full_like(picture, 9))]


def events_to_start_with() -> list[bytes]:
    """A sound event's data, and the same with attributes."""
    data = {"bucket": "sheets", "name": "a/b.png", "generation": "17", "size": "2048"}
    return [json.dumps(body).encode() for body in (data, [SOUND_EVENT, data], [], None)]


TARGETS: Mapping[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "file": (read_file, pictures_to_start_with),
    "pixels": (read_pixels, pixels_to_start_with),
    "event": (read_event, events_to_start_with),
}
