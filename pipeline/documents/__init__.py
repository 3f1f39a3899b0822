"""Office documents read back: what a person left in them, once every tracked change counts as accepted."""
