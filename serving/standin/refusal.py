"""How a request is refused: TensorFlow Serving's status code and text."""

import grpc


class Refusal(Exception):  # noqa: N818 - an answer rather than an error of the server
    """A request that is answered with a status `code` other than OK, and its `text`."""

    def __init__(self, code: grpc.StatusCode, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def invalid(text: str) -> Refusal:
    """Return an INVALID_ARGUMENT refusal."""
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, text)


def not_found(text: str) -> Refusal:
    """Return a NOT_FOUND refusal."""
    return Refusal(grpc.StatusCode.NOT_FOUND, text)
