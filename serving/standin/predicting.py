"""One Predict: the checks that TensorFlow Serving makes, in its order and in its words, and the computing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import grpc
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import predict_pb2

from serving.standin.engine import Engine
from serving.standin.refusal import Refusal, invalid
from serving.standin.saved_model import Signatures, read_signatures
from serving.standin.tensors import Floats, ParsingError, floats_from, parse_shape, tensor_from, type_name

DEFAULT_SIGNATURE = "serving_default"
UNKNOWN_SIZE = -1


class Runner(Protocol):
    """What computes: `Engine`, or something simpler in tests."""

    inputs: frozenset[str]
    outputs: frozenset[str]

    def run(self, inputs: dict[str, Floats]) -> dict[str, Floats]:
        """Return all outputs for the inputs, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Servable:
    """One version of a model that is ready to answer."""

    name: str
    version: int
    signatures: Signatures
    runner: Runner


def load_servable(name: str, version: int, directory: Path) -> Servable:
    """Load one version; raises SavedModelError, or RuntimeError if OpenVINO cannot load it."""
    return Servable(name, version, read_signatures(directory), Engine(directory))


def predict(servable: Servable, request: predict_pb2.PredictRequest) -> predict_pb2.PredictResponse:
    """Answer `request` with `servable`; raises Refusal."""
    key = request.model_spec.signature_name or DEFAULT_SIGNATURE
    if key not in servable.signatures:
        raise Refusal(grpc.StatusCode.FAILED_PRECONDITION, f'Serving signature key "{key}" not found.')
    signature = servable.signatures[key]
    check_inputs(signature, request)
    wanted = choose_outputs(signature, request.output_filter)
    if (
        signature.inputs.keys() != servable.runner.inputs
        or signature.outputs.keys() != servable.runner.outputs
    ):
        raise Refusal(
            grpc.StatusCode.UNIMPLEMENTED, f"The stand-in runs {DEFAULT_SIGNATURE} only, not {key}."
        )
    outputs = servable.runner.run(read_inputs(signature, request))
    response = predict_pb2.PredictResponse(outputs={name: tensor_from(outputs[name]) for name in wanted})
    response.model_spec.name = servable.name
    response.model_spec.signature_name = key
    response.model_spec.version.value = servable.version
    return response


def check_inputs(signature: meta_graph_pb2.SignatureDef, request: predict_pb2.PredictRequest) -> None:
    """Check that exactly the inputs of the signature are there, and well-formed; raises Refusal."""
    wanted, sent = signature.inputs.keys(), request.inputs.keys()
    if len(sent) != len(wanted):
        raise invalid(
            f"input size does not match signature: {len(sent)}!={len(wanted)} "
            f"len({braced(sent)}) != len({braced(wanted)}). "
            f"Sent extra: {braced(sent - wanted)}. Missing but required: {braced(wanted - sent)}."
        )
    for alias in sorted(sent):
        if alias not in wanted:
            raise invalid(
                f"input tensor alias not found in signature: {alias}. "
                f"Inputs expected to be in the set {braced(wanted)}."
            )
        try:
            parse_shape(request.inputs[alias])
        except ParsingError:
            raise invalid(f"tensor parsing error: {alias}") from None


def choose_outputs(signature: meta_graph_pb2.SignatureDef, output_filter: Iterable[str]) -> list[str]:
    """Return the outputs that are asked for, all of them if none is; raises Refusal."""
    chosen: list[str] = []
    for alias in output_filter:
        if alias not in signature.outputs:
            raise invalid(
                f"output tensor alias not found in signature: {alias} "
                f"Outputs expected to be in the set {braced(signature.outputs)}."
            )
        if alias in chosen:
            raise invalid(f"duplicate output tensor alias: {alias}")
        chosen.append(alias)
    return chosen or sorted(signature.outputs)


def read_inputs(
    signature: meta_graph_pb2.SignatureDef, request: predict_pb2.PredictRequest
) -> dict[str, Floats]:
    """Return the inputs as arrays; raises Refusal for what kernels refuse: another type or shape."""
    arrays = {}
    for position, (alias, tensor) in enumerate(sorted(request.inputs.items())):
        if tensor.dtype != types_pb2.DT_FLOAT:
            raise invalid(f"Expects arg[{position}] to be float but {type_name(tensor.dtype)} is provided")
        expected = [dimension.size for dimension in signature.inputs[alias].tensor_shape.dim]
        array = floats_from(tensor)
        if not fits(array.shape, expected):
            raise invalid(f"input {alias} must have shape {shown(expected)}, got {shown(array.shape)}")
        arrays[alias] = array
    return arrays


def fits(shape: Iterable[int], expected: list[int]) -> bool:
    """Return whether `shape` is one of those that `expected` allows, -1 allowing any size of an axis."""
    sizes = list(shape)
    return len(sizes) == len(expected) and all(
        want in (UNKNOWN_SIZE, size) for size, want in zip(sizes, expected, strict=True)
    )


def shown(shape: Iterable[int]) -> str:
    """Return a shape as TensorFlow writes it: [?,28,28,1]."""
    return "[" + ",".join("?" if size == UNKNOWN_SIZE else str(size) for size in shape) + "]"


def braced(names: Iterable[str] | Mapping[str, object]) -> str:
    """Return a set of names as TensorFlow Serving writes it: {a,b}."""
    return "{" + ",".join(sorted(names)) + "}"
