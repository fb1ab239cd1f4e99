"""storegen: a plugin-based mini-storefront generator."""

__version__ = "0.1.0"
