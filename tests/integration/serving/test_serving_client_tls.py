"""The serving client over TLS with an ID token, as to Cloud Run."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import grpc
import pytest
from google.auth.exceptions import DefaultCredentialsError

from sheetid.cloud.serving import ServingClient
from sheetid.cloud.serving_channel import open_channel
from sheetid.errors import TransientError
from sheetid.settings import ServingSettings
from tests.integration.serving.asking import some_images
from tests.integration.serving.tls import Certificate, FakeTokens, Gate, make_certificate, tls_server

HOUR = dt.timedelta(hours=1)
BATCH = some_images(2)


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    """Make a certificate that no public authority signed."""
    return make_certificate()


@pytest.fixture
def gate() -> Gate:
    """Return what notes the tokens, and lets everyone in."""
    return Gate()


@pytest.fixture
def target(gate: Gate, certificate: Certificate) -> Iterator[str]:
    """Serve behind TLS, and give the address."""
    with tls_server(gate, certificate) as address:
        yield address


def client_of(target: str, tokens: FakeTokens, certificate: Certificate) -> ServingClient:
    """Return a client that has these tokens and trusts this certificate."""
    settings = ServingSettings(target, timeout_seconds=10, audience="https://serving.example")
    opened = partial(open_channel, credentials=tokens, root_certificates=certificate.certificate)
    return ServingClient(settings, opened)


def failure(client: ServingClient) -> str:
    """Return why there is no prediction."""
    with pytest.raises(TransientError) as error:
        client.predict(BATCH)
    return str(error.value)


def test_the_token_is_sent_and_kept(target: str, gate: Gate, certificate: Certificate) -> None:
    """Every call carries the token, which is made once."""
    tokens = FakeTokens(HOUR)
    client = client_of(target, tokens, certificate)
    for _ in range(3):
        assert len(client.predict(BATCH).scores) == 2
    assert gate.tokens == ["Bearer token-1"] * 3
    assert tokens.made == 1


def test_an_expired_token_is_renewed(target: str, gate: Gate, certificate: Certificate) -> None:
    """A token that has expired, or soon will, is replaced before a call."""
    client = client_of(target, FakeTokens(dt.timedelta(seconds=30)), certificate)
    client.predict(BATCH)
    client.predict(BATCH)
    assert gate.tokens == ["Bearer token-1", "Bearer token-2"]


def test_a_server_with_an_unknown_certificate_gets_no_token(target: str, gate: Gate) -> None:
    """A server that cannot show who it is, is not spoken to."""
    settings = ServingSettings(target, timeout_seconds=0.5, audience="https://serving.example")
    client = ServingClient(settings, partial(open_channel, credentials=FakeTokens(HOUR)))
    assert "could not be reached" in failure(client)
    assert gate.tokens == []


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (grpc.StatusCode.UNAUTHENTICATED, "does not accept the ID token"),
        (grpc.StatusCode.PERMISSION_DENIED, "may not be invoked by this service account"),
    ],
)
def test_a_caller_that_is_not_let_in(
    target: str, gate: Gate, certificate: Certificate, code: grpc.StatusCode, cause: str
) -> None:
    """A token that is not accepted is said to be the cause."""
    gate.accepts = lambda _: code
    assert cause in failure(client_of(target, FakeTokens(HOUR), certificate))


def test_no_token_can_be_made(target: str, gate: Gate, certificate: Certificate) -> None:
    """Without a token there is no call; when there is one again, the same client works."""
    tokens = FakeTokens(HOUR)
    tokens.failing = True
    client = client_of(target, tokens, certificate)
    assert "cannot be asked without an ID token" in failure(client)
    assert gate.tokens == []
    tokens.failing = False
    assert len(client.predict(BATCH).scores) == 2


def test_a_process_without_an_identity() -> None:
    """A process that no token can be made for says so, and tries anew with the next sheet."""
    attempts = 0

    def open_without_identity(_: ServingSettings) -> grpc.Channel:
        nonlocal attempts
        attempts += 1
        raise DefaultCredentialsError("no metadata server")  # type: ignore[no-untyped-call]  # untyped

    settings = ServingSettings("serving.example:443", audience="https://serving.example")
    client = ServingClient(settings, open_without_identity)
    for _ in range(2):
        assert "cannot be asked without an ID token (no metadata server)" in failure(client)
    assert attempts == 2


def test_a_token_never_travels_in_plaintext() -> None:
    """A server that speaks no TLS gets nothing from a client that has a token."""
    gate = Gate()
    with tls_server(gate, None) as target:
        settings = ServingSettings(target, timeout_seconds=0.5, audience="https://serving.example")
        client = ServingClient(settings, partial(open_channel, credentials=FakeTokens(HOUR)))
        assert "could not be reached" in failure(client)
    assert gate.tokens == []
