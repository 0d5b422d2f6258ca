"""CloudEvents of finalized objects, as Eventarc sends them and as nobody should."""

from datetime import UTC, datetime
from typing import Any

FINALIZED = "google.cloud.storage.object.v1.finalized"
BUCKET = "sheets"
NAME = "uploads/page 1.png"
GENERATION = "1732284000000001"


def attributes(**changes: object) -> dict[str, object]:
    """Return the attributes of an event of just now; a change to None removes one."""
    fields: dict[str, object] = {
        "specversion": "1.0",
        "id": "13298471230",
        "type": FINALIZED,
        "source": f"//storage.googleapis.com/projects/_/buckets/{BUCKET}",
        "subject": f"objects/{NAME}",
        "time": datetime.now(UTC).isoformat(),
    }
    return changed(fields, changes)


def data(**changes: object) -> dict[str, object]:
    """Return the data of an event; a change to None removes a field."""
    fields: dict[str, object] = {
        "kind": "storage#object",
        "bucket": BUCKET,
        "name": NAME,
        "generation": GENERATION,
        "size": "8",
        "contentType": "image/png",
        "timeCreated": datetime.now(UTC).isoformat(),
    }
    return changed(fields, changes)


def changed(fields: dict[str, object], changes: dict[str, Any]) -> dict[str, object]:
    """Return the fields with changes."""
    return {name: value for name, value in (fields | changes).items() if value is not None}


def binary_headers(**changes: object) -> dict[str, str]:
    """Return the HTTP headers of an event in binary mode."""
    headers = {f"ce-{name}": str(value) for name, value in attributes(**changes).items()}
    return {"content-type": "application/json", **headers}
