"""Forecast model, back-test, and the tables they fill."""
