"""Replaying a prefix: every object becomes a new generation, once, whatever interrupts it."""

import pytest
from google.cloud import storage

from infra.replay import __main__ as command
from infra.replay import uploads

FAST = ("--rate", "1000")


def fill(bucket: storage.Bucket, *names: str) -> None:
    """Upload small objects."""
    for name in names:
        bucket.blob(name).upload_from_string(name.encode(), content_type="image/png")


def generations(bucket: storage.Bucket) -> dict[str, int]:
    """The generation of every object."""
    return {blob.name: blob.generation for blob in bucket.list_blobs()}


def test_objects_of_the_prefix_become_new_generations(
    bucket: storage.Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of the prefix alone, with their content and type; folders' placeholders stay as they are."""
    fill(bucket, "in/1.png", "in/\u00fc \U0001f4c4.png", "in/2.png", "out/3.png")
    bucket.blob("in/folder/").upload_from_string(b"")
    before = generations(bucket)
    assert command.main(["uploads", f"gs://{bucket.name}/in/", *FAST]) == 0
    after = generations(bucket)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"in/1.png", "in/2.png", "in/\u00fc \U0001f4c4.png"}
    assert capsys.readouterr().out == "3 written again\n"
    blob = bucket.get_blob("in/1.png")
    assert blob.download_as_bytes() == b"in/1.png"
    assert blob.content_type == "image/png"


def test_an_interrupted_replay_goes_on_where_it_was(
    bucket: storage.Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is replayed twice, nothing left out, and what was uploaded meanwhile is left alone."""
    names = [f"{i}.png" for i in range(7)]
    fill(bucket, *names)
    before = generations(bucket)
    real, calls = uploads.write_again, 0

    def interrupted(blob: storage.Blob) -> str:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return real(blob)

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "write_again", interrupted)
        with pytest.raises(KeyboardInterrupt):
            command.main(["uploads", f"gs://{bucket.name}/", *FAST])
    half = generations(bucket)
    assert [name for name in names if half[name] != before[name]] == names[:3]
    fill(bucket, "5x.png")
    new = generations(bucket)["5x.png"]
    command.main(["uploads", f"gs://{bucket.name}/", *FAST])
    after = generations(bucket)
    assert [name for name in names if after[name] != half[name]] == names[3:]
    assert after["5x.png"] == new
    assert not list(command.STATES.iterdir())


def test_a_newer_upload_is_not_written_over(bucket: storage.Bucket) -> None:
    """What was replaced or deleted since it was seen is left alone."""
    fill(bucket, "a.png", "b.png")
    old = {blob.name: blob for blob in bucket.list_blobs()}
    bucket.blob("a.png").upload_from_string(b"newer")
    bucket.blob("b.png").delete()
    assert uploads.write_again(old["a.png"]) == uploads.GONE
    assert uploads.write_again(old["b.png"]) == uploads.GONE
    assert bucket.blob("a.png").download_as_bytes() == b"newer"


@pytest.mark.parametrize(
    "arguments", [["uploads", "bucket/x"], ["uploads", "gs://"], ["uploads", "gs://b", "--rate=0"]]
)
def test_mistakes_are_told(arguments: list[str]) -> None:
    """A wrong source or rate ends with usage, before anything is touched."""
    with pytest.raises(SystemExit) as error:
        command.main(arguments)
    assert error.value.code == 2
