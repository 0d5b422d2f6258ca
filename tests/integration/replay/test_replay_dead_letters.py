"""Replaying dead letters: uploads are read again, results published again, and what is done is gone."""

import json

import pytest
from google.cloud import storage
from google.pubsub_v1.types import PubsubMessage

from infra.local import clients, names, topics
from infra.local.names import Project
from infra.replay import __main__ as command
from infra.replay import dead_letters

ADDED = {"CloudPubSubDeadLetterSourceDeliveryCount": "5", "CloudPubSubDeadLetterSourceSubscription": "s"}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for messages that do not come."""
    monkeypatch.setattr(dead_letters, "SILENCE_SECONDS", 1.0)


def publish(address: str, topic: str, *messages: PubsubMessage) -> None:
    """Publish messages."""
    with clients.publisher(address) as publisher:
        for one in messages:
            publisher.publish(topic, one.data, **one.attributes).result(10)


def pulled(address: str, subscription: str) -> list[PubsubMessage]:
    """Take what a subscription has."""
    with clients.subscriber(address) as subscriber:
        found = list(dead_letters.messages(subscriber, subscription, 1.0))
        if found:
            subscriber.acknowledge(subscription=subscription, ack_ids=[one.ack_id for one in found])
        return [one.message for one in found]


def notification(bucket: str, name: str, generation: int) -> PubsubMessage:
    """A notification of Cloud Storage that was given up."""
    attributes = {"eventType": "OBJECT_FINALIZE", "bucketId": bucket, "objectId": name, **ADDED}
    return PubsubMessage(data=b"{}", attributes={**attributes, "objectGeneration": str(generation)})


def test_dead_uploads_are_written_again(
    bucket: storage.Bucket, pubsub: tuple[str, Project], capsys: pytest.CaptureFixture[str]
) -> None:
    """If they are still what they were; what is no upload stays for a person to look at."""
    address, project = pubsub
    topics.create_topics(address, project)
    for name in ("dead.png", "newer.png"):
        bucket.blob(name).upload_from_string(b"sheet")
    dead, newer = (bucket.get_blob(name).generation for name in ("dead.png", "newer.png"))
    bucket.blob("newer.png").upload_from_string(b"another sheet")
    newest = bucket.get_blob("newer.png").generation
    letters = [
        notification(bucket.name, "dead.png", dead),
        notification(bucket.name, "newer.png", newer),
        notification(bucket.name, "gone.png", 1),
        PubsubMessage(data=b"a riddle"),
    ]
    publish(address, project.topic(names.NOTIFICATIONS_DEAD), *letters)
    subscription = project.subscription(names.NOTIFICATIONS_DEAD_SUBSCRIPTION)
    assert command.main(["dead-uploads", subscription, "--rate", "1000"]) == 0
    assert capsys.readouterr().out == "2 gone or replaced since, 1 no upload: left there, 1 written again\n"
    assert bucket.get_blob("dead.png").generation != dead
    assert bucket.get_blob("newer.png").generation == newest
    assert all(message.data == b"a riddle" for message in pulled(address, subscription))


def test_dead_results_are_published_again(
    bucket: storage.Bucket, pubsub: tuple[str, Project], capsys: pytest.CaptureFixture[str]
) -> None:
    """As they were: the same data, without what Pub/Sub added, and no longer among the dead letters."""
    assert bucket.name
    address, project = pubsub
    topics.create_topics(address, project)
    data = json.dumps(
        {"schemaVersion": 1, "status": "rejected", "bucket": "b", "image": "n", "generation": "1"}
    ).encode()
    letters = [PubsubMessage(data=data, attributes={"objectId": f"{i}.png", **ADDED}) for i in range(45)]
    publish(address, project.topic(names.RESULTS_DEAD), *letters)
    subscription = project.subscription(names.RESULTS_DEAD_SUBSCRIPTION)
    topic = project.topic(names.RESULTS)
    assert command.main(["dead-results", subscription, "--topic", topic, "--rate", "1000"]) == 0
    assert capsys.readouterr().out == "45 published again\n"
    arrived = pulled(address, project.subscription(names.RESULTS_SUBSCRIPTION))
    assert {message.attributes["objectId"] for message in arrived} == {f"{i}.png" for i in range(45)}
    assert all(message.data == data and not set(ADDED) & set(message.attributes) for message in arrived)
    assert pulled(address, subscription) == []
