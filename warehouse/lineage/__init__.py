"""Where a figure comes from, and why two releases differ."""
