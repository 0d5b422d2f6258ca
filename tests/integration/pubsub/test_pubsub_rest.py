"""REST, as clients without gRPC speak it: google/cloud-pubsub for PHP above all."""

import base64
import socket
from typing import Any

import pytest
import requests

from tests.integration.pubsub.emulators import WAIT_SECONDS, Bench

PHP_PARAMETERS = "$alt=json;enum-encoding=int"


def call(
    bench: Bench, verb: str, path: str, body: object = None, query: str = PHP_PARAMETERS
) -> requests.Response:
    """Send one request about the bench's project."""
    url = f"http://{bench.emulator.address}/v1/projects/{bench.project}/{path}?{query}"
    return bench.emulator.http.request(verb, url, json=body, timeout=2 * WAIT_SECONDS)


def answer(
    bench: Bench, verb: str, path: str, body: object = None, query: str = PHP_PARAMETERS
) -> dict[str, Any]:
    """Send one request that succeeds, and return its answer."""
    response = call(bench, verb, path, body, query)
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("application/json")
    document: dict[str, Any] = response.json()
    return document


def readers(bench: Bench, **configuration: object) -> None:
    """Create the topic `results` and its subscription `readers`."""
    answer(bench, "PUT", "topics/results", {})
    answer(bench, "PUT", "subscriptions/readers", {"topic": bench.topic_path("results"), **configuration})


def publish(bench: Bench, data: bytes, **attributes: str) -> str:
    """Publish one message and return its id."""
    message = {"data": base64.b64encode(data).decode(), "attributes": attributes}
    [message_id] = answer(bench, "POST", "topics/results:publish", {"messages": [message]})["messageIds"]
    assert isinstance(message_id, str)
    return message_id


def pull(bench: Bench, **options: object) -> list[dict[str, Any]]:
    """Pull from `readers`; without messages the answer has no field for them."""
    body = {"maxMessages": 10, **options}
    received: list[dict[str, Any]] = answer(bench, "POST", "subscriptions/readers:pull", body).get(
        "receivedMessages", []
    )
    return received


def test_it_says_that_it_is_up(bench: Bench) -> None:
    """The root answers 200, for probes."""
    response = bench.emulator.http.get(f"http://{bench.emulator.address}/", timeout=WAIT_SECONDS)
    assert response.status_code == 200


def test_a_message_goes_all_the_way(bench: Bench) -> None:
    """Created, published, pulled, acknowledged, deleted, all as JSON."""
    readers(bench)
    message_id = publish(bench, b"\x00\xff", status="read")
    [received] = pull(bench)
    assert base64.b64decode(received["message"]["data"]) == b"\x00\xff"
    assert received["message"]["attributes"] == {"status": "read"}
    assert received["message"]["messageId"] == message_id
    assert received["message"]["publishTime"].endswith("Z")
    assert answer(bench, "POST", "subscriptions/readers:acknowledge", {"ackIds": [received["ackId"]]}) == {}
    assert pull(bench, returnImmediately=True) == []
    assert answer(bench, "DELETE", "subscriptions/readers") == {}
    assert answer(bench, "DELETE", "topics/results") == {}


def test_a_nack_leaves_the_deadline_out(bench: Bench) -> None:
    """The JSON encoding of 0 is nothing, which is how PHP's client nacks."""
    readers(bench, ackDeadlineSeconds=600)
    message_id = publish(bench, b"x")
    [first] = pull(bench)
    answer(bench, "POST", "subscriptions/readers:modifyAckDeadline", {"ackIds": [first["ackId"]]})
    [second] = pull(bench)
    assert second["message"]["messageId"] == message_id


def test_both_transports_have_one_broker(bench: Bench) -> None:
    """What is published over REST is received over gRPC, and acknowledged there for both."""
    readers(bench)
    publish(bench, b"x")
    subscription = bench.subscription_path("readers")
    received = bench.pull(subscription)
    assert [one.message.data for one in received] == [b"x"]
    bench.acknowledge(subscription, received)
    assert pull(bench, returnImmediately=True) == []


@pytest.mark.parametrize(
    ("verb", "path", "body", "expected"),
    [
        ("GET", "topics/nowhere", None, (404, "NOT_FOUND")),
        ("PUT", "topics/results", {}, (409, "ALREADY_EXISTS")),
        ("PUT", "topics/1digit", {}, (400, "INVALID_ARGUMENT")),
        ("PUT", "topics/other", {"nonsense": 1}, (400, "INVALID_ARGUMENT")),
        ("POST", "topics/results:publish", {"messages": [{}]}, (400, "INVALID_ARGUMENT")),
        ("POST", "topics/results:publish", {"messages": [{"data": "no base64!"}]}, (400, "INVALID_ARGUMENT")),
    ],
)
def test_errors_are_googles_json(
    bench: Bench, verb: str, path: str, body: object, expected: tuple[int, str]
) -> None:
    """A status, the same as a number and as a name, and a text."""
    readers(bench)
    response = call(bench, verb, path, body)
    error = response.json()["error"]
    assert (response.status_code, error["status"]) == expected
    assert error["code"] == response.status_code
    assert error["message"]


