"""Names in a text: the gazetteer as data, and what each name stands for where it stands."""
