"""Google's own clients, pointed at the emulators whatever the environment says."""

import grpc
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage
from google.cloud.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1 import SchemaServiceClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.schema_service.transports import SchemaServiceGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport


def insecure_channel(address: str) -> grpc.Channel:
    """Return a plaintext channel to a server on this machine, past any proxy."""
    return grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])


def publisher(address: str) -> PublisherClient:
    """Return a publisher for the Pub/Sub emulator at `address`."""
    return PublisherClient(transport=PublisherGrpcTransport(channel=insecure_channel(address)))


def subscriber(address: str) -> SubscriberClient:
    """Return a subscriber for the Pub/Sub emulator at `address`."""
    return SubscriberClient(transport=SubscriberGrpcTransport(channel=insecure_channel(address)))


def schema_service(address: str) -> SchemaServiceClient:
    """Return a client for the schemas of the Pub/Sub emulator at `address`."""
    return SchemaServiceClient(transport=SchemaServiceGrpcTransport(channel=insecure_channel(address)))


def storage_client(url: str, project: str) -> storage.Client:
    """Return a client for the Storage emulator at `url`, past any proxy."""
    credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth has no types here
    session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    session.trust_env = False
    return storage.Client(
        project=project, credentials=credentials, client_options={"api_endpoint": url}, _http=session
    )
