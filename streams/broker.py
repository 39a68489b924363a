"""A real Kafka for whoever has none: one KRaft node on free loopback ports, started, waited for and stopped.

Where a Docker engine runs it is the service `kafka` of docker-compose.yml, otherwise Kafka's published Java artifacts.
Where `Settings.broker` names a broker, that one is used and nothing is started, stopped or looked at here.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from streams.administration import AdministrationError, admin_client
from streams.kafka_distribution import engine, process
from streams.kafka_distribution.download import HERE, DownloadFailed, Say, jars_directory
from streams.kafka_distribution.java import JavaMissing, find_java
from streams.settings import SettingError, Settings

READY_SECONDS = 90.0  # it answers within 3 s on two idle cores; this is for a machine that is busy with other things
GRACE_SECONDS = 20.0  # a node that flushes some 100 partitions stops within 2 s
PORT_TRIES = 5
HEAP = "-Xmx512m"  # one node at rest holds 330 MB, heap and all


class BrokerError(Exception):
    """The broker could not be started or stopped; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBroker:
    """A broker that answers at `bootstrap`. All else is None for one that the settings named."""

    bootstrap: str
    pid: int | None = None
    """None where a Docker engine runs it."""
    data_dir: Path | None = None
    log: Path | None = None
    project: str | None = None
    """Name of the compose project where a Docker engine runs it."""


def start(
    settings: Settings,
    data_dir: Path | None = None,
    extra_properties: Mapping[str, str] | None = None,
    *,
    tied: bool = False,
    say: Say | None = None,
) -> RunningBroker:
    """A broker that has answered a metadata request; its data are in `data_dir` (by default in the cache).

    The one that already runs there is returned as it is. One that ran there before gets its ports again if they are
    free. `extra_properties` are added to its server.properties, listeners to ours. With `tied` it is killed when this process ends,
    however that happens. `say` is told about what takes long. Raises `BrokerError`, and `SettingError` where
    MUSTER_CACHE_DIR cannot be used.
    """
    if settings.broker:
        return RunningBroker(bootstrap=settings.broker)
    say = say or _say
    directory = _data_directory(settings, data_dir)
    running = status(settings, directory)
    if running is not None:
        return running
    with _cache_errors_told(settings, directory):
        directory.mkdir(parents=True, exist_ok=True)
        lock_file = (directory / "start.lock").open("w")
    with lock_file as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return status(settings, directory) or _start(settings, directory, extra_properties or {}, tied, say)


def _start(
    settings: Settings, directory: Path, extra_properties: Mapping[str, str], tied: bool, say: Say
) -> RunningBroker:
    if engine.is_available():
        return _start_in_engine(directory, (_last_ports(directory) or _free_ports())[0], extra_properties, say)
    ports = _last_ports(directory)
    for _ in range(PORT_TRIES):
        try:
            return _start_java(settings, directory, ports or _free_ports(), extra_properties, tied, say)
        except _PortTaken:
            ports = None
    raise BrokerError(f"no free port after {PORT_TRIES} tries; the broker's log is {directory / 'kafka.log'}")


def resume(
    settings: Settings, broker: RunningBroker, extra_properties: Mapping[str, str] | None = None, *, tied: bool = False
) -> RunningBroker:
    """Start a broker that was stopped or killed again, on the same port and with the same data.

    Raises `BrokerError` if its port is taken: clients know it by that port.
    """
    ports = _last_ports(broker.data_dir) if broker.data_dir else None
    if broker.data_dir is None or ports is None:
        raise BrokerError(f"{broker.bootstrap} was not started here")
    if broker.project is not None:
        return _start_in_engine(broker.data_dir, ports[0], extra_properties or {}, _say, project=broker.project)
    try:
        return _start_java(settings, broker.data_dir, ports, extra_properties or {}, tied, _say)
    except _PortTaken:
        raise BrokerError(
            f"port {ports[0]} of the broker in {broker.data_dir} was taken while it was stopped"
        ) from None


