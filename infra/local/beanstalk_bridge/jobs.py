"""What is in the jobs: the old question and the old answer, the new fields beside it."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

MAX_BYTES = 32 * 2**20  # what the function reads by default
SUFFIX_LENGTH = 8
# What of a result an answer carries as it is. A result's `image` is the object's name: there, it is `object`.
RESULT_FIELDS = ("status", "reason", "candidate", "confidence", "bucket", "generation")


class UnusableJobError(Exception):
    """The job can never be answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The image that a job asks about: its name in the job, and its bytes."""

    image: str
    data: bytes


def read_sheet(body: bytes, root: Path) -> Sheet:
    """Return the image that a job's body names, a path inside `root`; raises UnusableJobError."""
    image = image_of(body)
    try:
        path = (root / image).resolve()
        if not path.is_relative_to(root.resolve()):
            raise UnusableJobError(f"{image} is not inside {root}")
        if path.stat().st_size > MAX_BYTES:
            raise UnusableJobError(f"{image} is larger than {MAX_BYTES} bytes")
        return Sheet(image, path.read_bytes())
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise UnusableJobError(f"{image} cannot be read: {error}") from error


def image_of(body: bytes) -> str:
    """Return the path in a job's body, `{"image": PATH}`; raises UnusableJobError."""
    try:
        image = json.loads(body)["image"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableJobError('the job is not of the form {"image": PATH}') from error
    if not isinstance(image, str) or not image:
        raise UnusableJobError('the job\'s "image" is not a path')
    return image


def new_object_name(prefix: str, job: int, image: str) -> str:
    """Return a name that no other attempt at any job has: a result can then belong to this attempt alone."""
    suffix = PurePosixPath(image).suffix.lower()
    known = suffix if suffix[1:].isalnum() and len(suffix) <= SUFFIX_LENGTH else ""
    return f"{prefix}{job}/{secrets.token_hex(16)}{known}"


def job_of_object(prefix: str, name: str) -> int | None:
    """Return the id of the job that an object was uploaded for, or None if it was none of ours."""
    number = name.removeprefix(prefix).partition("/")[0] if name.startswith(prefix) else ""
    return int(number) if number.isascii() and number.isdecimal() else None


def answer(job: int, image: str, result: dict[str, Any]) -> bytes:
    """Return the answer's body: the field that was always there, None without a number, and what is new."""
    fields = {name: result[name] for name in RESULT_FIELDS if name in result}
    old = {"sheetNumber": result.get("sheetNumber")}
    return json.dumps(old | {"image": image, "job": job, "object": result["image"]} | fields).encode()


def complaint(job: int, body: bytes, reason: str) -> bytes:
    """Return the body of the note that says why a job was buried."""
    return json.dumps({"job": job, "body": body.decode(errors="replace"), "reason": reason}).encode()


def job_of_answer(body: bytes) -> int | None:
    """Return the id of the job that an answer is for, or None if it is no answer of ours."""
    try:
        job = json.loads(body)["job"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return job if isinstance(job, int) else None
