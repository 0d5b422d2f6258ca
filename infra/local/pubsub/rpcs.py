"""The table of methods: what each is called and takes, what runs it, and where it is found over REST."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.pubsub_v1 import types

from infra.local.pubsub.service import Alive, Service


@dataclass(frozen=True, slots=True)
class Rpc:
    """One method that takes a message and answers with one.

    `path` is a template as in google.api.http; `body` is the field that the HTTP body holds, `*` for the
    whole request, empty for none. A method that `waits` is told how to find out whether its caller is
    still there.
    """

    service: str
    name: str
    request: Any  # google-cloud-pubsub's message types have no typed base
    method: Callable[..., Any]
    verb: str
    path: str
    body: str = ""
    waits: bool = False

    def call(self, service: Service, request: object, alive: Alive) -> object:
        """Run the method; returns the answer's message, or None for an empty one."""
        return self.method(service, request, alive) if self.waits else self.method(service, request)


UNARY_RPCS = (
    Rpc(
        "Publisher",
        "CreateTopic",
        types.Topic,
        Service.create_topic,
        "PUT",
        "/v1/{name=projects/*/topics/*}",
        "*",
    ),
    Rpc(
        "Publisher",
        "GetTopic",
        types.GetTopicRequest,
        Service.get_topic,
        "GET",
        "/v1/{topic=projects/*/topics/*}",
    ),
    Rpc(
        "Publisher",
        "UpdateTopic",
        types.UpdateTopicRequest,
        Service.update_topic,
        "PATCH",
        "/v1/{topic.name=projects/*/topics/*}",
        "*",
    ),
    Rpc(
        "Publisher",
        "ListTopics",
        types.ListTopicsRequest,
        Service.list_topics,
        "GET",
        "/v1/{project=projects/*}/topics",
    ),
    Rpc(
        "Publisher",
        "DeleteTopic",
        types.DeleteTopicRequest,
        Service.delete_topic,
        "DELETE",
        "/v1/{topic=projects/*/topics/*}",
    ),
    Rpc(
        "Publisher",
        "Publish",
        types.PublishRequest,
        Service.publish,
        "POST",
        "/v1/{topic=projects/*/topics/*}:publish",
        "*",
    ),
    Rpc(
        "Publisher",
        "ListTopicSubscriptions",
        types.ListTopicSubscriptionsRequest,
        Service.list_topic_subscriptions,
        "GET",
        "/v1/{topic=projects/*/topics/*}/subscriptions",
    ),
    Rpc(
        "Subscriber",
        "CreateSubscription",
        types.Subscription,
        Service.create_subscription,
        "PUT",
        "/v1/{name=projects/*/subscriptions/*}",
        "*",
    ),
    Rpc(
        "Subscriber",
        "GetSubscription",
        types.GetSubscriptionRequest,
        Service.get_subscription,
        "GET",
        "/v1/{subscription=projects/*/subscriptions/*}",
    ),
    Rpc(
        "Subscriber",
        "UpdateSubscription",
        types.UpdateSubscriptionRequest,
        Service.update_subscription,
        "PATCH",
        "/v1/{subscription.name=projects/*/subscriptions/*}",
        "*",
    ),
    Rpc(
        "Subscriber",
        "ListSubscriptions",
        types.ListSubscriptionsRequest,
        Service.list_subscriptions,
        "GET",
        "/v1/{project=projects/*}/subscriptions",
    ),
    Rpc(
        "Subscriber",
        "DeleteSubscription",
        types.DeleteSubscriptionRequest,
        Service.delete_subscription,
        "DELETE",
        "/v1/{subscription=projects/*/subscriptions/*}",
    ),
    Rpc(
        "Subscriber",
        "Pull",
        types.PullRequest,
        Service.pull,
        "POST",
        "/v1/{subscription=projects/*/subscriptions/*}:pull",
        "*",
        waits=True,
    ),
    Rpc(
        "Subscriber",
        "Acknowledge",
        types.AcknowledgeRequest,
        Service.acknowledge,
        "POST",
        "/v1/{subscription=projects/*/subscriptions/*}:acknowledge",
        "*",
    ),
    Rpc(
        "Subscriber",
        "ModifyAckDeadline",
        types.ModifyAckDeadlineRequest,
        Service.modify_ack_deadline,
        "POST",
        "/v1/{subscription=projects/*/subscriptions/*}:modifyAckDeadline",
        "*",
    ),
    Rpc(
        "Subscriber",
        "Seek",
        types.SeekRequest,
        Service.seek,
        "POST",
        "/v1/{subscription=projects/*/subscriptions/*}:seek",
        "*",
    ),
    Rpc(
        "SchemaService",
        "CreateSchema",
        types.CreateSchemaRequest,
        Service.create_schema,
        "POST",
        "/v1/{parent=projects/*}/schemas",
        "schema",
    ),
    Rpc(
        "SchemaService",
        "GetSchema",
        types.GetSchemaRequest,
        Service.get_schema,
        "GET",
        "/v1/{name=projects/*/schemas/*}",
    ),
    Rpc(
        "SchemaService",
        "ValidateSchema",
        types.ValidateSchemaRequest,
        Service.validate_schema,
        "POST",
        "/v1/{parent=projects/*}/schemas:validate",
        "*",
    ),
    Rpc(
        "SchemaService",
        "ValidateMessage",
        types.ValidateMessageRequest,
        Service.validate_message,
        "POST",
        "/v1/{parent=projects/*}/schemas:validateMessage",
        "*",
    ),
)
