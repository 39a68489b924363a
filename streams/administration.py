"""Topics on the broker against the registry: created where they are missing, described, never changed behind anybody's back."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams import kafka_options
from streams.settings import Settings
from streams.topics import Topic, registry

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient

CONNECT_SECONDS = 10.0
ATTEMPT_SECONDS = 3.0


class AdministrationError(Exception):
    """The broker cannot be reached, refuses, or lacks something; one line that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """One topic of the registry as the broker has it. `partitions` and `replication` are None where it is missing."""

    name: str
    """Its name on the broker, with the prefix."""
    topic: Topic
    partitions: int | None
    replication: int | None
    policies: Mapping[str, str]
    """The broker's values of the policies that the registry sets."""
    differences: tuple[str, ...]
    """What is other than the settings and the registry say, one phrase each."""
    created: bool = False
    """Whether this call created it."""


def create_topics(settings: Settings) -> list[TopicState]:
    """Create the topics that are missing, and return the state of all, in the order of the registry.

    A topic that exists is left as it is: a change of its partitions would send the same key elsewhere, and a change of
    policy may delete data. What differs is told in `differences`. Raises `AdministrationError`.
    """
    from kafka.errors import AuthorizationError, for_code

    with admin_client(settings) as client:
        before = _names_on(client)
        missing = {name: topic for name, topic in _named(settings).items() if name not in before}
        if missing:
            answer = client.create_topics(
                {
                    name: {
                        "num_partitions": settings.partitions,
                        "replication_factor": settings.replication,
                        "configs": policies_of(topic),
                    }
                    for name, topic in missing.items()
                },
                raise_errors=False,
            )
            for result in answer["topics"]:
                kind = for_code(result["error_code"])
                # Somebody else may have been creating them at the same time; the state below tells what is there.
                if kind.__name__ not in ("NoError", "TopicAlreadyExistsError"):
                    reason = result.get("error_message") or kind.description
                    if issubclass(kind, AuthorizationError):
                        raise kind(f"creating topic {result['name']}: {reason}")
                    raise AdministrationError(f"topic {result['name']} could not be created: {reason}")
            client.wait_for_topics(list(missing))
        return _states(client, settings, created=frozenset(missing))


def describe_topics(settings: Settings) -> list[TopicState]:
    """The state of every topic of the registry. Raises `AdministrationError`."""
    with admin_client(settings) as client:
        return _states(client, settings, created=frozenset())


def partition_counts(settings: Settings) -> dict[str, int]:
    """How many partitions each topic really has, by its name in the registry (without prefix).

    Raises `AdministrationError` where a topic is missing.
    """
    with admin_client(settings) as client:
        found = _partitions_on(client, list(_named(settings)))
    missing = [name for name in _named(settings) if name not in found]
    if missing:
        raise AdministrationError(
            f"no such topics on the broker: {', '.join(missing)}; `muster topics create` makes them"
        )
    return {topic.name: found[name][0] for name, topic in _named(settings).items()}


def policies_of(topic: Topic) -> dict[str, str]:
    """The topic's settings on the broker, as the registry wants them."""
    retention = str(topic.retention_hours * 3_600_000)
    policies = {
        "cleanup.policy": topic.cleanup,
        ("delete.retention.ms" if topic.cleanup == "compact" else "retention.ms"): retention,
        "max.message.bytes": str(topic.max_message_bytes),
    }
    if topic.timestamps == "broker":
        policies["message.timestamp.type"] = "LogAppendTime"
    return policies


@contextlib.contextmanager
def admin_client(settings: Settings, *, connect_seconds: float = CONNECT_SECONDS) -> Iterator[KafkaAdminClient]:
    """A connected client. What goes wrong inside the block is raised as `AdministrationError`, in one line."""
    from kafka.errors import KafkaError, KafkaTimeoutError

    _look_for_a_listener(settings, connect_seconds)
    deadline = time.monotonic() + connect_seconds
    try:
        with contextlib.ExitStack() as stack:
            while True:
                try:
                    client = stack.enter_context(_connected(settings, seconds=min(ATTEMPT_SECONDS, connect_seconds)))
                    break
                except KafkaTimeoutError:
                    if time.monotonic() >= deadline:
                        raise
            yield client
    except KafkaError as error:
        raise AdministrationError(_in_words(error, settings)) from error


