"""A TLS server's certificate, a stand-in behind TLS that asks for a token, and a fake source of ID tokens."""

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from serving.standin.tensors import tensor_from


class FakeTokens(Credentials):
    """Makes tokens "token-1", "token-2", …, each of which lives for `lifetime`; fails while told to."""

    def __init__(self, lifetime: dt.timedelta) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library is not typed
        self.lifetime = lifetime
        self.made = 0
        self.failing = False

    def refresh(self, request: object) -> None:  # noqa: ARG002 - nothing is asked for it
        """Make the next token; raises RefreshError when told to."""
        if self.failing:
            raise RefreshError("the metadata server does not answer")  # type: ignore[no-untyped-call]
        self.made += 1
        self.token = f"token-{self.made}"
        self.expiry = dt.datetime.now(dt.UTC).replace(tzinfo=None) + self.lifetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate for this machine: its PEM, and that of its private key."""

    certificate: bytes
    key: bytes


def make_certificate() -> Certificate:
    """Make a certificate that is valid for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    addresses = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    return Certificate(
        certificate.public_bytes(pem),
        key.private_bytes(pem, private, serialization.NoEncryption()),
    )


@dataclass(slots=True)
class Gate(prediction_service_pb2_grpc.PredictionServiceServicer):  # type: ignore[misc]  # generated, untyped
    """Stands where Cloud Run does: notes each call's token, and lets in those that it `accepts`."""

    accepts: Callable[[str], grpc.StatusCode | None] = lambda _: None
    tokens: list[str] = field(default_factory=list)

    def Predict(self, request: Any, context: grpc.ServicerContext) -> predict_pb2.PredictResponse:  # noqa: ANN401, N802 - generated
        """Score every glyph alike, for callers that are let in."""
        token = dict(context.invocation_metadata()).get("authorization", "")
        self.tokens.append(str(token))
        refusal = self.accepts(str(token))
        if refusal is not None:
            context.abort(refusal, "not let in")
        count = request.inputs["images"].tensor_shape.dim[0].size
        response = predict_pb2.PredictResponse()
        response.model_spec.name = "digits"
        response.model_spec.version.value = 1
        response.outputs["scores"].CopyFrom(tensor_from(np.full((count, 10), 0.1, np.float32)))
        return response


@contextmanager
def tls_server(gate: Gate, certificate: Certificate | None) -> Iterator[str]:
    """Serve behind TLS, or in plaintext without a certificate, at a free port, and give the address."""
    server = grpc.server(futures.ThreadPoolExecutor(4))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(gate, server)
    if certificate is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        credentials = grpc.ssl_server_credentials([(certificate.key, certificate.certificate)])
        port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
