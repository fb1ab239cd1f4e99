"""Money back: asked for once, sent until the provider has answered, never more than came in."""
