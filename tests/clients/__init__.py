"""Programs that read the shared server, and what they must find there."""
