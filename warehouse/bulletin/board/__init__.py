"""The board of the centre: what waits for its coordinator this morning, and the next step for each."""
