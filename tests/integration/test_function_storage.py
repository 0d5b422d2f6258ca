"""Downloads with the official client: from an emulator, and from servers that fail."""

import gzip
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError
from google.cloud import storage

from infra.local.clients import storage_client
from sheetid.cloud.storage import NO_BUCKET_METADATA, CloudStorage, make_store
from sheetid.errors import PermanentError, TransientError
from sheetid.result import Reason, SheetObject
from tests.integration.emulated_storage import BUCKET, emulated_storage, upload
from tests.integration.faulty_storage import Answer, FaultyStorage, faulty_storage

PAGE = bytes(range(256)) * 400
LIMIT = 1_000_000
SHEET = SheetObject(BUCKET, "uploads/1.png", "1732284000000001")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[storage.Client]:
    """Return the official client of an emulator with one bucket."""
    with emulated_storage(tmp_path_factory.mktemp("logs")) as (_, client):
        yield client


@pytest.fixture(autouse=True)
def _downloads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what `make_store` sets: no request but the downloads."""
    monkeypatch.setenv(NO_BUCKET_METADATA, "true")


def download_from(faulty: FaultyStorage, max_bytes: int = LIMIT, total_seconds: float = 5.0) -> bytes:
    """Download the one sheet of a server."""
    return CloudStorage(storage_client(faulty.url, "local"), total_seconds).download(SHEET, max_bytes)


@pytest.mark.parametrize(
    "name",
    ["uploads/1.png", "a b/100% #1?.png", "Blatt \u00fc \U0001f4c4.png", "../../etc/passwd", "line\tend.png"],
)
def test_an_object_arrives_whole(client: storage.Client, name: str) -> None:
    """Every byte of it, whatever it is called."""
    assert CloudStorage(client).download(upload(client, name, PAGE), LIMIT) == PAGE


def test_an_empty_object_is_empty(client: storage.Client) -> None:
    """Nothing is content too: what it means is for others to say."""
    assert CloudStorage(client).download(upload(client, "empty.png", b""), LIMIT) == b""


def test_a_deleted_object_is_gone(client: storage.Client) -> None:
    """It will not come back, so it is an answer and no reason to try again."""
    sheet = upload(client, "deleted.png", PAGE)
    client.bucket(BUCKET).blob(sheet.name).delete()
    with pytest.raises(PermanentError) as caught:
        CloudStorage(client).download(sheet, LIMIT)
    assert caught.value.reason is Reason.OBJECT_GONE


def test_an_overwritten_object_is_gone(client: storage.Client) -> None:
    """A newer generation is another sheet: its content must not be taken for the older one's."""
    older = upload(client, "twice.png", b"the older page")
    newer = upload(client, "twice.png", b"the newer page")
    with pytest.raises(PermanentError) as caught:
        CloudStorage(client).download(older, LIMIT)
    assert caught.value.reason is Reason.OBJECT_GONE
    assert CloudStorage(client).download(newer, LIMIT) == b"the newer page"


def test_a_bucket_that_does_not_exist(client: storage.Client) -> None:
    """Its objects went with it."""
    with pytest.raises(PermanentError) as caught:
        CloudStorage(client).download(SheetObject("no-such-bucket", "1.png", "1"), LIMIT)
    assert caught.value.reason is Reason.OBJECT_GONE


@pytest.mark.parametrize(("limit", "allowed"), [(len(PAGE), True), (len(PAGE) - 1, False)])
def test_the_limit(client: storage.Client, limit: int, allowed: bool) -> None:  # noqa: FBT001 - a table's column
    """An object of exactly the limit is downloaded, one byte more is not."""
    sheet = upload(client, "limit.png", PAGE)
    if allowed:
        assert CloudStorage(client).download(sheet, limit) == PAGE
        return
    with pytest.raises(PermanentError) as caught:
        CloudStorage(client).download(sheet, limit)
    assert caught.value.reason is Reason.TOO_LARGE


def test_many_threads_share_a_client(client: storage.Client) -> None:
    """Each gets its own object, however many download at the same time."""
    pages = [bytes([number]) * 50_000 for number in range(16)]
    sheets = [upload(client, f"thread-{number}.png", page) for number, page in enumerate(pages)]
    store = CloudStorage(client)
    everyone_is_here = threading.Barrier(8)

    def download(sheet: SheetObject) -> bytes:
        everyone_is_here.wait(timeout=30)
        return store.download(sheet, LIMIT)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(download, sheets)) == pages


