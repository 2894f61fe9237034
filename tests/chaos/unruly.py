"""An SMTP server on 127.0.0.1 that, by a seeded die, does to each conversation what real ones do on bad days, and remembers what it took."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

PATIENCE = 0.4  # seconds: how long the deliverer waits for an answer here
_HANG = 3 * PATIENCE
_DOWN = 0.2  # seconds that a server which died is away

STEPS = ("EHLO", "MAIL", "RCPT", "DATA", "MESSAGE", "ACCEPTED")  # what a conversation has come to

GOOD = "accepts"
DEEDS = {  # with their weights
    GOOD: 10,
    "refuses the recipient": 1,
    "refuses the message": 1,
    "later, at MAIL": 2,
    "later, at RCPT": 1,
    "later, after the message": 2,
    "hangs at MAIL": 1,
    "hangs before DATA": 1,
    "hangs after the message": 1,
    "hangs when it has accepted": 1,
    "drops before DATA": 2,
    "drops after the message": 2,
    "drops when it has accepted": 2,
    "dies when it has accepted": 1,
}


class _Conversation(SMTP):
    """One connection and what is done to it."""

    deed = GOOD

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        owner = self.event_handler
        owner.step("DATA")
        if self.deed == "drops before DATA":
            self.transport.abort()
            return
        if self.deed == "hangs before DATA":
            await self._hang()
            return
        await super().smtp_DATA(arg)

    async def _hang(self) -> None:
        await asyncio.sleep(_HANG)
        if self.transport is not None:
            self.transport.abort()


class UnrulyServer:
    """``accepted`` are the Message-IDs it took, as often as it took them; ``refusals`` the numbered 5xx it gave.

    ``at_step`` is called in the server's thread with each step of a conversation; ``is_calm`` ends the unruliness.
    """

    def __init__(self, seed: int) -> None:
        self._die = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listening: asyncio.Server | None = None
        self.port = 0
        self.is_calm = False
        self.accepted: list[str] = []
        self.refusals: set[str] = set()
        self.deeds: Counter[str] = Counter()
        self.at_step: Callable[[str], None] = lambda _: None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def step(self, name: str) -> None:
        self.at_step(name)

    async def _listen(self) -> None:
        self._listening = await self._loop.create_server(self._conversation, "127.0.0.1", self.port, reuse_address=True)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._listening is not None:
            self._listening.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _die_for_a_while(self) -> None:
        if self._listening is not None:
            self._listening.close()
        self._loop.call_later(_DOWN, lambda: self._loop.create_task(self._listen()))

    def _conversation(self) -> _Conversation:
        made = _Conversation(self, loop=self._loop, ident="unruly", enable_SMTPUTF8=True)
        made.deed = GOOD if self.is_calm else self._die.choices(list(DEEDS), list(DEEDS.values()))[0]
        self.deeds[made.deed] += 1
        return made

    def _refusal(self, code: int) -> str:
        number = f"refusal-{len(self.refusals) + 1}."
        self.refusals.add(number)
        return f"{code} no: {number}"

    # -- aiosmtpd's hooks
    async def handle_EHLO(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.step("EHLO")
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.step("MAIL")
        if server.deed == "hangs at MAIL":
            await server._hang()
        if server.deed == "later, at MAIL":
            return "451 later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.step("RCPT")
        if server.deed == "refuses the recipient":
            return self._refusal(550)
        if server.deed == "later, at RCPT":
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: _Conversation, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.step("MESSAGE")
        deed = server.deed
        if deed == "refuses the message":
            return self._refusal(554)
        if deed == "later, after the message":
            return "452 later"
        if deed == "hangs after the message":
            await server._hang()
            return "451 too late"
        if deed == "drops after the message":
            server.transport.abort()
            return "451 gone"
        self._accept(envelope)
        self.step("ACCEPTED")
        if deed == "hangs when it has accepted":
            await server._hang()
        elif deed in ("drops when it has accepted", "dies when it has accepted"):
            server.transport.abort()
            if deed.startswith("dies"):
                self._die_for_a_while()
        return "250 OK"

    async def handle_exception(self, error: Exception) -> str:
        return f"451 {type(error).__name__}"

    def _accept(self, envelope: Envelope) -> None:
        content: Any = envelope.content
        self.accepted.append(str(BytesHeaderParser().parsebytes(content)["Message-ID"]))
