"""``python -m tests.serving.launch JSON``: what `storegen serve` does, for a test's own app."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from storegen.errors import SetupError
from storegen.serving.runner import Serving, serve

if __name__ == "__main__":
    options = json.loads(sys.argv[1])
    for name in ("store_dir", "access_log"):
        if options.get(name):
            options[name] = Path(options[name])
    try:
        serve(Serving(**options), on_ready=lambda url: print("ready", url, flush=True))
    except SetupError as error:
        print(error.what, error.fix, file=sys.stderr)
        sys.exit(2)
