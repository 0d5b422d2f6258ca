"""Check the deployment without a cloud: `python -m infra.checks`, or `make check-infra`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from infra.checks import access, agreement, cloudbuild, gcloud, image, security, terraform, tools
from infra.checks.outcome import Check, LeftOutError

ROOT = Path(__file__).parents[2]
CHECKS: Mapping[str, Check] = {
    "Terraform: format, validity, tests": terraform.check,
    "Terraform: roles, event types, nothing public": access.check,
    "Terraform: security policies (checkov)": tools.checkov,
    "Cloud Build: schema": tools.cloudbuild_schema,
    "Cloud Build: order, substitutions": cloudbuild.check,
    "gcloud: every command that is written down": gcloud.check,
    "Serving image: Dockerfile (hadolint)": tools.hadolint,
    "Serving image: flags, process, labels": image.check,
    "Function: settings, runtime, entry point": agreement.check,
    "Code: weaknesses (bandit)": security.bandit,
    "Repository: secrets (detect-secrets)": security.secrets,
    "Function: weaknesses of its packages (pip-audit)": security.audit,
}


def main() -> int:
    """Run every check and print what it says; returns 1 if one fails."""
    failed = False
    for name, check in CHECKS.items():
        try:
            problems = check(ROOT)
        except LeftOutError as reason:
            print(f"left out  {name}: {reason}", flush=True)
            continue
        print(f"{'FAILED' if problems else 'ok':8}  {name}", flush=True)
        for problem in problems:
            print("\n".join(f"          {line}" for line in problem.splitlines()))
        failed |= bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
