"""News from where outlets and agencies publish it: RSS, Atom, ninjs and NewsML-G2, as raw articles.

What reads a document (`syndication`, `ninjs`, `newsml`), names its entries and decides what is new is pure. `fetching`
and `polling` hold the network, the clock and the waiting. The broker is not known here: `polling` is handed a publisher.
"""
