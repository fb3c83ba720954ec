"""Gate 2: the rules for what is about to be published."""
