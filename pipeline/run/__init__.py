"""What is stale, and running the chain."""
