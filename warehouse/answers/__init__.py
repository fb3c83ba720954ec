"""What a country gets back for a submission: a page and its own workbook."""
