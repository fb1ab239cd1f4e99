"""Which jobs there are, how often they look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from storegen.domain import aftersales, fulfilment, housekeeping, outbox_delivery, plugin_jobs
from storegen.domain.message_delivery import deliver_due
from storegen.domain.payments import following
from storegen.domain.refunds import sending
from storegen.generate import picture_retry
from storegen.jobs import pictures
from storegen.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``work`` does what is due and returns how much that was; it is called at least every
    ``every`` seconds. Jobs of one ``lane`` take turns; lanes run side by side, so that a slow
    payment provider holds up no mail."""

    name: str
    lane: str
    every: float
    work: Callable[[Store], Any]
    patient: bool = False
    """Its lane gives way to everything else that the machine has to do."""


JOBS: tuple[Job, ...] = (
    Job(name="parked", lane="payments", every=2, work=following.retry_parked),
    Job(name="queries", lane="payments", every=5, work=following.query_due),
    Job(name="close", lane="payments", every=5, work=following.close_due),
    Job(name="refunds", lane="refunds", every=5, work=sending.send_due),
    Job(name="outbox", lane="events", every=5, work=outbox_delivery.deliver_due),
    Job(name="plugin-jobs", lane="plugins", every=2, work=plugin_jobs.run_due),
    Job(name="messages", lane="messages", every=5, work=deliver_due),
    Job(name="pictures", lane="pictures", every=2, work=pictures.add_avif_due, patient=True),
    Job(name="retries", lane="retries", every=60, work=picture_retry.retry_due, patient=True),
    Job(name="receive", lane="house", every=60, work=fulfilment.receive_and_complete_due),
    Job(name="returns", lane="house", every=300, work=aftersales.withdraw_overdue),
    Job(name="sweep", lane="house", every=600, work=housekeeping.sweep),
)


def woken(store: Store, jobs: Iterable[Job]) -> tuple[int, ...]:
    """Changes whenever somebody woke one of ``jobs``; read without a lock or a query."""
    return store.counters.read([f"job:{job.name}" for job in jobs])


def run_once(store: Store, *names: str) -> dict[str, Any]:
    """Run jobs (all by default) once, now, in this process: for tests and for a host's cron."""
    return {job.name: job.work(store) for job in JOBS if not names or job.name in names}
