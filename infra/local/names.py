"""What the parts of the local stack are called: the same names wherever it runs."""

from dataclasses import dataclass

BUCKET = "sheets"
RESULTS = "sheet-results"
SCHEMA = "sheet-result"
RESULTS_SUBSCRIPTION = "sheet-results-app"
BRIDGE_SUBSCRIPTION = "sheet-results-bridge"
BRIDGE_PREFIX = "beanstalk/"
RESULTS_DEAD = "sheet-results-dead"
RESULTS_DEAD_SUBSCRIPTION = "sheet-results-dead-inspect"
NOTIFICATIONS = "gcs-notifications"
NOTIFICATIONS_SUBSCRIPTION = "eventarc"
NOTIFICATIONS_DEAD = "gcs-notifications-dead"
NOTIFICATIONS_DEAD_SUBSCRIPTION = "gcs-notifications-dead-inspect"
MODEL = "digits"


@dataclass(frozen=True, slots=True)
class Project:
    """The project that the stack's topics and subscriptions are in."""

    id: str = "local"

    def topic(self, name: str) -> str:
        """Return a topic's full name."""
        return f"projects/{self.id}/topics/{name}"

    def schema(self, name: str) -> str:
        """Return a schema's full name."""
        return f"projects/{self.id}/schemas/{name}"

    def subscription(self, name: str) -> str:
        """Return a subscription's full name."""
        return f"projects/{self.id}/subscriptions/{name}"
