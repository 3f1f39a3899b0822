"""Pure glue: records (and an engine) in, records out."""
