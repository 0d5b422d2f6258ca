"""The release build: what its schema does not say."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

USED = re.compile(r"\$\{?(_[A-Z0-9_]+)")
OUTPUT = re.compile(r"^ +(_[A-Z0-9_]+) += ", re.MULTILINE)
OPTIONAL = {"_SERVING_DIGEST"}  # not Terraform's to know
DEPLOYS = re.compile(
    r"^ *(gcloud (?:run deploy|functions deploy|run services update-traffic)|docker push)\b", re.MULTILINE
)


def check(root: Path) -> list[str]:
    """Return what is wrong with cloudbuild.yaml, also against the values that Terraform hands it."""
    config = load(root)
    outputs = set(OUTPUT.findall((root / "infra" / "outputs.tf").read_text()))
    return (
        problems_of_steps(config["steps"])
        + problems_of_substitutions(config, outputs)
        + problems_of_account(config)
    )


def load(root: Path) -> dict[str, Any]:
    """Return the build's configuration."""
    config: dict[str, Any] = yaml.safe_load((root / "cloudbuild.yaml").read_text())
    return config


def problems_of_steps(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return steps that wait for what does not come before them, and deployments of what was not tested."""
    problems = []
    ids = [step.get("id", "") for step in steps]
    problems += [
        f"the step {name!r} is there {count} times" for name, count in Counter(ids).items() if count > 1
    ]
    waited: dict[str, set[str]] = {}
    for index, step in enumerate(steps):
        name, earlier = ids[index], ids[:index]
        for awaited in step.get("waitFor", []):
            if awaited != "-" and awaited not in earlier:
                problems.append(f"{name} waits for {awaited}, which is no earlier step")
        direct = {one for one in step.get("waitFor", earlier) if one != "-"}
        waited[name] = direct.union(*(waited.get(one, set()) for one in direct))
        if DEPLOYS.search(step.get("script", "")) and "test" not in waited[name]:
            problems.append(f"{name} deploys without having waited for the tests")
        if "set -euo pipefail" not in step.get("script", ""):
            problems.append(f"{name} goes on after a command that failed")
    return problems


def problems_of_substitutions(config: Mapping[str, Any], outputs: set[str]) -> list[str]:
    """Return substitutions that are used but not declared, declared but not used, or that nobody gives."""
    declared = set(config.get("substitutions", {}))
    texts = [step.get("script", "") + "".join(step.get("args", [])) for step in config["steps"]]
    used = {name for text in [*texts, config.get("serviceAccount", "")] for name in USED.findall(text)}
    given = declared - OPTIONAL
    return (
        [f"{name} is used but not declared" for name in sorted(used - declared)]
        + [f"{name} is declared but not used" for name in sorted(declared - used)]
        + [f"infra/outputs.tf does not give {name}" for name in sorted(given - outputs)]
        + [f"infra/outputs.tf gives {name}, which is not declared" for name in sorted(outputs - declared)]
    )


def problems_of_account(config: Mapping[str, Any]) -> list[str]:
    """Return a word if the build runs as the default account, or its scripts do not see the substitutions."""
    problems = []
    if config.get("serviceAccount") != "$_RELEASE_ACCOUNT":
        problems.append("the build does not run as the release's own account")
    if config.get("options", {}).get("automapSubstitutions") is not True:
        problems.append("the scripts do not see the substitutions: automapSubstitutions is not on")
    return problems
