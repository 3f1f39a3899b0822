"""Named, versioned ways to make two texts comparable."""
