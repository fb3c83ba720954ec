"""A release in PostgreSQL: who may see what of it, loading, verifying, switching."""
