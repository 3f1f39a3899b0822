"""Adapters: one third-party model library each, imported only when opened."""
