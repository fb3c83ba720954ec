"""Every text for people that the code holds, in English and Russian: one gettext catalogue."""
