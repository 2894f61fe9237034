"""The network guard against every known way round it: a listening server on loopback that must never be asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.integration.fetcher.site import Site, running

from sanctions_watch.adapters.fetcher import HttpFetcher
from sanctions_watch.adapters.fetcher.guard import is_public
from sanctions_watch.clock import FixedClock
from sanctions_watch.records import FetchRequest

NOW = datetime(2024, 5, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


# {p} is the port of the listening server, which the setting allows: only the address itself can stop these.
BYPASSES = [
    # this machine by its names
    "http://localhost:{p}/", "http://LOCALHOST:{p}/", "http://localhost.:{p}/", "http://127.0.0.1:{p}/", "http://127.0.0.1.:{p}/",
    "http://127.1.2.3:{p}/", "http://127.255.255.254:{p}/", "http://0.0.0.0:{p}/", "https://127.0.0.1:{p}/",
    # odd notations of IPv4: dword, short, octal, hex, mixed, overflowing, padded
    "http://2130706433:{p}/", "http://127.1:{p}/", "http://127.0.1:{p}/", "http://0:{p}/", "http://0177.0.0.1:{p}/",
    "http://0177.0.0.01:{p}/", "http://017700000001:{p}/", "http://0x7f000001:{p}/", "http://0x7f.1:{p}/", "http://0x7f.0x0.0x0.0x1:{p}/",
    "http://0X7F.0.0.1:{p}/", "http://127.0x1:{p}/", "http://0x7f.0.01:{p}/", "http://4294967296:{p}/", "http://6425673729:{p}/",
    "http://127.0.0.1.1:{p}/", "http://127.0.0.257:{p}/", "http://00000127.0.0.1:{p}/", "http://127.000.000.001:{p}/", "http://0x:{p}/",
    "http://0177.1:{p}/", "http://0b1111111.0.0.1:{p}/",
    # IPv6: loopback in all its spellings, mapped, compatible, translated, tunnelled, scoped
    "http://[::1]:{p}/", "http://[0:0:0:0:0:0:0:1]:{p}/", "http://[0000::0001]:{p}/", "http://[::]:{p}/", "http://[::127.0.0.1]:{p}/",
    "http://[::ffff:127.0.0.1]:{p}/", "http://[::ffff:7f00:1]:{p}/", "http://[::FFFF:7F00:0001]:{p}/", "http://[::ffff:0:127.0.0.1]:{p}/",
    "http://[64:ff9b::127.0.0.1]:{p}/", "http://[64:ff9b:1::7f00:1]:{p}/", "http://[2002:7f00:1::]:{p}/", "http://[2002:a00:1::1]:{p}/",
    "http://[2001:0:7f00:1::]:{p}/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{p}/", "http://[fe80::1]:{p}/", "http://[fe80::1%25lo]:{p}/",
    "http://[fe80::1%lo]:{p}/", "http://[::1%25lo]:{p}/", "http://[fc00::1]:{p}/", "http://[fd00:ec2::254]:{p}/", "http://[fec0::1]:{p}/",
    "http://[ff02::1]:{p}/", "http://[2606:4700::5efe:7f00:1]:{p}/", "http://[2001:db8::1]:{p}/", "http://[100::1]:{p}/", "http://[v1.x]:{p}/",
    # the inner networks and the machines' own helpers in clouds
    "http://10.0.0.1:{p}/", "http://10.255.255.255:{p}/", "http://172.16.0.1:{p}/", "http://172.31.255.255:{p}/", "http://192.168.0.1:{p}/",
    "http://169.254.169.254:{p}/latest/meta-data/", "http://169.254.170.2:{p}/", "http://100.64.0.1:{p}/", "http://100.100.100.200:{p}/",
    "http://168.63.129.16:{p}/", "http://192.0.0.192:{p}/", "http://2852039166:{p}/", "http://0xa9fea9fe:{p}/", "http://0251.0376.0251.0376:{p}/",
    "http://[::ffff:169.254.169.254]:{p}/", "http://198.18.0.1:{p}/", "http://192.0.2.1:{p}/", "http://224.0.0.1:{p}/", "http://240.0.0.1:{p}/",
    "http://255.255.255.255:{p}/", "http://192.88.99.1:{p}/",
    # characters that turn into others: full width, circled, other dots, invisible ones, escapes
    "http://１２７.０.０.１:{p}/", "http://①②⑦.⓪.⓪.①:{p}/", "http://127。0。0。1:{p}/", "http://127．0．0．1:{p}/", "http://127｡0｡0｡1:{p}/",
    "http://ｌｏｃａｌｈｏｓｔ:{p}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{p}/", "http://localhost\u200b:{p}/", "http://127.0.0.1\u00ad:{p}/", "http://%31%32%37.0.0.1:{p}/",
    "http://127%2e0%2e0%2e1:{p}/", "http://localhost%00.example:{p}/", "http://0x7f。1:{p}/",
    # what parsers disagree about
    "http://user@127.0.0.1:{p}/", "http://user:secret@localhost:{p}/", "http://public.example@127.0.0.1:{p}/", "http://:@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}\\@public.example/", "http://public.example\\@127.0.0.1:{p}/", "http://127.0.0.1:{p}#@public.example/",
    "http://127.0.0.1:{p}?@public.example/", "http://public.example#@127.0.0.1:{p}/", "http://public.example:80@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/\r\nHost: public.example", "http://127.0.0.1:{p}/ HTTP/1.1\r\nX: y", "http://127.0.0.1\t:{p}/", "http://127.0.0.1\n:{p}/",
    " http://127.0.0.1:{p}/", "http:127.0.0.1:{p}/", "http:/127.0.0.1:{p}/", "http:///127.0.0.1:{p}/", "//127.0.0.1:{p}/", "http://:{p}/",
    "http://127.0.0.1:0{p}/", "http://[127.0.0.1]:{p}/", "http://[::1:{p}/", "http://::1:{p}/",
    # schemes that are not the web's
    "ftp://127.0.0.1:{p}/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:{p}/_x", "dict://127.0.0.1:{p}/", "ws://127.0.0.1:{p}/",
    "jar:http://127.0.0.1:{p}!/", "data:text/html,x", "javascript:alert(1)", "view-source:http://127.0.0.1:{p}/", "unix:///var/run/docker.sock", "HTTP+UNIX://%2Fvar/x", "",
]  # fmt: skip


def test_the_table_is_long_enough():
    assert len(set(BYPASSES)) >= 80


@pytest.mark.parametrize("written", BYPASSES)
def test_every_known_bypass(site, written):
    port = site.server_address[1]
    site.asked.clear()
    one = HttpFetcher(FixedClock(NOW), allowed_ports=[80, 443, port], resolver=resolver_of_the_system)
    [result] = one.fetch([FetchRequest(written.replace("{p}", str(port)), "feed")])
    assert (result.status, result.body, site.asked) == (0, b"", [])
    assert result.failure == "hard", result
    assert result.error
    assert "secret" not in result.error


async def resolver_of_the_system(host: str, port: int) -> list[str]:
    """What getaddrinfo makes of it without asking a name server: numbers in every notation, and this machine's own names."""
    if host.rstrip(".").lower() == "localhost":
        return ["127.0.0.1", "::1"]
    if host == "public.example":
        return ["10.0.0.7"]
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)]
    except OSError:
        return [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]


