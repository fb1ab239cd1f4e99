"""What the plugins of a store are and do, as data: for the command line and the back office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storegen.hookspecs import HOOKS
from storegen.plugins.live import LiveSettings

if TYPE_CHECKING:
    from storegen.plugins.breaker import Fault
    from storegen.plugins.host import PluginHost


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginReport:
    """One plugin at work. ``settings_left_out``: owner's settings that do not fit any more;
    ``faults``: of the last five minutes."""

    name: str
    version: str
    title: dict[str, str]
    origin: str
    hooks: tuple[str, ...]
    slots: tuple[str, ...]
    events: tuple[str, ...]
    jobs: tuple[str, ...]
    tables: tuple[str, ...]
    settings_left_out: tuple[str, ...]
    faults: tuple[Fault, ...]


def report(host: PluginHost) -> tuple[PluginReport, ...]:
    """Every plugin, in the order in which they are called."""
    faults = host.faults()
    return tuple(
        PluginReport(
            name=plugin.manifest.name,
            version=plugin.manifest.version,
            title=dict(plugin.manifest.title),
            origin=plugin.origin,
            hooks=tuple(hook for hook in HOOKS if plugin.manifest.name in host.implementing(hook)),
            slots=tuple(dict.fromkeys(piece.slot for piece in plugin.manifest.slots)),
            events=plugin.manifest.events,
            jobs=tuple(job.name for job in plugin.manifest.jobs),
            tables=tuple(sorted(plugin.manifest.tables.tables))
            if plugin.manifest.tables is not None
            else (),
            settings_left_out=plugin.setup.settings.left_out
            if isinstance(plugin.setup.settings, LiveSettings)
            else (),
            faults=tuple(one for one in faults if one.plugin == plugin.manifest.name),
        )
        for plugin in host.plugins
    )


def answering(host: PluginHost) -> dict[str, tuple[str, ...]]:
    """Hook → who answers it, in order; hooks that nobody answers are left out."""
    return {hook: names for hook in HOOKS if (names := host.implementing(hook))}
