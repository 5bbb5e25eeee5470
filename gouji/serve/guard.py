"""What every request must be, and what every answer says of itself.

The server has no secrets, and no request writes, so what is to be kept out is other sites: a page
of theirs, open in the reader's browser, must not reach a server on the reader's own machine (by a
name that leads to it, which the header `Host` shows), nor read or frame its answers.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gouji.site.page import SERVED_POLICY

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only where somebody asks for it
METHODS = ("GET", "HEAD")
MOST_SIGNS_OF_ADDRESS = 20_000
HEADERS = {
    "content-security-policy": f"{SERVED_POLICY}; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


class Guard:
    """Lets requests through that come to one of our names and from no other site."""

    def __init__(self, app: ASGIApp, names: Iterable[str], *, is_open: bool) -> None:
        """Guard an application.

        Args:
            app: what is guarded.
            names: the names, in small letters, by which it may be asked.
            is_open: whether it is asked by any address of the machine, too; never by another name.
        """
        self.app = app
        self.names = frozenset(names)
        self.is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal:
            status, problem = refusal
            close = {"connection": "close"}
            answer = PlainTextResponse(f"{problem}\n", status_code=status, headers=close)
            await answer(scope, receive, with_headers)
        else:
            await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return 421, "This server is not called so."
        origins = headers.getlist("origin")
        if _is_of_a_part(headers) or any(_place(one) != hosts[0].lower() for one in origins):
            return 403, "Other sites cannot ask this server."
        if scope["method"] not in METHODS:
            return 405, "This server only reads: GET or HEAD."
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            return 413, "This server takes no body."
        if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_SIGNS_OF_ADDRESS:
            return 414, "The address is too long."
        return None

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        if name is None:
            return False
        return name in self.names or (self.is_open and _is_address(name))


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _is_of_a_part(headers: Headers) -> bool:
    """Whether another site asks for a part of a page of its own, such as an image or a script.

    A browser sends no `Origin` with that. A link to us, which is followed, is let through.
    """
    is_foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return is_foreign and headers.get("sec-fetch-mode") != "navigate"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def names_at(host: str, further: Iterable[str]) -> frozenset[str]:
    """Give the names, in small letters, by which a server may be asked that listens at an address.

    Args:
        host: the address; at a loopback address, and at all of them, it has this machine's names.
        further: the names that it was given.
    """
    host = host.lower()
    is_here = host in LOOPBACK | EVERY_ADDRESS or (
        _is_address(host) and ipaddress.ip_address(host).is_loopback
    )
    known = LOOPBACK if is_here else frozenset()
    return known | {host} | {name.lower() for name in further}
