"""Webhooks and Slack: the deployment's file of channels, and the adapter that posts to them.

    channels:
      case-system: {kind: webhook, url: https://cases.example.org/hooks/sanctions, secret: whsec_…}
      desk:        {kind: slack, url: https://hooks.slack.com/services/…}

The file holds secrets: keep it readable by the deployment alone. Subscribers name a channel, and never see its address.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from sanctions_watch.errors import ConfigurationError, DeliveryError
from sanctions_watch.ports import Clock
from sanctions_watch.records import Post

TIMEOUT = 20.0  # seconds
_KINDS = ("webhook", "slack")
_LATER = frozenset({408, 425, 429})
_SECRET = "whsec_"  # noqa: S105 - the prefix, by the Standard Webhooks specification
_LEAST_SECRET = 24  # bytes, by the same


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """Where a channel's messages go, and the key they are signed with (webhooks alone)."""

    kind: str
    url: str
    key: bytes = b""

    def __repr__(self) -> str:
        """Without the address, which lets anybody post, and the key."""
        return f"ChannelAddress({self.kind} at {urlsplit(self.url).hostname})"


def read_channels(path: Path) -> dict[str, ChannelAddress]:
    """The channels of a file. Raises ConfigurationError with every problem at once; it repeats no address and no secret."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ConfigurationError([f"{path} cannot be read as YAML: {type(error).__name__}"]) from None
    rows = content.get("channels") if isinstance(content, Mapping) else None
    if not isinstance(rows, Mapping):
        raise ConfigurationError([f"{path}: a mapping named 'channels' is needed at the top"])
    problems: list[str] = []
    found = {str(name): _channel(f"{path}: channel {name}", row, problems) for name, row in rows.items()}
    if problems:
        raise ConfigurationError(problems)
    return found


def _channel(where: str, row: Any, problems: list[str]) -> ChannelAddress:
    if not isinstance(row, Mapping):
        problems.append(f"{where} is no mapping of kind, url and secret")
        return ChannelAddress("", "")
    problems += [f"{where}: unknown field {name!r}" for name in row if name not in ("kind", "url", "secret")]
    kind, url, secret = (row.get(name, "") for name in ("kind", "url", "secret"))
    if kind not in _KINDS:
        problems.append(f"{where}: kind is webhook or slack")
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or (parts.scheme != "https" and not (is_here and parts.scheme == "http")):
        problems.append(f"{where}: url is no address of the form https://…")
    if kind == "slack":
        if secret:
            problems.append(f"{where}: Slack's address is its secret: leave secret out")
        return ChannelAddress("slack", str(url))
    return ChannelAddress(str(kind), str(url), _key(where, secret, problems))


def _key(where: str, secret: Any, problems: list[str]) -> bytes:
    try:
        key = base64.b64decode(str(secret).removeprefix(_SECRET), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < _LEAST_SECRET:
        problems.append(
            f"{where}: secret is {_SECRET} and at least {_LEAST_SECRET} random bytes in base64: the receiver knows us by it"
        )
    return key


class ChannelMessenger:
    """Posts messages to the channels of a deployment; one connection a message, no redirects."""

    def __init__(self, channels: Mapping[str, ChannelAddress], clock: Clock, timeout: float = TIMEOUT) -> None:
        self._channels = channels
        self._clock = clock
        self._timeout = timeout

    def deliver(self, post: Post) -> None:
        """Returns when the receiver has accepted it. Raises DeliveryError otherwise."""
        channel = self._channels.get(post.address)
        if channel is None or channel.kind != post.channel:
            raise DeliveryError(
                f"there is no {post.channel} named {post.address}: add it to the file of channels", is_retryable=True
            )
        body = post.body.encode()
        headers = {
            "content-type": post.content_type,
            "user-agent": "sanctions-watch",
            **self._signed(channel, post.message_id, body),
        }
        where = urlsplit(channel.url).hostname
        try:
            with httpx.Client(timeout=self._timeout, trust_env=False) as client:
                answer = client.post(channel.url, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeliveryError(f"no connection to {where}: {type(error).__name__}", is_retryable=True) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DeliveryError(f"{where} gave no answer: {type(error).__name__}", is_uncertain=True) from None
        if answer.status_code in _LATER or answer.status_code >= 500:
            raise DeliveryError(f"{where} answered {answer.status_code}", is_retryable=True)
        if not answer.is_success:
            raise DeliveryError(f"{where} answered {answer.status_code}: it will not take this")

    def _signed(self, channel: ChannelAddress, message_id: str, body: bytes) -> dict[str, str]:
        """The headers of the Standard Webhooks specification (https://www.standardwebhooks.com)."""
        if channel.kind != "webhook":
            return {}
        at = str(int(self._clock.now().timestamp()))
        signature = hmac.new(channel.key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        }
