"""Imitates a server in trouble: a layer in front of the stand-in's Predict, steered through a file.

The file holds one JSON object, `{"fault": "slow", "seconds": 2, "times": 3}`: which fault, how long it takes
(`slow`), and for how many Predicts (for all, if `times` is left out). No file, or an empty one, means no
fault. It is looked at for every Predict, so that a test can change it in the middle of a run; `set_fault`
writes it.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import grpc
from tensorflow_serving.apis import predict_pb2

from serving.standin.refusal import Refusal
from serving.standin.services import refuse

PREDICT = "/tensorflow.serving.PredictionService/Predict"


class Kind(StrEnum):
    """What goes wrong."""

    LOADING = "loading"
    SWAPPING = "swapping"
    EXHAUSTED = "exhausted"
    QUEUE_FULL = "queue_full"
    BATCH_MATE = "batch_mate"
    BROKEN = "broken"
    HANG = "hang"
    SLOW = "slow"
    NAN = "nan"
    UNNORMALISED = "unnormalised"
    WRONG_SHAPE = "wrong_shape"
    CUT_SHORT = "cut_short"
    NO_OUTPUT = "no_output"
    OTHER_VERSION = "other_version"
    OTHER_MODEL = "other_model"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its `kind`, how many `seconds` it takes, for how many Predicts (`times`; None: all)."""

    kind: Kind
    seconds: float = 0.0
    times: int | None = None


# What a client sees while a server starts, changes its model, has no thread left, or batches.
REFUSALS = {
    Kind.LOADING: Refusal(grpc.StatusCode.UNAVAILABLE, "Connection refused"),
    Kind.SWAPPING: Refusal(grpc.StatusCode.NOT_FOUND, "Servable not found for request: Latest(digits)"),
    Kind.EXHAUSTED: Refusal(grpc.StatusCode.RESOURCE_EXHAUSTED, "Server Threadpool Exhausted"),
    Kind.QUEUE_FULL: Refusal(
        grpc.StatusCode.UNAVAILABLE,
        "The batch scheduling queue to which this task was submitted is full",
    ),
    Kind.BATCH_MATE: Refusal(
        grpc.StatusCode.FAILED_PRECONDITION,
        "Batching session Run() input tensors must have equal 0th-dimension size",
    ),
    Kind.BROKEN: Refusal(grpc.StatusCode.INTERNAL, "Internal error"),
}


def set_fault(path: Path, fault: Fault | None) -> None:
    """Write the file, at once and whole; None takes the fault away."""
    fields = {"fault": fault.kind, "seconds": fault.seconds, "times": fault.times} if fault else None
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(fields) if fields else "")
    unfinished.replace(path)


def parse_fault(text: str) -> Fault | None:
    """Return the fault that a file's `text` stands for; raises ValueError."""
    if not text.strip():
        return None
    fields = json.loads(text)
    return Fault(Kind(fields["fault"]), float(fields.get("seconds") or 0), fields.get("times"))


class FaultFile:
    """The fault that a file asks for, counted down."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._fault: Fault | None = None
        self._used = 0

    def take(self) -> Fault | None:
        """Return the fault for one more Predict; raises ValueError for a file that makes no sense."""
        with self._lock:
            self._look()
            if self._fault is None or (self._fault.times is not None and self._used >= self._fault.times):
                return None
            self._used += 1
            return self._fault

    def _look(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._seen, self._fault = None, None
            return
        identity = (status.st_ino, status.st_mtime_ns)
        if identity != self._seen:
            self._fault = parse_fault(self._path.read_text())
            self._seen, self._used = identity, 0


class FaultInterceptor(grpc.ServerInterceptor):
    """Lets every Predict run into the fault that `take` returns for it, if any."""

    def __init__(self, take: Callable[[], Fault | None]) -> None:
        self._take = take

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], "grpc.RpcMethodHandler[Any, Any] | None"],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Put the fault before Predict, and leave every other method alone."""
        handler = continuation(handler_call_details)
        if handler_call_details.method != PREDICT or handler is None or handler.unary_unary is None:
            return handler
        healthy = handler.unary_unary
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self._predict(healthy, request, context),
            handler.request_deserializer,
            handler.response_serializer,
        )

    def _predict(
        self,
        healthy: Callable[[Any, grpc.ServicerContext], predict_pb2.PredictResponse],
        request: predict_pb2.PredictRequest,
        context: grpc.ServicerContext,
    ) -> predict_pb2.PredictResponse:
        fault = self._take()
        if fault is None:
            return healthy(request, context)
        if fault.kind in REFUSALS:
            refuse(context, REFUSALS[fault.kind])
        if fault.kind is Kind.HANG:
            wait_until_abandoned(context)
        if fault.kind is Kind.SLOW:
            time.sleep(fault.seconds)
        return spoil(fault.kind, healthy(request, context))


def wait_until_abandoned(context: grpc.ServicerContext) -> None:
    """Hold a call until its client gives up or the server stops."""
    abandoned = threading.Event()
    if context.add_callback(abandoned.set):
        abandoned.wait()


def spoil(kind: Kind, response: predict_pb2.PredictResponse) -> predict_pb2.PredictResponse:
    """Return the answer as `kind` makes it: with scores or a model that nobody should believe."""
    scores = response.outputs["scores"]
    width = scores.tensor_shape.dim[1].size
    match kind:
        case Kind.NAN:
            scores.float_val[0] = float("nan")
        case Kind.UNNORMALISED:
            scores.float_val[0] += 0.5
        case Kind.WRONG_SHAPE:
            scores.tensor_shape.dim[0].size -= 1
            del scores.float_val[-width:]
        case Kind.CUT_SHORT:
            del scores.float_val[-1]
        case Kind.NO_OUTPUT:
            del response.outputs["scores"]
        case Kind.OTHER_VERSION:
            response.model_spec.version.value += 1
        case Kind.OTHER_MODEL:
            response.model_spec.name = "another"
        case _:
            pass
    return response
