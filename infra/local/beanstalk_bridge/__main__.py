"""Runs the bridge: python -m infra.local.beanstalk_bridge --help.

It works against Google Cloud with the default credentials, and against emulators if STORAGE_EMULATOR_HOST and
PUBSUB_EMULATOR_HOST say so. The subscription should be one of its own, filtered for the bridge's objects:
`hasPrefix(attributes.objectId, "beanstalk/")`.
"""

import argparse
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import greenstalk
from google.api_core.exceptions import GoogleAPICallError

from infra.local import names
from infra.local.beanstalk_bridge.bridge import Bridge, Options
from infra.local.beanstalk_bridge.cloud import Results, SheetStore
from infra.local.beanstalk_bridge.tubes import Tubes
from infra.local.names import Project

LOG = logging.getLogger("beanstalk_bridge")

RECONNECT_SECONDS = 1.0
UPLOADS = 8


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    default = Options(Path())
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.beanstalk_bridge",
        description="Takes jobs from beanstalkd, has their sheets read, and puts the answers back.",
    )
    parser.add_argument("--beanstalkd", default="127.0.0.1:11300", metavar="HOST:PORT")
    parser.add_argument("--jobs", default="cmr", metavar="TUBE", help='jobs of the form {"image": PATH}')
    parser.add_argument("--answers", default="number", metavar="TUBE", help='answers: {"sheetNumber": …, …}')
    parser.add_argument("--root", type=Path, default=default.root, help="the folder that images are named in")
    parser.add_argument("--project", default=os.environ.get("GOOGLE_CLOUD_PROJECT", Project().id))
    parser.add_argument("--bucket", default=os.environ.get("SHEETS_BUCKET", names.BUCKET))
    parser.add_argument("--prefix", default=default.prefix, help="of the objects that are uploaded")
    parser.add_argument("--subscription", default=names.BRIDGE_SUBSCRIPTION)
    parser.add_argument("--in-flight", type=int, default=default.in_flight, metavar="JOBS")
    parser.add_argument("--wait", type=float, default=default.wait_seconds, metavar="SECONDS")
    return parser.parse_args()


def run(arguments: argparse.Namespace, stopped: Event) -> None:
    """Bridge until `stopped`; whenever beanstalkd is lost, connect anew."""
    host, _, port = arguments.beanstalkd.rpartition(":")
    options = Options(arguments.root, arguments.prefix, arguments.in_flight, arguments.wait)
    store = SheetStore(arguments.project, arguments.bucket, arguments.wait, stopped)
    subscription = Project(arguments.project).subscription(arguments.subscription)
    announced = False
    with Results(subscription) as results, ThreadPoolExecutor(UPLOADS, "upload") as uploads:
        while not stopped.is_set():
            try:
                with Tubes((host, int(port)), arguments.jobs, arguments.answers) as tubes:
                    LOG.info("connected; %d hidden answers swept away", tubes.sweep())
                    if not announced:
                        announced = True
                        print(f"ready: {arguments.jobs} to {arguments.answers}", flush=True)
                    bridge = Bridge(
                        tubes, lambda *sheet: uploads.submit(store.upload, *sheet), results, options
                    )
                    while not stopped.is_set():
                        bridge.turn()
            except (OSError, greenstalk.Error) as error:
                LOG.warning("beanstalkd: %s; trying again", error)
                stopped.wait(RECONNECT_SECONDS)
        uploads.shutdown(wait=False, cancel_futures=True)


def main() -> None:
    """Run the bridge as the command line says."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        run(parse_arguments(), stopped)
    except GoogleAPICallError as error:
        sys.exit(f"beanstalk_bridge: {error}")


if __name__ == "__main__":
    main()
