"""``python -m storegen.jobs DIR``: the worker of one store, until SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from pathlib import Path

from storegen.errors import SetupError
from storegen.jobs.runner import run
from storegen.store import Store


def main(arguments: list[str]) -> int:
    safe_mode = arguments[1:] == ["--safe-mode"]
    if len(arguments) != 1 + safe_mode:
        print("Usage: python -m storegen.jobs DIR [--safe-mode]", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Store.open(Path(arguments[0]), safe_mode=safe_mode) as store:
            run(store, stop)
    except SetupError as error:
        print(f"{error.what} {error.fix}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
