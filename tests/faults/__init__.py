"""Faults: kills and broken surroundings that a run must survive; `make faults` runs them all."""
