"""How fast is a product page? ``python bench/pages.py``

One run serves a shop three ways and loads them in turn, several rounds each, so that what else
the machine does hits all alike. It prints the medians and two ratios, each against its limit:
`storegen serve` to a WSGI app that returns the same bytes under the same server (what the layers
before Flask cost), and to the same page rendered for each request (what they gain).
Exit 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.load import Load, load

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TO_READY_BYTES = 0.5  # at least this share of what the server can do with ready bytes
TO_RENDERED = 10.0  # at least so many times the page without the cache
PRODUCTS = 200
THREADS = 4  # of each worker, as `storegen serve` has them


@dataclass(frozen=True, slots=True)
class Page:
    """The response that all contestants send."""

    path: str
    headers: list[tuple[str, str]]
    body: bytes


# --- the shop --------------------------------------------------------------------------------


def make_store(folder: Path) -> Path:
    """A shop of `PRODUCTS` products, made as an owner would make it."""
    catalog = folder / "catalog.csv"
    with catalog.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published",
             "Option1 Name", "Option1 Value", "Variant SKU", "Variant Inventory Tracker",
             "Variant Inventory Qty", "Variant Price"]
        )  # fmt: skip
        for n in range(PRODUCTS):
            for size in ("S", "M", "L"):
                rows.writerow(
                    [f"tea-{n}", f"Spring tea {n} 春茶", "<p>Picked by hand.</p>" * 10, "Hill",
                     f"Kind {n % 7}", "green, spring", "TRUE", "Size", size, f"T{n}-{size}",
                     "shopify", "50", f"{10 + n}.00"]
                )  # fmt: skip
    store = folder / "shop"
    storegen = Path(sys.executable).with_name("storegen")
    subprocess.run(
        [storegen, "new", str(store), "--name", "Bench", "--catalog", str(catalog), "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return store


def product_path(port: int) -> str:
    """The first product in the shop's sitemap."""
    queue = ["/sitemap.xml"]
    while queue:
        text = fetch(port, queue.pop(0), "identity").body.decode()
        found: list[str] = [
            urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", text)
        ]
        for path in found:
            if "/product" in path and not path.endswith(".xml"):
                return path
        queue += [path for path in found if path.endswith(".xml")]
    raise RuntimeError("the sitemap names no product")


# --- the contestants -------------------------------------------------------------------------


def serve_shop(options: dict[str, Any]) -> None:
    """What `storegen serve` runs."""
    from storegen.serving.runner import Serving, serve

    for name in ("store_dir", "access_log"):
        options[name] = Path(options[name])
    serve(Serving(**options))


def serve_bytes(options: dict[str, Any]) -> None:
    """The same server and settings around an app that has nothing to do."""
    import multiprocessing

    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server.mp import MPServer

    multiprocessing.set_start_method("spawn")
    MPServer(
        "bytes",
        port=options["port"],
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=options["workers"],
        blocking_threads=THREADS,
        backpressure=512,
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(ready_bytes, Path(options["page"])), wrap_loader=False)


def ready_bytes(file: Path) -> WSGIApplication:
    """An app that answers everything with the page in ``file`` (headers in JSON, then the body)."""
    head, _, body = file.read_bytes().partition(b"\n")
    headers = [(name, value) for name, value in json.loads(head)]

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [body]

    return app


@contextmanager
def running(kind: str, **options: Any) -> Iterator[int]:
    """A server of ``kind`` in a process of its own; gives its port when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    text = json.dumps({"port": port, **options})
    process = subprocess.Popen([sys.executable, __file__, "--as", kind, text])
    try:
        until = time.monotonic() + 60
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server of {kind} did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def fetch(port: int, path: str, encoding: str) -> Page:
    """The page as it is once the cache is warm."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(3):
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        response = connection.getresponse()
        body = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    own = {"date", "server", "transfer-encoding"}
    return Page(path, [p for p in response.getheaders() if p[0].lower() not in own], body)


# --- the race --------------------------------------------------------------------------------


def race(arguments: argparse.Namespace) -> bool:
    """Run everything, print it; whether both limits are met."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-pages-")))
        store = Path(arguments.store) if arguments.store else make_store(folder)
        shop = {
            "store_dir": str(store), "workers": arguments.workers, "threads": THREADS,
            "jobs": None, "access_log": str(folder / "access.log"),
        }  # fmt: skip
        if arguments.factory:
            shop["factory"] = arguments.factory
        served = stack.enter_context(running("shop", **shop))
        rendered = stack.enter_context(running("shop", **shop, cache=False))
        path = arguments.path or product_path(served)
        page = fetch(served, path, arguments.encoding)
        file = folder / "page"
        file.write_bytes(json.dumps(page.headers).encode() + b"\n" + page.body)
        ready = stack.enter_context(running("bytes", workers=arguments.workers, page=str(file)))

        ports = {"ready bytes": ready, "storegen serve": served, "without the cache": rendered}
        rounds: dict[str, list[Load]] = {name: [] for name in ports}
        ask = partial(
            load, path=path, connections=arguments.connections, encoding=arguments.encoding
        )
        for port in ports.values():
            ask(port, seconds=1)
        for _ in range(arguments.rounds):
            for name, port in ports.items():
                rounds[name].append(ask(port, seconds=arguments.seconds))
    print(
        f"{path}: {len(page.body):,} bytes as {arguments.encoding}; {arguments.workers} worker(s),"
        f" {arguments.connections} connections, median of {arguments.rounds} rounds"
    )
    rate = {name: statistics.median(r.per_second for r in found) for name, found in rounds.items()}
    for name, found in rounds.items():
        p99 = statistics.median(r.p99 for r in found)
        print(f"  {name:20}{rate[name]:10,.0f} requests/s {p99:10.2f} ms p99")
    to_ready = rate["storegen serve"] / rate["ready bytes"]
    to_rendered = rate["storegen serve"] / rate["without the cache"]
    print(f"  storegen serve / ready bytes       {to_ready:7.2f}  (at least {TO_READY_BYTES})")
    print(f"  storegen serve / without the cache {to_rendered:7.1f}  (at least {TO_RENDERED})")
    return to_ready >= TO_READY_BYTES and to_rendered >= TO_RENDERED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--store", help="a store directory; one is made if it is not given")
    parser.add_argument("--path", help="the page; the first product of the sitemap by default")
    parser.add_argument("--factory", help="module:function of another app to measure")
    parser.add_argument("--workers", type=int, default=1, help="leave a core to the load")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each round")
    parser.add_argument("--encoding", default="br", choices=["br", "gzip", "identity"])
    parser.add_argument("--as", dest="kind", choices=["shop", "bytes"], help=argparse.SUPPRESS)
    parser.add_argument("options", nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.kind:
        options = json.loads(arguments.options)
        (serve_shop if arguments.kind == "shop" else serve_bytes)(options)
        return 0
    return 0 if race(arguments) else 1


if __name__ == "__main__":
    sys.exit(main())
