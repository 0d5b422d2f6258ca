"""The function's entry point: a finalized object's CloudEvent comes in, its result goes out to Pub/Sub.

The framework imports this module before it forks its worker. So settings are validated here, where a mistake
stops the start, and clients, which do not survive a fork, are made with the first event.
"""

import logging
import os

import cv2
import flask
import functions_framework
from cloudevents.exceptions import GenericException
from cloudevents.http import CloudEvent
from werkzeug.exceptions import InternalServerError, ServiceUnavailable

from sheetid import handler, logs
from sheetid.cloud.publishing import make_publisher
from sheetid.cloud.serving import ServingClient
from sheetid.cloud.storage import make_store
from sheetid.errors import TransientError
from sheetid.once import Once
from sheetid.reader import read_sheet
from sheetid.settings import Settings, SettingsError

LOG = logging.getLogger("sheetid.main")

try:
    SETTINGS = Settings.from_environment(os.environ)
except SettingsError as error:
    raise SystemExit(str(error)) from None

PROJECT = os.environ.get("GOOGLE_CLOUD_PROJECT") or SETTINGS.project
logs.configure(SETTINGS.log_level)
# Each event has a thread of its own; OpenCV's threads would only take the one processor from each other.
cv2.setNumThreads(1)


def connect() -> handler.Ports:
    """Make the clients of this process."""
    serving = ServingClient(SETTINGS.serving)
    return handler.Ports(
        store=make_store(PROJECT),
        read=lambda data: read_sheet(data, serving, SETTINGS.reading).reading,
        publisher=make_publisher(SETTINGS.topic),
    )


PORTS = Once(connect)


@functions_framework.cloud_event
def handle_upload(event: CloudEvent) -> None:
    """Answer one event; after a failure, 503 if it may pass and 500 if not, the event is delivered again."""
    with logs.request(flask.request.headers, PROJECT):
        try:
            handler.handle(event.get_attributes(), event.get_data(), SETTINGS, PORTS.get())
        except TransientError as error:
            logs.bind(cause=str(error))
            LOG.exception("no result yet: the event has to be delivered again")
            raise ServiceUnavailable from error
        except Exception as error:
            logs.bind(cause=repr(error))
            LOG.exception("unexpected failure: the event has to be delivered again")
            raise InternalServerError from error


def acknowledge_unreadable(error: Exception) -> tuple[str, int]:
    """Acknowledge an event that the framework cannot decode: it would be no better the next time."""
    with logs.request(flask.request.headers, PROJECT):
        LOG.error("event acknowledged without a result: %s", error)
    return "unreadable", 200


# What the framework raises for bodies that it cannot decode. `handle_upload` lets none of these out, so no
# failure of ours is taken for one of the event's.
for kind in (GenericException, ValueError, TypeError, LookupError, AttributeError, RecursionError):
    functions_framework.errorhandler(kind)(acknowledge_unreadable)
