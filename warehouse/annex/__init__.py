"""The statistical annex: tables of a release in the layouts in which UNODC publishes and asks."""
