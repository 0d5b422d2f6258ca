"""The one connection to TensorFlow Serving: retried, and never in plaintext over a network."""

import json

import grpc
from google.auth.credentials import Credentials
from google.auth.transport.grpc import AuthMetadataPlugin
from google.auth.transport.requests import Request
from google.oauth2.id_token import fetch_id_token_credentials

from sheetid.settings import ServingSettings

RETRIES = {
    "methodConfig": [
        {
            # gRPC ignores a policy that does not name what it is for.
            "name": [{"service": "tensorflow.serving.PredictionService"}],
            "retryPolicy": {
                # gRPC makes no more than 5 attempts, and none after the deadline.
                "maxAttempts": 5,
                "initialBackoff": "0.1s",
                "maxBackoff": "1s",
                "backoffMultiplier": 3,
                # Both mean that nothing was computed: no instance, or no thread free to answer.
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
            },
        }
    ]
}
OPTIONS = [
    ("grpc.enable_retries", 1),
    ("grpc.service_config", json.dumps(RETRIES)),
    # gRPC waits up to two minutes before it connects anew, far beyond the deadline of a Predict.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]
# Whoever is on this machine is not behind a proxy.
LOOPBACK_OPTIONS = [*OPTIONS, ("grpc.enable_http_proxy", 0)]


def open_channel(
    settings: ServingSettings,
    *,
    credentials: Credentials | None = None,
    root_certificates: bytes | None = None,
) -> grpc.Channel:
    """Open the channel to the target: TLS with an ID token, or plaintext to loopback without an audience.

    The token is fetched when it is first needed, kept, and renewed before it expires. gRPC itself sends it
    over TLS only.

    Args:
        settings: The target, and the audience of the token.
        credentials: What makes the token; None for the service account's that the process runs as.
        root_certificates: PEM of the authorities that are trusted; None for gRPC's own.

    Raises:
        ValueError: The target is not loopback and there is no audience: it would have to be plaintext.
        google.auth.exceptions.GoogleAuthError: The process has no identity that a token could be made for.
    """
    options = LOOPBACK_OPTIONS if settings.is_loopback else OPTIONS
    if settings.audience is None:
        if not settings.is_loopback:
            raise ValueError(f"plaintext to {settings.target} is refused: an audience is needed for TLS")
        return grpc.insecure_channel(settings.target, options)
    request = Request()
    token = AuthMetadataPlugin(
        credentials or fetch_id_token_credentials(settings.audience, request),  # type: ignore[no-untyped-call]
        request,
    )
    secure = grpc.composite_channel_credentials(
        grpc.ssl_channel_credentials(root_certificates), grpc.metadata_call_credentials(token, "id-token")
    )
    return grpc.secure_channel(settings.target, secure, options)
