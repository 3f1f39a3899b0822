"""Where engines work: in this process, in child processes, or on the machines of a Ray cluster."""
