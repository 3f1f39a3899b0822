"""The values that flow through the house: frozen, strict, no numpy, no I/O, integer milliseconds."""
