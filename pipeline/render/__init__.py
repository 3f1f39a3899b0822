"""Minutes to documents: one file per format, all from one context."""
