"""Reconciliation of everything that is kept, and backups."""
