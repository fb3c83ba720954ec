"""dbt: building the models, and the two files that are generated for it."""
