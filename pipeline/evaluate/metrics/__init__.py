"""What is counted, one concern per file; every metric names its formula and source."""
