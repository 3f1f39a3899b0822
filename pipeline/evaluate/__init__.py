"""Normalise, align, count, rate."""
