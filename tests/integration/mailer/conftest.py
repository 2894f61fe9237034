"""Real SMTP servers on 127.0.0.1 that behave as told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session, syntax
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "watch", "s3cret/+%pass"


@dataclass(slots=True)
class Behaviour:
    """What the server does; answers "" mean yes. ``received`` holds the messages it has accepted."""

    greeting: str = ""
    at_mail: str = ""
    at_rcpt: str = ""
    at_data: str = ""
    drop_at: str = ""  # MAIL, RCPT, DATA (before 354), MESSAGE (after the dot)
    accept_then_drop: bool = False
    hang_at: str = ""
    received: list[Envelope] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    async def reach(self, step: str, server: SMTP) -> None:
        """Note the step, and drop or hang there."""
        self.commands.append(step)
        if self.hang_at == step:
            await asyncio.sleep(30)
        if self.drop_at == step:
            server.transport.abort()


class Handler:
    """aiosmtpd's hooks."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        await self.behaviour.reach("MAIL", server)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.behaviour.at_mail or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        await self.behaviour.reach("RCPT", server)
        envelope.rcpt_tos.append(address)
        return self.behaviour.at_rcpt or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if not self.behaviour.at_data and (not self.behaviour.drop_at or self.behaviour.accept_then_drop):
            self.behaviour.received.append(envelope)
        await self.behaviour.reach("MESSAGE", server)
        return self.behaviour.at_data or "250 OK"


class Server(SMTP):
    """An SMTP server that may drop before it asks for the message."""

    behaviour: Behaviour

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if self.behaviour.drop_at == "DATA":
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Running(Controller):
    """aiosmtpd in a thread."""

    def __init__(self, behaviour: Behaviour, **options: Any) -> None:
        self._behaviour = behaviour
        super().__init__(Handler(behaviour), hostname="127.0.0.1", port=0, **options)

    def factory(self) -> SMTP:
        server = Server(self.handler, **self.SMTP_kwargs)
        server.behaviour = self._behaviour
        return server

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def _trigger_server(self) -> None:
        """Take the port that the system chose for the one that the base class tries."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts servers that stop with the test."""
    with ExitStack() as running:

        def start(behaviour: Behaviour, **options: Any) -> Running:
            controller = Running(behaviour, **options)
            controller.start()
            running.callback(controller.stop)
            return controller

        yield start


def authenticator(behaviour: Behaviour) -> Callable[..., AuthResult]:
    """Lets USER in with PASSWORD."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        behaviour.logins.append((data.login, data.password))
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))

    return check


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
