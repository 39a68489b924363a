"""Enrich: articles.v1 in, reports.v1 out.

`extract.py` reads a text: `language/` cuts it into sentences and parses those worth it, `names/` and `quantities/` find
who, where, how many and when, `claims/` says what they amount to. `reports.py` makes a claim into reports, `agent.py`
binds it all to the topics.
"""
