"""The API's description: is it valid OpenAPI, and does the server keep its promises?"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from tests.judges.findings import Finding
from tests.judges.machine import run


def check(url: str, document: Mapping[str, Any]) -> list[Finding]:
    """Errors of an OpenAPI 3.0 or 3.1 document."""
    newer = str(document.get("openapi", "")).startswith("3.1")
    validator = OpenAPIV31SpecValidator if newer else OpenAPIV30SpecValidator
    return [
        Finding("openapi", url, "/".join(map(str, error.absolute_path)), error.message)
        for error in validator(dict(document)).iter_errors()
    ]


def fuzz(url: str, *, examples: int = 30, options: Sequence[str] = ()) -> list[Finding]:
    """Run schemathesis on the document at ``url``; a failing run is one finding with its report.

    The seed is fixed: a failure is found again by the next run.
    """
    schemathesis = Path(sys.executable).with_name("st")
    # In a folder of its own: it keeps a cache of failures beside itself, and replays it next time.
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        done = run(
            schemathesis,
            *("run", url, "--phases", "examples,coverage,fuzzing", "--max-examples", str(examples)),
            *("--workers", "1", "--seed", "1", "--no-color", *options),
            seconds=900,
            cwd=folder,
        )
    if done.returncode == 0:
        return []
    report = done.stdout.decode("utf-8", "replace")
    return [Finding("schemathesis", url, f"exit {done.returncode}", report[-6000:])]