def stop(broker: RunningBroker, *, grace_seconds: float = GRACE_SECONDS) -> None:
    """Stop it in order, by its pid; one that does not obey within `grace_seconds` is killed. Its data stay."""
    if broker.project is not None and broker.data_dir is not None:
        engine.stop(broker.project, broker.data_dir)
    elif broker.pid is not None:
        process.end(broker.pid, grace_seconds=grace_seconds)


def kill(broker: RunningBroker) -> None:
    """End it at once, as a crash would. Its data stay."""
    if broker.project is not None and broker.data_dir is not None:
        engine.kill(broker.project, broker.data_dir)
    elif broker.pid is not None:
        process.kill(broker.pid)


def status(settings: Settings, data_dir: Path | None = None) -> RunningBroker | None:
    """The broker that runs on the data in `data_dir`, or None. One named by the settings is returned unseen."""
    if settings.broker:
        return RunningBroker(bootstrap=settings.broker)
    directory = _data_directory(settings, data_dir)
    broker = _read_state(directory)
    if broker is None:
        return None
    if broker.project is not None:
        return broker if engine.is_available() and engine.is_running(broker.project, directory) else None
    # After a restart of the machine the pid may be somebody else's.
    ours = broker.pid is not None and str(directory / "server.properties") in process.command_line(broker.pid)
    return broker if ours and broker.pid is not None and process.is_running(broker.pid) else None


@contextlib.contextmanager
def temporary_broker(
    settings: Settings, extra_properties: Mapping[str, str] | None = None, *, say: Say | None = None
) -> Iterator[RunningBroker]:
    """A broker for as long as the block runs, with data of its own that are removed after it.

    If this process dies inside the block, the broker is killed with it (its folder below the temporary one stays).
    """
    if settings.broker:
        yield RunningBroker(bootstrap=settings.broker)
        return
    with tempfile.TemporaryDirectory(prefix="muster-broker-", ignore_cleanup_errors=True) as directory:
        broker = start(settings, Path(directory), extra_properties, tied=True, say=say)
        try:
            yield broker
        finally:
            # A test may have killed and resumed it: the folder knows the pid of now.
            now = status(settings, Path(directory)) or broker
            if now.project is not None:
                engine.stop(now.project, Path(directory), remove=True)
            else:
                stop(now)


# --- Java --------------------------------------------------------------------------------------------------------


class _PortTaken(Exception):
    pass


def _start_java(
    settings: Settings,
    directory: Path,
    ports: tuple[int, int],
    extra_properties: Mapping[str, str],
    tied: bool,
    say: Say,
) -> RunningBroker:
    try:
        cache = settings.cache_dir.expanduser().resolve()
        with _cache_errors_told(settings, cache):
            jars = jars_directory(cache, say)
        java = find_java(maven_needed=False).java
    except (DownloadFailed, JavaMissing) as error:
        raise BrokerError(str(error)) from error
    if any(_is_listening(port) for port in ports):
        raise _PortTaken
    properties = _write_properties(directory, ports, extra_properties)
    log, console = directory / "kafka.log", directory / "console.log"
    for old in (log, console):
        old.unlink(missing_ok=True)  # so that its end is about this start
    # The C locale would make Java refuse a folder with a letter that is not ASCII.
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    classpath = ["-cp", f"{jars}/*"]
    _format(java, classpath, properties, environment)
    pid = process.spawn(
        [
            str(java), HEAP, "-XX:+UseSerialGC", "-Djava.awt.headless=true",
            f"-Dmuster.log={log}", f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}",
            *classpath, "kafka.Kafka", str(properties),
        ],
        output=console,
        environment=environment,
        tied=tied,
    )  # fmt: skip
    broker = RunningBroker(bootstrap=f"127.0.0.1:{ports[0]}", pid=pid, data_dir=directory, log=log)
    try:
        _write_state(broker, controller_port=ports[1])
        _wait_until_it_answers(broker)
    except BaseException:
        process.kill(pid)  # also on Ctrl-C
        raise
    return broker