@contextlib.contextmanager
def _connected(settings: Settings, *, seconds: float) -> Iterator[KafkaAdminClient]:
    """A client that has reached the broker within `seconds`. Raises what kafka-python knows of why it could not.

    Its loop is ours, because the client leaves the loop's thread and sockets behind, all of them where it cannot connect.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaTimeoutError
    from kafka.net.compat import KafkaNetClient
    from kafka.net.selector import NetworkSelector

    net = NetworkSelector()
    clients: list[KafkaNetClient] = []

    def network_client(**options: object) -> KafkaNetClient:
        clients.append(KafkaNetClient(net=net, **options))
        return clients[0]

    try:
        with _failures_logged() as failures:
            try:
                client = KafkaAdminClient(
                    **kafka_options.kafka_python_options(settings),
                    bootstrap_timeout_ms=int(seconds * 1000),
                    kafka_client=network_client,
                )
            except KafkaTimeoutError as error:
                raise _refusal_among(failures, settings) or error from None
        try:
            yield client
        finally:
            client.close()
    finally:
        for made in clients:
            made.close()
        net.close()


@contextlib.contextmanager
def _failures_logged() -> Iterator[list[Exception]]:
    """What went wrong with connections while the block ran.

    kafka-python tries again until its time is up and then says that nobody answers; the reasons are in its log alone.
    """
    failures: list[Exception] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            arguments = record.args if isinstance(record.args, tuple) else ()
            failures.extend(argument for argument in arguments if isinstance(argument, Exception))

    listener, logger = Listener(), logging.getLogger("kafka.net")
    logger.addHandler(listener)
    try:
        yield failures
    finally:
        logger.removeHandler(listener)


def _refusal_among(failures: list[Exception], settings: Settings) -> Exception | None:
    """The failure that says that the broker does not accept the user, if there is one.

    Over TLS the broker's refusal and its end of the connection arrive together, and kafka-python 3.0 sees only the
    latter. A broker that accepts connections and certificates, and ends one after the other, has refused the user.
    """
    from kafka.errors import KafkaConnectionError, SaslAuthenticationFailedError

    refusals = [failure for failure in failures if isinstance(failure, SaslAuthenticationFailedError)]
    ended = [failure for failure in failures if isinstance(failure, KafkaConnectionError)]
    if not refusals and settings.security_protocol.startswith("SASL_") and len(ended) > 1:
        refusals = [SaslAuthenticationFailedError("it ends the connection when it has been told the user")]
    return refusals[0] if refusals else None


def _look_for_a_listener(settings: Settings, seconds: float) -> None:
    """Raise `AdministrationError` at once where no server accepts a connection, or none has a certificate to trust.

    The client itself would try again for all of its time, with a page of warnings, and not say which it was.
    """
    context = kafka_options.tls_context(settings)
    reasons = []
    for server in kafka_options.servers(settings):
        host, _, port = server.rpartition(":")
        host = host.strip("[]")
        try:
            with socket.create_connection((host, int(port)), timeout=seconds) as connection:
                if context is not None:
                    context.wrap_socket(connection, server_hostname=host).close()
        except ssl.SSLCertVerificationError as error:
            raise AdministrationError(
                f"{server} shows a certificate that cannot be trusted: {error.verify_message}; check MUSTER_TLS_CA_FILE, "
                "and that the certificate names this host"
            ) from error
        except OSError as error:
            reasons.append(f"{server}: {error.strerror or error}")
        else:
            return
    raise AdministrationError(_nobody_answers(settings, "; ".join(reasons)))


def _nobody_answers(settings: Settings, reason: str) -> str:
    return (
        f"no Kafka answers at {kafka_options.describe(settings)}: check MUSTER_BROKER and MUSTER_SECURITY_PROTOCOL, "
        f"or start one with `muster broker start` ({reason})"
    )


def _in_words(error: Exception, settings: Settings) -> str:
    from kafka import errors

    where = kafka_options.describe(settings)
    reason = " ".join(str(error).split())
    if isinstance(error, errors.SaslAuthenticationFailedError):
        return (
            f"{where} does not accept user {settings.sasl_username!r}: check MUSTER_SASL_USERNAME, MUSTER_SASL_PASSWORD "
            f"and MUSTER_SASL_MECHANISM ({reason})"
        )
    if isinstance(error, errors.AuthorizationError):
        who = f"user {settings.sasl_username!r}" if settings.sasl_username else "this client"
        return f"{where}: {who} lacks the right to do this ({reason})"
    if isinstance(error, errors.KafkaTimeoutError | errors.KafkaConnectionError | errors.NodeNotReadyError):
        return _nobody_answers(settings, reason)
    return f"{where}: {reason}"


def _named(settings: Settings) -> dict[str, Topic]:
    return {settings.topic_prefix + topic.name: topic for topic in registry().values()}


def _names_on(client: KafkaAdminClient) -> frozenset[str]:
    return frozenset(client.list_topics())


def _partitions_on(client: KafkaAdminClient, names: list[str]) -> dict[str, tuple[int, int]]:
    """(partitions, replication) of those of the topics that exist."""
    from kafka.errors import TopicAuthorizationFailedError, UnknownTopicOrPartitionError, for_code

    found = {}
    for row in client.describe_topics(names):
        kind = for_code(row["error_code"])
        if kind is UnknownTopicOrPartitionError:
            continue
        if kind is TopicAuthorizationFailedError:
            raise kind(f"topic {row['name']}")
        # Other errors (a leader that is being elected) leave the counts right.
        partitions = row["partitions"]
        if partitions:
            found[row["name"]] = (len(partitions), len(partitions[0]["replica_nodes"]))
    return found


def _states(client: KafkaAdminClient, settings: Settings, created: frozenset[str]) -> list[TopicState]:
    from kafka.admin import ConfigResource, ConfigResourceType

    named = _named(settings)
    found = _partitions_on(client, list(named))
    configs: Mapping[str, Mapping[str, Mapping[str, str]]] = {}
    if found:
        configs = client.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name) for name in found], config_filter="all"
        )["topic"]
    states = []
    for name, topic in named.items():
        if name not in found:
            states.append(
                TopicState(
                    name=name,
                    topic=topic,
                    partitions=None,
                    replication=None,
                    policies={},
                    differences=("missing: `muster topics create` makes it",),
                )
            )
            continue
        partitions, replication = found[name]
        wanted = policies_of(topic)
        policies = {policy: configs[name][policy]["value"] for policy in wanted if policy in configs[name]}
        differences = [
            f"{what}: {has} on the broker, {should} {source}"
            for what, has, should, source in (
                ("partitions", partitions, settings.partitions, "by MUSTER_PARTITIONS"),
                ("replication", replication, settings.replication, "by MUSTER_REPLICATION"),
                *((p, policies.get(p, "not readable"), value, "in the registry") for p, value in wanted.items()),
            )
            if has != should
        ]
        states.append(
            TopicState(
                name=name,
                topic=topic,
                partitions=partitions,
                replication=replication,
                policies=policies,
                differences=tuple(differences),
                created=name in created,
            )
        )
    return states
