"""What is asked: the definition of every question, codelists, headings, cover answers, languages."""
