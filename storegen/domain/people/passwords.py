"""Passwords: argon2id, and what is too weak to be one.

Hashing takes about 25 ms of a core on purpose, so callers do it while no transaction is open.
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storegen.errors import Invalid

SHORTEST, LONGEST = 8, 128

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's first choice for argon2id (19 MiB, 2 passes): small enough for many sign-ins at once."""

_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$c3RvcmVnZW4tbm9ib2R5IQ"
    "$1nofI4LPtWcrImttcHefeDIAkUlfSHC1AuvH1gjzAA4"
)
"""Checked where there is no account, so that an unknown name takes as long as a wrong password."""

_COMMON = frozenset(
    {
        "password", "password1", "passw0rd", "12345678", "123456789", "1234567890", "qwertyui",
        "qwerty123", "qwertyuiop", "1q2w3e4r", "1qaz2wsx", "iloveyou", "sunshine", "princess",
        "football", "baseball", "superman", "trustno1", "welcome1", "letmein1", "admin123",
        "administrator", "abc12345", "abcd1234", "a1234567", "woaini520", "5201314520",
        "woaini1314", "asdfghjk", "zxcvbnm1", "11223344", "88888888", "66666666", "00000000",
    }
)  # fmt: skip


def check_policy(password: str, *names: str) -> None:
    """Raises `Invalid` for ``password``: too-short, too-long, too-common, like-the-name.

    Length counts, not kinds of signs (NIST SP 800-63B); ``names`` are what the person signs in by.
    """
    text = _normal(password)
    folded = text.casefold()
    problem = ""
    if len(text) < SHORTEST:
        problem = "too-short"
    elif len(text) > LONGEST:
        problem = "too-long"
    elif folded in _COMMON or len(set(folded)) < 3:
        problem = "too-common"
    elif any(folded in (name.casefold(), name.casefold().partition("@")[0]) for name in names):
        problem = "like-the-name"
    if problem:
        raise Invalid({"password": [problem]})


def hash_password(password: str) -> str:
    return _HASHER.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one of ``stored``; takes as long where there is none."""
    try:
        return (
            _HASHER.verify(stored or _NOBODYS, _normal(password)[:LONGEST]) and stored is not None
        )
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    # The same signs typed on another keyboard are the same password.
    return unicodedata.normalize("NFKC", password)
