"""How words find their voice: units, what the diarization says of them, and what changing the voice costs."""
