"""``python -m storegen_plugins.pay_sandbox.gateway``: serve the gateway until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
from pathlib import Path
from threading import Event

from storegen_plugins.pay_sandbox.gateway.merchants import Merchant, read_merchants
from storegen_plugins.pay_sandbox.gateway.server import running
from storegen_plugins.pay_sandbox.settings import MERCHANTS_VARIABLE


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 after a stop, 2 for what a person has to mend."""
    parser = argparse.ArgumentParser(
        prog="python -m storegen_plugins.pay_sandbox.gateway",
        description="Sandbox payment gateway: no real money.",
        epilog=f"Accounts: a JSON list of merchant_id, app_id, secret in ${MERCHANTS_VARIABLE}.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True, help="SQLite file, made if missing")
    parser.add_argument("--merchants", type=Path, help="the accounts as a file instead")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s gateway %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        merchants = _merchants(options.merchants)
    except (OSError, ValueError) as error:
        print(f"No usable accounts: {error}.", file=sys.stderr)
        return 2
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        with running(
            options.db, merchants.values(), host=options.host, port=options.port
        ) as address:
            print(f"Sandbox gateway (no real money) at {address}", flush=True)
            stop.wait()
    except (OSError, OverflowError) as error:
        print(
            f"The gateway cannot listen on {options.host}:{options.port}: {error}. "
            "Choose another port.",
            file=sys.stderr,
        )
        return 2
    except sqlite3.Error as error:
        print(f"The database {options.db} cannot be used: {error}.", file=sys.stderr)
        return 2
    return 0


def _merchants(path: Path | None) -> dict[str, Merchant]:
    text = os.environ.get(MERCHANTS_VARIABLE, "") if path is None else path.read_text("utf-8")
    if not text:
        raise ValueError(f"give --merchants FILE or ${MERCHANTS_VARIABLE}")
    return read_merchants(text)


if __name__ == "__main__":
    sys.exit(main())
