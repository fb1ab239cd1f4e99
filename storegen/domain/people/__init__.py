"""Customers and staff: how they are recognised, what they agreed to, what is kept about them."""
