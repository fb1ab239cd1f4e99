"""Open Graph and Twitter card tags, by structured-data-testing-tool's presets (`make judge`)."""

from __future__ import annotations

import re

from tests.judges.findings import Finding
from tests.judges.machine import node_package, program, run


def check(url: str) -> list[Finding]:
    """The required tags of the Facebook and Twitter presets that a product page lacks."""
    sdtt = node_package("structured-data-testing-tool/bin/cli.js")
    command = ("--url", url, "--schemas", "jsonld:Product", "--presets", "Facebook,Twitter")
    done = run(program("node"), sdtt, *command)
    if done.returncode == 0:
        return []
    said = re.sub(r"\x1b\[[0-9;]*m", "", (done.stdout + done.stderr).decode("utf-8", "replace"))
    failed = [line.strip() for line in said.splitlines() if re.match(r"\s*(✕|✖|×|Error)", line)]
    return [Finding("opengraph", url, "tags", line) for line in failed or [said[-1500:]]]
