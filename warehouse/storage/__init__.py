"""Storage: settings, the working database, permissions, the vault, durable writes, SQL names."""
