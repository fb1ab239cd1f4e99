"""``make judge``: every outside judge on every page of a freshly generated sample shop; one table.

What they found is written to ``.judge/findings.txt``; exit 1 if there is anything in it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fixtures.server import RunningShop, serving, storegen  # noqa: E402
from tests.judges import (  # noqa: E402
    browser,
    csp,
    jsonld,
    lighthouse,
    links,
    nu,
    openapi,
    opengraph,
    sitemap,
    sqlmap,
)
from tests.judges.findings import Finding  # noqa: E402
from tests.judges.machine import ToolMissing, in_ci  # noqa: E402
from tests.judges.shop_pages import LANGUAGES, Tour, tour  # noqa: E402
from tests.judges.visitor import Visitor  # noqa: E402

# Below these Lighthouse's verdict is a finding. Speed is measured on whatever machine this is.
LOWEST_PERFORMANCE = 90
LOWEST_OTHER = 95


@dataclass
class Row:
    """One line of the table: how much was judged, and the verdict."""

    judge: str
    judged: str
    verdict: str
    seconds: float
    findings: list[Finding] = field(default_factory=list)


Verdict = tuple[str, str, list[Finding]]


class Bench:
    """Runs judges one after the other and keeps their rows; a missing tool is a row, not a stop."""

    def __init__(self, shop: RunningShop, found: Tour, console: Console) -> None:
        self.shop, self.tour, self.console = shop, found, console
        self.rows: list[Row] = []

    def run(self, name: str, judge: Callable[[], Verdict]) -> None:
        started = time.monotonic()
        with self.console.status(f"{name} ..."):
            try:
                judged, verdict, findings = judge()
            except ToolMissing as missing:
                judged, verdict = "-", f"NOT RUN: {missing}"
                findings = [Finding(name, "", "not run", str(missing))] if in_ci() else []
        self.rows.append(Row(name, judged, verdict, time.monotonic() - started, findings))

    def counted(self, judged: int, unit: str, findings: list[Finding]) -> Verdict:
        return f"{judged} {unit}", f"{len(findings)} findings", findings

    def axe(self) -> Verdict:
        found: list[Finding] = []
        for language in LANGUAGES:
            pages = [page for page in self.tour.pages if page.language == language]
            found += browser.judge(self.shop.base_url, pages, self.tour.cookies[language])
        return self.counted(len(self.tour.pages), "pages × 2 sizes, light and dark", found)

    def nu(self) -> Verdict:
        documents = {page.label: page.page.body for page in self.tour.pages}
        return self.counted(len(documents), "pages", nu.check(documents))

    def links(self) -> Verdict:
        checked, found = 0, list[Finding]()
        for language, prefix in LANGUAGES.items():
            starts = [f"{self.shop.base_url}{prefix}/"]
            cookie = self.tour.cookies[language]
            count, broken = links.broken(self.shop.base_url, starts, cookie=cookie)
            checked, found = checked + count, found + broken
        return self.counted(checked, "addresses", found)

    def jsonld(self) -> Verdict:
        documents = {page.label: page.page.text for page in self.tour.public()}
        types, found = jsonld.check(documents)
        return self.counted(sum(map(bool, types.values())), "pages", found)

    def csp(self) -> Verdict:
        header = "content-security-policy"
        policies = {page.label: page.page.headers.get(header, "") for page in self.tour.pages}
        return self.counted(len(policies), "pages", csp.check(policies))

    def sitemap(self) -> Verdict:
        assert self.tour.sitemap is not None
        body = self.tour.sitemap.body
        return self.counted(body.count(b"<loc>"), "addresses", sitemap.check("sitemap", body))

    def products(self) -> list[str]:
        """The address of one product page per language."""
        chosen: dict[str, str] = {}
        for found in self.tour.public():
            if '"Product"' in found.page.text:
                chosen.setdefault(found.language, found.page.url)
        return list(chosen.values())

    def opengraph(self) -> Verdict:
        urls = self.products()
        found = [finding for url in urls for finding in opengraph.check(url)]
        return self.counted(len(urls), "product pages", found)

    def openapi(self) -> Verdict:
        document = json.loads(self._api_description())
        found = openapi.check("openapi.json", document)
        return self.counted(len(document["paths"]), "paths", found)

    def schemathesis(self) -> Verdict:
        url = f"{self.shop.base_url}/api/v1/openapi.json"
        paths = len(json.loads(self._api_description())["paths"])
        return self.counted(paths, "paths", openapi.fuzz(url))

    def _api_description(self) -> str:
        with Visitor(self.shop.base_url) as visitor:
            return visitor.get("/api/v1/openapi.json").text

    def sqlmap(self) -> Verdict:
        search = next(p.page.url for p in self.tour.pages if p.kind == "search, found")
        return self.counted(1, "search page", sqlmap.check(search))

    def lighthouse(self, name: str, url: str) -> None:
        def judge() -> Verdict:
            scores = lighthouse.scores(url)
            others = min(scores.accessibility, scores.best_practices, scores.seo)
            good = scores.performance >= LOWEST_PERFORMANCE and others >= LOWEST_OTHER
            found = [] if good else [Finding("lighthouse", url, str(scores), "below the limit")]
            found += [] if good else [Finding("lighthouse", url, "", it) for it in scores.failed]
            return name, str(scores), found

        self.run("lighthouse", judge)


def table(rows: list[Row]) -> Table:
    """The verdicts as one table."""
    made = Table("judge", "judged", "verdict", "seconds", title="Outside judges")
    for row in rows:
        skipped = row.verdict.startswith("NOT RUN")
        style = "red" if row.findings else "yellow" if skipped else "green"
        made.add_row(row.judge, row.judged, f"[{style}]{row.verdict}[/]", f"{row.seconds:.0f}")
    made.caption = "lighthouse: performance / accessibility / best practices / SEO, phone"
    return made


def main() -> int:
    """Generate, serve, judge, report."""
    console = Console(width=100)
    with tempfile.TemporaryDirectory(prefix="judge-") as folder:
        shop_folder = Path(folder) / "shop"
        with console.status("Generating the sample shop ..."):
            storegen("new", str(shop_folder), "--sample", "--json")
        with serving(shop_folder, "--workers", "1") as shop:
            with console.status("Walking through the shop ..."):
                found = tour(shop.base_url)
            bench = Bench(shop, found, console)
            for name in ("axe", "nu", "links", "jsonld", "csp", "sitemap", "opengraph"):
                bench.run(name, getattr(bench, name))
            for page in found.sample(each=1):
                if page.kind.startswith("public"):
                    kind = page.kind.removeprefix("public ")
                    bench.lighthouse(f"{kind} ({page.language})", page.page.url)
            # Last, because they write: what they leave behind must not be judged as a page.
            for name in ("openapi", "schemathesis", "sqlmap"):
                bench.run(name, getattr(bench, name))
    report = ROOT / ".judge" / "findings.txt"
    report.parent.mkdir(exist_ok=True)
    complaints = [str(finding) for row in bench.rows for finding in row.findings]
    report.write_text("\n".join(complaints), "utf-8")
    console.print(table(bench.rows))
    if complaints:
        console.print(f"{len(complaints)} findings, in {report.relative_to(ROOT)}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
