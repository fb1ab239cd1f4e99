"""Pictures drawn from a seed and a palette, where a product or a brand has none."""
