"""What the stack's processes are started with."""

from dataclasses import replace

import pytest

from infra.local import names
from infra.local.parts import Parts, inherited, own_addresses
from infra.local.ports import Ports
from infra.local.stack import ROOT, LocalStack, Options
from sheetid.settings import Settings

PORTS = Ports(storage=1001, pubsub=1002, serving=1003, function=1004)


def parts(**settings: str) -> Parts:
    """Return the parts of a stack on fixed ports."""
    options = Options()
    return Parts(ROOT, options.project, PORTS, own_addresses(PORTS), settings)


def test_the_function_has_the_settings_of_production() -> None:
    """What the function is given is valid by its own rules, and points at the stack."""
    settings = Settings.from_environment(parts().function_settings())
    assert settings.topic == f"projects/local/topics/{names.RESULTS}"
    assert settings.bucket == names.BUCKET
    assert settings.serving.target == "127.0.0.1:1003"


def test_the_function_has_the_threads_of_production() -> None:
    """As many events at once as Terraform deploys it with, unless the caller wants another number."""
    deployed = (ROOT / "infra" / "function.tf").read_text()
    assert f"function_concurrency = {parts().function_settings()['THREADS']}\n" in deployed
    assert parts(THREADS="8").function_settings()["THREADS"] == "8"


def test_settings_of_the_callers_reach_the_function() -> None:
    """A length chosen for `make up` is the function's; the stack's own settings cannot be replaced."""
    chosen = parts(SHEETID_LENGTH="7", SHEETID_BUCKET="elsewhere").function_settings()
    assert chosen["SHEETID_LENGTH"] == "7"
    assert chosen["SHEETID_BUCKET"] == names.BUCKET


def test_the_function_takes_a_detour() -> None:
    """A proxy in front of a part is where the function looks for that part, and for no other."""
    plain = parts().function_settings()
    changed = replace(parts(), detours={"storage": "127.0.0.1:9"}).function_settings()
    assert changed == plain | {"STORAGE_EMULATOR_HOST": "http://127.0.0.1:9"}


def test_nothing_else_of_the_environment_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials, proxies and settings in the caller's shell do not reach the processes."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "HTTPS_PROXY", "PYTHONPATH", "SHEETID_PATTERN"):
        monkeypatch.setenv(name, "x")
    assert set(inherited()) <= {"PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "SSL_CERT_FILE"}


def test_servers_that_the_caller_brings_are_used() -> None:
    """Addresses in the environment take the place of the stack's own."""
    environ = {"SERVING_TARGET": "models.example:443", "PUBSUB_EMULATOR_HOST": "127.0.0.1:9"}
    stack = LocalStack("unit", Options(ports=PORTS, environ=environ))
    assert stack.addresses.serving == "models.example:443"
    assert stack.addresses.pubsub == "127.0.0.1:9"
    assert stack.addresses.storage == "127.0.0.1:1001"


def test_a_client_is_told_all_it_needs() -> None:
    """The variables name every address, and what is where."""
    variables = LocalStack("unit", Options(ports=PORTS, environ={})).client_environment()
    assert variables == {
        "GOOGLE_CLOUD_PROJECT": "local",
        "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1001",
        "PUBSUB_EMULATOR_HOST": "127.0.0.1:1002",
        "SERVING_TARGET": "127.0.0.1:1003",
        "SHEETS_BUCKET": "sheets",
        "SHEETS_TOPIC": "sheet-results",
        "SHEETS_SUBSCRIPTION": "sheet-results-app",
    }
