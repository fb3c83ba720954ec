"""Marts, formats, data package, catalogue, publication, signatures, verification."""
