"""Settings of plugins: secrets by reference, checks by the plugin's schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError

from storegen.errors import PluginProblem
from storegen.plugins.discovery import Source, choose, did_you_mean, discover
from storegen.plugins.loading import load
from storegen.plugins.manifest import Manifest


class WrongSettings(PluginProblem):
    """``messages``: field → what the schema says of its value."""

    def __init__(self, what: str, fix: str, messages: Mapping[str, Any]) -> None:
        super().__init__(what, fix)
        self.messages = messages


def read_settings(
    manifest: Manifest,
    raw: Mapping[str, Any],
    *,
    environ: Mapping[str, str],
    root: Path,
    owner: Mapping[str, Any] | None = None,
) -> Mapping[str, Any]:
    """Resolve the secrets of ``raw``, the table of store.toml, put it over the ``owner``'s values
    from the back office, and validate. Raises `PluginProblem`; no message shows a value.

    Owner's values are taken literally: a form must not read files of the machine.
    """
    resolved = {**(owner or {}), **_resolve(raw, manifest.name, "", environ, root)}
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
        raise WrongSettings(
            f"Settings of plugin `{manifest.name}` are wrong: {lines}.",
            f"Correct [plugin.{manifest.name}] in store.toml.",
            error.messages if isinstance(error.messages, dict) else {"_schema": error.messages},
        ) from None
    return MappingProxyType(dict(loaded))


def without_wrong(
    check: Callable[[Mapping[str, Any]], Mapping[str, Any]], owner: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Checked settings from the owner's values that fit, and the names of those that do not.

    Raises `PluginProblem` if it is store.toml that is wrong.
    """
    try:
        return check(owner), ()
    except WrongSettings as wrong:
        left = {name: value for name, value in owner.items() if name not in wrong.messages}
        if len(left) == len(owner):  # several fields contradict each other, or store.toml is wrong
            left = {}
        if not owner:
            raise
    except PluginProblem:
        if not owner:
            raise
        left = {}
    values, more = without_wrong(check, left)
    return values, tuple(sorted({*owner} - {*left} | {*more}))


def new_settings(
    names: Iterable[str], seed: str, sources: Mapping[str, tuple[Source, ...]] | None = None
) -> dict[str, dict[str, Any]]:
    """What `storegen new` writes into `store.toml` for these plugins: name → TOML values.

    ``seed`` is unguessable text of 32 characters or more (``secrets.token_hex(16)``). Imports the
    plugins that are named. Raises `PluginProblem` if one is missing or broken.
    """
    if len(seed) < 32:
        raise ValueError("keys are derived from the seed: it needs 32 unguessable characters")
    sources = discover() if sources is None else sources
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
