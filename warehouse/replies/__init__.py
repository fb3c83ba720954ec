"""Replies of senders to our findings: which question each is about, what it confirms and what it accepts."""
