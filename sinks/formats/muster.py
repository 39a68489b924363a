"""Muster's own format: the record of the alert as it is on alerts.v1; of a digest all of them."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from streams.records import Alert


def body(alerts: Sequence[Alert]) -> bytes:
    """The JSON of one alert, or `{"digest": [...]}`."""
    return orjson.dumps(alerts[0] if len(alerts) == 1 else {"digest": list(alerts)})
