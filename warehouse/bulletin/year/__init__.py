"""The annual report: what a year adds up to, beside the years before, in a page for each group of chapters."""
