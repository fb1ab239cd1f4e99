"""What the shop sells: written from files and the back office, read by pages and the API."""
