"""Addresses of the web: one form for one page, whatever tracking was hung on it. Standard library only."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_URL = 2_000
_REMEMBERED = 4_096  # each address is looked at several times on its way, and within moments
_CONTROL = re.compile(r"[\x00-\x20\x7f]+")
_UNSAFE = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
_AMP_PATH = re.compile(r"(?<=.)(?:/amp|\.amp)(?=/?\Z|\.html?\Z)", re.IGNORECASE)
_AMP_FOLDER = re.compile(r"\A/amp(?=/.)", re.IGNORECASE)
# Copies that search engines keep: https://www.google.com/amp/s/HOST/PATH, https://HOST-WITH-DASHES.cdn.ampproject.org/c/s/HOST/PATH.
_AMP_COPY = re.compile(
    r"\Ahttps?://(?:(?:www\.)?google\.[a-z.]{2,6}/amp|(?:[\w-]+\.)?cdn\.ampproject\.org/[cv])/(s/)?(?=[\w-]+\.)", re.IGNORECASE
)
_HOST_PREFIX = re.compile(r"\A(?:www\d?|m|mobile|amp|en-m)\.(?=[^.]+\.)")
_PORTS = {"http": 80, "https": 443}
# What campaigns, newsletters and feeds hang on an address; none of them chooses the page.
_TRACKING = frozenset(
    {
        "_ga",
        "_hsenc",
        "_hsmi",
        "amp",
        "at_bbc_team",
        "at_campaign",
        "at_custom1",
        "at_custom2",
        "at_custom3",
        "at_custom4",
        "at_link_id",
        "at_link_origin",
        "at_link_type",
        "at_medium",
        "at_ptr_name",
        "cmp",
        "cmpid",
        "dclid",
        "emc",
        "fbclid",
        "feedtype",
        "ftag",
        "gbraid",
        "gclid",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "icid",
        "igshid",
        "input",
        "int_cid",
        "mc_cid",
        "mc_eid",
        "mibextid",
        "mkt_tok",
        "mod",
        "msclkid",
        "ncid",
        "ns_campaign",
        "ns_fee",
        "ns_linkname",
        "ns_mchannel",
        "ns_source",
        "ocid",
        "outputtype",
        "partner",
        "ref_src",
        "ref_url",
        "rss",
        "s_cid",
        "sfnsn",
        "share",
        "smid",
        "smtyp",
        "spm",
        "sr_share",
        "taid",
        "traffic_source",
        "tse_id",
        "twclid",
        "ur3",
        "wbraid",
        "wtrid",
        "xtor",
        "yclid",
    },
)


@lru_cache(maxsize=_REMEMBERED)
def canonical_url(url: str) -> str:
    """One form for one address: lower-case scheme and host, no default port, fragment, tracking or AMP mark; "" for what is no web address.

    The scheme and the host's ``www.`` or ``m.`` stay, for the address must still open; ``url_key`` drops them too.
    """
    text = _CONTROL.sub("", url)[: MAX_URL + 1]
    text = _AMP_COPY.sub(lambda copy: "https://" if copy[1] else "http://", text)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or len(text) > MAX_URL:
        return ""
    host = f"[{host}]" if ":" in host else host.rstrip(".")
    where = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    path = _AMP_PATH.sub("", parts.path) or "/"
    query = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part.partition("=")[0]))
    return _UNSAFE.sub(lambda match: quote(match[0], errors="replace"), urlunsplit((scheme, where, path, query, "")))


@lru_cache(maxsize=_REMEMBERED)
def url_key(url: str) -> str:
    """What two addresses of one page have in common: the canonical form without scheme, ``www.`` or ``m.``, AMP folder, closing slash and order of parameters."""
    canonical = canonical_url(url)
    if not canonical:
        return ""
    parts = urlsplit(canonical)
    query = "&".join(sorted(part for part in parts.query.split("&") if part))
    path = _AMP_FOLDER.sub("", parts.path).rstrip("/")
    return f"{_HOST_PREFIX.sub('', parts.netloc)}{path}{'?' if query else ''}{query}"


def site_of(url: str) -> str:
    """The host without ``www.``, ``m.`` and the like; "" for what is no web address."""
    canonical = canonical_url(url)
    return _HOST_PREFIX.sub("", urlsplit(canonical).netloc) if canonical else ""


@lru_cache(maxsize=_REMEMBERED)
def absolute_url(base: str, link: str) -> str:
    """``link`` as seen from ``base``; "" where that is no web address."""
    try:
        joined = urljoin(base, _CONTROL.sub("", link))
    except ValueError:
        return ""
    return joined if canonical_url(joined) else ""


def _is_tracking(key: str) -> bool:
    lowered = key.lower()
    return lowered in _TRACKING or lowered.startswith(("utm_", "hsa_", "pk_", "mtm_"))
