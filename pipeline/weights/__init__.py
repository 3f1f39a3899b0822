"""Model weights: the manifest, where they lie, and joining them from the packages that carry them."""
