"""Everything that speaks HTTP: storefront, JSON API, back office."""
