"""The desk: a page that shows the events and alerts of the topics, and the API that it reads. `muster desk` serves it."""
