"""Backups of a library: made while people work, checked byte by byte, restored whole."""
