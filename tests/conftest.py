"""What tests of every area share: the real broker, settings with topics of their own, the data beside the checkout."""

from __future__ import annotations

import dataclasses
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from streams.administration import admin_client, create_topics
from streams.broker import temporary_broker
from streams.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[1]

# How long an example takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("muster", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("deep", hypothesis.settings.get_profile("muster"), max_examples=10_000)
hypothesis.settings.load_profile("muster")


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Bootstrap servers of a real Kafka: the one of MUSTER_BROKER, otherwise one for this run of the tests.

    Tests that use it carry `@pytest.mark.broker`. None is skipped for want of it: where it cannot be started the tests
    fail, with the reason.
    """
    settings = Settings.from_environment()
    with temporary_broker(settings) as running:
        if not settings.broker:
            yield running.bootstrap
            return
        # On somebody's own broker nothing of ours stays.
        with admin_client(settings) as client:
            before = set(client.list_topics())
        yield running.bootstrap
        with admin_client(settings) as client:
            ours = [name for name in client.list_topics() if name.startswith("test-") and name not in before]
            if ours:
                client.delete_topics(ours)


@pytest.fixture
def kafka_settings(broker: str) -> Settings:
    """Settings for that broker with a topic prefix of this test's own and all topics created, two partitions each."""
    settings = dataclasses.replace(
        Settings.from_environment(),
        broker=broker,
        topic_prefix=f"test-{uuid.uuid4().hex[:12]}-",
        partitions=2,
        metrics_port=0,
    )
    create_topics(settings)
    return settings


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout: evaluation data and articles that are not ours to copy in."""
    folder = Path(os.environ.get("SHARED") or CHECKOUT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"there is no {folder.name}/ beside the checkout, which holds the evaluation data")
    return folder
