"""Faults of plugins that every process of a store can see, for the one who mends them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from storegen.plugins.breaker import WINDOW, Fault

log = logging.getLogger("storegen.plugins")

_LARGEST = 256 * 1024
"""Bytes; then the file begins anew and the old one stays beside it once."""


class FaultLog:
    """A file of JSON lines in the store's ``var``: what only one worker saw is told by all.

    It holds what exceptions say, so it is the owner's alone (mode 0600).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, fault: Fault) -> None:
        """Never raises: a full disk must not make two failures of one."""
        line = json.dumps(
            {
                "at": fault.last_at.isoformat(),
                "plugin": fault.plugin,
                "hook": fault.hook,
                "reason": fault.reason,
                "open": fault.open,
            },
            ensure_ascii=False,
        )
        try:
            if self._path.exists() and self._path.stat().st_size > _LARGEST:
                os.replace(self._path, self._path.with_suffix(".old"))
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            handle = os.open(self._path, flags, 0o600)
            try:
                os.write(handle, f"{line}\n".encode("utf-8", "backslashreplace"))
            finally:
                os.close(handle)
        except OSError as error:
            log.warning("a plugin's fault cannot be written down: %s", error.strerror)

    def recent(self, now: datetime) -> tuple[Fault, ...]:
        """The faults of the last five minutes by plugin and hook; ``open`` if a process has opened
        its breaker on them."""
        found: dict[tuple[str, str], Fault] = {}
        for fault in self._read():
            if not now - WINDOW < fault.last_at <= now + WINDOW:
                continue
            key = (fault.plugin, fault.hook)
            before = found.get(key)
            count, was_open = (0, False) if before is None else (before.count, before.open)
            found[key] = Fault(*key, count + 1, fault.last_at, fault.reason, was_open or fault.open)
        return tuple(found[key] for key in sorted(found))

    def _read(self) -> Iterable[Fault]:
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except OSError:
            return
        for line in lines:
            try:
                said = json.loads(line)
                at = datetime.fromisoformat(said["at"])
                yield Fault(said["plugin"], said["hook"], 1, at, said["reason"], said["open"])
            except (ValueError, KeyError, TypeError):  # a process was killed while it wrote
                continue
