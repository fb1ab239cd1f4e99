"""What a way to pay is called, from the code that payments keep."""

from __future__ import annotations

from storegen.domain.payments import starting
from storegen.web.context import current


def provider_title(code: str) -> str:
    """In the reader's language; the code itself where its plugin is gone."""
    context = current()
    provider = context.store.plugins.payment_providers.get(code)
    return starting.title_of(provider.titles, context.locale) if provider else code
