"""What a directory of files is told by."""

import hashlib
from pathlib import Path


def checksums(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a directory by its relative name."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
