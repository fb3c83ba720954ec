"""Gate 1: the rules of submissions."""