def _format(java: Path, classpath: list[str], properties: Path, environment: Mapping[str, str]) -> None:
    """Give an empty data folder its identity; one that has it keeps it."""
    if (properties.parent / "data" / "meta.properties").is_file():
        return
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    answer = subprocess.run(
        [
            java, "-XX:TieredStopAtLevel=1", *classpath, "kafka.tools.StorageTool", "format",
            f"--cluster-id={cluster}", f"--config={properties}",
        ],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )  # fmt: skip
    if answer.returncode != 0:
        raise BrokerError(f"Kafka could not format {properties.parent / 'data'}:\n{answer.stdout}{answer.stderr}")


def _wait_until_it_answers(broker: RunningBroker) -> None:
    """Until it answers a metadata request with itself. Raises `_PortTaken`, or `BrokerError` with the end of its log."""
    deadline = time.monotonic() + READY_SECONDS
    port = int(broker.bootstrap.rpartition(":")[2])

    def gone() -> bool:
        return broker.pid is not None and not process.is_running(broker.pid)

    # The client logs a warning for every refused connection: it is not asked before there is somebody to ask.
    process.wait_until(lambda: gone() or _is_listening(port), seconds=READY_SECONDS)
    while not gone():
        if answers(broker.bootstrap, seconds=max(1.0, min(10.0, deadline - time.monotonic()))):
            return
        if time.monotonic() >= deadline:
            raise BrokerError(f"Kafka does not answer after {READY_SECONDS:.0f} s.\n{tail(broker)}")
        time.sleep(0.1)
    told = tail(broker)
    if "Address already in use" in told or "BindException" in told:
        raise _PortTaken
    raise BrokerError(f"Kafka ended while it started.\n{told}")


def answers(bootstrap: str, *, seconds: float) -> bool:
    """Whether a broker without authentication answers a metadata request at `bootstrap` within `seconds`."""
    try:
        with admin_client(Settings(broker=bootstrap), connect_seconds=seconds) as client:
            return bool(client.describe_cluster()["brokers"])
    except AdministrationError:
        return False


def tail(broker: RunningBroker, lines: int = 25) -> str:
    """The end of what the broker wrote, and where the rest is."""
    if broker.data_dir is None:
        return ""
    written = []
    for name in ("kafka.log", "console.log"):
        path = broker.data_dir / name
        if path.is_file():
            written += path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join([*written[-lines:], f"(all of it: {broker.data_dir / 'kafka.log'})"])


def _write_properties(directory: Path, ports: tuple[int, int], extra_properties: Mapping[str, str]) -> Path:
    own = {
        "listeners": f"PLAINTEXT://127.0.0.1:{ports[0]},CONTROLLER://127.0.0.1:{ports[1]}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{ports[0]}",
        "controller.quorum.voters": f"1@127.0.0.1:{ports[1]}",
        "log.dirs": str(directory / "data"),
    }
    more = dict(extra_properties)
    for name in ("listeners", "advertised.listeners"):
        own[name] = ",".join(filter(None, (own[name], more.pop(name, ""))))
    lines = [f"{name}={_escaped(value)}\n" for name, value in {**own, **more}.items()]
    path = directory / "server.properties"
    template = (HERE / "server.properties").read_text(encoding="utf-8")
    path.write_text(template + "\n" + "".join(lines), encoding="ascii")
    return path


def _escaped(value: str) -> str:
    """A value as a .properties file writes it: Java reads the file as Latin-1, other letters as UTF-16 escapes."""
    written = []
    for character in value.replace("\\", "\\\\"):
        if character.isascii():
            written.append(character)
        else:
            units = character.encode("utf-16-be").hex()
            written += [f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)]
    return "".join(written)


# --- Docker ------------------------------------------------------------------------------------------------------


