"""axe-core in a page that Playwright has open: WCAG 2.2 level A and AA.

axe is evaluated over the DevTools protocol, so it runs under a strict Content-Security-Policy
without loosening it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.judges.findings import Finding
from tests.judges.machine import node_package

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@cache
def source() -> str:
    """The text of axe.min.js as the lock file pins it."""
    return node_package("axe-core/axe.min.js").read_text("utf-8")


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[Finding]:
    """All violations in the page as it now looks; ``rules`` narrows to some rules by their ids.

    The width, colour scheme and state of the page are the caller's: call again after changing them.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    options["runOnly"] = list(rules) if rules else {"type": "tag", "values": list(TAGS)}
    evaluate(page, f"window.axe ? 0 : ({_wrapped()})()")
    answer = evaluate(
        page, f"axe.run(document, {json.dumps(options)}).then(r => JSON.stringify(r.violations))"
    )
    return [
        Finding("axe", page.url, violation["id"], f"{node['html'][:200]}: {node['failureSummary']}")
        for violation in json.loads(answer)
        for node in violation["nodes"]
    ]


def _wrapped() -> str:
    return "function () {" + source() + "\nreturn 1; }"


def evaluate(page: Page, expression: str) -> Any:
    """The value of an expression in the page, whatever its Content-Security-Policy forbids."""
    session = page.context.new_cdp_session(page)
    try:
        answer = session.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
    finally:
        session.detach()
    if "exceptionDetails" in answer:
        raise RuntimeError(f"the page raised: {answer['exceptionDetails']}")
    return answer["result"].get("value")
