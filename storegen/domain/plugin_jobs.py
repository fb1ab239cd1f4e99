"""Timed work of plugins (`Manifest.jobs`), each piece in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from storegen.domain.upsert import insert_new
from storegen.errors import Busy
from storegen.models import JobLease
from storegen.plugins.said import said
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.plugin import PluginJob

log = logging.getLogger("storegen.jobs")

_TURNS = 20
"""How often one job may go on at once before the others have their turn."""
_LONGEST_WAIT = timedelta(hours=1)
_ERROR = 500


def run_due(store: Store) -> int:
    """Run every plugin's jobs that are due; how many times one did something.

    A job that fails costs its own turn: it is tried again with growing pauses.
    """
    done = 0
    for plugin in store.plugins.plugins:
        for job in plugin.manifest.jobs:
            name = plugin.manifest.name
            for _ in range(_TURNS):
                if not _attempt(store, name, job):
                    break
                done += 1
    return done


def _attempt(store: Store, plugin: str, job: PluginJob) -> int:
    key = f"{plugin}.{job.name}"
    if not store.look(partial(_is_due, key=key)):
        return 0
    try:
        return store.transact(partial(_run, plugin=plugin, key=key, job=job))
    except Busy:
        raise
    except Exception as error:
        store.transact(partial(_put_off, key=key, job=job, error=error))
        return 0


def _is_due(uow: UnitOfWork, key: str) -> bool:
    """A look that locks nothing: most jobs are not due most of the time."""
    due = uow.db.scalar(select(JobLease.next_at).where(JobLease.name == key))
    return due is None or due <= uow.now


def _run(uow: UnitOfWork, plugin: str, key: str, job: PluginJob) -> int:
    """The work, under the lock of its row; 0 if it is somebody else's just now."""
    values = {"name": key, "next_at": uow.now, "faults": 0, "error": ""}
    insert_new(uow.db, JobLease, values, keys=["name"])
    due = uow.db.scalar(
        select(JobLease.next_at).where(JobLease.name == key).with_for_update(skip_locked=True)
    )
    if due is None or due > uow.now:
        return 0
    worked = uow.store.plugins.attempted(plugin, f"job {job.name}", partial(_work, uow, job))
    wait = timedelta(seconds=0 if worked else job.every)
    uow.db.execute(
        update(JobLease)
        .where(JobLease.name == key)
        .values(next_at=uow.now + wait, faults=0, error="")
    )
    return int(worked)


def _work(uow: UnitOfWork, job: PluginJob) -> int:
    worked = job.work(uow)
    if type(worked) is not int:
        raise TypeError(f"returned {type(worked).__name__} instead of how much was done")
    uow.flush()
    return worked


def _put_off(uow: UnitOfWork, key: str, job: PluginJob, error: Exception) -> None:
    values = {"name": key, "next_at": uow.now, "faults": 0, "error": ""}
    insert_new(uow.db, JobLease, values, keys=["name"])  # the failed unit took its own row away
    faults = uow.db.scalar(select(JobLease.faults).where(JobLease.name == key)) or 0
    wait = timedelta(seconds=job.every) * 2 ** min(faults, 12)
    longest = max(_LONGEST_WAIT, timedelta(seconds=job.every))
    uow.db.execute(
        update(JobLease)
        .where(JobLease.name == key)
        .values(
            next_at=uow.now + min(wait, longest),
            faults=faults + 1,
            error=said(error, _ERROR),
        )
    )
