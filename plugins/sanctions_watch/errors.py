"""The errors of the project, named by subject and split by what happens next.

Only ``orchestration`` turns them into Airflow's; nothing else needs to know which of Airflow's errors means "do not retry".
"""

from __future__ import annotations

from collections.abc import Iterable


class SanctionsWatchError(Exception):
    """Root of everything this project raises on purpose."""


class ConfigurationError(SanctionsWatchError):
    """The set-up is wrong: every problem at once, at start-up, never retried.

    ``problems`` holds one sentence a problem, each naming the setting or file and what to do.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class FeedError(SanctionsWatchError):
    """Something about one feed; the others go on."""

    def __init__(self, reason: str, *, subject: str = "") -> None:
        self.reason = reason
        self.subject = subject
        super().__init__(f"{subject}: {reason}" if subject else reason)


class FeedUnavailable(FeedError):
    """No answer, or one that says "later": back off and try again."""


class FeedBroken(FeedError):
    """An answer that is not a feed: count it, slow down, report it."""


class EntryError(SanctionsWatchError):
    """One record cannot be processed: it goes to quarantine and the batch goes on."""

    def __init__(self, reason: str, *, subject: str = "") -> None:
        self.reason = reason
        self.subject = subject
        super().__init__(f"{subject}: {reason}" if subject else reason)


class WarehouseError(SanctionsWatchError):
    """The warehouse refused or is not there."""


class WarehouseRefused(WarehouseError):
    """The warehouse is there but this record breaks one of its rules: it goes to quarantine and the batch goes on."""


class MigrationError(WarehouseError):
    """The warehouse's schema is not what this version expects."""


class DeliveryError(SanctionsWatchError):
    """A notification was not, or perhaps not, accepted.

    ``is_retryable``: a later attempt may succeed (4xx, no connection).
    ``is_uncertain``: the server may have accepted it; only the outbox's one policy may resend it.
    """

    def __init__(self, reason: str, *, is_retryable: bool = False, is_uncertain: bool = False) -> None:
        self.reason = reason
        self.is_retryable = is_retryable
        self.is_uncertain = is_uncertain
        super().__init__(reason)
