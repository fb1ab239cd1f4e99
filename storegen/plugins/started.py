"""Checks on what plugins bring when the store opens: channels, carriers, files at the root."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from storegen.errors import ChannelDown, MessageRefused, PluginProblem
from storegen.plugins.breaker import Breaker
from storegen.plugins.said import said
from storegen.values.carrier import Carrier
from storegen.values.message import MessageChannel, OutgoingMessage

log = logging.getLogger("storegen.plugins")

_CODE = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_KINDS = ("sms", "email")
_LARGEST_FILE = 64 * 1024
RESERVED = frozenset(
    {
        "account",
        "admin",
        "api",
        "assets",
        "brand.css",
        "cart",
        "checkout",
        "collections",
        "favicon.ico",
        "fragment",
        "healthz",
        "hooks",
        "mailbox",
        "manifest.webmanifest",
        "media",
        "orders",
        "pages",
        "pay",
        "products",
        "readyz",
        "robots.txt",
        "search",
        "sitemap.xml",
    }
)
"""First parts of paths that the core answers."""


class ContainedChannel:
    """A plugin's way to bring messages, whose defects stay its own: a defect counts as a channel
    that is down, so the message is tried again with growing pauses."""

    def __init__(self, plugin: str, inner: MessageChannel, breaker: Breaker) -> None:
        self.plugin = plugin
        self.kind: str = inner.kind
        self.code: str = inner.code
        self._inner = inner
        self._breaker = breaker

    def send(self, message: OutgoingMessage) -> None:
        if self._breaker.is_open(self.plugin, "message_channels"):
            raise ChannelDown(self.code, "breaker open")
        try:
            self._inner.send(message)
        except (ChannelDown, MessageRefused):
            raise
        except (Exception, SystemExit) as error:
            reason = said(error)
            self._breaker.fault(self.plugin, "message_channels", reason)
            # Without the traceback: an HTTP client's own says addresses and keys.
            log.error("plugin %s: %s.send failed: %s", self.plugin, self.code, type(error).__name__)
            raise ChannelDown(self.code, f"defect: {type(error).__name__}") from error


def channels(
    answers: Iterable[tuple[str, Iterable[MessageChannel]]], breaker: Breaker
) -> dict[str, ContainedChannel]:
    """Kind → the first channel of that kind. Raises `PluginProblem`."""
    found: dict[str, ContainedChannel] = {}
    codes: dict[str, str] = {}
    for plugin, brought in answers:
        for channel in brought:
            code, kind = getattr(channel, "code", None), getattr(channel, "kind", None)
            if not isinstance(code, str) or _CODE.fullmatch(code) is None:
                raise _wrong(plugin, "message_channels", f"a channel with the bad code {code!r}")
            if kind not in _KINDS or not callable(getattr(channel, "send", None)):
                raise _wrong(
                    plugin, "message_channels", f"`{code}`, which is no channel for sms or email"
                )
            if code in codes:
                raise _wrong(
                    plugin, "message_channels", f"`{code}`, which `{codes[code]}` brings already"
                )
            codes[code] = plugin
            found.setdefault(kind, ContainedChannel(plugin, channel, breaker))
    return found


def carriers(answers: Iterable[tuple[str, Iterable[Carrier]]]) -> dict[str, Carrier]:
    """Code → carrier, in the plugins' order. Raises `PluginProblem`."""
    found: dict[str, Carrier] = {}
    for plugin, brought in answers:
        for carrier in brought:
            if _CODE.fullmatch(carrier.code) is None:
                raise _wrong(plugin, "carriers", f"a carrier with the bad code {carrier.code!r}")
            if carrier.code in found:
                raise _wrong(plugin, "carriers", f"`{carrier.code}`, which is there already")
            if not carrier.titles.get("en"):
                raise _wrong(plugin, "carriers", f"`{carrier.code}` without an English title")
            url = carrier.tracking_url
            if url and (urlsplit(url).scheme != "https" or "{number}" not in url):
                raise _wrong(
                    plugin, "carriers", f"`{carrier.code}` with a tracking page that is no "
                    "https address with {number} in it"
                )  # fmt: skip
            found[carrier.code] = carrier
    return found


def root_files(answers: Iterable[tuple[str, Mapping[str, bytes]]]) -> dict[str, bytes]:
    """File name → content. Raises `PluginProblem`."""
    found: dict[str, bytes] = {}
    for plugin, files in answers:
        for name, content in files.items():
            if _FILE.fullmatch(name) is None:
                raise _wrong(plugin, "root_files", f"{name!r}, which is no plain file name")
            if name in RESERVED or name in found:
                raise _wrong(plugin, "root_files", f"`{name}`, which is answered already")
            if len(content) > _LARGEST_FILE:
                raise _wrong(plugin, "root_files", f"`{name}`, which is larger than 64 KiB")
            found[name] = content
    return found


def _wrong(plugin: str, hook: str, what: str) -> PluginProblem:
    return PluginProblem(
        f"Plugin `{plugin}`: {hook} returned {what}.",
        f"Take `{plugin}` out of [plugins] in store.toml, or update it.",
    )
