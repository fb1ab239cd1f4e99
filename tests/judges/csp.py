"""Google's csp_evaluator on the Content-Security-Policy headers that pages really send."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.judges.findings import Finding
from tests.judges.machine import HERE, node_package, program, run

# csp_evaluator's scale: 10 high, 20 syntax, 30 medium, 40 high maybe, 45 advice, 60 information.
WORST_ALLOWED = 20


def check(policies: Mapping[str, str]) -> list[Finding]:
    """High-severity findings and syntax errors in these policies, given as address → policy.

    A page that sends none (an empty policy) is itself a finding.
    """
    node_package("csp_evaluator")
    sent = {url: policy for url, policy in policies.items() if policy}
    findings = [Finding("csp", url, "missing", "no policy") for url in policies if url not in sent]
    done = run(program("node"), HERE / "csp.mjs", stdin=json.dumps(sent).encode())
    if done.returncode:
        raise RuntimeError(f"csp_evaluator stopped: {done.stderr[-800:]!r}")
    findings += [
        Finding("csp", found["url"], found["rule"], found["message"])
        for found in json.loads(done.stdout)
        if found["severity"] <= WORST_ALLOWED
    ]
    return findings
