"""Why a call to one of Google's services failed, in words for the log."""

from google.api_core.exceptions import RetryError


def why(error: Exception) -> str:
    """Return what an exception says; of one that only says for how long was tried, also the last failure."""
    if isinstance(error, RetryError):
        return f"{error.cause!r}, after all attempts ({error.message})"
    return repr(error)
