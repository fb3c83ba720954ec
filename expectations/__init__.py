"""Our judgement of the data of others: suites for submissions and marts, and the gate that runs them."""

import os

# Great Expectations reads this once, when it is imported: nothing about a run leaves the machine.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
