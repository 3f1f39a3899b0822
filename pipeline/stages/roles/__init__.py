"""Evidence for the part each turn plays, and the inference that combines it over the whole meeting."""