def test_one_request_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the event's generation, so that no other can be the answer; nothing else is asked for."""
    monkeypatch.delenv(NO_BUCKET_METADATA)
    with faulty_storage(Answer(body=PAGE)) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        store = make_store("local")
        assert [store.download(SHEET, LIMIT) for _ in range(3)] == [PAGE] * 3
        background = [
            thread for thread in threading.enumerate() if thread.name.endswith("(_fetch_background)")
        ]
    assert background == []
    path = f"/download/storage/v1/b/sheets/o/uploads%2F1.png?alt=media&generation={SHEET.generation}"
    assert server.requests == [path] * 3


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_failure_that_passes_is_waited_out(status: int) -> None:
    """One bad answer costs a second attempt, not the event."""
    with faulty_storage(Answer(status), Answer(body=PAGE)) as server:
        assert download_from(server) == PAGE
    assert len(server.requests) == 2


def test_a_body_cut_short_is_fetched_again() -> None:
    """From its beginning: a continued download could not be held against the checksum."""
    cut = Answer(body=PAGE[:5000], missing=len(PAGE) - 5000, checksum_of=PAGE)
    with faulty_storage(cut, Answer(body=PAGE)) as server:
        assert download_from(server) == PAGE
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (400, "400"),
        (401, "credentials cannot be refreshed"),
        (403, "403"),
        (412, "412"),
        (429, "429"),
        (503, "503"),
    ],
)
def test_a_failure_that_lasts_is_transient(status: int, cause: str) -> None:
    """Whatever the server says, short of "no such object", may be otherwise when the event comes again."""
    with faulty_storage(Answer(status)) as server, pytest.raises(TransientError, match=cause):
        download_from(server, total_seconds=0.5)


def test_altered_bytes_are_not_returned() -> None:
    """A body that does not match its checksum is no page: the event has to come again."""
    altered = Answer(body=PAGE[:-1] + b"!", checksum_of=PAGE)
    with faulty_storage(altered) as server, pytest.raises(TransientError):
        download_from(server)


def test_a_body_that_stays_short_is_not_returned() -> None:
    """Half a page must not be read as a page."""
    cut = Answer(body=PAGE[:5000], missing=len(PAGE) - 5000, checksum_of=PAGE)
    with faulty_storage(cut) as server, pytest.raises(TransientError):
        download_from(server, total_seconds=0.5)


@pytest.mark.parametrize("body", [b"", PAGE], ids=["before the body", "within the body"])
def test_silence_is_not_waited_for_ever(body: bytes) -> None:
    """A server that accepts and says nothing more is given up."""
    silent = Answer(body=body, missing=1, pause_seconds=3.0)
    with faulty_storage(silent) as server, pytest.raises(TransientError):
        download_from(server, total_seconds=0.3)


def test_a_trickle_is_not_waited_for_ever() -> None:
    """No single silence is too long, but all of them together are."""
    slow = Answer(body=PAGE, pause_seconds=0.3)
    with faulty_storage(slow) as server, pytest.raises(TransientError, match="in time"):
        download_from(server, total_seconds=0.5)


def test_no_token() -> None:
    """The metadata server may have one the next time."""

    class NoToken(Credentials):
        """Credentials that cannot be had."""

        def refresh(self, request: object) -> None:  # noqa: ARG002 - the base class's
            """Fail."""
            raise RefreshError("no token")  # type: ignore[no-untyped-call]  # google-auth has no types here

    with faulty_storage(Answer(body=PAGE)) as server:
        options = {"api_endpoint": server.url}
        client = storage.Client("local", NoToken(), client_options=options)  # type: ignore[no-untyped-call]
        with pytest.raises(TransientError, match="no token"):
            CloudStorage(client).download(SHEET, LIMIT)
    assert server.requests == []


def test_nobody_there() -> None:
    """A connection that is refused may be accepted later."""
    with faulty_storage(Answer()) as server:
        pass
    with pytest.raises(TransientError):
        download_from(server, total_seconds=0.5)


def test_a_body_without_end_is_cut_off() -> None:
    """The limit holds for what arrives, whatever the event said of the size."""
    with faulty_storage(Answer(body=PAGE * 20)) as server, pytest.raises(PermanentError) as caught:
        download_from(server, max_bytes=len(PAGE))
    assert caught.value.reason is Reason.TOO_LARGE


def test_a_compressed_object_is_unpacked() -> None:
    """Objects stored with gzip as their encoding are what they were before."""
    packed = Answer(body=gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})
    with faulty_storage(packed) as server:
        assert download_from(server) == PAGE


def test_a_compressed_object_that_cannot_be_unpacked() -> None:
    """What is not gzip, although the server says so, is a failed download and no page."""
    damaged = Answer(body=PAGE, headers={"Content-Encoding": "gzip"})
    with faulty_storage(damaged) as server, pytest.raises(TransientError):
        download_from(server)


def test_a_compressed_bomb_is_cut_off() -> None:
    """The limit holds for the unpacked bytes: a small body must not fill the memory."""
    bomb = Answer(body=gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    assert len(bomb.body) < 100_000
    with faulty_storage(bomb) as server, pytest.raises(PermanentError) as caught:
        download_from(server)
    assert caught.value.reason is Reason.TOO_LARGE
