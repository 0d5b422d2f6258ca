"""What a topic carries: messages, and the limits that the service puts on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from infra.local.pubsub.errors import invalid

MAX_MESSAGES_PER_PUBLISH = 1000
MAX_MESSAGE_BYTES = 10_000_000
MAX_ATTRIBUTES = 100
MAX_ATTRIBUTE_KEY_BYTES = 256
MAX_ATTRIBUTE_VALUE_BYTES = 1024
RESERVED_PREFIX = "goog"


@dataclass(frozen=True, slots=True)
class Content:
    """What a publisher sends."""

    data: bytes
    attributes: Mapping[str, str]
    ordering_key: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A published message; one instance is shared by all subscriptions of its topic.

    `published_at` is in UTC.
    """

    message_id: str
    published_at: datetime
    content: Content

    @property
    def size(self) -> int:
        """Bytes that count against flow control."""
        attributes = self.content.attributes.items()
        return len(self.content.data) + sum(len(key) + len(value) for key, value in attributes)


def check_content(content: Content) -> None:
    """Check one message to be published.

    Raises:
        PubSubError: INVALID_ARGUMENT when it is empty or over one of the service's limits.
    """
    if not content.data and not content.attributes:
        raise invalid("Some messages are empty: a message needs data or at least one attribute.")
    if len(content.data) > MAX_MESSAGE_BYTES:
        raise invalid(f"The message is too large: {len(content.data)} bytes, at most {MAX_MESSAGE_BYTES}.")
    if len(content.attributes) > MAX_ATTRIBUTES:
        raise invalid(f"Too many attributes: {len(content.attributes)}, at most {MAX_ATTRIBUTES}.")
    for key, value in content.attributes.items():
        if not key or key.startswith(RESERVED_PREFIX):
            raise invalid(f"Invalid attribute key {key!r}: it must not be empty or start with 'goog'.")
        if len(key.encode()) > MAX_ATTRIBUTE_KEY_BYTES:
            raise invalid(f"The attribute key {key[:20]!r}… is longer than {MAX_ATTRIBUTE_KEY_BYTES} bytes.")
        if len(value.encode()) > MAX_ATTRIBUTE_VALUE_BYTES:
            raise invalid(f"The value of attribute {key!r} is longer than {MAX_ATTRIBUTE_VALUE_BYTES} bytes.")
