"""Publishing raw articles: at a given pace, with a bounded number of sends that the broker has not confirmed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from streams import kafka_options
from streams.administration import AdministrationError, partition_counts
from streams.articles_in import raw_key_and_time
from streams.cloud_events import FEED, CloudEvents, source_of
from streams.settings import Settings
from streams.topics import topic

RAW = "articles.raw.v1"
UNCONFIRMED = 2_000
"""Sends under way at once: enough to keep a broker's batches full, and some megabytes of articles in memory."""
PATIENCE_SECONDS = 120.0
"""How long a broker may be away before feeding is given up: a restart takes seconds, an election of leaders a minute."""
LINGER_MS = 10
REQUEST_MS = 30_000
ENVELOPE_BYTES = 1_000
"""What the framing of a batch adds to key, value and headers."""


class TooLarge(ValueError):
    """An article that the topic does not take; the message has both sizes."""


class FeedFailed(Exception):
    """The broker did not take an article."""


class Feeder:
    """Publishes raw articles; used in a `with` block, at whose end everything is confirmed.

    `confirmed` counts what the broker has. Raises `AdministrationError` on entering if there is no broker or no topic,
    and `FeedFailed` from `send` or the end of the block after the broker refused one.
    """

    def __init__(
        self, settings: Settings, *, rate: float | None = None, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """`rate` is in articles per second; None: as fast as the broker takes them."""
        self.confirmed = 0
        self._settings = settings
        self._rate = rate
        self._patience_ms = int(patience_seconds * 1000)
        self._given = 0
        self._started = 0.0
        self._failure: BaseException | None = None
        self._slots = threading.BoundedSemaphore(UNCONFIRMED)
        self._limit = topic(RAW).max_message_bytes - ENVELOPE_BYTES
        self._about = CloudEvents(source_of(settings.topic_prefix, FEED), (RAW,))
        self._producer: Any = None

    def __enter__(self) -> Feeder:
        from kafka import KafkaProducer
        from kafka.errors import KafkaError

        partition_counts(self._settings)  # says what is wrong where there is no broker, or no topic
        try:
            self._producer = KafkaProducer(
                **kafka_options.kafka_python_options(self._settings),
                acks="all",
                linger_ms=LINGER_MS,
                delivery_timeout_ms=self._patience_ms,
                max_block_ms=self._patience_ms,
                request_timeout_ms=min(REQUEST_MS, self._patience_ms - LINGER_MS),
                max_request_size=kafka_options.largest_message(),
            )
        except KafkaError as error:
            raise AdministrationError(f"{kafka_options.describe(self._settings)}: {error}") from error
        self._started = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        from kafka.errors import KafkaError

        try:
            if kind is None:
                self.flush()
        finally:
            # After Ctrl-C or a failure what is under way gets a moment, and no more; without a broker it cannot end well.
            with contextlib.suppress(KafkaError):
                self._producer.close(timeout=5)

    def send(self, payload: bytes, confirmed: Callable[[], None] | None = None) -> None:
        """Publish one raw article, when its time has come and there is room. Raises `TooLarge` and `FeedFailed`.

        `confirmed` is called once the broker has it, from a thread of the client's.
        """
        name, published = raw_key_and_time(payload)
        key = name.encode("utf-8", "replace")
        headers = list(self._about.of_raw(name, payload, published).items())
        if len(payload) + len(key) + sum(len(header) + len(value) for header, value in headers) > self._limit:
            raise TooLarge(f"{len(payload):,} bytes; the topic takes {self._limit:,}")
        if self._rate is not None:
            due = self._started + self._given / self._rate
            time.sleep(max(0.0, due - time.monotonic()))
        self._given += 1
        self._slots.acquire()
        self._check()
        try:
            future = self._producer.send(self._settings.topic_prefix + RAW, key=key, value=payload, headers=headers)
        except Exception as error:
            raise FeedFailed(self._said(error)) from error
        future.add_callback(self._taken)
        if confirmed is not None:
            future.add_callback(lambda metadata: confirmed())
        future.add_errback(self._refused)

    def flush(self) -> None:
        """Wait until the broker has everything. Raises `FeedFailed`."""
        from kafka.errors import KafkaError

        try:
            self._producer.flush()
        except KafkaError as error:
            raise FeedFailed(self._said(error)) from error
        self._check()

    def _taken(self, metadata: object) -> None:
        self.confirmed += 1
        self._slots.release()

    def _refused(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._slots.release()

    def _check(self) -> None:
        if self._failure is not None:
            raise FeedFailed(self._said(self._failure)) from self._failure

    def _said(self, error: BaseException) -> str:
        from kafka.errors import AuthorizationError, KafkaConnectionError, KafkaTimeoutError

        place = kafka_options.describe(self._settings)
        reason = str(error) or type(error).__name__
        # A producer that may write to no topic at all is refused before it sends: kafka-python tells that in the text alone.
        if isinstance(error, AuthorizationError) or "AuthorizationFailed" in reason:
            who = f"user {self._settings.sasl_username!r}" if self._settings.sasl_username else "this client"
            return (
                f"{place}: {who} lacks the right to write to {self._settings.topic_prefix}{RAW}; the broker has confirmed "
                f"{self.confirmed:,} of the {self._given:,} articles sent so far. Feed them again when it has the right: "
                "an article that comes twice is one article"
            )
        silent = isinstance(error, KafkaTimeoutError | KafkaConnectionError)
        return (
            (
                f"no Kafka answers at {place} any more ({reason})"
                if silent
                else f"{place} did not take an article: {reason}"
            )
            + f"; it has confirmed {self.confirmed:,} of the {self._given:,} articles sent so far. "
            "Feed them again when it is back: an article that comes twice is one article"
        )
