"""What every flow run needs: a Prefect server, time limits, alerts."""
