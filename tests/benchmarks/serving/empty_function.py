"""An empty function with the Google clients of ours: what a cold start costs whoever writes the function."""

import functions_framework
import grpc
from cloudevents.http import CloudEvent
from google.cloud import pubsub_v1, storage

__all__ = ["grpc", "handle_upload", "pubsub_v1", "storage"]


@functions_framework.cloud_event
def handle_upload(event: CloudEvent) -> None:
    """Do nothing."""
