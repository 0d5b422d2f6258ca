"""Structured logs: one line of JSON on stdout for each entry, in the form that Cloud Logging understands."""

import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from werkzeug.datastructures import Headers

TRACE = "logging.googleapis.com/trace"
SPAN = "logging.googleapis.com/spanId"
TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}")
CLOUD_TRACE = re.compile(r"(?P<trace>[0-9a-f]{32})/(?P<span>[0-9]{1,20})(?:;o=[01])?")
# Marks an entry for Error Reporting, whatever its text looks like.
REPORTED_ERROR = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound")


class JsonFormatter(logging.Formatter):
    """Formats an entry with the fields bound to the request, and those given as `extra={"fields": …}`.

    The JSON is pure ASCII: whatever came from outside, an object's name for instance, is escaped.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        entry: dict[str, object] = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            **_bound.get({}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["@type"] = REPORTED_ERROR
            entry["stack_trace"] = self.formatException(record.exc_info)
            entry["serviceContext"] = {
                "service": os.environ.get("K_SERVICE", "sheetid"),
                "version": os.environ.get("K_REVISION", "local"),
            }
        return json.dumps(entry, separators=(",", ":"), default=str)


def configure(level: str) -> None:
    """Send all logs of the process to stdout: ours from `level` on, those of libraries from WARNING on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("sheetid").setLevel(level)
    # Google's clients, when made, would keep their warnings from the root, and so print them on stderr as
    # bare text. They leave a logger alone that has a level; and what they did to it before is undone.
    logging.getLogger("google").setLevel(logging.WARNING)
    logging.getLogger("google").propagate = True


@contextmanager
def request(headers: Headers, project: str) -> Iterator[None]:
    """Give every entry of this request its trace, and forget what was bound when it ends."""
    token = _bound.set(trace(headers, project))
    try:
        yield
    finally:
        _bound.reset(token)


def bind(**fields: object) -> None:
    """Add fields to every further entry of this request."""
    _bound.set({**_bound.get({}), **fields})


def trace(headers: Headers, project: str) -> dict[str, str]:
    """Return the fields that join an entry to the request's trace in `project`, if a header names one."""
    if found := TRACEPARENT.fullmatch(headers.get("traceparent", "")):
        span = found["span"]
    elif found := CLOUD_TRACE.fullmatch(headers.get("X-Cloud-Trace-Context", "")):
        span = f"{int(found['span']):016x}"
    else:
        return {}
    return {TRACE: f"projects/{project}/traces/{found['trace']}", SPAN: span}