@pytest.mark.parametrize("written", [one for one in BYPASSES if one.startswith("http://") and "\r" not in one])
def test_every_known_bypass_by_way_of_a_redirect(site, written):
    """The first hop is a host of the deployment's own; where it leads is checked as if it had been asked for."""
    port = site.server_address[1]
    target = written.replace("{p}", str(port)).replace("127.0.0.1", "127.0.0.2")  # 127.0.0.1 itself is allowed here
    site.asked.clear()
    site.target = target
    one = HttpFetcher(
        FixedClock(NOW), allowed_hosts=[f"127.0.0.1:{port}"], allowed_ports=[80, 443, port], resolver=resolver_of_the_system
    )
    [result] = one.fetch([FetchRequest(site.url("/to"), "feed")])
    assert {headers["Host"] for _, headers in site.asked} == {f"127.0.0.1:{port}"}
    assert result.error
    assert result.body == b""


@pytest.mark.parametrize("port", [1, 21, 22, 25, 110, 443, 3306, 5432, 6379, 8080, 9200, 11211])
def test_ports_that_are_not_the_webs(port):
    async def resolver(host: str, _: int) -> list[str]:
        raise AssertionError("refused before a name is resolved")

    [result] = HttpFetcher(FixedClock(NOW), allowed_ports=[80], resolver=resolver).fetch(
        [FetchRequest(f"http://paper.example:{port}/", "feed")]
    )
    assert result.failure == "hard"
    assert "SANCTIONS_WATCH_ALLOWED_PORTS" in result.error


