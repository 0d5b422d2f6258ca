"""Every `gcloud` command that is written down, put before gcloud's own parser."""

import json
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.checks.outcome import LeftOutError

FENCE = re.compile(r"^```(?:sh|bash|console)$(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^ *|\| |&& |; )(?P<command>gcloud [^|;&<>\n]+)", re.MULTILINE)
HEREDOC = re.compile(r"<<-EOT\n(?P<body>.*?)\n *EOT\n", re.DOTALL)
# What stands for a value is replaced by something that every option accepts.
SUBSTITUTED = re.compile(r"\$\((?:[^()]|\([^()]*\))*\)|\$\{(?:[^{}]|\{[^{}]*\})*\}|\$\w+")
PLACEHOLDER = "x"
WANTS_PAIR = re.compile(rf"(--(?:substitutions|to-revisions)=){PLACEHOLDER}(?=\s|$)")


def check(root: Path) -> list[str]:
    """Return the commands in the build, Terraform's outputs and the documentation that gcloud refuses."""
    if not shutil.which("gcloud"):
        raise LeftOutError("gcloud is not installed")
    found = [(place, command) for place, text in texts(root) for command in commands(text)]
    if not found:
        return ["no gcloud command was found anywhere"]
    refusals = lint({command for _, command in found})
    return [f"{place}: {command}: {refusals[command]}" for place, command in found if command in refusals]


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the shell texts of the repository, each with where it stands."""
    for step in yaml.safe_load((root / "cloudbuild.yaml").read_text())["steps"]:
        yield f"cloudbuild.yaml, {step.get('id')}", step.get("script", "")
    for found in HEREDOC.finditer((root / "infra" / "outputs.tf").read_text()):
        yield "infra/outputs.tf", found["body"]
    for path in sorted(root.glob("infra/*.md")) + sorted(root.glob("docs/**/*.md")):
        for fence in FENCE.finditer(path.read_text()):
            yield path.relative_to(root).as_posix(), fence["body"]


def commands(text: str) -> Iterator[str]:
    """Yield the gcloud commands of a shell text, also those inside others, with values filled in."""
    text = re.sub(r"^ *#.*$", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    inner = [found[0][2:-1] for found in re.finditer(r"\$\((?:[^()]|\([^()]*\))*\)", text)]
    for part in [text, *inner]:
        for found in COMMAND.finditer(SUBSTITUTED.sub(PLACEHOLDER, part)):
            yield WANTS_PAIR.sub(rf"\1{PLACEHOLDER}=1", shlex.join(shlex.split(found["command"])))


def lint(found: set[str]) -> dict[str, str]:
    """Return the commands that gcloud refuses, each with what it says; nothing is run."""
    ordered = sorted(found)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([{"command_string": command} for command in ordered], file)
        file.flush()
        command = ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file.name}", "--format=json"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    answers, _ = json.JSONDecoder().raw_decode(done.stdout)  # an empty list follows
    judged = zip(ordered, answers, strict=True)
    return {command: _reason(answer) for command, answer in judged if not answer["success"]}


def _reason(answer: Mapping[str, Any]) -> str:
    lines = (answer["error_message"] or answer["error_type"] or "refused").strip().splitlines()
    return str(lines[0])
