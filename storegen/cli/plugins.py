"""``storegen plugins``: what there is, what a shop uses, who answers what, what is wrong."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from storegen.domain.outbox_delivery import waiting
from storegen.errors import PluginProblem, SetupError
from storegen.migrate import pending, revisions
from storegen.plugins import Source, discover
from storegen.plugins.loading import load
from storegen.plugins.report import PluginReport, answering, report
from storegen.store import Store


@dataclass(slots=True, kw_only=True)
class _Found:
    """All that the command tells of a shop."""

    plugins: tuple[PluginReport, ...] = ()
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    migrations_pending: list[str] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    not_in_use: list[str] = field(default_factory=list)
    deliveries: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@click.command("plugins")
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def plugins_command(directory: Path | None, as_json: bool) -> None:
    """List the plugins that there are; with DIRECTORY, what its shop's plugins do.

    For a shop: in which order they are called, who answers which hook, versions, where they come
    from, migrations that wait, faults of the last five minutes, and what is wrong. Ends with 2 if
    the shop cannot start with its plugins.
    """
    if directory is None:
        _installed(as_json)
        return
    with Store.open(directory) as store:
        found = _look(store)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
    else:
        _tell(found)
    if found.problems:
        raise SystemExit(2)


def _look(store: Store) -> _Found:
    found = _Found()
    found.not_in_use = sorted(discover(store.root).keys() - set(store.config.plugins))
    try:
        host = store.plugins
    except PluginProblem as problem:
        found.problems.append(f"{problem.what} {problem.fix}")
        return found
    found.plugins, found.answers = report(host), answering(host)
    try:
        found.migrations_pending = pending(store.engine, store.streams)
        with store.read() as uow:
            known = {"core", *store.config.plugins}
            found.left_behind = [name for name in revisions(uow.db) if name not in known]
            if not found.migrations_pending:
                found.deliveries = waiting(uow)
    except (DBAPIError, SetupError) as error:
        found.problems.append(error.what if isinstance(error, SetupError) else str(error.orig))
    return found


def _tell(found: _Found) -> None:
    for problem in found.problems:
        click.echo(f"! {problem}")
    if not found.plugins and not found.problems:
        click.echo("The shop uses no plugins.")
    for number, plugin in enumerate(found.plugins, 1):
        click.echo(f"{number}. {plugin.name} {plugin.version}  {plugin.title.get('en', '')}")
        for what, values in _facts(plugin):
            click.echo(f"     {what:<9} {', '.join(values)}")
        for fault in plugin.faults:
            state = "left out for now" if fault.open else "still asked"
            click.echo(
                f"   ! {fault.count} faults in {fault.hook} within five minutes ({state}), "
                f"the last at {fault.last_at:%H:%M:%S} UTC: {fault.reason}"
            )
        for name in plugin.settings_left_out:
            click.echo(f"   ! setting `{name}` from the back office does not fit any more")
        for state, count in found.deliveries.get(plugin.name, {}).items():
            click.echo(f"   {'!' if state == 'dead' else ' '} {count} events {state}")
    if found.answers:
        click.echo("Who answers, in this order:")
    for hook, who in found.answers.items():
        click.echo(f"     {hook:<20} {', '.join(who)}")
    if found.migrations_pending:
        names = ", ".join(found.migrations_pending)
        click.echo(f"! Migrations wait: {names}. Run `storegen migrate DIR`.")
    if found.not_in_use:
        click.echo(f"Not in use: {', '.join(found.not_in_use)}")
        click.echo("  `storegen plugin enable DIR NAME` takes one into use.")
    for name in found.left_behind:
        click.echo(
            f"  Tables of `{name}` are kept; `storegen plugin purge DIR {name}` deletes them."
        )


def _facts(plugin: PluginReport) -> list[tuple[str, tuple[str, ...]]]:
    facts = [
        ("from", (plugin.origin,)),
        ("hooks", plugin.hooks),
        ("slots", plugin.slots),
        ("events", plugin.events),
        ("jobs", plugin.jobs),
        ("tables", plugin.tables),
    ]
    return [(what, values) for what, values in facts if values]


def _installed(as_json: bool) -> None:
    found = [_about(name, source) for name, all_ in sorted(discover().items()) for source in all_]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        said = one.get("problem") or f"{one['version']:<8} {one['title'].get('en', '')}"
        click.echo(f"{one['name']:<20} {said}")


def _about(name: str, source: Source) -> dict[str, Any]:
    try:
        manifest = load(source).manifest
    except PluginProblem as problem:
        return {"name": name, "origin": source.origin, "problem": f"(broken: {problem.what})"}
    return {
        "name": name,
        "origin": source.origin,
        "version": manifest.version,
        "title": dict(manifest.title),
    }
