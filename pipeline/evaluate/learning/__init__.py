"""What corrected minutes teach: terms that were misheard again and again, and what expecting them would have done."""
