"""The kit that is carried to machines without a network: what it is made of, and the installer it carries."""
