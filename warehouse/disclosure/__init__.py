"""The public edition: counts of persons, suppression, and the attack on it."""
