"""Fetch one page of the web without being led astray.

In:  an http or https address.
Out: the body with its type and final address; SourceError says why there is none.
Every hop is resolved here, all its addresses are checked, and the connection goes to the address that was checked,
so that neither a redirect nor a second look-up can lead into a private network.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from tocsin.acquire.kinds import media_type
from tocsin.acquire.options import Options
from tocsin.acquire.streams import too_large
from tocsin.errors import SourceError

MAX_HOPS = 5
AGENT = "Mozilla/5.0 (compatible; tocsin; news report reader)"
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    url: str
    kind: str  # media type: "text/html"; "" if the server names none
    charset: str | None
    etag: str | None = None
    last_modified: str | None = None
    cut: str | None = None  # why it is not whole, if it was asked for as far as it comes
    unchanged: bool = False  # 304: as it was when `etag` or `last_modified` were given out


@dataclass(frozen=True, slots=True)
class Ask:
    """How to ask. `visit` is called with the address of every hop and may wait, or refuse by raising SourceError."""

    headers: Mapping[str, str] = field(default_factory=dict)
    visit: Callable[[str], None] = lambda url: None
    keep_part: bool = False  # a body that breaks off is given as far as it came


class Away(SourceError):
    """No answer now; there may be one later, after `again_s` seconds if the server says so."""

    def __init__(self, message: str, again_s: float | None = None) -> None:
        super().__init__(message)
        self.again_s = again_s


class Answered(SourceError):
    """The server says no. `status`: its code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, as the system gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def fetch(
    url: str,
    options: Options,
    *,
    resolve: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
    ask: Ask | None = None,
) -> Page:
    """The page at an address, redirects followed. SourceError; Away where another try later makes sense."""
    ask = ask or Ask()
    deadline = time.monotonic() + options.timeout_s
    try:
        with httpx.Client(transport=transport, timeout=options.timeout_s, trust_env=False) as client:
            for _ in range(MAX_HOPS + 1):
                ask.visit(url)
                answer = _one_hop(client, url, options, resolve, deadline, ask)
                if isinstance(answer, Page):
                    return answer
                url = answer
    except httpx.TimeoutException as error:
        raise Away(f"no answer within {options.timeout_s:g} s; try later, or save the page as a file") from error
    except httpx.TransportError as error:
        raise Away(f"the page does not answer ({error or type(error).__name__}); check the address") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise SourceError(f"the page does not answer ({error or type(error).__name__}); check the address") from error
    raise SourceError(f"redirected more than {MAX_HOPS} times; open it in a browser and save the page")


def _one_hop(
    client: httpx.Client, url: str, options: Options, resolve: Resolve, deadline: float, ask: Ask
) -> Page | str:
    """The page, or the address it redirects to."""
    target = httpx.URL(url)
    address = _checked_address(target, options, resolve)
    request = client.build_request(
        "GET",
        target.copy_with(host=address),
        headers={**ask.headers, "Host": target.netloc.decode("ascii"), "User-Agent": AGENT, "Accept-Encoding": "gzip"},
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )
    response = client.send(request, stream=True, follow_redirects=False)
    try:
        if response.is_redirect and "location" in response.headers:
            return str(target.join(response.headers["location"]))
        if response.status_code not in (200, 304) or (response.status_code == 304 and not ask.headers):
            raise _refusal(response)
        etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
        if response.status_code == 304:
            return Page(b"", url, "", None, etag, modified, unchanged=True)
        body, cut = _as_far_as_it_came(_body(response, options, deadline), ask.keep_part)
        return Page(body, url, *media_type(response.headers.get("content-type")), etag, modified, cut)
    finally:
        response.close()


def _refusal(response: httpx.Response) -> SourceError:
    status = response.status_code
    said = f"the server answered {status} {response.reason_phrase}"
    if status in (408, 425, 429) or status >= 500:
        return Away(f"{said}; try later", _seconds(response.headers.get("retry-after")))
    return Answered(f"{said}; check the address", status)


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header, which is a number of seconds or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _as_far_as_it_came(pieces: Iterator[bytes], keep_part: bool) -> tuple[bytes, str | None]:
    """The body, and why it breaks off."""
    came: list[bytes] = []
    try:
        came.extend(pieces)
    except (httpx.TransportError, SourceError) as error:
        if not (keep_part and came):
            raise
        return b"".join(came), str(error) or type(error).__name__
    return b"".join(came), None


def _checked_address(target: httpx.URL, options: Options, resolve: Resolve) -> str:
    """The address to connect to, after all addresses of the host were looked at."""
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(f"the address {str(target)!r:.80} is not http or https")
    if target.userinfo:
        raise SourceError("the address carries a user name or password; leave them out")
    try:
        addresses = resolve(target.host, target.port or (443 if target.scheme == "https" else 80))
    except (OSError, UnicodeError) as error:
        raise SourceError(f"the host {target.host!r:.80} is not known; check the address and the network") from error
    private = [address for address in addresses if not is_public(address)]
    if private and not options.allow_private:
        raise SourceError(f"{target.host} is the private address {private[0]}; allow it with --allow-private")
    if not addresses:
        raise SourceError(f"the host {target.host!r:.80} has no address")
    return addresses[0]


def is_public(address: str) -> bool:
    """An address of the open internet, also where it is wrapped in an IPv6 one."""
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    inner = _inner(found) if isinstance(found, ipaddress.IPv6Address) else None
    if inner is not None and not is_public(str(inner)):
        return False
    if inner is not None and isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return True
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if found.teredo:
        return found.teredo[1]
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


def _body(response: httpx.Response, options: Options, deadline: float) -> Iterator[bytes]:
    """The body in pieces, unpacked by us so that neither its size nor its time can run away."""
    size = 0
    for piece in _unpacked(response, options.max_bytes + 1):
        size += len(piece)
        if size > options.max_bytes:
            raise SourceError(too_large(options.max_bytes))
        if time.monotonic() > deadline:
            raise SourceError(f"the page takes over {options.timeout_s:g} s; try later, or save it as a file")
        yield piece


def _unpacked(response: httpx.Response, limit: int) -> Iterator[bytes]:
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding == "identity":
        yield from response.iter_raw()
        return
    if coding not in ("gzip", "x-gzip"):
        raise SourceError(f"the page is packed as {coding!r:.40}, which was not asked for; save it as a file")
    gzip = zlib.decompressobj(wbits=31)
    try:
        for piece in response.iter_raw():
            yield gzip.decompress(piece, limit)
    except zlib.error as error:
        raise SourceError("the packed page is damaged; try again") from error
