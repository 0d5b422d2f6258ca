"""The metrics that Terraform makes of the function's log lines find what they look for in them."""

import json
import logging
import re
from pathlib import Path

import pytest

from sheetid import handler, logs
from sheetid.result import Model, Reading, Reason, Status

LOGS = (Path(__file__).parents[2] / "infra" / "logs.tf").read_text()
FIELDS = set(re.findall(r"jsonPayload\.(\w+)", LOGS))


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    """The line that an answered upload leaves, as Cloud Logging sees it."""
    reading = Reading(Status.REVIEW, Reason.LOW_CONFIDENCE, "123", 0.5, model=Model("digits", "1"))
    with caplog.at_level(logging.INFO, "sheetid"):
        handler.log_result(reading, None, 1.5, handler.Stopwatch())
    fields: dict[str, object] = json.loads(logs.JsonFormatter().format(caplog.records[0]))
    return fields


def test_every_field_is_there(line: dict[str, object]) -> None:
    """Status, reason, version, age and confidence are where the metrics look for them."""
    assert FIELDS - {"message"} <= line.keys()
    assert (line["status"], line["reason"], line["modelVersion"]) == ("review", "low_confidence", "1")


def test_it_comes_from_the_logger_that_is_filtered(line: dict[str, object]) -> None:
    """The filter names the logger, so that no other line is counted."""
    assert f'jsonPayload.logger=\\"{line["logger"]}\\"' in LOGS


def test_dropped_events_are_counted_by_the_words_of_their_line() -> None:
    """The function still says what the metric looks for."""
    (words,) = re.findall(r'jsonPayload\.message:\\"([^"]+)\\"', LOGS)
    assert words in Path(handler.__file__).read_text()
