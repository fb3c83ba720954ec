"""Corrections: where a release says something else of a month than the one before it had published, and why."""
