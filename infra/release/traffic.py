"""Say how a Cloud Run service's traffic was split, in the words in which it can be restored.

Usage: python -m infra.release.traffic SERVICE.json

SERVICE.json is what `gcloud run services describe SERVICE --format=json` printed; the answer is the argument
of `gcloud run services update-traffic --to-revisions=…`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def split(service: Mapping[str, Any]) -> str:
    """Return `revision=percent,…` of a described service; raises ValueError if they do not add up."""
    shares: dict[str, int] = {}
    for target in service["status"]["traffic"]:
        if percent := target.get("percent", 0):  # a target without a share is a tag
            shares[target["revisionName"]] = shares.get(target["revisionName"], 0) + percent
    if sum(shares.values()) != 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"the traffic adds up to {sum(shares.values())} %: {shares}")
    return ",".join(f"{revision}={percent}" for revision, percent in shares.items())


def main() -> None:
    """Print the split."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        raise SystemExit(__doc__)
    sys.stdout.write(split(json.loads(Path(sys.argv[1]).read_text())) + "\n")


if __name__ == "__main__":
    main()
