"""``storegen serve``: the shop with its worker and its plugins' programs, until it is stopped."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from storegen.cli.admin_link import admin_path
from storegen.cli.stores import directory, opened
from storegen.domain.opening import reasons_closed
from storegen.domain.settings import load
from storegen.serving.runner import FACTORY, Serving, serve
from storegen.serving.supervisor import Supervisor
from storegen.store import Store
from storegen.values.plugin import Companion
from storegen.web.app import create_app

_GRACE = 30.0
SAFE_FACTORY = "storegen.web.serving:safe_site"


@click.command("serve")
@directory
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 for all networks.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; one per core by default.")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Of each process."
)
@click.option("--print-admin-link", is_flag=True, help="Print a one-time link to the back office.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For a reader, or for a program: one object a line.",
)
@click.option("--access-log", type=click.Path(path_type=Path), help="A file for the access log.")
@click.option("--no-access-log", is_flag=True, help="Write no line for each request.")
@click.option("--no-cache", is_flag=True, help="Render every page anew.")
@click.option("--no-jobs", is_flag=True, help="The worker runs elsewhere.")
@click.option("--safe-mode", is_flag=True, help="Without plugins, for when one is broken.")
def serve_command(
    directory: Path, host: str, port: int, workers: int | None, threads: int,
    print_admin_link: bool, log_format: str, access_log: Path | None, no_access_log: bool,
    no_cache: bool, no_jobs: bool, safe_mode: bool,
) -> None:  # fmt: skip
    """Serve the shop in DIRECTORY until Ctrl-C or SIGTERM."""
    root = directory.absolute()
    with opened(root, safe_mode=safe_mode) as store:
        if store.plugins.plugins:
            create_app(store)  # here it is one sentence; in workers it would be one for each
        companions = store.plugins.companions()
        link = _link(store) if print_admin_link else ""
        closed = store.look(lambda uow: reasons_closed(uow, load(uow)))
        name, mode = store.config.name, store.config.mode
    serving = Serving(
        store_dir=root,
        host=host,
        port=port,
        workers=workers or _cores(),
        threads=threads,
        factory=SAFE_FACTORY if safe_mode else FACTORY,
        jobs=None if no_jobs else _worker(root, safe_mode),
        access_log=access_log,
        log_format="json" if log_format == "json" else "text",
        log_requests=not no_access_log,
        cache=not no_cache,
        grace=_GRACE,
    )

    def ready(address: str) -> None:
        kind = " (demo: nothing that is ordered is sent)" if mode == "demo" else ""
        click.echo(f"{name}{kind}")
        click.echo(f"  shop         {address}/")
        if link:
            click.echo(f"  back office  {address}{link}  (once, within 15 minutes)")
        if safe_mode:
            click.echo("  no plugin is used: nothing of theirs is sold, sent or delivered")
        if closed:
            click.echo(f"  takes no orders yet: see `storegen check {directory}`")
        click.echo("Ctrl-C stops it.")

    with running(companions):
        serve(serving, on_ready=ready)


def _worker(root: Path, safe_mode: bool) -> tuple[str, ...]:
    """The command of the job worker; empty for the usual one."""
    if not safe_mode:
        return ()
    return (sys.executable, "-m", "storegen.jobs", str(root), "--safe-mode")


@contextmanager
def running(companions: tuple[Companion, ...]) -> Iterator[None]:
    """The plugins' programs, run as long as the block; a stop reaches them at once."""
    with ExitStack() as stack:
        for each in companions:
            program = Supervisor(list(each.command), environment=each.environment, grace=_GRACE)
            program.start()
            stack.callback(program.stop)
        # Until granian takes the signals over, they end this process with its programs.
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        yield


def _link(store: Store) -> str:
    return admin_path(store, "")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
