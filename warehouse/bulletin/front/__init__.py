"""The front page of a bulletin: what there is, what is new, how it was checked and how to cite it."""
