"""One-time codes: six digits sent to a phone or an e-mail address, to prove that it is one's own.

A code is stored as a keyed hash only (a million codes are tried in a moment without the key), is
good for ten minutes and five tries, and is replaced by a newer one. Asking looks at no account,
so the answer cannot tell whether one exists.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from storegen.domain import limits, messages
from storegen.domain.contact import Subject
from storegen.domain.keyed_hash import keyed_hash
from storegen.errors import Conflict
from storegen.models import OneTimeCode
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5

SIGN_IN = "sign_in"
_TEMPLATES = {SIGN_IN: "sign_in_code"}


def identity_purpose(customer_id: int) -> str:
    """The purpose of a code that adds an identity: good for that customer's account alone."""
    return f"identity:{customer_id}"


def request_code(
    uow: UnitOfWork, actor: Actor, subject: Subject, *, purpose: str = SIGN_IN
) -> None:
    """Send a new code to ``subject``; older ones for the same purpose end.

    Raises `TooMany` (a minute between codes, some each hour per subject and network) and
    `Conflict` ("no-channel") in a shop that cannot reach people this way.
    """
    if subject.channel not in messages.channels_available(uow.store):
        raise Conflict("no-channel")
    limits.check(uow, "code-wait", str(subject))
    limits.check(uow, "code-request", str(subject))
    limits.check(uow, "code-request-network", limits.network_of(actor.network))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    whose = keyed_hash(uow.store, "code-subject", str(subject))
    uow.db.execute(
        delete(OneTimeCode).where(OneTimeCode.purpose == purpose, OneTimeCode.subject == whose)
    )
    uow.db.execute(
        insert(OneTimeCode).values(
            purpose=purpose,
            subject=whose,
            code_hash=_hash(uow, purpose, subject, code),
            created_at=uow.now,
            expires_at=uow.now + VALID_FOR,
        )
    )
    messages.send(
        uow,
        channel=subject.channel,
        recipient=subject.value,
        template=_TEMPLATES.get(purpose, "identity_code"),
        locale=actor.locale,
        data={"code": code, "minutes": int(VALID_FOR.total_seconds()) // 60},
        expires_at=uow.now + VALID_FOR,
    )


def redeem(uow: UnitOfWork, subject: Subject, code: str, *, purpose: str = SIGN_IN) -> bool:
    """Use a code up. Whoever gets False must let the unit commit, or the try is not counted.

    Of several that bring the right code at once, one gets True.
    """
    whose = keyed_hash(uow.store, "code-subject", str(subject))
    newest = (
        select(OneTimeCode.id)
        .where(OneTimeCode.purpose == purpose, OneTimeCode.subject == whose)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    tried = uow.db.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.id == newest,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > uow.now,
            OneTimeCode.attempts < MOST_TRIES,
        )
        .values(attempts=OneTimeCode.attempts + 1)
        .returning(OneTimeCode.id, OneTimeCode.code_hash)
    ).one_or_none()
    given = _hash(uow, purpose, subject, code.strip())
    if tried is None or not hmac.compare_digest(tried.code_hash, given):
        return False
    used = uow.db.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == tried.id, OneTimeCode.used_at.is_(None))
        .values(used_at=uow.now)
    )
    return used.rowcount == 1


def _hash(uow: UnitOfWork, purpose: str, subject: Subject, code: str) -> str:
    return keyed_hash(uow.store, "code", purpose, str(subject), code)
