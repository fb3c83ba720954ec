"""The public edition: counts of persons, cell suppression, and an attack that tests it."""
