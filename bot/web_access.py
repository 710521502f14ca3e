"""Who may see the numbers: who sends the admin token, or this machine where no proxy stands between.

A proxy on this machine speaks from a loopback address for people anywhere, so a header that proxies add takes that
right away. Not its job: answering (`web`).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

#: Proxies, load balancers and tunnels say by these for whom they ask.
FORWARDED = frozenset(
    {
        "cdn-loop", "cf-connecting-ip", "cf-ray", "client-ip", "fastly-client-ip", "fly-client-ip", "forwarded",
        "forwarded-for", "true-client-ip", "via", "x-client-ip", "x-cluster-client-ip", "x-envoy-external-address",
        "x-original-host", "x-original-url", "x-proxyuser-ip", "x-real-ip", "x-rewrite-url", "x-scheme",
        "x-url-scheme",
    }
)  # fmt: skip
#: X-Forwarded-For, -Host, -Proto and their like.
FORWARDED_PREFIX = "x-forwarded"


def may_see_numbers(host: str, headers: Mapping[str, str], admin_token: str) -> bool:
    """`host` is the address that asks; names of headers are in small letters; an empty token lets nobody in."""
    return _knows(headers.get("authorization", ""), admin_token) or (_is_here(host) and not _is_forwarded(headers))


def _knows(given: str, admin_token: str) -> bool:
    scheme, _, token = given.partition(" ")
    if not admin_token or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(token.strip().encode("utf-8", "replace"), admin_token.encode())


def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _is_forwarded(headers: Mapping[str, str]) -> bool:
    names = [name.lower() for name in headers]
    return any(name in FORWARDED or name.startswith(FORWARDED_PREFIX) for name in names)
