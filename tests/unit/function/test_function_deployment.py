"""The folder `function/` is all that is deployed: it has to be enough, and no more than enough."""

import ast
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

FUNCTION = Path(__file__).parents[3] / "function"
SETTINGS = {"SHEETID_TOPIC": "projects/p/topics/sheet-results", "SERVING_TARGET": "127.0.0.1:1"}
REPORT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import main, sheetid
tensorflow = sys.modules.get("tensorflow")
print(json.dumps({
    "main": main.__file__,
    "sheetid": sheetid.__file__,
    "tensorflow": getattr(tensorflow, "__file__", None),
    "modules": sorted(name for name in sys.modules if "." not in name),
}))
"""


def normalised(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def is_ignored(path: Path) -> bool:
    """Return whether `.gcloudignore` keeps a file of the folder from being deployed."""
    patterns = (FUNCTION / ".gcloudignore").read_text().splitlines()
    relevant = [line.rstrip("/") for line in patterns if line and not line.startswith("#")]
    return any(fnmatch.fnmatch(part, pattern) for part in path.parts for pattern in relevant)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what would be deployed."""
    folder = tmp_path_factory.mktemp("deployed")
    for path in FUNCTION.rglob("*"):
        relative = path.relative_to(FUNCTION)
        if path.is_file() and not is_ignored(relative):
            (folder / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / relative)
    return folder


def run(folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Import the function of a folder in a process of its own, with nothing of this project on its path."""
    return subprocess.run(
        [sys.executable, "-c", REPORT, str(folder)],
        env={"PATH": os.environ["PATH"]} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_deployed(deployed: Path) -> None:
    """What the build and the function read is there; our tools, and what Python leaves behind, are not."""
    names = {str(path.relative_to(deployed)) for path in deployed.rglob("*")}
    assert {"main.py", "requirements.txt", "sheetid/reader.py"} <= names
    assert not {name for name in names if "__pycache__" in name or name == "cut_protos_wheel.py"}
    assert not is_ignored(Path("wheels", "tensorflow-2.21.0+protos-py3-none-any.whl"))
    assert not is_ignored(Path("sheetid", "manifests", "digits-11.json"))


def test_the_folder_is_enough_and_free_of_tensorflow(deployed: Path) -> None:
    """Loaded from there, it finds itself there, and its protocol buffers without TensorFlow or Keras."""
    process = run(deployed, SETTINGS)
    assert process.returncode == 0, process.stderr
    report = json.loads(process.stdout)
    assert report["main"] == str(deployed / "main.py")
    assert report["sheetid"] == str(deployed / "sheetid" / "__init__.py")
    assert report["tensorflow"] is None
    assert "tensorflow" in report["modules"]
    assert not {"keras", "tensorboard", "openvino", "matplotlib", "PIL"} & set(report["modules"])


def test_a_start_without_settings_ends_with_their_names(deployed: Path) -> None:
    """What an operator sees in the logs of a failed deployment: the problems, and no stack."""
    process = run(deployed, {"SHEETID_MAX_PIXEL": "1"})
    assert process.returncode == 1
    assert "SHEETID_TOPIC must be set" in process.stderr
    assert "did you mean SHEETID_MAX_PIXELS?" in process.stderr
    assert "Traceback" not in process.stderr


def test_every_import_is_a_pinned_requirement() -> None:
    """Nothing is imported that only happens to be installed on a developer's machine."""
    lock = (FUNCTION / "requirements.txt").read_text()
    pinned = {normalised(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    distributions = packages_distributions()
    for path in (FUNCTION / "main.py", *sorted((FUNCTION / "sheetid").rglob("*.py"))):
        for package in imported_packages(path) - sys.stdlib_module_names - {"sheetid"}:
            found = {normalised(name) for name in distributions.get(package, ())}
            assert found & pinned, f"{path.name} imports {package}, which requirements.txt does not pin"


def imported_packages(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, wherever in the file."""
    packages = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            packages |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            packages.add(str(node.module).partition(".")[0])
    return packages
