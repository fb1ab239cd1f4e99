"""Refusals of the domain as English sentences for whoever typed the command."""

from __future__ import annotations

from storegen import errors

_SENTENCES: dict[str, str] = {
    "unknown-currency": "'{currency}' is no currency. Give its ISO 4217 code, such as CNY or USD.",
    "invalid-amount": "'{text}' is no amount of {currency}. Write it plainly, as in 19.90.",
    "not-found": "There is no such {kind} in this shop. Check what you wrote.",
    "conflict": "That contradicts what is there: {reason}. Look at the present state first.",
    "busy": "The database could not serve this in time. Try again in a moment.",
    "invalid": "Something does not fit: {problems}. Correct it and try again.",
    "plugin-fault": "Plugin '{plugin}' has a defect; nothing was changed. See the log.",
    "no-issuer": "No plugin of this shop pays out rewards of the kind '{kind}'.",
    "refused": "{message}",
    "not-allowed": "That is not allowed here. Ask the shop's owner.",
}


def sentence(refusal: errors.StoreError) -> str:
    """What is wrong and what to do."""
    if isinstance(refusal, errors.SetupError):
        return f"{refusal.what} {refusal.fix}"
    pattern = _SENTENCES.get(refusal.code)
    if pattern is None:
        return f"Refused: {refusal.code} {refusal.data()}."
    data = refusal.data()
    if refusal.code == "invalid":
        data["problems"] = ", ".join(f"{key} ({value})" for key, value in data["problems"].items())
    return pattern.format(**data)
