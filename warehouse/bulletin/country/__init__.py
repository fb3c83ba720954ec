"""The profile of a member state: what it reported in recent years, where and how drugs were found, how it reports."""
