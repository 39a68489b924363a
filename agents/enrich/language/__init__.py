"""Sentences, the words that make one worth a parse, the parse, and the lexicon that rules read."""
