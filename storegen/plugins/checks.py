"""Boot checks of what a manifest names: slots, events, tables, permissions, files at the root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import MetaData

from storegen.errors import PluginProblem
from storegen.plugins.discovery import did_you_mean
from storegen.plugins.manifest import NAME, Manifest
from storegen.values.events import EVENTS
from storegen.values.plugin import PluginJob, SlotPiece
from storegen.values.slots import SLOTS

_ASK_THE_AUTHOR = "Update the plugin, or take it out of [plugins] in store.toml."


def check_manifests(manifests: Mapping[str, Manifest], folders: Mapping[str, Path | None]) -> None:
    """``manifests``: every listed plugin's; ``folders``: where its package lies. Raises
    `PluginProblem` with the nearest valid name."""
    events = {*EVENTS, *own_events(manifests.values())}
    for name, manifest in manifests.items():
        _check_slots(manifest)
        _check_jobs(manifest)
        for event in manifest.events:
            if event not in events and not _of_absent(event, manifest, manifests):
                raise PluginProblem(
                    f"Plugin `{name}` listens to `{event}`, which nobody tells.",
                    f"{did_you_mean(event, events)}{_ASK_THE_AUTHOR}",
                )
        for permission in manifest.permissions:
            if not permission.startswith(f"{name}."):
                raise PluginProblem(
                    f"Plugin `{name}` brings a permission `{permission}` that is not its own.",
                    f"Call it `{name}.{permission.rpartition('.')[2]}`.",
                )
        _check_tables(manifest, folders[name])


def own_events(manifests: Iterable[Manifest]) -> tuple[str, ...]:
    """``<plugin>.<name>`` of all events that plugins announce."""
    return tuple(f"{one.name}.{event}" for one in manifests for event in one.emits)


def listeners(manifests: Iterable[Manifest], hearing: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Event → the plugins that listen, in order; ``hearing`` answer `on_event`. Raises
    `PluginProblem`."""
    found: dict[str, tuple[str, ...]] = {}
    for manifest in manifests:
        name = manifest.name
        if manifest.events and name not in hearing:
            raise PluginProblem(
                f"Plugin `{name}` listens to events but does not answer `on_event`.",
                _ASK_THE_AUTHOR,
            )
        for event in dict.fromkeys(manifest.events):
            found[event] = (*found.get(event, ()), name)
    return found


def _of_absent(event: str, manifest: Manifest, listed: Mapping[str, Manifest]) -> bool:
    """An event of a plugin that this one only comes `after`, and that the shop does not use."""
    plugin = event.partition(".")[0]
    return plugin in manifest.after and plugin not in listed


def _check_slots(manifest: Manifest) -> None:
    for piece in manifest.slots:
        if not isinstance(piece, SlotPiece):
            raise PluginProblem(
                f"Plugin `{manifest.name}` has a {type(piece).__name__} among its slots.",
                _ASK_THE_AUTHOR,
            )
        if piece.slot not in SLOTS:
            raise PluginProblem(
                f"Plugin `{manifest.name}` fills a slot `{piece.slot}`, which no page has.",
                f"{did_you_mean(piece.slot, SLOTS)}{_ASK_THE_AUTHOR}",
            )


def _check_jobs(manifest: Manifest) -> None:
    names = [job.name for job in manifest.jobs if isinstance(job, PluginJob)]
    if len(set(names)) != len(manifest.jobs):
        raise PluginProblem(
            f"Plugin `{manifest.name}` has two jobs of one name, or something that is no job.",
            _ASK_THE_AUTHOR,
        )
    for job in manifest.jobs:
        if NAME.fullmatch(job.name) is None or job.every < 1:
            raise PluginProblem(
                f"Plugin `{manifest.name}` has a bad job `{job.name}`: small letters, digits and "
                "single underscores, at most 40; every second at most.",
                _ASK_THE_AUTHOR,
            )


def _check_tables(manifest: Manifest, folder: Path | None) -> None:
    if manifest.tables is None:
        return
    name, prefix = manifest.name, f"p_{manifest.name}__"
    if not isinstance(manifest.tables, MetaData):
        raise PluginProblem(
            f"Plugin `{name}` has a {type(manifest.tables).__name__} as tables, not a MetaData.",
            _ASK_THE_AUTHOR,
        )
    for table in manifest.tables.tables:
        if not table.startswith(prefix):
            raise PluginProblem(
                f"Plugin `{name}` has a table `{table}` that is not its own.",
                f"Tables of `{name}` begin with `{prefix}`. {_ASK_THE_AUTHOR}",
            )
        if len(table) > 60:
            raise PluginProblem(
                f"Plugin `{name}` has a table `{table}`, whose name is too long for PostgreSQL.",
                "Use at most 60 characters.",
            )
    if folder is None:
        raise PluginProblem(
            f"Plugin `{name}` has tables but is a single file, so it has no place for migrations.",
            f"Make it a folder `{name}/` with `__init__.py`.",
        )
