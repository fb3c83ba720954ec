"""The gate: suites are run with Great Expectations, and failing rows become findings."""
