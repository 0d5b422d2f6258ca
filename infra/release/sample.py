"""Upload a sample sheet and wait until the deployed system has answered it: the last check of a release.

Usage: python -m infra.release.sample NUMBER BUCKET OBJECT SUBSCRIPTION

The sheet shows NUMBER, which has to keep the deployment's own rules, and is uploaded as OBJECT. SUBSCRIPTION,
projects/P/subscriptions/S, has to let the results of such objects through. Exits with 0 when the result says
`read` and has the right number.
"""

import json
import logging
import sys
import time

from infra.release.clients import PubSubSubscriber, upload
from infra.release.waiting import await_result, complaint
from tests.corpus.files import Stored, encode
from tests.corpus.render import render
from tests.corpus.spec import Number, SheetSpec

LOG = logging.getLogger("release")
FACE = "Roboto-Regular"
SEED = 1  # any: it only says where the paper's fibres lie


def draw(number: str) -> bytes:
    """Return a PNG of a clean sheet's corner that shows `number`."""
    return encode(render(SheetSpec(SEED, Number(number, FACE))).image, Stored("png"))


def main() -> None:
    """Draw, upload, wait, judge."""
    if len(sys.argv) != 5:  # noqa: PLR2004 - the program and its four arguments
        raise SystemExit(__doc__)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    number, bucket, name, subscription = sys.argv[1:]
    generation = upload(bucket, name, draw(number))
    LOG.info("uploaded gs://%s/%s#%s", bucket, name, generation)
    start = time.monotonic()
    result = await_result(PubSubSubscriber(subscription), name, generation)
    if problem := complaint(result, number):
        raise SystemExit(f"the release does not work: {problem}")
    LOG.info("answered after %.1f s: %s", time.monotonic() - start, json.dumps(result))


if __name__ == "__main__":
    main()
