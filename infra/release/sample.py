"""Upload a sample sheet and wait until the deployed system has answered it: the last check of a release.

Usage: python -m infra.release.sample IMAGE NUMBER BUCKET OBJECT SUBSCRIPTION

IMAGE is a local file that shows the sheet number NUMBER; OBJECT is the name to upload it under, and
SUBSCRIPTION, projects/P/subscriptions/S, has to let the results of such objects through. Exits with 0 when
the result says `read` and has the right number.
"""

import json
import logging
import sys
import time
from pathlib import Path

from infra.release.clients import PubSubSubscriber, upload
from infra.release.waiting import await_result, complaint

LOG = logging.getLogger("release")


def main() -> None:
    """Upload, wait, judge."""
    if len(sys.argv) != 6:  # noqa: PLR2004 - the program and its five arguments
        raise SystemExit(__doc__)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    image, number, bucket, name, subscription = sys.argv[1:]
    generation = upload(bucket, name, Path(image).read_bytes())
    LOG.info("uploaded gs://%s/%s#%s", bucket, name, generation)
    start = time.monotonic()
    result = await_result(PubSubSubscriber(subscription), name, generation)
    if problem := complaint(result, number):
        raise SystemExit(f"the release does not work: {problem}")
    LOG.info("answered after %.1f s: %s", time.monotonic() - start, json.dumps(result))


if __name__ == "__main__":
    main()
