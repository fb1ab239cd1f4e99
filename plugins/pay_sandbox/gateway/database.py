"""The gateway's own SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
  id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE,
  merchant_id TEXT NOT NULL, app_id TEXT NOT NULL, reference TEXT NOT NULL,
  order_number TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL,
  description TEXT NOT NULL, return_url TEXT NOT NULL, notify_url TEXT NOT NULL,
  locale TEXT NOT NULL, expires_at INTEGER NOT NULL, payer_subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'waiting', 'captured', 'failed', 'closed')),
  changed_at REAL NOT NULL, late_seconds INTEGER,
  UNIQUE (merchant_id, reference));
CREATE TABLE IF NOT EXISTS capture (
  id TEXT PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payment (id),
  amount INTEGER NOT NULL, currency TEXT NOT NULL, at REAL NOT NULL, nth INTEGER NOT NULL,
  UNIQUE (payment_id, nth));
CREATE TABLE IF NOT EXISTS refund (
  id TEXT PRIMARY KEY, merchant_id TEXT NOT NULL, refund_reference TEXT NOT NULL,
  payment_id TEXT NOT NULL REFERENCES payment (id), amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL, reason TEXT NOT NULL, notify_url TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('succeeded', 'failed', 'pending', 'unknown')),
  changed_at REAL NOT NULL, attempts INTEGER NOT NULL,
  UNIQUE (merchant_id, refund_reference));
CREATE TABLE IF NOT EXISTS due (
  id INTEGER PRIMARY KEY, at REAL NOT NULL, verb TEXT NOT NULL, subject TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notification (
  id INTEGER PRIMARY KEY, merchant_id TEXT NOT NULL, reference TEXT NOT NULL,
  url TEXT NOT NULL, body BLOB NOT NULL, bad_signature INTEGER NOT NULL, due REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, last TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'sending', 'delivered', 'given_up')));
CREATE INDEX IF NOT EXISTS notification_due ON notification (state, due);
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY, merchant_id TEXT NOT NULL, endpoint TEXT NOT NULL, kind TEXT NOT NULL,
  seconds REAL NOT NULL, remaining INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS nonce (
  merchant_id TEXT NOT NULL, nonce TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (merchant_id, nonce)) WITHOUT ROWID;
"""


class Database:
    """A connection per unit of work: threads share nothing but the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
            # A process that was killed while it sent: the answer is unknown, so send again.
            connection.execute("UPDATE notification SET state = 'waiting' WHERE state = 'sending'")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """For looking only."""
        with self._connection() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone: what is read in it stays true until it ends."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        finally:
            connection.close()
