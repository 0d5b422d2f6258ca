"""What is written in two places has to be the same in both."""

import re
from pathlib import Path

from infra.checks.cloudbuild import load
from sheetid.settings import KNOWN, Settings, SettingsError

OTHERS = {"SERVING_TARGET", "LOG_LEVEL"}  # the function's settings without its prefix
FRAMEWORKS = {"THREADS"}  # read by functions-framework
# A plausible value for each setting: whether the deployed set is complete, the function itself is asked.
EXAMPLES = {
    "SHEETID_TOPIC": "projects/example-project/topics/sheet-results",
    "SHEETID_BUCKET": "example-project-sheets",
    "SHEETID_PREFIX": "uploads/",
    "SHEETID_LENGTH": "7",
    "SHEETID_CHECK": "luhn",
    "SHEETID_PATTERN": "[0-9]+",
    "SHEETID_MODEL_LABEL": "stable",
    "SHEETID_PREDICT_TIMEOUT_SECONDS": "30",
    "SHEETID_MAX_EVENT_AGE_SECONDS": "50400",
    "SHEETID_SERVING_AUDIENCE": "https://sheet-serving-abcdef-ew.a.run.app",
    "SERVING_TARGET": "sheet-serving-abcdef-ew.a.run.app:443",
}
ENVIRONMENT = re.compile(r"function_environment = \{(?P<body>.*?)^  \}", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"^ +([A-Z_]+) +=", re.MULTILINE)
RUNTIME = re.compile(r'runtime += "python(\d)(\d+)"')
ENTRY_POINT = re.compile(r'entry_point += "(\w+)"')


def check(root: Path) -> list[str]:
    """Return where Terraform, the function and the release build say different things."""
    terraform = (root / "infra" / "function.tf").read_text()
    return problems_of_environment(terraform) + problems_of_sources(root, terraform)


def problems_of_environment(terraform: str) -> list[str]:
    """Return the variables that the function does not know, and what it says is missing."""
    found = ENVIRONMENT.search(terraform)
    names = set(VARIABLE.findall(found["body"])) if found else set()
    unknown = names - set(KNOWN) - OTHERS - FRAMEWORKS
    problems = [f"the function does not know the variable {name}" for name in sorted(unknown)]
    try:
        Settings.from_environment({name: value for name, value in EXAMPLES.items() if name in names})
    except SettingsError as error:
        problems.append(f"the function would not start: {error}")
    return problems


def problems_of_sources(root: Path, terraform: str) -> list[str]:
    """Return whether the function runs on a Python it was not tested with, or lacks its entry point."""
    problems = []
    if not (runtime := RUNTIME.search(terraform)):
        return ["infra/function.tf names no Python runtime"]
    wanted = f"python:{runtime[1]}.{runtime[2]}-"
    images = {step["name"] for step in load(root)["steps"] if step["name"].startswith("python:")}
    problems += [
        f"the release tests with {image}, the function runs on {wanted}…"
        for image in images
        if not image.startswith(wanted)
    ]
    entry = ENTRY_POINT.search(terraform)
    if not entry or f"\ndef {entry[1]}(" not in (root / "function" / "main.py").read_text():
        problems.append("function/main.py has no such entry point")
    return problems
