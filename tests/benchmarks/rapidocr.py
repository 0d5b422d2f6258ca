"""RapidOCR: PaddleOCR's PP-OCRv4 models on ONNX Runtime."""

import cv2
import numpy as np
from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-not-found]  # in the benchmark's own environment

from tests.benchmarks.answers import Answer, Line, pick_number


class RapidOcrReader:
    """Reads with the models in the wheel, as installed; lives in an environment of its own."""

    def __init__(self) -> None:
        """Load the models, to run on one thread."""
        self._engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)

    def read(self, image: bytes) -> Answer:
        """Read the image file's bytes."""
        pixels = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
        if pixels is None:
            return Answer()
        found, _ = self._engine(pixels)
        return pick_number(
            Line(text, min(y for _, y in box), max(x for x, _ in box), float(confidence))
            for box, text, confidence in found or []
        )
