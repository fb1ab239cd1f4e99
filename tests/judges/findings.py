"""What a judge says about a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint: which judge, about which address, by which of its rules, in its words."""

    judge: str
    url: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.judge}: {self.url}: {self.rule}: {self.message}"


def listing(findings: Iterable[Finding]) -> str:
    """The findings as lines, for the message of a failing assertion."""
    return "\n".join(str(finding) for finding in findings)
