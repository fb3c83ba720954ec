"""Gate 1: the rules for what countries send."""
