"""An HTTP request to the deployed entry point, from the framework's parsing to the log."""

import io
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

import functions_framework

from sheetid.once import Once
from tests.fuzz.targets.event import DATA, SOUND
from tests.unit.function.fakes import World
from tests.unit.hostile.results import check_message

MAIN = Path(__file__).parents[3] / "function" / "main.py"
STRUCTURED = "application/cloudevents+json"
SERVER_ERROR = 500
LOG = io.StringIO()
WORLD = World()

os.environ |= {"SHEETID_TOPIC": "projects/local/topics/results", "SERVING_TARGET": "127.0.0.1:1"}
with redirect_stdout(LOG):
    APP = functions_framework.create_app("handle_upload", str(MAIN), "cloudevent")  # type: ignore[no-untyped-call]
sys.modules["main"].__dict__["PORTS"] = Once(lambda: WORLD.ports)
CLIENT = APP.test_client()


def run(data: bytes) -> None:
    """Post the input: as a body in either mode, or as JSON `[headers, body]`.

    Nothing that comes may be answered with 5xx, which would bring it again and again; each line of the log
    has to be JSON, and each result a message that can be published.
    """
    headers, body = requested(data)
    status = CLIENT.post("/", headers=headers, data=body).status_code
    if status >= SERVER_ERROR:
        raise AssertionError(f"answered {status}: {LOG.getvalue()}")
    for line in LOG.getvalue().splitlines():
        json.loads(line)
    for result in WORLD.publisher.results:
        check_message(result)
    LOG.seek(0)
    LOG.truncate()
    for remembered in (WORLD.publisher.results, WORLD.store.downloads, WORLD.read.images):
        remembered.clear()


def requested(data: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body that an input stands for."""
    try:
        headers, body = json.loads(data)
        return {**binary(), **sendable(headers)}, str(body).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return (binary(), data) if len(data) % 2 else ({"content-type": STRUCTURED}, data)


def binary() -> dict[str, str]:
    """Return the headers of a sound event in binary mode."""
    headers = {f"ce-{name}": str(value) for name, value in SOUND.items()}
    return {"content-type": "application/json", "ce-specversion": "1.0", **headers}


def sendable(headers: dict[str, object]) -> dict[str, str]:
    """Return the headers that a server would let through; it refuses lines within them."""
    texts = {name: str(value).encode("ascii", "ignore").decode() for name, value in headers.items()}
    return {
        name: text for name, text in texts.items() if name.isascii() and not set("\r\n\0") & set(name + text)
    }


def seeds() -> list[bytes]:
    """Return events in both modes."""
    structured = {**SOUND, "specversion": "1.0", "datacontenttype": "application/json", "data": DATA}
    bodies = [structured, DATA, [{"ce-id": "7"}, json.dumps(DATA)], [{"content-type": STRUCTURED}, "{}"]]
    texts = [json.dumps(body) for body in bodies]
    return [(text + " " * odd).encode() for text in texts for odd in (0, 1)]
