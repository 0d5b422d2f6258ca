"""The push endpoint as a web server runs it, with tokens signed as Google signs them."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from infra.local.parts import inherited
from infra.local.ports import Ports, address
from infra.local.probes import listens
from tests.php.test_worker_killed import result, stored, wait_until
from tests.php.workers import PACKAGE, PHP, needs_libraries

pytestmark = needs_libraries

AUDIENCE = "https://app.example.test/push.php"
ACCOUNT = "pusher@local.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> str:
    """Return our public key as Google publishes its own."""
    numbers = KEY.public_key().public_numbers()

    def encoded(number: int) -> str:
        data = number.to_bytes((number.bit_length() + 7) // 8)
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    key = {"kid": "k1", "kty": "RSA", "alg": "RS256", "n": encoded(numbers.n), "e": encoded(numbers.e)}
    return json.dumps({"keys": [key]})


def token(**changes: object) -> str:
    """Return the token that Pub/Sub would send, with some claims changed."""
    now = int(time.time())
    claims = {"iss": "https://accounts.google.com", "aud": AUDIENCE, "email": ACCOUNT, "email_verified": True}
    pem = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer: Any = crypt.RSASigner.from_string(pem, "k1")  # type: ignore[no-untyped-call]  # google-auth has no types
    signed: bytes = jwt.encode(signer, claims | {"iat": now, "exp": now + 600} | changes)  # type: ignore[no-untyped-call]
    return signed.decode()


def push(url: str, data: bytes, bearer: str) -> int:
    """Push a message as Pub/Sub does, and return the answer's status."""
    message = {"message": {"data": base64.b64encode(data).decode(), "messageId": "1"}, "subscription": "s"}
    with requests.Session() as session:
        session.trust_env = False
        return session.post(
            url, json=message, headers={"Authorization": f"Bearer {bearer}"}, timeout=30
        ).status_code


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Serve the endpoint with PHP's own web server; our keys are in the place of Google's."""
    (tmp_path / "google-keys.json").write_text(key_set())
    where = address(Ports.free().function)
    environment = inherited() | {
        "SHEETS_STATE": str(tmp_path),
        "SHEETS_PUSH_AUDIENCE": AUDIENCE,
        "SHEETS_PUSH_SERVICE_ACCOUNT": ACCOUNT,
    }
    command = [PHP, "-S", where, "-t", str(PACKAGE / "public")]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(where), "PHP's web server")
        yield f"http://{where}/push.php"
    finally:
        server.terminate()
        server.wait()


def test_a_push_becomes_a_row(url: str, tmp_path: Path) -> None:
    """A push with Pub/Sub's token is stored; the same again is accepted and stored no second time."""
    assert [push(url, result(7), token()) for _ in range(2)] == [204, 204]
    assert stored(tmp_path / "sheets.sqlite") == [("7.jpg", "0000007")]


def test_a_stranger_gets_nowhere(url: str, tmp_path: Path) -> None:
    """Other people's tokens, and none at all, change nothing."""
    others = [token(aud="https://other.example.test/"), token(email="a@b.c"), token(exp=1), "", "a.b.c"]
    assert [push(url, result(7), other) for other in others] == [401] * len(others)
    assert not (tmp_path / "sheets.sqlite").exists()


def test_poison_is_not_accepted(url: str) -> None:
    """What is no result is not accepted, so that Pub/Sub puts it among the dead letters in the end."""
    assert push(url, b"junk", token()) == 422
