"""Cut `tensorflow-<version>+protos`: the protocol buffers that tensorflow-serving-api imports, nothing else.

`tensorflow-serving-api` requires all of TensorFlow, 2.3 GB, for some thirty generated `*_pb2.py` files. This
script downloads both official wheels with pip, follows the imports from `tensorflow_serving.apis`, and
writes those files with TensorFlow's licence into a wheel that `function/requirements.txt` finds by
`--find-links ./wheels`. The wheel is the same, byte for byte, wherever it is made: the lock pins its hash.

Usage: python function/cut_protos_wheel.py [DIRECTORY]    (default: the `wheels` folder beside this file)
"""

import base64
import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.21.0"
LOCAL_VERSION = f"{VERSION}+protos"
DIST_INFO = f"tensorflow-{LOCAL_VERSION}.dist-info"
WHEEL_NAME = f"tensorflow-{LOCAL_VERSION}-py3-none-any.whl"
# Generated files do not depend on interpreter or platform; one fixed wheel keeps the result identical.
SOURCE_PLATFORM = ("--platform", "manylinux_2_27_x86_64", "--python-version", "3.11")
IMPORT = re.compile(r"^from (tensorflow(?:\.\w+)*) import (\w+_pb2)\b", re.MULTILINE)


def main() -> None:
    """Write the wheel into the directory given, unless it is there already."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "wheels"
    target = directory / WHEEL_NAME
    if target.exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"cutting {WHEEL_NAME} from the official wheel …\n")
    with tempfile.TemporaryDirectory() as downloads:
        serving_api = download("tensorflow-serving-api", Path(downloads))
        tensorflow = download("tensorflow-cpu", Path(downloads))
        write_wheel(target, wanted_files(serving_api, tensorflow))


def download(package: str, directory: Path) -> zipfile.ZipFile:
    """Download one wheel of `VERSION`, without its dependencies, and open it."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    subprocess.run(
        [*command, *SOURCE_PLATFORM, "--dest", str(directory), f"{package}=={VERSION}"], check=True
    )
    (wheel,) = directory.glob(f"{package.replace('-', '_')}-*.whl")
    return zipfile.ZipFile(wheel)


def wanted_files(serving_api: zipfile.ZipFile, tensorflow: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the `*_pb2.py` files that `tensorflow_serving.apis` needs, and the licence, by path."""
    pending = {
        path
        for name in serving_api.namelist()
        if name.startswith("tensorflow_serving/") and name.endswith(".py")
        for path in imported(serving_api.read(name))
    }
    files: dict[str, bytes] = {}
    while pending:
        path = pending.pop()
        files[path] = tensorflow.read(path)
        pending |= imported(files[path]) - files.keys()
    files[f"{DIST_INFO}/licenses/LICENSE"] = tensorflow.read("tensorflow/include/LICENSE")
    return files


def imported(source: bytes) -> set[str]:
    """Return the paths of the TensorFlow protocol buffers that a generated file imports."""
    return {f"{package.replace('.', '/')}/{module}.py" for package, module in IMPORT.findall(source.decode())}


def write_wheel(target: Path, files: dict[str, bytes]) -> None:
    """Write a wheel of `files`: uncompressed, sorted, undated, so that its bytes are always the same."""
    metadata = (
        f"Metadata-Version: 2.1\nName: tensorflow\nVersion: {LOCAL_VERSION}\n"
        "Summary: The protocol buffers of TensorFlow that tensorflow-serving-api imports; no TensorFlow\n"
        "License: Apache-2.0\nRequires-Dist: protobuf\n"
    )
    wheel = "Wheel-Version: 1.0\nGenerator: cut_protos_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {**files, f"{DIST_INFO}/METADATA": metadata.encode(), f"{DIST_INFO}/WHEEL": wheel.encode()}
    record = "".join(f"{path},{digest(data)},{len(data)}\n" for path, data in sorted(files.items()))
    files[f"{DIST_INFO}/RECORD"] = f"{record}{DIST_INFO}/RECORD,,\n".encode()
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path), data)
    unfinished.rename(target)


def digest(data: bytes) -> str:
    """Return the hash of `data` as a wheel's RECORD writes it."""
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
