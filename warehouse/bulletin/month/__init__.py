"""The monthly bulletin: what the region reported of a month, and how that compares."""
