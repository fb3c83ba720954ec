"""Order and retries: Prefect flows around plain functions, and the `sarai` command."""

import logging

from warehouse.text_table import escape_record

# Whatever flow or command runs: Prefect sends the records of a run to its server, but leaves the level to us.
_log = logging.getLogger("sarai")
_log.setLevel(logging.INFO)
_log.addFilter(escape_record)
