"""Exports of KoboToolbox and ODK Central: the filled XLSForm, brought into the layout of a submission."""
