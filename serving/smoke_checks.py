"""What the smoke test checks of a server: each check returns what it found, or raises."""

import statistics
import time
from dataclasses import dataclass

import grpc
import numpy as np
import numpy.typing as npt
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
)

from serving.golden import Golden, images_of, load_golden
from sheetid.cloud.serving import build_request, read_answer
from sheetid.prediction import Prediction
from sheetid.settings import ServingSettings
from sheetid.vision.glyphs import SIDE

SIGNATURES = "signature_def"
HEALTHY = ("", "ModelService", "PredictionService")
# Two engines that compute in float32 differ by less than 1e-6; another model differs by far more.
GREATEST_DIFFERENCE = 1e-4
BATCHES = (1, 8, 64)
REPETITIONS = 10
MILLISECONDS = 1000


class CheckError(Exception):
    """Something is not as it should be."""


@dataclass(frozen=True, slots=True)
class Server:
    """The server that is checked, and the model that is expected there."""

    channel: grpc.Channel
    settings: ServingSettings

    def ask(
        self, images: npt.NDArray[np.float32], *, version: int | None = None, label: str | None = None
    ) -> Prediction:
        """Predict with one version, with a label's, or with the latest; raises RpcError and AnswerError."""
        request = build_request(images, self.settings)
        if version is not None:
            request.model_spec.version.value = version
        if label is not None:
            request.model_spec.version_label = label
        stub = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        answer = stub.Predict(request, timeout=self.settings.timeout_seconds)
        return read_answer(answer, self.settings.model_name, len(images))

    def versions(self) -> list[int]:
        """Return the versions that are AVAILABLE, the newest first; raises RpcError and CheckError."""
        request = get_model_status_pb2.GetModelStatusRequest(
            model_spec=model_pb2.ModelSpec(name=self.settings.model_name)
        )
        stub = model_service_pb2_grpc.ModelServiceStub(self.channel)
        answer = stub.GetModelStatus(request, timeout=self.settings.timeout_seconds)
        states = {
            status.version: get_model_status_pb2.ModelVersionStatus.State.Name(status.state)
            for status in answer.model_version_status
        }
        available = [version for version, state in states.items() if state == "AVAILABLE"]
        if not available:
            raise CheckError(f"no version is AVAILABLE: {states}")
        return sorted(available, reverse=True)


def check_health(server: Server, wait_seconds: float) -> str:
    """Wait until the server is there, and check that all its services say SERVING."""
    stub = health_pb2_grpc.HealthStub(server.channel)
    start = time.monotonic()
    for name in HEALTHY:
        request = health_pb2.HealthCheckRequest(service=name)
        status = stub.Check(request, timeout=wait_seconds, wait_for_ready=True).status
        if status != health_pb2.HealthCheckResponse.SERVING:
            raise CheckError(
                f"{name or 'the server'} is {health_pb2.HealthCheckResponse.ServingStatus.Name(status)}"
            )
    return f"SERVING, after {time.monotonic() - start:.1f} s"


def check_status(server: Server) -> str:
    """Check that at least one version of the model is available."""
    return "AVAILABLE: " + ", ".join(f"version {version}" for version in server.versions())


def check_metadata(server: Server) -> str:
    """Check the signature: images [?,28,28,1] float in, scores [?,C] float out."""
    request = get_model_metadata_pb2.GetModelMetadataRequest(
        model_spec=model_pb2.ModelSpec(name=server.settings.model_name), metadata_field=[SIGNATURES]
    )
    stub = prediction_service_pb2_grpc.PredictionServiceStub(server.channel)
    answer = stub.GetModelMetadata(request, timeout=server.settings.timeout_seconds)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    answer.metadata[SIGNATURES].Unpack(signatures)
    signature = signatures.signature_def["serving_default"]
    images, scores = _tensors(signature.inputs), _tensors(signature.outputs)
    if images != {"images": [-1, SIDE, SIDE, 1]}:
        raise CheckError(f"inputs are {images}")
    if set(scores) != {"scores"} or len(scores["scores"]) != 2:  # noqa: PLR2004 - glyphs and classes
        raise CheckError(f"outputs are {scores}")
    return f"images {images['images']} → scores {scores['scores']}"


def check_golden(server: Server) -> str:
    """Check that every version that is served gives the scores that were recorded of it."""
    return "; ".join(compare(server, load_recorded(server, version)) for version in server.versions())


def load_recorded(server: Server, version: int) -> Golden:
    """Return the recorded scores of a version; raises CheckError if there are none."""
    golden = load_golden(server.settings.model_name, str(version))
    if golden is None:
        raise CheckError(f"nothing was recorded of version {version}: python -m serving.record_golden")
    return golden


def compare(server: Server, golden: Golden) -> str:
    """Check one version's scores against the recorded ones."""
    scores = server.ask(images_of(golden.glyphs), version=int(golden.version)).scores
    if scores.shape != golden.scores.shape:
        raise CheckError(f"version {golden.version}: {scores.shape[1]} classes, not {golden.scores.shape[1]}")
    difference = float(np.abs(scores - golden.scores).max())
    finding = f"version {golden.version}: {len(scores)} glyphs, greatest difference {difference:.1e}"
    if difference > GREATEST_DIFFERENCE:
        raise CheckError(finding)
    return finding


def check_label(server: Server, label: str) -> str:
    """Check that a label leads to a version that is served."""
    model = server.ask(np.zeros((1, SIDE, SIDE, 1), np.float32), label=label).model
    return f"version {model.version}"


def measure_latency(server: Server) -> str:
    """Return the median time of a Predict for several batch sizes, and that of as many single ones."""
    medians = {count: _median(server, count) for count in BATCHES}
    found = ", ".join(f"N={count} {median:.1f} ms" for count, median in medians.items())
    largest = BATCHES[-1]
    gain = largest * medians[1] / medians[largest]
    return f"{found}; {largest} singles take {gain:.1f} times as long as one batch"


def _median(server: Server, count: int) -> float:
    """Return the median time of a Predict of `count` glyphs in ms, after one that is not counted."""
    images = np.random.default_rng(0).random((count, SIDE, SIDE, 1), np.float32)
    server.ask(images)
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        server.ask(images)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * MILLISECONDS


def _tensors(infos: dict[str, meta_graph_pb2.TensorInfo]) -> dict[str, list[int]]:
    """Return the shapes of a signature's tensors by name; raises CheckError if one is not float."""
    for name, info in infos.items():
        if info.dtype != types_pb2.DT_FLOAT:
            raise CheckError(f"{name} is {types_pb2.DataType.Name(info.dtype)}")
    return {name: [dimension.size for dimension in info.tensor_shape.dim] for name, info in infos.items()}
