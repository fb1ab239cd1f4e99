"""What the owner sets for plugins in the back office, where store.toml does not decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow.fields import Field

from storegen.counters import ALL
from storegen.domain.audit_log import record
from storegen.domain.upsert import upsert
from storegen.errors import Invalid, NotAllowed, NotFound, PluginProblem
from storegen.models import Setting
from storegen.owner_settings import KEY, TAG, read
from storegen.plugins import Plugin
from storegen.plugins.settings import WrongSettings
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

PERMISSION = "plugins.edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginSetting:
    """A field of a plugin's settings as a form shows it.

    ``fixed``: store.toml decides, the owner only sees it. ``secret``: it is set in store.toml and
    its value is shown to nobody (``value`` is None). ``value`` is as JSON and TOML have it; None
    where only the default (``field.load_default``) counts.
    """

    name: str
    field: Field[Any]
    value: Any
    fixed: bool
    secret: bool


def fields_of(uow: UnitOfWork, plugin: str) -> Sequence[PluginSetting]:
    """The settings that a plugin takes, in the order of its schema. Raises `NotFound`."""
    found = _plugin(uow, plugin)
    if found.manifest.settings_schema is None:
        return ()
    fixed = uow.store.plugins.fixed_settings(plugin)
    owner = read(uow).get(plugin, {})
    settings = []
    for name, field in found.manifest.settings_schema().fields.items():
        secret = bool(field.metadata.get("secret"))
        value = None if secret else fixed.get(name, owner.get(name))
        if name in fixed and isinstance(value, str) and value.startswith(("$env:", "$file:")):
            secret, value = True, None
        settings.append(
            PluginSetting(
                name=name, field=field, value=value, fixed=secret or name in fixed, secret=secret
            )
        )
    return settings


def change(uow: UnitOfWork, actor: Actor, plugin: str, values: Mapping[str, Any]) -> None:
    """Set some settings of a plugin, in force in all processes after the commit; None takes a
    value back to its default.

    ``values`` are as TOML has them, and taken literally: ``$env:`` and ``$file:`` mean something in
    store.toml only. Raises `NotFound` for a plugin that the shop does not use, `NotAllowed`, and
    `Invalid` (field → reasons): ``unknown``, ``fixed`` (store.toml decides), ``secret`` (belongs
    into store.toml), or what the plugin's schema says; under ``""`` what the plugin itself says
    that cannot start with these values.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed(PERMISSION)
    present = {each.name: each for each in fields_of(uow, plugin)}
    problems: dict[str, Any] = {}
    for name in values:
        if name not in present:
            problems[name] = ["unknown"]
        elif present[name].secret:
            problems[name] = ["secret"]
        elif present[name].fixed:
            problems[name] = ["fixed"]
    if problems:
        raise Invalid(problems)
    before = read(uow).get(plugin, {})
    after = {name: value for name, value in {**before, **values}.items() if value is not None}
    # A value from an older release of the plugin must not keep its owner from changing another.
    after = {name: value for name, value in after.items() if name in present}
    if after == before:
        return
    try:
        uow.store.plugins.try_settings(plugin, after)
    except WrongSettings as wrong:
        raise Invalid(dict(wrong.messages)) from None
    except PluginProblem as problem:
        raise Invalid({"": [problem.what]}) from None
    upsert(
        uow.db,
        Setting,
        {"key": KEY + plugin, "value": after, "updated_at": uow.now},
        keys=["key"],
    )
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    record(
        uow,
        actor,
        "plugin.settings_changed",
        "plugin",
        plugin,
        before={name: before.get(name) for name in changed},
        after={name: after.get(name) for name in changed},
    )
    uow.touch(TAG, ALL)  # any page may show what a plugin makes of its settings


def _plugin(uow: UnitOfWork, plugin: str) -> Plugin:
    found = uow.store.plugins.by_name.get(plugin)
    if found is None:
        raise NotFound("plugin")
    return found
