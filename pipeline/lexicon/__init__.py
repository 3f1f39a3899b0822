"""What this meeting is expected to say: terms, readings, and corrections by pronunciation."""
