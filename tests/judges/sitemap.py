"""sitemap.xml against the schema of sitemaps.org (xmllint, no network)."""

from __future__ import annotations

from tests.judges.findings import Finding
from tests.judges.machine import HERE, program, run


def check(url: str, body: bytes) -> list[Finding]:
    """The schema's complaints about one sitemap."""
    done = run(
        program("xmllint"),
        "--noout",
        "--nonet",
        "--schema",
        HERE / "xsd" / "all.xsd",
        "-",
        stdin=body,
    )
    if done.returncode == 0:
        return []
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return [Finding("sitemap", url, "schema", line) for line in said[:10]]
