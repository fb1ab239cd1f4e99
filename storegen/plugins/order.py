"""The order in which plugins are set up and called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storegen.errors import PluginProblem
from storegen.plugins.discovery import did_you_mean
from storegen.plugins.manifest import Manifest


def in_order(manifests: Mapping[str, Manifest], listed: Sequence[str]) -> tuple[str, ...]:
    """Stable topological order of `requires` and `after`; ties keep the order of ``listed``.

    Raises `PluginProblem` for a requirement that is not listed and for a cycle.
    """
    for name in listed:
        for needed in manifests[name].requires:
            if needed not in manifests:
                raise PluginProblem(
                    f"Plugin `{name}` requires `{needed}`, which is not listed.",
                    f"{did_you_mean(needed, manifests)}Add `{needed}` to [plugins] in store.toml, "
                    f"or take `{name}` out.",
                )
    waiting = list(listed)
    done: list[str] = []
    while waiting:
        ready = next((name for name in waiting if not _earlier(manifests[name], waiting)), None)
        if ready is None:
            raise PluginProblem(
                f"Plugins wait for each other: {' → '.join(_cycle(manifests, waiting))}.",
                "Take one of them out of [plugins] in store.toml, and tell its author.",
            )
        waiting.remove(ready)
        done.append(ready)
    return tuple(done)


def _earlier(manifest: Manifest, waiting: Sequence[str]) -> list[str]:
    return [name for name in (*manifest.requires, *manifest.after) if name in waiting]


def _cycle(manifests: Mapping[str, Manifest], waiting: Sequence[str]) -> list[str]:
    path = [waiting[0]]
    while True:
        following = _earlier(manifests[path[-1]], waiting)[0]
        if following in path:
            return [*path[path.index(following) :], following]
        path.append(following)
