"""The plugin host: find, check, order, call, contain. Knows only values and errors.

One `PluginHost` hangs from each Store; nothing here is kept in a module.
"""

from storegen.plugins.breaker import Breaker
from storegen.plugins.discovery import Source, discover
from storegen.plugins.host import Plugin, PluginHost
from storegen.plugins.manifest import Manifest
from storegen.plugins.settings import new_settings

__all__ = ["Breaker", "Manifest", "Plugin", "PluginHost", "Source", "discover", "new_settings"]
