"""Artifacts of each stage on disk."""
