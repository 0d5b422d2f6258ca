"""The gRPC side: TensorFlow Serving's services, each mapping requests to the catalogue and to `predict`."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

import grpc
from google.protobuf import any_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from serving.standin.catalogue import Catalogue
from serving.standin.predicting import predict
from serving.standin.refusal import Refusal, invalid

SIGNATURES = "signature_def"
LONGEST_TEXT = 1024
Answer = TypeVar("Answer")


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]  # untyped
    """Predict and GetModelMetadata; the other methods answer UNIMPLEMENTED."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def Predict(  # noqa: N802 - the service's name of it
        self, request: predict_pb2.PredictRequest, context: grpc.ServicerContext
    ) -> predict_pb2.PredictResponse:
        """Answer one batch."""
        return answer(context, lambda: self._predict(request))

    def GetModelMetadata(  # noqa: N802 - the service's name of it
        self, request: get_model_metadata_pb2.GetModelMetadataRequest, context: grpc.ServicerContext
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        """Answer the signatures of a model."""
        return answer(context, lambda: self._metadata(request))

    def _predict(self, request: predict_pb2.PredictRequest) -> predict_pb2.PredictResponse:
        require_spec(request)
        return predict(self._catalogue.find(request.model_spec), request)

    def _metadata(
        self, request: get_model_metadata_pb2.GetModelMetadataRequest
    ) -> get_model_metadata_pb2.GetModelMetadataResponse:
        require_spec(request)
        if not request.metadata_field:
            raise invalid("GetModelMetadataRequest must specify at least one metadata_field")
        for name in request.metadata_field:
            if name != SIGNATURES:
                raise invalid(f"Metadata field {name} is not supported")
        servable = self._catalogue.find(request.model_spec)
        packed = any_pb2.Any()
        packed.Pack(get_model_metadata_pb2.SignatureDefMap(signature_def=servable.signatures))
        response = get_model_metadata_pb2.GetModelMetadataResponse(metadata={SIGNATURES: packed})
        response.model_spec.name = servable.name
        response.model_spec.version.value = servable.version
        return response


class ModelService(model_service_pb2_grpc.ModelServiceServicer):  # type: ignore[misc]  # untyped
    """GetModelStatus; the other methods answer UNIMPLEMENTED."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def GetModelStatus(  # noqa: N802 - the service's name of it
        self, request: get_model_status_pb2.GetModelStatusRequest, context: grpc.ServicerContext
    ) -> get_model_status_pb2.GetModelStatusResponse:
        """Answer the state of a model's versions."""
        return answer(context, lambda: self._status(request))

    def _status(
        self, request: get_model_status_pb2.GetModelStatusRequest
    ) -> get_model_status_pb2.GetModelStatusResponse:
        require_spec(request)
        return get_model_status_pb2.GetModelStatusResponse(
            model_version_status=self._catalogue.status(request.model_spec)
        )


def require_spec(
    request: predict_pb2.PredictRequest
    | get_model_metadata_pb2.GetModelMetadataRequest
    | get_model_status_pb2.GetModelStatusRequest,
) -> None:
    """Refuse a request that names no model at all."""
    if not request.HasField("model_spec"):
        raise invalid("Missing ModelSpec")


def answer(context: grpc.ServicerContext, make: Callable[[], Answer]) -> Answer:
    """Return what `make` makes, or end the call with its refusal's status."""
    try:
        return make()
    except Refusal as refusal:
        refuse(context, refusal)


def refuse(context: grpc.ServicerContext, refusal: Refusal) -> NoReturn:
    """End the call with a refusal's status, its text cut where TensorFlow Serving cuts it."""
    text = refusal.text
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + "...TRUNCATED"
    context.abort(refusal.code, text)
    raise AssertionError  # abort does not return
