"""Two transcriptions laid side by side: what every figure is counted from."""
