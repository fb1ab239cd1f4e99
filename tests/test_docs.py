"""The documentation says what is there: links, dependencies and make targets are real."""

from __future__ import annotations

import configparser
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_dependency_is_explained() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    needed = setup["options"]["install_requires"].split("\n")
    needed += setup["options.extras_require"]["dev"].split("\n")
    listed = {re.split(r"[\[>=<; ]", line)[0] for line in needed if line}
    node = json.loads((ROOT / "tests/judges/package.json").read_text("utf-8"))
    listed |= {*node["dependencies"], *node["devDependencies"]}
    table = (ROOT / "docs/explanation/dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", table, flags=re.MULTILINE)
    explained = {name for row in rows for name in row.split(", ")} - {"package", "---"}
    assert listed - explained == set(), "not in docs/explanation/dependencies.md"
    assert explained - listed == set(), "explained, but no longer a dependency"


def test_make_targets_named_in_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)", page.read_text("utf-8"), re.M))
        assert {name for pair in named for name in pair if name} <= targets, page
