"""What composing the minutes is made of: passages, sentences, agenda, explanations, decisions, front page."""
