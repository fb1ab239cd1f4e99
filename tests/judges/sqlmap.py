"""sqlmap on one address with a query; about a minute, so only in `make judge`."""

from __future__ import annotations

from tests.judges.findings import Finding
from tests.judges.machine import program, run


def check(url: str) -> list[Finding]:
    """The parameters of the address that sqlmap could inject into (level 3, risk 1)."""
    options = ("--batch", "--flush-session", "--level", "3", "--risk", "1", "--technique=BEU")
    done = run(
        program("sqlmap"), "-u", url, *options, "--threads", "1", "--disable-coloring", seconds=900
    )
    said = done.stdout.decode("utf-8", "replace")
    if "do not appear to be injectable" in said:
        return []
    return [Finding("sqlmap", url, f"exit {done.returncode}", said[-3000:])]
