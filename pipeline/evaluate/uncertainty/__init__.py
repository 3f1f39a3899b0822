"""How far a measured figure can be trusted: intervals, paired tests, and whether the sample says anything at all."""
