"""Bulletin: pages that replace weeks of hand work, made from a release for one audience, in English and Russian."""
