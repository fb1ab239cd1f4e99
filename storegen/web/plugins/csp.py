"""The Content-Security-Policy of the shop's pages, with what its plugins need beside."""

from __future__ import annotations

import re

from storegen.errors import PluginProblem
from storegen.plugins.discovery import did_you_mean
from storegen.plugins.manifest import Manifest
from storegen.store import Store
from storegen.web.plugins.listed import plugins_of

DIRECTIVES = ("img-src", "connect-src", "frame-src", "script-src")
_ORIGIN = re.compile(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?", re.ASCII)


def check(manifest: Manifest) -> None:
    """Raises `PluginProblem` for what would be no policy, or one that lets everything in."""
    for directive, origins in manifest.csp.items():
        if directive not in DIRECTIVES:
            raise PluginProblem(
                f"Plugin `{manifest.name}` asks for `{directive}` in its csp.",
                f"{did_you_mean(directive, DIRECTIVES)}There are {', '.join(DIRECTIVES)}.",
            )
        for origin in origins:
            if _ORIGIN.fullmatch(origin) is None:
                raise PluginProblem(
                    f"Plugin `{manifest.name}`: `{origin}` in its csp is no https origin.",
                    "Write origins as https://cdn.example.com, in a tuple.",
                )


def of_store(store: Store, core: str) -> str:
    """``core`` with the sources of this store's plugins."""
    plugins = plugins_of(store)
    hit = store.cache.get("web.csp")
    if hit is not None and hit[1][0] is plugins:
        known: str = hit[1][1]
        return known
    policy = dict(part.strip().split(" ", 1) for part in core.split(";"))
    for plugin in plugins.values():
        for directive, origins in plugin.manifest.csp.items():
            there = policy.get(directive, "").split()
            new = [origin for origin in origins if origin not in there]
            policy[directive] = " ".join([*there, *new])
    made = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    store.cache["web.csp"] = ((), (plugins, made))
    return made
