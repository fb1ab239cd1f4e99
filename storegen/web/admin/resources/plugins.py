"""The plugins that the shop uses: versions, faults, and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from storegen.domain import outbox_delivery, plugin_settings
from storegen.errors import NotFound
from storegen.plugins import Plugin
from storegen.uow import UnitOfWork
from storegen.web.admin import plugin_form
from storegen.web.admin.registry import (
    Ask,
    Call,
    Column,
    Detail,
    Done,
    Fact,
    Listing,
    Query,
    Resource,
    Row,
    Verb,
)
from storegen.web.admin.resources.listing import HOUSE
from storegen.web.context import current, gettext, ngettext
from storegen.web.plugins.admin import in_locale


def rows(uow: UnitOfWork, query: Query) -> Listing:
    host = uow.store.plugins
    left_out = {fault.plugin for fault in host.faults() if fault.open}
    return Listing(
        rows=[
            Row(
                key=plugin.manifest.name,
                cells={
                    "title": in_locale(plugin.manifest.title, current().locale),
                    "name": plugin.manifest.name,
                    "version": plugin.manifest.version,
                    "origin": plugin.origin,
                    "state": "failed" if plugin.manifest.name in left_out else "on",
                },
            )
            for plugin in host.plugins
        ]
    )


def detail(ask: Ask) -> Detail:
    plugin = _plugin(ask)
    name, manifest = plugin.manifest.name, plugin.manifest
    settings = plugin_settings.fields_of(ask.uow, name)
    faults = [fault for fault in ask.store.plugins.faults() if fault.plugin == name]
    letters = outbox_delivery.waiting(ask.uow).get(name, {})
    facts = [
        Fact(title="Name", value=name, kind="code"),
        Fact(title="Version", value=manifest.version),
        Fact(title="Where from", value=plugin.origin, kind="code"),
    ]
    if manifest.requires:
        facts.append(Fact(title="Needs", value=", ".join(manifest.requires), kind="code"))
    for fault in faults:
        said = gettext("left out for some minutes") if fault.open else gettext("still asked")
        failed = ngettext("%(num)s fault", "%(num)s faults", fault.count)
        text = f"{fault.hook}: {failed}, {said}. {fault.reason}"
        facts.append(Fact(title="Fails", value=text))
    if letters:
        waiting = sum(letters.values())
        facts.append(Fact(title="Events that wait for it", value=waiting, kind="number"))
    facts += plugin_form.fixed_facts(settings)
    return Detail(
        title=in_locale(manifest.title, ask.locale),
        marks=("failed",) if any(fault.open for fault in faults) else (),
        facts=facts,
        verbs=["settings"] if plugin_form.editable(settings) else [],
    )


def _plugin(ask: Ask) -> Plugin:
    found = ask.store.plugins.by_name.get(ask.key)
    if found is None:
        raise NotFound("plugin")
    return found


def _schema(ask: Ask) -> Schema:
    _plugin(ask)
    settings = plugin_settings.fields_of(ask.uow, ask.key)
    return plugin_form.schema_of(settings, ask.store.config.locales)


def _initial(ask: Ask) -> Mapping[str, Any]:
    return plugin_form.initial(plugin_settings.fields_of(ask.uow, ask.key))


def _save(call: Call) -> Done:
    def work(uow: UnitOfWork) -> None:
        settings = plugin_settings.fields_of(uow, call.key)
        values = plugin_form.values_of(settings, call.values)
        plugin_settings.change(uow, call.actor, call.key, values)

    call.store.transact(work)
    return Done(said="The settings are saved.")


RESOURCE = Resource(
    name="plugins",
    title="Plugins",
    permission="plugins.view",
    group=HOUSE,
    icon="settings",
    list=rows,
    detail=detail,
    intro="What adds to the shop. Which plugins it uses is decided in store.toml; they are "
    "switched on and off with the command “storegen plugin”.",
    empty="The shop uses no plugins.",
    columns=(
        Column(name="title", title="Plugin", main=True),
        Column(name="name", title="Name", kind="code"),
        Column(name="version", title="Version"),
        Column(name="origin", title="Where from", kind="code"),
        Column(name="state", title="State", kind="state"),
    ),
    verbs=(
        Verb(
            name="settings", title="Save", permission=plugin_settings.PERMISSION, schema=_schema,
            initial=_initial, run=_save, place="inline",
        ),
    ),
)  # fmt: skip
