"""How many and when: counts of forces, times resolved against the article's date."""
