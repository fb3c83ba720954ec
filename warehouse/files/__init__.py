"""File formats as they come: CSV, XLSX, JSON, ZIP and ODK exports, read into sheets of text cells."""
