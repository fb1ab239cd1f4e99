"""What the host hands to a plugin, and what a plugin may ask the host to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC. Plugins never ask the machine for it."""

_EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSetup:
    """What one plugin knows of its store when it is set up.

    ``settings`` are this plugin's own, validated by its schema, defaults filled in, secrets
    resolved; they are left out of ``repr`` so that no log line carries a secret. They are live:
    what is read is what the owner says now, in every process. Hooks of the start are asked again
    after a change.
    """

    plugin: str
    settings: Mapping[str, Any] = field(repr=False)
    base_url: str
    """Public address of the shop, without a slash at the end."""
    locale: str
    """The store's main locale."""
    currency: str
    """The store's currency, ISO 4217."""
    clock: Clock
    data_dir: Path
    """A folder of the plugin's own inside the store. The plugin makes it when it needs it. It is
    in no backup, and goes when the plugin is purged: what must last belongs into tables."""
    http: Callable[[str], Any]
    """Base URL → an ``httpx.Client`` with short time-outs that follows no redirects and reads no
    proxy settings; it is safe to share between threads, and the host closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A program that `storegen serve` runs and supervises beside the shop.

    It must stop on SIGTERM. Secrets go into ``environment``: a command line is public to every
    user of the machine.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: _EMPTY, repr=False)
    url: str = ""
    """Where it listens, to be shown in the log; empty if nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginJob:
    """Timed work: ``work(uow)`` does what is due and returns how much that was, in a transaction
    of its own, at least every ``every`` seconds and never twice at once. Do a bounded part and
    return more than 0 to be called again at once."""

    name: str
    every: float
    work: Callable[[Any], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """What a piece of a page is drawn from.

    ``args`` are the slot's arguments (`storegen.values.slots`). ``uow`` only reads. ``customer_id``
    and ``session_id`` are None on public pages, which know nobody; a ``personal`` piece has them.
    """

    slot: str
    args: Mapping[str, Any]
    uow: Any
    setup: PluginSetup
    locale: str
    customer_id: int | None = None
    session_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPiece:
    """A piece of a page: ``load`` returns what ``template`` is rendered with, or None for no piece
    here. The template lies in ``templates/<plugin>/`` (``template`` is its name in there) and sees
    nothing but that, the names of `docs/reference/plugin-pages.md` and ``csrf``: the token for
    forms, empty on public pages, whose forms are told apart by where they come from.

    With ``personal`` a piece in a public page arrives afterwards, in the page's fragment request,
    for visitors who have a session, and may depend on the reader. ``tags`` names what a public
    piece depends on: whoever changes that calls ``uow.touch`` with the same tag. Where time alone
    changes it, ``load`` may give ``expires`` among its values: an aware time up to which the page
    may be kept. ``permission``: staff without it do not see the piece.
    """

    slot: str
    template: str
    load: Callable[[SlotView], Mapping[Any, Any] | None]
    order: int = 100
    personal: bool = False
    tags: tuple[str, ...] = ()
    permission: str = ""
