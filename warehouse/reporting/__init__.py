"""Who has to report what by when: obligations, status, reminders."""
