"""Chromium and axe-core read the pages of the bulletin; `make pages` runs them."""
