"""A visitor without scripts who talks to the app directly: the kit's for plugin authors."""

from storegen.testing.browser import ADDRESS, BASE, SAME_SITE, Shopper, csrf_of, token_of

__all__ = ["ADDRESS", "BASE", "SAME_SITE", "Shopper", "csrf_of", "token_of"]
