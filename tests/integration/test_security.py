"""TLS and SASL on a real Kafka: every client gets through with the settings alone, and says what is wrong without."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from streams import broker as brokers
from streams import kafka_options
from streams.administration import AdministrationError, admin_client, create_topics, describe_topics, partition_counts
from streams.commands import failures
from streams.reading import read_messages
from streams.settings import Settings
from streams.topics import registry
from tests.integration.pipeline_support import environment_of, feed, until, wait_until_idle, worker

pytestmark = pytest.mark.broker

KEYSTORE_PASSWORD = "of-this-test"
USERS = {"worker": 'worker\'s "password" with = and ,', "stranger": "of no rights", "limited": "of some"}


@dataclasses.dataclass(frozen=True)
class Secured:
    """One broker with three doors: an open one for whoever set it up, SASL in clear text, SASL over TLS."""

    open: Settings
    in_clear: Settings
    over_tls: Settings


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    if brokers.engine.is_available():
        pytest.skip("its certificate would have to be brought into the engine's container")
    folder = tmp_path_factory.mktemp("certificates")
    certificate = make_certificate(folder)
    clear, tls = brokers._free_ports()
    doors = f"CLEAR://127.0.0.1:{clear},SECURE://127.0.0.1:{tls}"
    properties = {
        "listeners": doors,
        "advertised.listeners": doors,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLEAR:SASL_PLAINTEXT,SECURE:SASL_SSL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512,SCRAM-SHA-256",
        **{
            f"listener.name.{door}.{mechanism}.sasl.jaas.config": "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            for door in ("clear", "secure")
            for mechanism in ("scram-sha-512", "scram-sha-256")
        },
        "ssl.keystore.location": str(folder / "keystore.p12"),
        "ssl.keystore.password": KEYSTORE_PASSWORD,
        "ssl.key.password": KEYSTORE_PASSWORD,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS;User:worker",
    }
    own = dataclasses.replace(Settings.from_environment(), broker="")
    with brokers.temporary_broker(own, properties) as running:
        opened = dataclasses.replace(own, broker=running.bootstrap, partitions=2, metrics_port=0)
        add_users(opened)
        in_clear = dataclasses.replace(
            opened,
            broker=f"127.0.0.1:{clear}",
            security_protocol="SASL_PLAINTEXT",
            allow_password_in_clear=True,
            sasl_username="worker",
            sasl_password=USERS["worker"],
        )
        over_tls = dataclasses.replace(
            in_clear, broker=f"127.0.0.1:{tls}", security_protocol="SASL_SSL", tls_ca_file=certificate
        )
        yield Secured(opened, in_clear, over_tls)


def make_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that vouches for itself, with Java's own tool; returns the certificate."""
    java = shutil.which("java")
    assert java is not None
    keytool = Path(java).resolve().parent / "keytool"
    store = ["-keystore", str(folder / "keystore.p12"), "-storepass", KEYSTORE_PASSWORD, "-alias", "broker"]
    subprocess.run(
        [
            keytool, "-genkeypair", *store, "-storetype", "PKCS12", "-keyalg", "EC", "-validity", "30",
            "-dname", "CN=broker of the tests", "-ext", "SAN=ip:127.0.0.1,dns:localhost", "-ext", "BC=ca:true",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    written = subprocess.run([keytool, "-exportcert", "-rfc", *store], check=True, capture_output=True)
    (folder / "certificate.pem").write_bytes(written.stdout)
    return folder / "certificate.pem"


def add_users(settings: Settings) -> None:
    from kafka.admin import ScramMechanism, UserScramCredentialUpsertion

    with admin_client(settings) as client:
        for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
            answer = client.alter_user_scram_credentials(
                [UserScramCredentialUpsertion(user, mechanism, password) for user, password in USERS.items()]
            )
            assert set(answer.values()) == {None}


@pytest.mark.parametrize("door", ["in_clear", "over_tls"])
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_topics_are_created_through_sasl(secured: Secured, door: str, mechanism: str) -> None:
    settings = dataclasses.replace(
        getattr(secured, door), sasl_mechanism=mechanism, topic_prefix=f"{door}-{mechanism}-".lower()
    )
    assert all(state.created and not state.differences for state in create_topics(settings))


def test_a_wrong_password_is_one_line_that_names_the_settings_and_not_the_password(secured: Secured) -> None:
    settings = dataclasses.replace(secured.over_tls, sasl_password="guessed")
    with pytest.raises(AdministrationError, match=r"does not accept user 'worker'.*MUSTER_SASL_PASSWORD") as raised:
        describe_topics(settings)
    assert "\n" not in str(raised.value)
    assert "guessed" not in str(raised.value)


def test_missing_rights_are_one_line_that_names_the_user(secured: Secured) -> None:
    settings = dataclasses.replace(
        secured.over_tls, sasl_username="stranger", sasl_password=USERS["stranger"], topic_prefix="stranger-"
    )
    with pytest.raises(AdministrationError, match=r"user 'stranger' lacks the right") as raised:
        create_topics(settings)
    assert "\n" not in str(raised.value)
    create_topics(dataclasses.replace(secured.open, topic_prefix="stranger-"))
    with pytest.raises(AdministrationError, match=r"user 'stranger' lacks the right"):
        partition_counts(settings)


def test_a_certificate_that_nobody_vouches_for_is_refused(secured: Secured) -> None:
    settings = dataclasses.replace(secured.over_tls, tls_ca_file=None)
    with pytest.raises(AdministrationError, match="MUSTER_TLS_CA_FILE") as raised:
        describe_topics(settings)
    assert "\n" not in str(raised.value)


def test_aiokafka_publishes_and_reads_over_tls(secured: Secured) -> None:
    settings = dataclasses.replace(secured.over_tls, topic_prefix="aiokafka-")
    create_topics(settings)
    name = settings.topic_prefix + next(iter(registry()))

    async def there_and_back() -> bytes | None:
        from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

        async with AIOKafkaProducer(**kafka_options.aiokafka_options(settings)) as producer:
            await producer.send_and_wait(name, b"through the locked door")
        consumer = AIOKafkaConsumer(name, auto_offset_reset="earliest", **kafka_options.aiokafka_options(settings))
        async with consumer:
            message = await asyncio.wait_for(consumer.getone(), timeout=30)
        await asyncio.sleep(0)  # TLS connections are closed by the next turn of the loop
        return message.value

    assert asyncio.run(there_and_back()) == b"through the locked door"


def test_a_worker_gets_its_partitions_over_tls(secured: Secured, tmp_path: Path) -> None:
    """Faust, as `muster run` starts it: with the environment variables alone."""
    settings = dataclasses.replace(secured.over_tls, topic_prefix="faust-")
    create_topics(settings)
    with worker(settings, tmp_path, ["ingest"]) as running:
        assert running.stop() == 0, running.log
        assert settings.sasl_password not in running.log


def test_the_rights_that_are_documented_are_enough_for_a_worker(secured: Secured, tmp_path: Path) -> None:
    from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType

    prefix = "limited-"
    with admin_client(secured.open) as client:
        client.create_acls(
            [
                ACL(
                    principal="User:limited",
                    host="*",
                    operation=operation,
                    permission_type=ACLPermissionType.ALLOW,
                    resource_pattern=ResourcePattern(kind, prefix, ACLResourcePatternType.PREFIXED),
                )
                for kind, operation in (
                    (ResourceType.TOPIC, ACLOperation.DESCRIBE),
                    (ResourceType.TOPIC, ACLOperation.READ),
                    (ResourceType.TOPIC, ACLOperation.WRITE),
                    (ResourceType.TOPIC, ACLOperation.CREATE),
                    (ResourceType.TOPIC, ACLOperation.DESCRIBE_CONFIGS),
                    (ResourceType.GROUP, ACLOperation.READ),
                )
            ]
        )
    settings = dataclasses.replace(
        secured.over_tls, sasl_username="limited", sasl_password=USERS["limited"], topic_prefix=prefix
    )
    assert not any(state.differences for state in create_topics(settings))
    with worker(settings, tmp_path, ["ingest"]) as running:
        assert running.stop() == 0, running.log


SAMPLE = str(Path(__file__).resolve().parents[2] / "samples" / "05-syria-request.json")
SINKS = '[[sink]]\nname = "nobody"\nkind = "webhook"\nurl = "https://127.0.0.1:1/"\n'


def told_by(command: str, settings: Settings, folder: Path) -> str:
    """What a command tells a person when it cannot work with the broker. It ends by itself, with the broker's code."""
    sinks = folder / "sinks.toml"
    sinks.write_text(SINKS, encoding="utf-8")
    arguments = {
        "feed": ["feed", SAMPLE],
        "run": ["run", "--stages", "ingest"],
        "notify": ["notify"],
        "letters": ["dead-letters", "list"],
    }
    ended = subprocess.run(
        [sys.executable, "-m", "streams.commands.entry", *arguments[command]],
        env=environment_of(settings) | {"MUSTER_SINKS": str(sinks), "MUSTER_ALLOW_PRIVATE_TARGETS": "true"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == failures.BROKER, ended.stderr
    assert "Traceback" not in ended.stderr
    assert not settings.sasl_password or settings.sasl_password not in ended.stdout + ended.stderr
    return ended.stderr


WRONG: dict[str, tuple[str, dict[str, str], str]] = {
    "password": ("over_tls", {"sasl_password": "guessed-wrongly"}, "does not accept user 'worker'"),
    "rights": (
        "over_tls",
        {"sasl_username": "stranger", "sasl_password": USERS["stranger"]},
        "'stranger' lacks the right",
    ),
    "topic": ("open", {"topic_prefix": "never-made-"}, "`muster topics create` makes them"),
    "host": ("open", {"broker": "no-such-host.invalid:9092"}, "no Kafka answers at no-such-host.invalid:9092"),
    "port": ("open", {"broker": "127.0.0.1:1"}, "no Kafka answers at 127.0.0.1:1"),
    "tls-against-plain": ("open", {"security_protocol": "SSL"}, "MUSTER_SECURITY_PROTOCOL"),
    "plain-against-tls": ("over_tls", {"security_protocol": "PLAINTEXT"}, "MUSTER_SECURITY_PROTOCOL"),
}
"""What is wrong: the door, the settings that make it so, and what is said of it."""


@pytest.mark.parametrize(
    ("command", "what"),
    [
        *(("feed", what) for what in WRONG),
        ("run", "password"),
        ("notify", "topic"),
        ("letters", "password"),
    ],
)
def test_a_command_that_cannot_work_with_the_broker_says_so_in_one_line(
    secured: Secured, command: str, what: str, tmp_path: Path
) -> None:
    door, wrong, told = WRONG[what]
    create_topics(dataclasses.replace(secured.open, topic_prefix="commands-"))
    settings: Settings = dataclasses.replace(getattr(secured, door), **{"topic_prefix": "commands-"} | wrong)
    said = told_by(command, settings, tmp_path)
    assert told in said
    assert len(said.strip().splitlines()) == 1


def test_a_producer_that_may_not_write_any_more_says_so_in_one_line(secured: Secured, tmp_path: Path) -> None:
    from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType

    prefix = "withdrawn-"
    create_topics(dataclasses.replace(secured.open, topic_prefix=prefix))
    topics = ResourcePattern(ResourceType.TOPIC, prefix, ACLResourcePatternType.PREFIXED)
    with admin_client(secured.open) as client:
        client.create_acls([ACL("User:stranger", "*", ACLOperation.DESCRIBE, ACLPermissionType.ALLOW, topics)])
    settings = dataclasses.replace(
        secured.over_tls, sasl_username="stranger", sasl_password=USERS["stranger"], topic_prefix=prefix
    )
    said = told_by("feed", settings, tmp_path)
    assert "user 'stranger' lacks the right" in said
    assert len(said.strip().splitlines()) == 1


# --- secrets ---------------------------------------------------------------------------------------------------------

SINK_SECRETS = {"SINK_AUTHORIZATION": "Bearer t0k3n/of+the=sink", "SINK_SECRET": 'signs & what is "posted"'}
SILENT = """
[[sink]]
name = "silent"
kind = "webhook"
url = "https://127.0.0.1:1/hook"
authorization_environment = "SINK_AUTHORIZATION"
secret_environment = "SINK_SECRET"
from = "start"
"""
PROGRAMS: dict[str, tuple[list[str], str | None]] = {
    "run": (["run", "--stages", "ingest"], "ready: ingest"),
    "notify": (["notify"], "ready: silent"),
    "desk": (["desk"], "has caught up"),
    "feed": (["feed", SAMPLE], None),
    "tail": (["tail", "articles.raw", "--from-start", "--no-follow"], None),
    "letters": (["dead-letters", "list"], None),
    "topics": (["topics", "describe"], None),
    "settings": (["settings"], None),
    "test of a sink": (["notify", "--test", "silent"], None),
}
"""Arguments of each program, and what it says when it works; None for one that ends by itself."""


def written_forms(secret: str, user: str = "worker") -> set[str]:
    """A secret as it stands, and as addresses, JSON, Python and SASL write it."""
    raw = secret.encode()
    encoded = [raw, f"{user}:{secret}".encode(), f"\0{user}\0{secret}".encode()]
    return {
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        quote_plus(secret),
        raw.hex(),
        *(base64.b64encode(one).decode().rstrip("=") for one in encoded),
        *(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in encoded),
    }


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_program_writes_a_secret_in_any_form_even_where_it_logs_everything(
    secured: Secured, program: str, tmp_path: Path
) -> None:
    settings = dataclasses.replace(secured.over_tls, topic_prefix="secrets-", log_level="debug", desk_port=0)
    create_topics(dataclasses.replace(secured.open, topic_prefix="secrets-"))
    sinks = tmp_path / "sinks.toml"
    sinks.write_text(SILENT, encoding="utf-8")
    arguments, working = PROGRAMS[program]
    log = tmp_path / "log"
    environment = environment_of(settings) | SINK_SECRETS
    environment |= {"MUSTER_SINKS": str(sinks), "MUSTER_ALLOW_PRIVATE_TARGETS": "true"}
    with log.open("wb") as written:
        running = subprocess.Popen(
            [sys.executable, "-m", "streams.commands.entry", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        until(
            lambda: running.poll() is not None or (working is not None and working in log.read_text(errors="replace")),
            f"{program} to work",
        )
        if working is not None:
            assert running.poll() is None, log.read_text(errors="replace")
            running.terminate()
        running.wait(60)
    finally:
        running.kill()
    said = log.read_text(errors="replace")
    assert said
    for secret in (settings.sasl_password, *SINK_SECRETS.values(), SINK_SECRETS["SINK_AUTHORIZATION"].split()[1]):
        for form in written_forms(secret):
            assert form not in said, program


# --- rights that end ----------------------------------------------------------------------------------------------


def test_a_worker_whose_right_to_write_ends_says_so_and_loses_nothing(secured: Secured, tmp_path: Path) -> None:
    from kafka.admin import (
        ACL,
        ACLFilter,
        ACLOperation,
        ACLPermissionType,
        ACLResourcePatternType,
        ResourcePattern,
        ResourcePatternFilter,
        ResourceType,
    )

    prefix = "ends-"
    opened = dataclasses.replace(secured.open, topic_prefix=prefix)
    create_topics(opened)
    pattern = (prefix, ACLResourcePatternType.PREFIXED)
    topics, groups = ResourcePattern(ResourceType.TOPIC, *pattern), ResourcePattern(ResourceType.GROUP, *pattern)
    rights = [
        ACL("User:stranger", "*", operation, ACLPermissionType.ALLOW, resource)
        for resource, operation in (
            (topics, ACLOperation.DESCRIBE),
            (topics, ACLOperation.READ),
            (topics, ACLOperation.WRITE),
            (groups, ACLOperation.READ),
        )
    ]
    settings = dataclasses.replace(
        secured.over_tls,
        sasl_username="stranger",
        sasl_password=USERS["stranger"],
        topic_prefix=prefix,
        delivery_attempts=2,
    )
    raw = Path(SAMPLE).read_bytes()
    with admin_client(opened) as client:
        client.create_acls(rights)
    with worker(settings, tmp_path / "first", ["ingest"]) as running:
        with admin_client(opened) as client:
            client.delete_acls(
                [
                    ACLFilter(
                        "User:stranger",
                        "*",
                        ACLOperation.WRITE,
                        ACLPermissionType.ALLOW,
                        ResourcePatternFilter(ResourceType.TOPIC, *pattern),
                    )
                ]
            )
        feed(opened, [raw])
        running.process.wait(120)
        assert running.process.returncode == failures.WORKER
        (end,) = [line for line in running.log.splitlines() if " ends: " in line]
        assert "TopicAuthorizationFailed" in end
        assert "articles.v1" in end or "anchors.v1" in end
        assert "Traceback" not in running.log
    with admin_client(opened) as client:
        client.create_acls(rights)
    with worker(settings, tmp_path / "second", ["ingest"]):
        wait_until_idle(opened, ["ingest"])
    assert len(read_messages(opened, "articles.v1")) == 1
