"""What is sent out: the workbook and the XLSForm."""
