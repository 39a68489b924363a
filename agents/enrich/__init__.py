"""Enrich: articles.v1 in, reports.v1 out.

`extract.py` takes a text and `reading.py` goes through its sentences: `language/` cuts it and parses those worth it,
`names/` and `quantities/` find who, where, how many and when, `claims/` says what they amount to. `reports.py` makes a
claim into reports, `agent.py` binds it all to the topics.
"""
