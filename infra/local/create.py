"""Creates the stack's topics, subscriptions and bucket in running emulators; what exists is left alone.

Usage: python -m infra.local.create --project P --pubsub HOST:PORT --storage-url URL
"""

import argparse

from infra.local import topics
from infra.local.names import Project


def main() -> None:
    """Create everything, as the command line says where."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--project", default=Project().id)
    parser.add_argument("--pubsub", required=True, metavar="HOST:PORT", help="the Pub/Sub emulator")
    parser.add_argument("--storage-url", required=True, metavar="URL", help="the Cloud Storage emulator")
    arguments = parser.parse_args()
    project = Project(arguments.project)
    topics.create_topics(arguments.pubsub, project)
    topics.create_bucket(arguments.storage_url, project)


if __name__ == "__main__":
    main()
