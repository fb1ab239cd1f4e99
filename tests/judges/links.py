"""linkinator: follow every link, picture, style sheet and script of a shop.

What leaves the shop is not asked for: the tests talk to this machine only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tests.judges.findings import Finding
from tests.judges.machine import node_package, program, run


def broken(
    base_url: str, starts: Sequence[str] = (), *, cookie: str = "", skip: Sequence[str] = ()
) -> tuple[int, list[Finding]]:
    """Crawl from ``starts`` (the base address when empty): the number checked, and the broken.

    ``cookie`` is a Cookie header for the pages of a signed-in customer; ``skip`` holds regular
    expressions of addresses that are not asked for.
    """
    options = ["--recurse", "--check-css", "--check-fragments", "--format", "json"]
    options += ["--verbosity", "info", "--concurrency", "4", "--timeout", "20000"]
    for pattern in (f"^(?!{re.escape(base_url.rstrip('/'))})", *skip):
        options += ["--skip", pattern]
    if cookie:
        options += ["--header", f"Cookie:{cookie}"]
    linkinator = node_package("linkinator/build/src/cli.js")
    done = run(program("node"), linkinator, *(starts or [base_url]), *options)
    try:
        links = json.loads(done.stdout)["links"]
    except (ValueError, KeyError) as problem:
        raise RuntimeError(f"linkinator gave no report: {done.stderr[:500]!r}") from problem
    checked = [link for link in links if link["state"] != "SKIPPED"]
    # One missing anchor is reported once per crawler that met it; one complaint is enough.
    bad = {(link["url"], link.get("status")): link for link in checked if link["state"] == "BROKEN"}
    return len(checked), [
        Finding("links", url, str(status), f"linked from {link.get('parent')}")
        for (url, status), link in bad.items()
    ]
