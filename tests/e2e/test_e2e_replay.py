"""A sheet that was answered is read again on demand, as the new generation that replaying makes of it."""

import time
from pathlib import Path

import pytest

from infra.local import names
from infra.local.application import Application
from infra.local.clients import storage_client
from infra.local.stack import LocalStack
from infra.replay import __main__ as command
from tests.corpus.fixture import Fixture

ANSWER_SECONDS = 60.0


def test_a_replayed_sheet_is_answered_again(
    *,
    stack: LocalStack,
    application: Application,
    sheets: dict[str, bytes],
    good_sheets: list[Fixture],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """With the same number, under the identity of its new generation."""
    fixture = good_sheets[0]
    sheet = application.upload("replay/sheet.jpg", sheets[fixture.file])
    assert application.inbox.wait(sheet.identity, ANSWER_SECONDS)
    for name, value in stack.client_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(command, "STATES", tmp_path)
    time.sleep(0.01)  # what is uploaded in the very instant that a replay begins may be left out
    assert command.main(["uploads", f"gs://{names.BUCKET}/replay/"]) == 0
    client = storage_client(stack.addresses.storage_url, stack.project.id)
    generation = str(client.bucket(names.BUCKET).get_blob("replay/sheet.jpg").generation)
    assert generation != sheet.generation
    identity = f"{names.BUCKET}/replay/sheet.jpg#{generation}"
    answers = application.inbox.wait(identity, ANSWER_SECONDS)
    assert [answer.result["sheetNumber"] for answer in answers] == [fixture.expected.number]
