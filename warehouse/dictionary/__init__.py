"""The dictionary: a page per mart in English and Russian, of what a release and the models that made it say."""
