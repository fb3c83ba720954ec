"""Order and retries: Prefect flows around plain functions, and the `sarai` command."""
