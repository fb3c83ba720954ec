"""What a sender probably meant where a finding doubts an answer: proposed, and never applied by us."""
