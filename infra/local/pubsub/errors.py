"""The one way in which a request fails: a canonical status code and a text for the caller."""

import grpc


class PubSubError(Exception):
    """A request that is answered with `code` and `message`, over gRPC and REST alike."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        """Name the canonical status code and say in `message` what the caller should change."""
        super().__init__(message)
        self.code = code
        self.message = message


def invalid(message: str) -> PubSubError:
    """Return the error for a request that can never succeed as it stands."""
    return PubSubError(grpc.StatusCode.INVALID_ARGUMENT, message)


def not_found(message: str) -> PubSubError:
    """Return the error for a resource that does not exist."""
    return PubSubError(grpc.StatusCode.NOT_FOUND, message)


def already_exists(message: str) -> PubSubError:
    """Return the error for a name that is taken."""
    return PubSubError(grpc.StatusCode.ALREADY_EXISTS, message)


def unimplemented(feature: str) -> PubSubError:
    """Return the error for a feature of the real service that is left out here."""
    return PubSubError(grpc.StatusCode.UNIMPLEMENTED, f"{feature} is not implemented in this emulator.")
