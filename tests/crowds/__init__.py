"""Crowds: many readers, writers, files, rows and cycles at once or in a row; `make crowds` tries them all."""
