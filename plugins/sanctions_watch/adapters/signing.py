"""Signed addresses for mails: one that ends a subscription without a log-in, and those that prepare an analyst's word.

A token says what it is for, for whom, and when it was made; nobody without the deployment's key can make or change one. The addresses of
actions lead to a page behind Airflow's log-in, where a POST confirms: mail scanners open links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeSerializer

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.ports import Clock
from sanctions_watch.records import Channel, MailLinks

LEAST_KEY = 32  # characters
ACTION_DAYS = 30  # an action link works this long; one that ends a subscription works for ever
ACTIONS = ("confirm", "dismiss", "silence")
_PAGE = "/sanctions_watch"


class BadToken(ValueError):
    """A token that is forged, changed, of another purpose, or too old; its text may be shown."""


@dataclass(frozen=True, slots=True)
class Opting:
    """Who wants no more messages of a channel."""

    subscriber_id: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Action:
    """What a subscriber's link in a mail prepares."""

    action: str  # confirm, dismiss or silence
    allegation_id: str
    subscriber_id: str
    made_at: datetime


class Signer:
    """Makes and reads the tokens. Raises ConfigurationError for a key that could be guessed."""

    def __init__(self, key: str, page_url: str, clock: Clock) -> None:
        if len(key) < LEAST_KEY:
            raise ConfigurationError(
                [f"SANCTIONS_WATCH_SIGNING_KEY has fewer than {LEAST_KEY} characters: make one with openssl rand -hex 32"]
            )
        self._key = key
        self._page_url = page_url.rstrip("/")
        self._clock = clock

    def __repr__(self) -> str:
        """Without the key."""
        return "Signer()"

    def links(self, subscriber_id: str, channel: Channel, allegation_id: str = "") -> MailLinks:
        """The addresses that a mail to this subscriber carries; without an allegation (a digest) there are no actions."""
        at = int(self._clock.now().timestamp())
        opt_out = self._written("opt-out", [subscriber_id, channel])
        actions = tuple(
            (action, self._address(f"act?t={self._written('action', [action, allegation_id, subscriber_id, at])}"))
            for action in ACTIONS
            if allegation_id
        )
        return MailLinks(self._address(f"unsubscribe?t={opt_out}"), actions)

    def read_opt_out(self, token: str) -> Opting:
        """Who wants no more. Raises BadToken."""
        match self._read("opt-out", token):
            case [str(subscriber_id), "mail" | "webhook" | "slack" as channel]:
                return Opting(subscriber_id, channel)
        raise BadToken("the link is not complete: copy all of it")

    def read_action(self, token: str) -> Action:
        """What is to be confirmed. Raises BadToken."""
        match self._read("action", token):
            case [str(action), str(allegation_id), str(subscriber_id), int(at)] if action in ACTIONS:
                made_at = datetime.fromtimestamp(at, self._clock.now().tzinfo)
                if self._clock.now() - made_at > timedelta(days=ACTION_DAYS):
                    raise BadToken(f"the link is more than {ACTION_DAYS} days old: find the allegation in the list")
                return Action(action, allegation_id, subscriber_id, made_at)
        raise BadToken("the link is not complete: copy all of it")

    def form_token(self, user: str) -> str:
        """What a form of the page carries, so that no other site can send it in a user's name."""
        return self._written("form", [user, int(self._clock.now().timestamp())])

    def check_form(self, user: str, token: str) -> None:
        """Raises BadToken unless the form was made for this user, within a day."""
        match self._read("form", token):
            case [str(whose), int(at)] if whose == user and abs(self._clock.now().timestamp() - at) <= 86_400:
                return
        raise BadToken("the form is too old or not yours: open the page again")

    def _written(self, purpose: str, told: list[Any]) -> str:
        return str(URLSafeSerializer(self._key, salt=f"sanctions-watch {purpose}").dumps(told))

    def _read(self, purpose: str, token: str) -> Any:
        try:
            return URLSafeSerializer(self._key, salt=f"sanctions-watch {purpose}").loads(token[:2000])
        except (BadSignature, ValueError, RecursionError):
            raise BadToken("the link is not complete, or not ours: copy all of it") from None

    def _address(self, path: str) -> str:
        return f"{self._page_url}{_PAGE}/{quote(path, safe='?=&-_.')}"
