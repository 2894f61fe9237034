"""Archives made for the tests, byte by byte where the standard is broken on purpose."""

import gzip
from datetime import UTC, datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sanctions_watch.clock import FixedClock

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CLOCK = FixedClock(NOW)
CAPTURED = "2018-08-09T07:00:00Z"


def page(number, words="coal"):
    return (
        f"<html><head><title>Report {number}</title></head><body><article><h1>Report {number} on {words}</h1>"
        f"<p>Customs officers told reporters on Tuesday that cargo number {number} had been weighed twice before it left the pier.</p>"
        f"<p>A second paragraph gives the tonnage of cargo {number} and names the broker who signed for it.</p></article></body></html>"
    ).encode()


def warc(*records, is_gzip=True):
    """Each record: (kind, url, body, headers of http or None, more warc headers)."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=is_gzip)
    for kind, url, body, http, more in records:
        headers = None if http is None else StatusAndHeaders(http[0], http[1], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, kind, payload=BytesIO(body), http_headers=headers, warc_headers_dict={"WARC-Date": CAPTURED, **more}
        )
        writer.write_record(record)
    return out.getvalue()


def response(number, body=None, status="200 OK", content_type="text/html; charset=utf-8", **headers):
    told = [("Content-Type", content_type), *((name.replace("_", "-"), value) for name, value in headers.items())]
    return ("response", f"http://news.example/{number}", page(number) if body is None else body, (status, told), {})


def bare(kind, url, block, *, content_type="application/http; msgtype=response"):
    """A record as bytes, whatever its block holds."""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {CAPTURED}\r\nContent-Type: {content_type}\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def packed(*members):
    return b"".join(gzip.compress(member) for member in members)