@pytest.mark.parametrize(
    ("allowed", "host"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("LocalHost", "localhost"), ("localhost", "LOCALHOST."), ("127.0.0.1", "127.0.0.1.")],
)  # fmt: skip
def test_the_allow_list_names_a_host_and_its_port(site, allowed, host):
    port = site.server_address[1]

    def body(names: list[str]) -> int:
        one = HttpFetcher(FixedClock(NOW), allowed_hosts=names, resolver=resolver_of_the_system)
        return one.fetch([FetchRequest(f"http://{host}:{port}/plain", "feed")])[0].status

    assert body([f"{allowed}:{port}"]) == 200
    assert body([f"{allowed}:{port + 1}"]) == 0
    assert body([f"x{allowed}:{port}"]) == 0


def test_a_name_with_several_inner_addresses_leads_nowhere(site):
    port = site.server_address[1]

    async def resolver(host: str, _: int) -> list[str]:
        return ["127.0.0.1", "10.1.1.1", "::1"]

    site.asked.clear()
    one = HttpFetcher(FixedClock(NOW), allowed_ports=[port], resolver=resolver)
    [result] = one.fetch([FetchRequest(f"http://rebinding.example:{port}/plain", "feed")])
    assert "not a public address" in result.error
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["münchen.example", "xn--mnchen-3ya.example", "북한.example", "новости.example", "例え.example", "paper.example."]
)
def test_names_in_other_scripts_are_no_disguise(site, host):
    port = site.server_address[1]
    asked: list[str] = []

    async def resolver(name: str, _: int) -> list[str]:
        asked.append(name)
        return ["10.0.0.7"]

    [result] = HttpFetcher(FixedClock(NOW), allowed_ports=[port], resolver=resolver).fetch(
        [FetchRequest(f"http://{host}:{port}/", "feed")]
    )
    assert "leads to 10.0.0.7" in result.error
    assert asked[0].isascii()


ADDRESSES = [
    ("8.8.8.8", True), ("1.1.1.1", True), ("172.15.255.255", True), ("172.32.0.1", True), ("100.63.255.255", True), ("100.128.0.1", True),
    ("2606:4700::1111", True), ("2a00:1450:4001::1", True), ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True), ("2002:808:808::1", True),
    ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
    ("0.0.0.0", False), ("0.1.2.3", False), ("224.0.0.1", False), ("239.255.255.250", False), ("255.255.255.255", False), ("240.0.0.1", False),
    ("192.0.0.8", False), ("192.0.2.7", False), ("198.18.0.1", False), ("198.51.100.2", False), ("203.0.113.9", False), ("192.88.99.1", False),
    ("168.63.129.16", False), ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False), ("fd12::1", False), ("fec0::1", False),
    ("ff02::1", False), ("::ffff:10.0.0.1", False), ("::ffff:0:10.0.0.1", False), ("::7f00:1", False), ("::8.8.8.8", False),
    ("2002:7f00:1::", False), ("2002:c0a8:101::1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False), ("64:ff9b:1::808:808", False),
    ("2001:0:7f00:1::", False), ("2001:10::1", False), ("2001:db8::1", False), ("3fff::1", False), ("5f00::1", False), ("100::1", False),
    ("2606:4700::5efe:a00:1", False), ("2606:4700::200:5efe:7f00:1", False), ("4000::1", False), ("no address", False), ("", False), ("127.1", False),
]  # fmt: skip


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_public_addresses(address, expected):
    assert is_public(address) is expected
