"""Addresses: one spelling for each, and the host that it is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from gouji.collect.rules import Rules

LONGEST_ADDRESS = 1_000  # characters
MOST_REPEATS = 3  # of one folder in a path: relative links that lead deeper for ever
_PORTS = {"http": 80, "https": 443}
_SESSION_IN_PATH = re.compile(r";[a-z]*session[a-z]*=[^/?#]*", re.IGNORECASE)


def host_of(address: str) -> str:
    """The host, with its port if it is not the usual one; nothing where there is none."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def folder_of(address: str) -> str:
    """The host and folder that an address lies in."""
    return f"{host_of(address)}{urlsplit(address).path.rpartition('/')[0]}/"


def canonical(address: str, rules: Rules, *, base: str = "", encoding: str = "utf-8") -> str:
    """The one spelling of a web address: absolute, without fragment and marks of a visit.

    Empty for what is no web address, or one that no document has.
    """
    try:
        absolute = urljoin(base, address.strip()) if base else address.strip()
        safe = safe_url_string(absolute, encoding=encoding)
        parts = urlsplit(safe)
    except (ValueError, UnicodeError):
        return ""
    host = host_of(safe)
    if parts.scheme not in _PORTS or not host or parts.username or len(absolute) > LONGEST_ADDRESS:
        return ""
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    folders = [part for part in path.split("/")[:-1] if part]
    if any(folders.count(part) > MOST_REPEATS for part in set(folders)):
        return ""
    fields = (field for field in parts.query.split("&") if not rules.is_of_a_visit(field))
    return urlunsplit((parts.scheme, host, path, "&".join(fields), ""))
