"""What a good plugin keeps to, checked on a small shop of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from storegen.errors import PluginProblem, SetupError
from storegen.testing import databases
from storegen.testing.clock import TestClock
from storegen.testing.contract import calls, imports, migrations, people, texts
from storegen.testing.kit import Kit, small_shop
from storegen.testing.sandbox import gateway
from storegen.testing.tour import Tour

__all__ = ["check"]


def check(
    plugin: str | Path | ModuleType,
    *,
    settings: Mapping[str, Any] | None = None,
    idle_queries: int = 0,
) -> list[str]:
    """What is wrong with a plugin, a sentence each; an empty list for a good one.

    Checked: the manifest and titles in English and Chinese; that the plugin imports `storegen.sdk`
    only; that every text is translated; a tour through shop, account, back office and API in both
    languages without a fault and with all of its slots drawn; events and jobs; that a cart which
    has nothing to do with it costs at most ``idle_queries`` statements; migrations up, down and up
    again on data; personal data exported, and gone with the account.

    ``settings`` are what store.toml would say of the plugin.
    """
    with tempfile.TemporaryDirectory(prefix="storegen-contract-") as name:
        folder, clock = Path(name), TestClock()
        template = databases.sqlite_template(folder / "template.db")

        def database(_backend: str) -> str:
            return databases.sqlite_copy(template, folder)

        with gateway(folder, clock) as pay, small_shop(folder, database, clock, pay) as kit:
            try:
                found = kit.with_plugin(plugin, settings)
            except (PluginProblem, SetupError) as problem:
                return [f"a shop does not start with it: {problem.what} {problem.fix}"]
            problems = texts.titles(found.manifest)
            if found.folder is not None:
                problems += imports.problems(found.folder)
                problems += texts.untranslated(found.folder)
            problems += _at_work(kit, found.manifest.name, idle_queries, Tour(kit, pay))
            return problems


def _at_work(kit: Kit, name: str, idle_queries: int, tour: Tour) -> list[str]:
    drawn = calls.watch_slots(kit.store, name)
    visited = tour.take()
    problems = calls.everything_else(kit.store, name, tour)
    problems += calls.slots_left(kit.store, name, drawn)
    problems += calls.idle(kit.store, name, idle_queries)
    problems += people.problems(kit.store, name, visited.customer_id)
    problems += calls.faults(kit.store, name)
    problems += migrations.problems(kit.store, name)
    return problems
