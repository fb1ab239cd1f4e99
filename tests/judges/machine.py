"""What the judges need of the machine: Chromium, Java, Node and its locked packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HOW_TO_GET = {
    "chromium": "apt-get install chromium (or set CHROME_PATH)",
    "java": "apt-get install default-jre-headless",
    "node": "apt-get install nodejs npm",
    "sqlmap": "apt-get install sqlmap",
    "xmllint": "apt-get install libxml2-utils",
    "node_modules": "make tests/judges/node_modules/.quick",
}


class ToolMissing(Exception):
    """A tool of the judges is not on this machine. Carries its name and how to get it."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        super().__init__(f"{tool} is missing: {HOW_TO_GET.get(tool, 'install it')}")


def in_ci() -> bool:
    """Whether a missing tool is an error (CI) or a loud skip (a developer's machine)."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def chromium() -> str:
    """The path of Chromium or Chrome, for Playwright's ``executable_path``."""
    names = (os.environ.get("CHROME_PATH"), "chromium", "chromium-browser", "google-chrome")
    for name in filter(None, names):
        found = shutil.which(name)
        if found:
            return found
    raise ToolMissing("chromium")


def program(name: str) -> str:
    """The path of a program on the search path; ToolMissing when it is not there."""
    found = shutil.which(name)
    if found is None:
        raise ToolMissing(name)
    return found


def node_package(relative: str) -> Path:
    """A file below node_modules; ToolMissing when the packages are not installed."""
    path = NODE_MODULES / relative
    if not path.exists():
        raise ToolMissing("node_modules")
    return path


def run(*command: str | Path, stdin: bytes = b"", seconds: float = 300, **options: Any) -> Any:
    """Run a judge to its end and return the completed process; bytes in and out."""
    return subprocess.run(
        [str(word) for word in command],
        input=stdin,
        capture_output=True,
        timeout=seconds,
        check=False,
        **options,
    )


def need(tool: str) -> None:
    """Call from a test: go on if the tool is there; else skip loudly, or fail in CI."""
    import pytest

    try:
        if tool == "chromium":
            chromium()
        elif tool == "node_modules":
            program("node")
            node_package(".package-lock.json")
        else:
            program(tool)
    except ToolMissing as missing:
        if in_ci():
            pytest.fail(f"CI skips nothing, but {missing}", pytrace=False)
        pytest.skip(f"!!! NOT JUDGED: {missing}")
