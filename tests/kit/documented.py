"""Following a page of the documentation: its commands are run, its code goes where it says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`((?:[\w.]+/)+[\w.]+\.\w+)`")


_COMMANDS = (
    ("pip", "pip._internal.cli.main", "main"),
    ("pytest", "pytest", "console_main"),
    ("storegen", "storegen.cli", "main"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page: ``language`` is "" for commands; ``file`` was named last before it."""

    language: str
    text: str
    file: str


def blocks(page: str) -> list[Block]:
    """The blocks of ``docs/<page>`` in their order."""
    text = (DOCS / page).read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        named = _FILE.findall(text[: match.start()])
        found.append(Block(match[1], match[2], named[-1] if named else ""))
    return found


def put(code: str, path: Path) -> None:
    """Into a file that is there: a function replaces its namesake, the rest goes to the end."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        return
    lines = path.read_text("utf-8").splitlines()
    if code.startswith(" "):  # the body of the last class
        path.write_text("\n".join(lines) + "\n" + code, encoding="utf-8")
        return
    for new in ast.parse(code).body:
        assert isinstance(new, ast.FunctionDef)
        text = code.splitlines()[
            new.decorator_list[0].lineno - 1
            if new.decorator_list
            else new.lineno - 1 : new.end_lineno
        ]
        for old in ast.parse("\n".join(lines)).body:
            if isinstance(old, ast.FunctionDef) and old.name == new.name:
                first = min([old.lineno, *(one.lineno for one in old.decorator_list)])
                lines[first - 1 : old.end_lineno] = text
                break
        else:
            lines += ["", "", *text]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Newcomer:
    """A person with a fresh environment that has storegen, at a terminal in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        home = folder / ".environment"
        venv.create(home, with_pip=False, symlinks=True)
        site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
        # Packages are lent, so that the test asks no package index.
        lent = sysconfig.get_path("purelib")
        (site / "lent.pth").write_text(f"import site; site.addsitedir({lent!r})\n", "utf-8")
        for name, module, function in _COMMANDS:
            # As an installer writes them: the present folder is not on the path.
            script = home / "bin" / name
            script.write_text(
                f"#!{home / 'bin' / 'python'}\n"
                f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n",
                "utf-8",
            )
            script.chmod(0o755)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST_", "STOREGEN_", "PYTHONPATH", "COV_"))
        }
        self._environment = {
            **kept,
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads 0 as: do not isolate
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
            "TMPDIR": str(folder),
        }

    def run(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Run the commands one after the other, as typed; a ``cd`` holds for those after it."""
        done = subprocess.run(
            ["bash", "-e", "-c", f"{commands}\npwd > '{self._place}'"],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode == 0:
            self.folder = Path(self._place.read_text("utf-8").strip())
        return done

    @property
    def _place(self) -> Path:
        return Path(self._environment["TMPDIR"]) / "place.txt"
