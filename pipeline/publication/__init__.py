"""The public copy: what is left out, how it is masked, and the proof that nothing of it is left in a file."""
