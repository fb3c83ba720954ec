"""Kits: the files of a release for one tool, made of what their reader may see."""
