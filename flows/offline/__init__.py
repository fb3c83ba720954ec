"""Judging files without a server: checking before sending, rehearsing changed rules."""
