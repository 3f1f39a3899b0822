"""What a recording is like, before and beside what was recognised in it: level, noise, room, and what they cost."""
