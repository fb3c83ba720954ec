"""Intake of a file from the inbox: its country and month, headings, records and replies, ready to be loaded."""
