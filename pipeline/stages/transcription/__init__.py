"""The parts of the transcribe stage: packing speech into windows, judging what was heard, and accounting for it."""
