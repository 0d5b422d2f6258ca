"""Downloads one generation of one object from Cloud Storage."""

import io
import os
import time
from typing import Protocol

from google.api_core.exceptions import GoogleAPIError, NotFound
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.storage.exceptions import DataCorruption
from google.cloud.storage.retry import DEFAULT_RETRY

from sheetid.cloud.causes import why
from sheetid.errors import PermanentError, TransientError
from sheetid.result import Reason, SheetObject

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 8.0
TOTAL_SECONDS = 15.0
# A download is repeated as a whole, never continued: only a whole response is held against its checksum.
RETRY = DEFAULT_RETRY.with_delay(initial=0.2, maximum=2.0)
# Requests' own exceptions are OSErrors; what was tried again in vain arrives as a GoogleAPIError.
FAILURES = (GoogleAPIError, GoogleAuthError, DataCorruption, OSError)
# Without it the client asks for the bucket's metadata too, in the background, for traces that nobody keeps.
# The function may not read them, and each refusal would be an error in the audit log.
NO_BUCKET_METADATA = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"


class ObjectStore(Protocol):
    """Where uploads are."""

    def download(self, sheet: SheetObject, max_bytes: int) -> bytes:
        """Return the content of this very generation, whole and unaltered.

        Raises:
            PermanentError: It does not exist any more, or has more than `max_bytes` bytes.
            TransientError: It could not be had now.
        """
        ...


class CloudStorage:
    """The real one; may be used by many threads."""

    def __init__(self, client: storage.Client, total_seconds: float = TOTAL_SECONDS) -> None:
        """Use `client`, made in this process and not before its fork, and give up after `total_seconds`."""
        self._client = client
        self._total_seconds = total_seconds
        self._timeouts = (min(CONNECT_SECONDS, total_seconds), min(SILENCE_SECONDS, total_seconds))

    def download(self, sheet: SheetObject, max_bytes: int) -> bytes:
        """See `ObjectStore.download`; a success takes 15 s at most, a failure 36."""
        deadline = time.monotonic() + self._total_seconds
        try:
            content: bytes = RETRY.with_timeout(self._total_seconds)(self._attempt)(
                sheet, max_bytes, deadline
            )
        except NotFound as error:
            raise PermanentError(Reason.OBJECT_GONE, "Cloud Storage has this generation no more") from error
        except FAILURES as error:
            raise TransientError(f"Cloud Storage did not give the object: {why(error)}") from error
        return content

    def _attempt(self, sheet: SheetObject, max_bytes: int, deadline: float) -> bytes:
        content = _Bounded(max_bytes, deadline)
        blob = self._client.bucket(sheet.bucket).blob(sheet.name, generation=int(sheet.generation))
        blob.download_to_file(content, checksum="crc32c", retry=None, timeout=self._timeouts)
        return content.getvalue()


class _Bounded(io.BytesIO):
    """Takes so many bytes and no more, whatever the server, or the unpacking of its answer, may give."""

    def __init__(self, max_bytes: int, deadline: float) -> None:
        super().__init__()
        self._max_bytes = max_bytes
        self._deadline = deadline

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._max_bytes:
            raise PermanentError(Reason.TOO_LARGE, f"the content exceeds {self._max_bytes} bytes")
        if time.monotonic() > self._deadline:
            raise TransientError("the download was not complete in time")
        return super().write(data)


def make_store(project: str) -> CloudStorage:
    """Connect to Cloud Storage, or to its emulator where STORAGE_EMULATOR_HOST names one."""
    os.environ.setdefault(NO_BUCKET_METADATA, "true")
    client = storage.Client(project=project)
    # Or it would look for proxies and a .netrc, in the environment and on disk, with every request.
    client._http.trust_env = False  # noqa: SLF001 - the client has no other way to say so
    return CloudStorage(client)
