"""The `sarai` command."""
