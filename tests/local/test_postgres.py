"""The embedded server, for real: every test starts one."""

import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest

from sanctions_watch.errors import ConfigurationError, WarehouseError
from sanctions_watch.local import postgres as module
from sanctions_watch.local.postgres import EmbeddedPostgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(tmp_path):
    """A server that is not started yet, and removed afterwards."""
    one = EmbeddedPostgres(tmp_path / "postgres")
    yield one
    one.remove()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One server for the tests that leave it usable; each starts it."""
    one = EmbeddedPostgres(tmp_path_factory.mktemp("shared") / "postgres")
    yield one
    one.remove()


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(question).fetchone()[0]


def _pid(server: EmbeddedPostgres) -> int:
    return int((server.log.parent / "postmaster.pid").read_text().split("\n", 1)[0])


def test_it_starts_keeps_its_data_and_stops(server):
    server.start()
    server.create_database("ledger")
    server.create_database("ledger")  # is there already
    with psycopg.connect(server.url("ledger"), autocommit=True) as connection:
        connection.execute("create table t as select 7 as n")
    first = server.port
    server.start()  # runs already
    assert server.is_running()
    assert EmbeddedPostgres(server.folder).is_running(), "another process sees it too"
    server.stop()
    assert not server.is_running()
    server.stop()  # is stopped already
    server.start()
    assert server.port == first, "the port is remembered"
    assert _ask(server.url("ledger"), "select n from t") == 7


def test_its_settings(shared):
    shared.start()
    assert _ask(shared.url(), "show listen_addresses") == "127.0.0.1"
    assert _ask(shared.url(), "show unix_socket_directories") == ""
    assert _ask(shared.url(), "show data_checksums") == "on"
    assert _ask(shared.url(), "show shared_preload_libraries") == "pg_stat_statements"
    assert _ask(shared.url(), "show server_encoding") == "UTF8"
    assert shared.url("x", "postgresql+psycopg").startswith("postgresql+psycopg://postgres:")


def test_only_the_password_opens_it(shared):
    shared.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://postgres:wrong@127.0.0.1:{shared.port}/postgres")
    assert stat.S_IMODE((shared.folder / "password").stat().st_mode) == 0o600
    assert _ask(shared.url(), "select substr(rolpassword, 1, 13) from pg_authid where rolname = 'postgres'") == "SCRAM-SHA-256"
    assert not list(shared.log.parent.parent.glob("first-password*")), "initdb's password file is gone"


def test_root_runs_it_as_somebody_else_out_of_a_closed_folder(server, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root needs another user")
    tmp_path.chmod(0o700)
    server.start()
    home = server.log.parent.parent
    assert home.stat().st_uid == 0
    assert Path(f"/proc/{_pid(server)}").stat().st_uid != 0
    server.remove()
    assert not home.exists() or home == server.folder
    assert not (server.folder / "server.json").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_runs_it_in_place(server, tmp_path):
    """As an ordinary user nothing is copied. Tried in a child that gives up root for good."""
    account = module._unprivileged_account()
    if not module._can_use(account, Path("/"), module._programs(server.folder) / "postgres"):
        pytest.skip("the installed programs are out of that user's reach")
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        code = 1
        try:
            folder = Path(f"/tmp/sanctions-watch-test-{os.getpid()}")
            os.setgid(account.gid)
            os.setuid(account.uid)
            folder.mkdir(mode=0o700)
            one = EmbeddedPostgres(folder)
            one.start()
            in_place = (folder / "data" / "PG_VERSION").exists()
            answers = _ask(one.url(), "select 1") == 1
            one.remove()
            folder.rmdir()
            code = 0 if in_place and answers else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_it_starts_again_after_kill_9(shared):
    shared.start()
    os.kill(_pid(shared), signal.SIGKILL)
    assert not shared.is_running(), "a pid file alone proves nothing"
    shared.start()
    assert _ask(shared.url(), "select 1") == 1


def test_a_stale_pid_file_with_the_number_of_a_living_stranger(shared):
    shared.start()
    lines = (shared.log.parent / "postmaster.pid").read_text().split("\n")
    shared.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (shared.log.parent / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert not shared.is_running()
        shared.stop()
        shared.start()
        assert _ask(shared.url(), "select 1") == 1
        assert stranger.poll() is None, "the stranger lives on"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_a_clear_line_where_it_was_asked_for(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = EmbeddedPostgres(tmp_path / "postgres", port)
        try:
            with pytest.raises(ConfigurationError, match=f"port {port} is taken"):
                one.start()
        finally:
            one.remove()


def test_a_remembered_port_that_was_taken_meanwhile_gives_way_to_another(shared):
    shared.start()
    first = shared.port
    shared.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        shared.start()
        assert shared.port != first
        assert _ask(shared.url(), "select 1") == 1


def test_a_folder_that_cannot_be_made_is_a_clear_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="file"):
        EmbeddedPostgres(tmp_path / "file" / "postgres").start()


def test_a_full_disk_is_a_clear_line():
    error = module._explained("initdb: error: could not write to file: No space left on device", 0, Path("/somewhere"))
    assert isinstance(error, ConfigurationError)
    assert "/somewhere is full: free at least 1 GB" in str(error)


def test_what_the_server_says_is_passed_on(server):
    server.start()
    server.stop()
    with (server.log.parent / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(WarehouseError, match="no_such_setting"):
        server.start()


def test_no_address_before_the_first_start(server):
    with pytest.raises(WarehouseError, match="has not been started"):
        server.url()