def test_what_is_not_json_is_refused(bench: Bench) -> None:
    """With the error in JSON all the same."""
    url = f"http://{bench.emulator.address}/v1/{bench.topic_path('results')}"
    response = bench.emulator.http.put(url, data="{no json", timeout=WAIT_SECONDS)
    assert response.status_code == 400
    assert response.json()["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(("verb", "path"), [("GET", "nonsense"), ("POST", "topics/results:nonsense")])
def test_unknown_methods_are_not_found(bench: Bench, verb: str, path: str) -> None:
    """A path that means nothing."""
    assert call(bench, verb, path, {}).status_code == 404


def test_settings_go_in_and_out_as_json(bench: Bench) -> None:
    """Durations are strings, names are in camel case, and the path gives the name."""
    readers(bench, retryPolicy={"minimumBackoff": "1.5s"}, ackDeadlineSeconds=20)
    stored = answer(bench, "GET", "subscriptions/readers")
    assert stored["name"] == bench.subscription_path("readers")
    assert stored["topic"] == bench.topic_path("results")
    assert stored["ackDeadlineSeconds"] == 20
    assert stored["retryPolicy"] == {"minimumBackoff": "1.500s", "maximumBackoff": "600s"}


def test_an_update_names_its_fields_in_camel_case(bench: Bench) -> None:
    """The mask is part of the body."""
    readers(bench)
    body = {"subscription": {"ackDeadlineSeconds": 33}, "updateMask": "ackDeadlineSeconds"}
    assert answer(bench, "PATCH", "subscriptions/readers", body)["ackDeadlineSeconds"] == 33


def test_lists_come_in_pages(bench: Bench) -> None:
    """Size and token of a page are in the query."""
    for number in range(3):
        answer(bench, "PUT", f"topics/topic-{number}", {})
    first = answer(bench, "GET", "topics", query=f"pageSize=2&{PHP_PARAMETERS}")
    second = answer(bench, "GET", "topics", query=f"pageSize=2&pageToken={first['nextPageToken']}")
    names = [topic["name"] for topic in first["topics"] + second["topics"]]
    assert names == [bench.topic_path(f"topic-{number}") for number in range(3)]
    assert not second.get("nextPageToken")


def test_subscriptions_of_a_topic_are_listed(bench: Bench) -> None:
    """By their full names."""
    readers(bench)
    listed = answer(bench, "GET", "topics/results/subscriptions")
    assert listed == {"subscriptions": [bench.subscription_path("readers")]}


def test_names_may_be_percent_encoded(bench: Bench) -> None:
    """In a path, `%7E` is a tilde."""
    answer(bench, "PUT", "topics/with%2Btilde%7E", {})
    assert answer(bench, "GET", "topics")["topics"] == [{"name": bench.topic_path("with+tilde~")}]


def test_a_pull_that_nobody_waits_for_takes_nothing(embedded_bench: Bench) -> None:
    """When the client of a waiting pull is gone, the next message is another's."""
    readers(embedded_bench)
    host, _, port = embedded_bench.emulator.address.rpartition(":")
    path = f"/v1/{embedded_bench.subscription_path('readers')}:pull"
    body = b'{"maxMessages": 1}'
    with socket.create_connection((host, int(port))) as gone:
        gone.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
    publish(embedded_bench, b"x")
    assert [base64.b64decode(one["message"]["data"]) for one in pull(embedded_bench)] == [b"x"]


def test_a_body_may_come_in_chunks(bench: Bench) -> None:
    """As some HTTP clients send what they encode on the way."""
    url = f"http://{bench.emulator.address}/v1/{bench.topic_path('results')}"
    response = bench.emulator.http.put(url, data=iter([b'{"labels": ', b'{"a": "b"}}']), timeout=WAIT_SECONDS)
    assert response.status_code == 200, response.text
    assert answer(bench, "GET", "topics/results")["labels"] == {"a": "b"}


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(embedded_bench: Bench, *, chunked: bool) -> None:
    """And read to its end, so that the connection serves the next request."""
    url = f"http://{embedded_bench.emulator.address}/v1/{embedded_bench.topic_path('results')}"
    body = b"x" * 21 * 1024 * 1024
    response = embedded_bench.emulator.http.put(
        url, data=iter([body]) if chunked else body, timeout=WAIT_SECONDS
    )
    assert response.status_code == 400
    assert "too large" in response.json()["error"]["message"]
    readers(embedded_bench)


def test_enums_are_numbers_for_who_asks(embedded_bench: Bench) -> None:
    """PHP's client asks for numbers; by default they are names, and both are taken."""
    definition = 'syntax = "proto3"; message A { string x = 1; }'
    named = answer(
        embedded_bench, "POST", "schemas", {"type": 1, "definition": definition}, query="schemaId=by-number"
    )
    assert named["type"] == "PROTOCOL_BUFFER"
    numbered = answer(embedded_bench, "GET", "schemas/by-number")
    assert numbered["type"] == 1
