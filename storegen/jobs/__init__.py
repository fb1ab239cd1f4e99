"""The worker beside the web workers: what must happen although nobody asks.

A job is a sweep over the database: what is due stands there, written in the transaction that made
it due, so nothing is lost with a worker, and a sweep may run twice and on several machines. Waking
a job (`Store.wake`) only makes it run sooner than its timer would.
"""

from storegen.jobs.runner import run
from storegen.jobs.schedule import JOBS, Job, run_once

__all__ = ["JOBS", "Job", "run", "run_once"]
