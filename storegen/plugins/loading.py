"""Import a listed plugin and check that it is one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from storegen import hookspecs
from storegen.errors import PluginProblem
from storegen.plugins.discovery import BUNDLED, Source, choose, did_you_mean
from storegen.plugins.manifest import NAME, Manifest
from storegen.plugins.own import own_root

_ASK_THE_AUTHOR = "Update the plugin, or take it out of [plugins] in store.toml."


@dataclass(frozen=True, slots=True)
class Loaded:
    """An imported plugin: its source, its manifest, and the object that answers hooks."""

    source: Source
    manifest: Manifest
    target: object
    folder: Path | None = None
    """Where the plugin's package lies, with its migrations and templates; None for a single
    file."""
    package: str = ""
    """Import name of that package; of the module, for a single file."""


def load_listed(
    names: Sequence[str], sources: Mapping[str, tuple[Source, ...]], storegen_version: str
) -> dict[str, Loaded]:
    """Name → plugin, in the order of ``names``. Raises `PluginProblem`, also for a name that is
    listed twice."""
    loaded: dict[str, Loaded] = {}
    for name in names:
        if name in loaded:
            raise PluginProblem(
                f"Plugin `{name}` is listed twice.", "Take one of them out of store.toml."
            )
        loaded[name] = load(choose(name, sources))
        check_version(loaded[name].manifest, storegen_version)
    return loaded


def load(source: Source) -> Loaded:
    """Import it. Raises `PluginProblem` if that fails or it has no good manifest."""
    try:
        target = source.load()
    except Exception as error:
        raise PluginProblem(
            f"Plugin `{source.name}` ({source.origin}) cannot be imported: "
            f"{type(error).__name__}: {error}.",
            "Install what it needs, or take it out of [plugins] in store.toml.",
        ) from error
    manifest = getattr(target, "manifest", None)
    problem = _manifest_problem(source.name, manifest)
    if problem or not isinstance(manifest, Manifest):
        raise PluginProblem(f"Plugin `{source.name}` ({source.origin}) {problem}.", _ASK_THE_AUTHOR)
    package, folder = _package(source.module or getattr(target, "__name__", ""))
    return Loaded(source, manifest, target, folder, package)


def _package(name: str) -> tuple[str, Path | None]:
    """Import name and folder of the package that the module ``name`` is, or is part of."""
    module = sys.modules.get(name)
    if module is None or not getattr(module, "__file__", None):
        return "", None
    if hasattr(module, "__path__"):
        return name, Path(str(module.__file__)).parent
    parent = name.rpartition(".")[0]
    # A single file has no folder of its own: what lies beside it belongs to others.
    if not parent or parent in (BUNDLED, own_root(name)):
        return name, None
    return _package(parent)


def check_version(manifest: Manifest, storegen_version: str) -> None:
    """Raises `PluginProblem` if the plugin is made for another storegen."""
    # A pre-release of 0.2 may run what asks for >=0.1: trying it is what pre-releases are for.
    wanted = SpecifierSet(manifest.requires_storegen)
    if not wanted.contains(storegen_version, prereleases=True):
        raise PluginProblem(
            f"Plugin `{manifest.name}` {manifest.version} needs storegen "
            f"{manifest.requires_storegen}; this is {storegen_version}.",
            f"Install a release of `{manifest.name}` made for {storegen_version}, or another "
            "storegen.",
        )


Functions = dict[str, tuple[Callable[..., Any], tuple[str, ...]]]
"""Hook → the function that answers it, and the names of the arguments that it takes."""


def register(manager: pluggy.PluginManager, plugin: Loaded) -> Functions:
    """Check the plugin's hooks and register it; its functions. Raises `PluginProblem` for a wrong
    hook."""
    name = plugin.manifest.name
    answered: set[str] = set()
    for attribute in dir(plugin.target):
        options = manager.parse_hookimpl_opts(plugin.target, attribute)
        if options is None:
            continue
        hook = options["specname"] or attribute
        if hook not in hookspecs.HOOKS:
            raise PluginProblem(
                f"Plugin `{name}` answers a hook `{hook}`, which storegen does not have.",
                f"{did_you_mean(hook, hookspecs.HOOKS)}{_ASK_THE_AUTHOR}",
            )
        if hook in answered:
            raise PluginProblem(f"Plugin `{name}` answers `{hook}` twice.", _ASK_THE_AUTHOR)
        answered.add(hook)
        for option in ("hookwrapper", "wrapper", "tryfirst", "trylast"):
            if options[option]:
                raise PluginProblem(
                    f"Plugin `{name}` marks `{hook}` as {option}; storegen calls plugins one by "
                    "one.",
                    "Use a plain @hookimpl; the order is `after` in the manifest.",
                )
    try:
        manager.register(plugin.target, name)
    except pluggy.PluginValidationError as error:
        reason = str(error).splitlines()[-1].strip()
        raise PluginProblem(
            f"Plugin `{name}` answers a hook with wrong arguments: {reason}", _ASK_THE_AUTHOR
        ) from None
    return {
        caller.name: (impl.function, tuple(impl.argnames))
        for caller in manager.get_hookcallers(plugin.target) or ()
        for impl in caller.get_hookimpls()
        if impl.plugin is plugin.target
    }


def _manifest_problem(name: str, manifest: object) -> str:
    if not isinstance(manifest, Manifest):
        return "has no `manifest = Manifest(...)`"
    if manifest.name != name:
        return f"calls itself `{manifest.name}` in its manifest"
    if NAME.fullmatch(name) is None:
        return "has a bad name: small letters, digits and single underscores, at most 40"
    if "en" not in manifest.title:
        return "has no English title"
    try:
        Version(manifest.version)
        SpecifierSet(manifest.requires_storegen)
    except (InvalidVersion, InvalidSpecifier) as error:
        return f"has a bad version in its manifest: {error}"
    return ""
