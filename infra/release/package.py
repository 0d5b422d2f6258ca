"""Zip what is deployed as the function: its sources, its lock file and its wheels.

The archive is the same, byte for byte, whenever the files are, so its name can be its hash and an unchanged
function is not deployed again. `gcloud functions deploy --source=function` would leave the wheels out, which
git ignores.

Usage: python -m infra.release.package ARCHIVE
"""

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

FUNCTION = Path(__file__).parents[2] / "function"
DEPLOYED = ("main.py", "requirements.txt", "sheetid/**/*.py", "sheetid/manifests/*.json", "wheels/*.whl")
REQUIRED = ("main.py", "requirements.txt", "wheels/")


def main() -> None:
    """Write the archive and print its path."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        raise SystemExit(__doc__)
    archive = Path(sys.argv[1])
    write_archive(archive, FUNCTION)
    sys.stdout.write(f"{archive}\n")


def write_archive(archive: Path, function: Path) -> None:
    """Write `archive` from the folder `function`; raises SystemExit if something needed is missing."""
    files = {path.relative_to(function).as_posix(): path for path in deployed(function)}
    for needed in REQUIRED:
        if not any(name.startswith(needed) for name in files):
            raise SystemExit(
                f"{needed} is missing in {function}: run python function/cut_protos_wheel.py first"
            )
    archive.parent.mkdir(parents=True, exist_ok=True)
    unfinished = archive.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as target:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name)  # without a date
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, path.read_bytes())
    unfinished.replace(archive)


def deployed(function: Path) -> Iterator[Path]:
    """Yield the files of the folder `function` that are deployed."""
    for pattern in DEPLOYED:
        yield from function.glob(pattern)


if __name__ == "__main__":
    main()
