"""JSON-LD in a page, by Google's rich-result rules and schema.org's vocabulary."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.judges.findings import Finding
from tests.judges.machine import HERE, node_package, program, run

VOCABULARY = HERE / "schemaorg-all-https.jsonld.gz"


def check(documents: Mapping[str, str]) -> tuple[dict[str, list[str]], list[Finding]]:
    """Per address the schema.org types that it declares, and the errors in them.

    Warnings are advice ("optional field missing") and are left out, except that a property which
    schema.org does not know is an error here: it is a typing mistake.
    """
    node_package("@adobe/structured-data-validator")
    done = run(
        program("node"), HERE / "jsonld.mjs", VOCABULARY, stdin=json.dumps(dict(documents)).encode()
    )
    if done.returncode:
        raise RuntimeError(f"the structured-data validator stopped: {done.stderr[-800:]!r}")
    answer = json.loads(done.stdout)
    return answer["types"], [
        Finding("jsonld", found["url"], found["rule"], found["message"])
        for found in answer["findings"]
        if found["severity"] == "ERROR" or "not supported by the schema.org" in found["message"]
    ]
