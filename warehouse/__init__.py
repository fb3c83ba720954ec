"""Plain Python of the warehouse: what a questionnaire, a submission and a release are."""
