"""Logs: entries as Cloud Logging and Error Reporting understand them."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.api_core import client_logging
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from sheetid import logs

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Leave the root logger as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("sheetid").setLevel(logging.NOTSET)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the entries that were written."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_entry_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Severity, message and the fields given with it."""
    logs.configure("INFO")
    logging.getLogger("sheetid.x").info("two\nlines", extra={"fields": {"readMs": 1.5}})
    (entry,) = lines(capsys)
    assert entry["severity"] == "INFO"
    assert entry["message"] == "two\nlines"
    assert entry["readMs"] == 1.5
    assert entry["time"].endswith("+00:00")


def test_our_level_is_not_that_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    """Debugging the function does not mean paying for the debug logs of every library."""
    logs.configure("DEBUG")
    logging.getLogger("sheetid.x").debug("ours")
    logging.getLogger("google.auth").info("theirs")
    logging.getLogger("google.auth").warning("theirs, and important")
    assert [entry["message"] for entry in lines(capsys)] == ["ours", "theirs, and important"]


@pytest.mark.parametrize("clients_first", [True, False])
def test_warnings_of_google_clients_are_entries_too(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    clients_first: bool,  # noqa: FBT001 - a table's column
) -> None:
    """Whether their own set-up of logging, which keeps entries from the root, comes before ours or after."""
    google = logging.getLogger("google")
    monkeypatch.setattr(client_logging, "_LOGGING_INITIALIZED", False)
    monkeypatch.setattr(google, "propagate", True)
    monkeypatch.setattr(google, "level", logging.NOTSET)
    steps: list[Callable[[], None]] = [client_logging.initialize_logging, lambda: logs.configure("INFO")]
    for step in steps if clients_first else reversed(steps):
        step()
    logging.getLogger("google.auth").warning("no token")
    output = capsys.readouterr()
    assert json.loads(output.out)["message"] == "no token"
    assert output.err == ""


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    """The level is a minimum."""
    logs.configure("ERROR")
    logging.getLogger("sheetid.x").info("quiet")
    assert lines(capsys) == []


def test_configuring_twice_does_not_write_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """The framework may load the function more than once."""
    logs.configure("INFO")
    logs.configure("INFO")
    logging.getLogger("sheetid.x").info("once")
    assert len(lines(capsys)) == 1


@given(st.text())
def test_whatever_is_logged_stays_one_line_of_ascii(text: str) -> None:
    """Names of objects can hold line ends, terminal codes and anything else."""
    record = logging.LogRecord("sheetid", logging.INFO, "", 0, "%s", (text,), None)
    line = logs.JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == text


def test_fields_belong_to_one_request(capsys: pytest.CaptureFixture[str]) -> None:
    """What is bound is on all entries of the request and on none after it."""
    logs.configure("INFO")
    log = logging.getLogger("sheetid.x")
    with logs.request(Headers(), "p"):
        logs.bind(object="a.png")
        logs.bind(generation="5")
        log.info("inside")
    log.info("outside")
    inside, outside = lines(capsys)
    assert (inside["object"], inside["generation"]) == ("a.png", "5")
    assert "object" not in outside


def test_an_exception_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Error Reporting needs the stack, the service and its version."""
    monkeypatch.setenv("K_SERVICE", "sheet-reader")
    monkeypatch.setenv("K_REVISION", "sheet-reader-00007")
    logs.configure("INFO")
    try:
        int("broken")
    except ValueError:
        logging.getLogger("sheetid.x").exception("failed")
    (entry,) = lines(capsys)
    assert entry["severity"] == "ERROR"
    assert entry["@type"].endswith("ReportedErrorEvent")
    assert "ValueError: invalid literal" in entry["stack_trace"]
    assert entry["serviceContext"] == {"service": "sheet-reader", "version": "sheet-reader-00007"}


@pytest.mark.parametrize(
    ("header", "value", "span"),
    [
        ("traceparent", f"00-{TRACE_ID}-00f067aa0ba902b7-01", "00f067aa0ba902b7"),
        ("X-Cloud-Trace-Context", f"{TRACE_ID}/255;o=1", "00000000000000ff"),
        ("x-cloud-trace-context", f"{TRACE_ID}/255", "00000000000000ff"),
    ],
)
def test_traces(header: str, value: str, span: str) -> None:
    """Both headers that Cloud Run sends lead to the request's trace."""
    assert logs.trace(Headers({header: value}), "my-project") == {
        "logging.googleapis.com/trace": f"projects/my-project/traces/{TRACE_ID}",
        "logging.googleapis.com/spanId": span,
    }


@pytest.mark.parametrize(
    "value", ["", "x", f"00-{TRACE_ID}", f"00-{TRACE_ID[:-1]}X-00f067aa0ba902b7-01", "0" * 100_000]
)
def test_what_is_no_trace_is_left_out(value: str) -> None:
    """A header that anyone could have made up does not reach the log."""
    assert logs.trace(Headers({"traceparent": value, "X-Cloud-Trace-Context": value}), "p") == {}
