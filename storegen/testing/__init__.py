"""The kit for plugin authors: a pytest plugin with a small shop, and a check of the contract."""
