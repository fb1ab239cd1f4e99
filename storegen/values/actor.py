"""Who does something, and through which channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The doer of a verb. A guest has a session but no customer; a job has neither.

    ``channel``: web, mini_program, official_account, api, admin, cli, job.
    ``permissions`` are a staff member's; ``*`` allows everything. ``network`` is the client's IP
    address as the trusted proxies report it, "" where there is none; limits count by it.
    """

    kind: Literal["guest", "customer", "staff", "job", "system"]
    channel: str = "web"
    customer_id: int | None = None
    staff_id: int | None = None
    session_id: int | None = None
    locale: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    network: str = field(default="", repr=False)

    def __str__(self) -> str:
        """How logs and order events name this actor: ``staff:3``, ``customer:8``, ``job``."""
        number = {"customer": self.customer_id, "staff": self.staff_id}.get(self.kind)
        return self.kind if number is None else f"{self.kind}:{number}"

    def may(self, permission: str) -> bool:
        return self.kind in ("job", "system") or (
            self.kind == "staff" and bool({"*", permission} & self.permissions)
        )


JOB = Actor(kind="job", channel="job")
CLI = Actor(kind="system", channel="cli")