def _start_in_engine(
    directory: Path, port: int, extra_properties: Mapping[str, str], say: Say, project: str | None = None
) -> RunningBroker:
    known = _read_state(directory)
    project = project or (known.project if known else None) or f"muster-broker-{uuid.uuid4().hex[:8]}"
    broker = RunningBroker(
        bootstrap=f"127.0.0.1:{port}", data_dir=directory, log=directory / "kafka.log", project=project
    )
    say("starting Kafka in the Docker engine (its image is fetched once)")
    _write_state(broker, controller_port=0)
    try:
        engine.start(project, directory, port, extra_properties)
        if not answers(broker.bootstrap, seconds=READY_SECONDS):
            raise BrokerError(f"Kafka does not answer.\n{engine.logs(project, directory)}")
    except engine.EngineFailed as error:
        raise BrokerError(str(error)) from error
    return broker


# --- folders, ports and the state file ---------------------------------------------------------------------------


def _data_directory(settings: Settings, data_dir: Path | None) -> Path:
    directory = (data_dir or settings.cache_dir / "broker").expanduser().resolve()
    if any(character in str(directory) for character in ",\n"):
        raise BrokerError(f"{directory}: Kafka separates folders by commas, so this one cannot hold its data")
    return directory


@contextlib.contextmanager
def _cache_errors_told(settings: Settings, directory: Path) -> Iterator[None]:
    """What the file system refuses in the cache is a matter of the setting that names it."""
    try:
        yield
    except OSError as error:
        cache = settings.cache_dir.expanduser().resolve()
        named = [Path(name) for name in (error.filename, error.filename2) if isinstance(name, str)]
        if not any(place.is_relative_to(cache) or cache.is_relative_to(place) for place in [directory, *named]):
            raise
        raise SettingError(
            f"MUSTER_CACHE_DIR: {str(settings.cache_dir)!r} cannot be used: {error.strerror or error}; "
            "name a folder that can be written to"
        ) from error


def last_bootstrap(settings: Settings, data_dir: Path | None = None) -> str | None:
    """Where the broker of this folder runs or ran; None where there was none."""
    ports = _last_ports(_data_directory(settings, data_dir))
    return f"127.0.0.1:{ports[0]}" if ports else None


def _last_ports(directory: Path) -> tuple[int, int] | None:
    """The ports of broker and controller that this folder's broker had; None for a new folder."""
    try:
        state = json.loads((directory / "broker.json").read_text(encoding="utf-8"))
        return int(state["bootstrap"].rpartition(":")[2]), int(state["controller_port"])
    except (OSError, ValueError, KeyError):
        return None


def _free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on, below those which the kernel gives to outgoing connections.

    Among those, a client that tries to reconnect to a stopped broker may be given the broker's own port as its side of
    the connection, meet itself there, and keep the broker from coming back.
    """
    found: list[int] = []
    for port in random.sample(range(20_000, 32_768), 200):  # Linux gives 32768 and up: ip_local_port_range
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == 2:
            return found[0], found[1]
    raise BrokerError("no free loopback port between 20000 and 32767")


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write_state(broker: RunningBroker, *, controller_port: int) -> None:
    assert broker.data_dir is not None
    state = {**asdict(broker), "controller_port": controller_port}
    path = broker.data_dir / "broker.json"
    path.with_suffix(".new").write_text(json.dumps(state, default=str), encoding="utf-8")
    path.with_suffix(".new").replace(path)


def _read_state(directory: Path) -> RunningBroker | None:
    try:
        state = json.loads((directory / "broker.json").read_text(encoding="utf-8"))
        return RunningBroker(
            bootstrap=state["bootstrap"],
            pid=state["pid"],
            data_dir=directory,
            log=directory / "kafka.log",
            project=state["project"],
        )
    except (OSError, ValueError, KeyError):
        return None


def remove_data(settings: Settings, data_dir: Path | None = None) -> None:
    """Remove the data of a stopped broker. Raises `BrokerError` while it runs."""
    if status(settings, data_dir) is not None:
        raise BrokerError("the broker runs; stop it first")
    shutil.rmtree(_data_directory(settings, data_dir), ignore_errors=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
