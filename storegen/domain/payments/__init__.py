"""Money in: started with a provider, believed only from a verified fact, booked once."""
