"""Settings of plugins: secrets by reference, checks by the plugin's schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError

from storegen.errors import PluginProblem
from storegen.plugins.discovery import choose, did_you_mean, discover
from storegen.plugins.loading import load
from storegen.plugins.manifest import Manifest


def read_settings(
    manifest: Manifest, raw: Mapping[str, Any], *, environ: Mapping[str, str], root: Path
) -> Mapping[str, Any]:
    """Resolve secrets, then validate. Raises `PluginProblem`; no message shows a value."""
    resolved = _resolve(raw, manifest.name, "", environ, root)
    if manifest.settings_schema is None:
        if resolved:
            raise PluginProblem(
                f"Plugin `{manifest.name}` takes no settings, but store.toml has "
                f"`{next(iter(resolved))}`.",
                f"Take out the table [plugin.{manifest.name}].",
            )
        return MappingProxyType({})
    schema = manifest.settings_schema()
    try:
        loaded = schema.load(resolved)
    except ValidationError as error:
        lines = "; ".join(_sentences(error.messages, schema.fields))
        raise PluginProblem(
            f"Settings of plugin `{manifest.name}` are wrong: {lines}.",
            f"Correct [plugin.{manifest.name}] in store.toml.",
        ) from None
    return MappingProxyType(dict(loaded))


def new_settings(names: Iterable[str], seed: str) -> dict[str, dict[str, Any]]:
    """What `storegen new` writes into `store.toml` for these plugins: name → TOML values.

    ``seed`` is unguessable text of 32 characters or more (``secrets.token_hex(16)``). Imports the
    plugins that are named. Raises `PluginProblem` if one is missing or broken.
    """
    if len(seed) < 32:
        raise ValueError("keys are derived from the seed: it needs 32 unguessable characters")
    sources = discover()
    settings: dict[str, dict[str, Any]] = {}
    for name in names:
        manifest = load(choose(name, sources)).manifest
        if manifest.default_settings is not None:
            settings[name] = dict(manifest.default_settings(f"{seed}/{name}"))
    return settings


def _resolve(value: Any, plugin: str, where: str, environ: Mapping[str, str], root: Path) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): _resolve(item, plugin, f"{where}.{key}".lstrip("."), environ, root)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_resolve(item, plugin, where, environ, root) for item in value]
    if not isinstance(value, str):
        return value
    if value.startswith("$env:"):
        name = value.removeprefix("$env:")
        if name not in environ:
            raise PluginProblem(
                f"Setting `{where}` of plugin `{plugin}` is in the environment variable {name}, "
                "which is not set.",
                f"Set {name} before starting.",
            )
        return environ[name]
    if value.startswith("$file:"):
        path = root / value.removeprefix("$file:")
        try:
            # One trailing line break belongs to the editor, not to the secret.
            return path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            raise PluginProblem(
                f"Setting `{where}` of plugin `{plugin}` is in the file {path}, which cannot be "
                f"read: {reason}.",
                "Put the secret there, readable for the user that runs the shop.",
            ) from None
    return value


def _sentences(messages: Any, fields: Iterable[str], where: str = "") -> Iterable[str]:
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            yield from _sentences(value, fields, f"{where}.{key}".lstrip("."))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        hint = did_you_mean(where, fields) if message == "Unknown field." else ""
        yield f"`{where}`: {message} {hint}".strip().removesuffix(".")
