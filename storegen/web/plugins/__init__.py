"""Plugins on the web: their pages, API, webhooks, files and pieces of the shop's pages.

An app is built for a set of plugins; a store that does not list one of them answers 404 where that
plugin would be.
"""
