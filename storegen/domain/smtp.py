"""Handing e-mail to the SMTP server that ``store.toml`` names in ``[mail]``."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage

from storegen.config import MailConfig

TIMEOUT = 15
"""Seconds for each answer of the server."""


class RecipientRefused(Exception):
    """The server will never take this message for this recipient."""


@contextmanager
def connection(mail: MailConfig) -> Iterator[smtplib.SMTP]:
    """A signed-in connection for one batch. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if mail.tls == "tls":
        server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    with server:
        if mail.tls == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password)
        yield server


def compose(
    mail: MailConfig, *, shop: str, recipient: str, subject: str, body: str, message_id: str
) -> EmailMessage:
    """A plain-text message. Line breaks in what becomes a header are taken out."""
    message = EmailMessage()
    user, _, domain = mail.sender.rpartition("@")
    message["From"] = Address(_one_line(shop), user, domain)
    message["To"] = recipient
    message["Subject"] = _one_line(subject)
    message["Message-ID"] = f"<{message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Raises `RecipientRefused` for good, OSError or smtplib.SMTPException for now."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise RecipientRefused from error
        raise
    except smtplib.SMTPDataError as error:
        if error.smtp_code >= 500:
            raise RecipientRefused from error
        raise


def _one_line(text: str) -> str:
    return " ".join(text.split())
