"""What is wrong with a submission, in words that its sender can act on, in English and Russian."""
