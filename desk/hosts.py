"""Under which names a desk is answered. Pure.

Any web page can give its own name the address of a desk, and then reads it with the browser of whoever looks at the page; the name
stands in the request. An address in numbers cannot be given away like that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address

from streams.settings import names_of

_HOST = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::[0-9]*)?")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(bound: str) -> bool:
    """Whether only this machine reaches what is served at `bound`."""
    try:
        return ip_address(bound).is_loopback
    except ValueError:
        return bound.casefold() == "localhost"


def answered(bound: str, names: str) -> Callable[[str], bool]:
    """Whether a request with this Host header is answered by a desk at `bound`: under `names` (as in MUSTER_DESK_NAMES), the address
    that it is served at, and localhost; and where others than this machine reach it, under any address in numbers."""
    known = {*_LOOPBACK, bound.casefold(), *names_of(names)}
    by_number = not is_loopback(bound)

    def is_answered(header: str) -> bool:
        name = _name_of(header)
        return bool(name) and (name in known or (by_number and _is_number(name)))

    return is_answered


def _name_of(header: str) -> str:
    """The name in a Host header, without port, brackets and the dot of the root, in lower case; "" where there is none."""
    found = _HOST.fullmatch(header)
    return (found[1] or found[2] or "").removesuffix(".").casefold() if found is not None else ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
