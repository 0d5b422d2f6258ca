"""The two kinds of failure: what can never succeed, and what may succeed when tried again."""

from sheetid.result import Reason


class PermanentError(Exception):
    """The sheet can never be read: publish `rejected` with the reason, and acknowledge the event."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Name the published `reason` and a `detail` for the log."""
        super().__init__(detail)
        self.reason = reason


class TransientError(Exception):
    """Something around the sheet failed: raise, so that the event is delivered again."""
