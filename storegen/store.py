"""A Store: a directory, its ``store.toml``, a database, media and plugins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Engine

from storegen import database
from storegen.clock import Clock, SystemClock
from storegen.config import StoreConfig, read_config
from storegen.counters import Counters
from storegen.errors import SetupError
from storegen.media.storage import LocalMedia
from storegen.migrate import CORE_STREAM, Stream, plugin_stream
from storegen.owner_settings import plugin_settings
from storegen.plugins import PluginHost, Source
from storegen.uow import UnitOfWork

T = TypeVar("T")
log = logging.getLogger(__name__)
OPENING = "store.toml"
"""The tag of what `storegen open` changes in ``store.toml``."""


class Store:
    """Everything of one shop hangs from here; nothing hangs from a module.

    A store may be shared by threads; processes share it through its files and database.
    """

    def __init__(
        self,
        root: Path,
        config: StoreConfig,
        *,
        clock: Clock | None = None,
        safe_mode: bool = False,
    ) -> None:
        self.root = root
        self._config = config
        self._config_seen: tuple[int, ...] = ()
        self.clock: Clock = clock or SystemClock()
        self.safe_mode = safe_mode
        self.cache: dict[str, tuple[tuple[int, ...], Any]] = {}

    @classmethod
    def open(cls, root: Path, *, clock: Clock | None = None, safe_mode: bool = False) -> Self:
        """Open the store in ``root``. Raises `NotAStore` or `BrokenConfig`."""
        root = root.resolve()
        return cls(root, read_config(root), clock=clock, safe_mode=safe_mode)

    @property
    def config(self) -> StoreConfig:
        """What ``store.toml`` says. How the shop stands to the public (mode, addresses, which
        plugins are listed) follows the file at once when `storegen open` raises its counter; the
        rest is as it was when this process began, since engine and plugins were made from it.
        """
        seen = self.counters.read((OPENING,))
        if seen != self._config_seen:
            self._config = self._read_opening(self._config)
            self._config_seen = seen
        return self._config

    @config.setter
    def config(self, config: StoreConfig) -> None:
        self._config_seen = self.counters.read((OPENING,))
        self._config = config

    def _read_opening(self, before: StoreConfig) -> StoreConfig:
        try:
            now = read_config(self.root)
        except SetupError as error:
            # Never the mailbox page by mistake: it shows everybody's codes to anybody.
            log.error("store.toml cannot be read any more, so the shop counts as live: %s", error)
            return replace(before, mode="live")
        return replace(
            before, mode=now.mode, base_url=now.base_url, hosts=now.hosts, plugins=now.plugins
        )

    @cached_property
    def engine(self) -> Engine:
        return database.make_engine(database.database_url(self.config.database, self.root))

    @cached_property
    def counters(self) -> Counters:
        return Counters(self.var / "cache.counters")

    @cached_property
    def media(self) -> LocalMedia:
        return LocalMedia(self.root / "media")

    @cached_property
    def plugins(self) -> PluginHost:
        """The checked host. Raises `PluginProblem` with the fix."""
        return self.make_host()

    def make_host(self, sources: Mapping[str, tuple[Source, ...]] | None = None) -> PluginHost:
        """A host for what ``store.toml`` lists; ``sources`` are the plugins that there are, by
        default all that are bundled, installed or in the store's folder."""
        return PluginHost(
            self.config.plugins,
            self.config.plugin_settings,
            root=self.root,
            base_url=self.config.base_url,
            locale=self.config.locale,
            currency=self.config.currency,
            clock=self.clock.now,
            sources=sources,
            safe_mode=self.safe_mode,
            owner=lambda: plugin_settings(self),
            faults=self.var / "plugin-faults.jsonl",
        )

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The core's line of migrations and those of the plugins. Raises `PluginProblem`."""
        return (
            CORE_STREAM,
            *(
                plugin_stream(plugin.manifest.name, plugin.manifest.tables, plugin.folder)
                for plugin in self.plugins.plugins
                if plugin.manifest.tables is not None and plugin.folder is not None
            ),
        )

    @property
    def var(self) -> Path:
        """Run-time files that a backup does not need."""
        folder = self.root / "var"
        folder.mkdir(exist_ok=True)
        return folder

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit that only reads: one consistent look at the data on SQLite."""
        with database.begin(self.engine, write=False) as connection:
            uow = UnitOfWork(self, connection, write=False)
            try:
                yield uow
            finally:
                uow.close()

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit that writes. Prefer `transact`, which also retries deadlocks."""
        with database.begin(self.engine, write=True) as connection:
            uow = UnitOfWork(self, connection, write=True)
            try:
                yield uow
                uow.flush()
            finally:
                uow.close()
        self._committed(uow)

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` in a write unit, whole again after a deadlock. Raises `Busy` when the
        database cannot serve it in time."""

        def attempt() -> T:
            with self.write() as uow:
                return work(uow)

        return database.with_retries(attempt)

    def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run ``work`` in a read unit."""

        def attempt() -> T:
            with self.read() as uow:
                return work(uow)

        return database.with_retries(attempt)

    def cached(self, key: str, tags: tuple[str, ...], make: Callable[[], T]) -> T:
        """`UnitOfWork.cached` for a value that ``make`` looks up in a unit of its own (the counters
        are read before that unit begins, so a rival's commit wins)."""
        seen = self.counters.read(tags)
        hit = self.cache.get(key)
        if hit is not None and hit[0] == seen:
            value: T = hit[1]
            return value
        value = make()
        self.cache[key] = (seen, value)
        return value

    def wake(self, job: str) -> None:
        """Tell the worker, whichever process it is, to look at ``job`` now. For after a commit;
        the worker's timers find the same work without it."""
        self.counters.bump([f"job:{job}"])

    def _committed(self, uow: UnitOfWork) -> None:
        if uow.tags:
            try:
                self.counters.bump(uow.tags)
            except OSError:  # disk full, say: pages are stale until their time to live ends
                log.exception("the page counters could not be raised; the commit stands")
        for action in uow.after_commit:
            try:
                action()
            except Exception:
                log.exception("an action after a commit failed; the commit stands")

    def close(self) -> None:
        if "plugins" in self.__dict__:
            self.plugins.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
