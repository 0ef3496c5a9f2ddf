"""What the standards say: names, limits, editions, schemas, and how to read a manifest."""
