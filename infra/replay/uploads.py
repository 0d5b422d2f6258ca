"""Has uploads read again: an object written over itself is a new generation, with an event of its own.

Nothing is downloaded, Cloud Storage copies; and only the generation that was seen is written over, so that an
upload made meanwhile is never lost.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud import storage

REPLAYED, GONE = "written again", "gone or replaced since"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a replay has come, kept in a file so that the next call goes on from there.

    Attributes:
        bucket, prefix: What is replayed.
        began: When the replay began, RFC 3339: what was uploaded later has been read since.
        after: The name of the last object that is done; objects come in the order of their names.
    """

    bucket: str
    prefix: str
    began: str
    after: str = ""

    @classmethod
    def load(cls, path: Path, bucket: str, prefix: str) -> Self:
        """Return the position in a file, or the beginning; raises ValueError if it is of another replay."""
        if not path.exists():
            return cls(bucket, prefix, datetime.now(UTC).isoformat())
        position = cls(**json.loads(path.read_text()))
        if (position.bucket, position.prefix) != (bucket, prefix):
            raise ValueError(f"{path} is of gs://{position.bucket}/{position.prefix}")
        return position

    def save(self, path: Path, after: str) -> None:
        """Keep the position behind the object `after`; the file is exchanged as a whole."""
        new = path.with_name(path.name + ".new")
        new.write_text(json.dumps({**asdict(self), "after": after}))
        new.replace(path)


def uploads(client: storage.Client, position: Position) -> Iterator[storage.Blob]:
    """Yield the objects that are left to do, in the order of their names; folders' placeholders are none."""
    began = datetime.fromisoformat(position.began)
    for blob in client.list_blobs(
        position.bucket, prefix=position.prefix or None, start_offset=position.after or None
    ):
        is_placeholder = blob.size == 0 and blob.name.endswith("/")
        if blob.name > position.after and blob.time_created < began and not is_placeholder:
            yield blob


def write_again(blob: storage.Blob) -> str:
    """Write an object over itself, with its metadata, if it is still the generation that `blob` is."""
    generation = blob.generation
    token = None
    try:
        while True:
            token, _, _ = blob.rewrite(
                blob, token=token, if_generation_match=generation, if_source_generation_match=generation
            )
            if token is None:
                return REPLAYED
    except (NotFound, PreconditionFailed):
        return GONE
