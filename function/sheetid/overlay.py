"""A picture of a reading: the sheet with its number's region and digits drawn on it."""

import cv2
import numpy as np
import numpy.typing as npt

from sheetid.reader import SheetReading
from sheetid.result import Status
from sheetid.vision.decoding import Scan

Picture = npt.NDArray[np.uint8]

COLOURS = {  # blue, green, red
    Status.READ: (60, 150, 30),
    Status.REVIEW: (0, 140, 240),
    Status.REJECTED: (40, 40, 200),
}


def draw(scan: Scan, sheet: SheetReading) -> Picture:
    """Draw a reading on its image.

    Returns:
        `[height, width, 3]` uint8 in OpenCV's order of colours, the size of the decoded image.
    """
    picture = np.asarray(cv2.cvtColor(scan.grey, cv2.COLOR_GRAY2BGR), np.uint8)
    colour = COLOURS[sheet.reading.status]
    line = max(1, round(min(scan.grey.shape) / 300))
    if sheet.evidence.region is not None:
        outline = (sheet.evidence.region / scan.reduction).round().astype(np.int32)
        cv2.polylines(picture, [outline], isClosed=True, color=colour, thickness=2 * line)
    for digit in sheet.reading.digits:
        x, y, width, height = (round(value / scan.reduction) for value in digit.box)
        cv2.rectangle(picture, (x, y), (x + width, y + height), colour, line)
        text = f"{digit.digit} {digit.confidence:.0%}"
        cv2.putText(
            picture, text, (x, y + height + 14 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.4 * line, colour, line
        )
    return picture
