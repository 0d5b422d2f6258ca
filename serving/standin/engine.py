"""Runs a SavedModel with OpenVINO."""

import os
import threading
from pathlib import Path

import numpy as np
import openvino

from serving.standin.tensors import Floats

CORES = len(os.sched_getaffinity(0))
# OpenVINO prepares every layer anew for each size of batch that it has not met, and keeps what it prepared: a
# third of the time of a batch, and memory that grows. So it only ever meets these few sizes. (What a cascade
# asks its further networks of comes in more sizes, which it has met after some sheets.)
PIECE = 160  # rows that are computed at once, a common sheet's: a cascade asks each of its networks once
PADDED = 8  # a piece's rows are a multiple of so many
CONFIGURATION = {
    # Scores as TensorFlow's, to seven digits.
    "INFERENCE_PRECISION_HINT": "f32",
    # One thread a request and a request a core: dividing a network this small among threads costs more CPU
    # (measured: 250 µs a glyph against 290).
    "NUM_STREAMS": CORES,
    "INFERENCE_NUM_THREADS": CORES,
    # The cores belong to the rest of the local stack as well.
    "ENABLE_CPU_PINNING": False,
}


class Engine:
    """One loaded SavedModel; `run` may be called from any number of threads."""

    def __init__(self, directory: Path) -> None:
        """Load and compile the model in `directory`; raises RuntimeError if OpenVINO cannot."""
        core = openvino.Core()
        self._model = core.compile_model(core.read_model(directory), "CPU", CONFIGURATION)
        self._requests = threading.local()
        self.inputs = frozenset(port.any_name for port in self._model.inputs)
        self.outputs = frozenset(port.any_name for port in self._model.outputs)
        self._widths = {port.any_name: _width(port) for port in self._model.outputs}
        # In this thread alone: the first request sets up what OpenVINO's bindings share, and threads that do
        # so at the same moment wait for each other for ever (9 of 25 starts; with this, none of 25).
        for rows in range(PADDED, PIECE + 1, PADDED):
            self.run(
                {port.any_name: np.zeros((rows, *_width(port)), np.float32) for port in self._model.inputs}
            )

    def run(self, inputs: dict[str, Floats]) -> dict[str, Floats]:
        """Return all outputs for a batch, float32, by name; the first axis of everything is the batch's."""
        rows = min(len(array) for array in inputs.values())
        outputs = {name: np.empty((rows, *width), np.float32) for name, width in self._widths.items()}
        request = self._request()
        for first in range(0, rows, PIECE):
            request.infer({name: _padded(array[first : first + PIECE]) for name, array in inputs.items()})
            for name, output in outputs.items():
                piece = output[first : first + PIECE]
                piece[:] = request.get_tensor(name).data[: len(piece)]
        return outputs

    def _request(self) -> openvino.InferRequest:
        """Return this thread's own infer request: one request cannot compute two batches at once."""
        if not hasattr(self._requests, "mine"):
            self._requests.mine = self._model.create_infer_request()
        request: openvino.InferRequest = self._requests.mine
        return request


def _padded(piece: Floats) -> Floats:
    """Return a piece with as many blank rows at its end as it lacks of a multiple of PADDED."""
    lacking = -len(piece) % PADDED
    return np.pad(piece, [(0, lacking), *[(0, 0)] * (piece.ndim - 1)]) if lacking else piece


def _width(port: openvino.ConstOutput) -> tuple[int, ...]:
    """Return a port's shape without the batch's axis."""
    return tuple(dimension.get_length() for dimension in list(port.partial_shape)[1:])
