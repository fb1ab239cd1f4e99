"""The Nu HTML checker (vnu.jar), one Java process for any number of documents."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.judges.findings import Finding
from tests.judges.machine import node_package, program, run


def check(documents: Mapping[str, bytes]) -> list[Finding]:
    """The errors in these HTML documents, given as address → the bytes that were sent."""
    if not documents:
        return []
    java, jar = program("java"), node_package("vnu-jar/build/dist/vnu.jar")
    with tempfile.TemporaryDirectory(prefix="nu-") as folder:
        files: dict[str, str] = {}
        for number, (url, body) in enumerate(documents.items()):
            path = Path(folder) / f"{number}.html"
            path.write_bytes(body)
            files[path.as_uri().replace("file:///", "file:/")] = url
        # -Xss: the checker's grammar recurses deeply on long pages.
        command = (java, "-Xss4m", "-jar", jar, "--errors-only", "--format", "json", folder)
        done = run(*command)
    # The report is on standard error; a JVM that could not start says so there too.
    try:
        messages = json.loads(done.stderr)["messages"]
    except (ValueError, KeyError) as problem:
        raise RuntimeError(f"vnu.jar gave no report: {done.stderr[:500]!r}") from problem
    return [
        Finding(
            "nu",
            files.get(message.get("url", ""), message.get("url", "")),
            message.get("type", "error"),
            f"line {message.get('lastLine')}: {message['message']} {message.get('extract', '')!r}",
        )
        for message in messages
    ]
