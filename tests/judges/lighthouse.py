"""Lighthouse on a phone: four scores of 0 to 100. 20 s a page, so only in `make judge`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from tests.judges.machine import CHROMIUM_ARGUMENTS, chromium, node_package, program, run


@dataclass(frozen=True, slots=True)
class Scores:
    """Lighthouse's categories, 0 to 100, and the audits that cost points."""

    performance: int
    accessibility: int
    best_practices: int
    seo: int
    failed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.performance} / {self.accessibility} / {self.best_practices} / {self.seo}"


def scores(url: str) -> Scores:
    """Load the page as a middle-class phone on slow 4G and return its scores."""
    flags = " ".join(("--headless=new", *CHROMIUM_ARGUMENTS))
    done = run(
        program("node"),
        node_package("lighthouse/cli/index.js"),
        *(
            url,
            "--output=json",
            "--quiet",
            "--no-enable-error-reporting",
            f"--chrome-flags={flags}",
        ),
        env={**os.environ, "CHROME_PATH": chromium()},
    )
    if done.returncode:
        raise RuntimeError(f"lighthouse stopped: {done.stderr[-800:]!r}")
    report = json.loads(done.stdout)
    found = {
        name: round(100 * (category["score"] or 0))
        for name, category in report["categories"].items()
    }
    weights = {
        audit["id"]: audit["weight"]
        for category in report["categories"].values()
        for audit in category["auditRefs"]
    }
    failed = tuple(
        f"{name}: {audit['title']} {audit.get('displayValue', '')}".strip()
        for name, audit in report["audits"].items()
        if audit["score"] is not None and audit["score"] < 0.9 and weights.get(name)
    )
    return Scores(
        found["performance"],
        found["accessibility"],
        found["best-practices"],
        found["seo"],
        failed,
    )
