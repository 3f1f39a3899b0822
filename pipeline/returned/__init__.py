"""Minutes that somebody corrected in Word come back as edits of the minutes they were made of."""
