import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from pushline.database import server as module
from pushline.database.server import Server, choose_port, is_port_free

SMALL = {"shared_buffers": "16MB", "fsync": "off", "max_connections": "20"}


@pytest.fixture
def own_server(tmp_path: Path):
    # Postgres drops root; pytest's folders are closed to others.
    root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp()) / "server" if root else tmp_path / "server"
    if root:
        home.parent.chmod(0o755)
    server = Server(home, SMALL)
    yield server
    server.remove()
    if root:
        shutil.rmtree(home.parent)


def ask(server: Server, question: str, user: str = "pushline") -> object:
    url = server.url("postgres", user).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string()) as conn:
        return conn.execute(question).fetchone()[0]


def test_start_stop_and_start_again_keep_port_and_data(own_server: Server):
    own_server.start()
    own_server.start()
    port = own_server.port
    own_server.ensure_database("kept")
    own_server.ensure_database("kept")
    own_server.stop()
    own_server.stop()
    assert not own_server.is_running()
    own_server.start()
    assert own_server.port == port
    assert ask(own_server, "SELECT count(*) FROM pg_database WHERE datname = 'kept'") == 1


def test_it_listens_to_this_machine_only_and_speaks_utf8(own_server: Server):
    own_server.start()
    assert ask(own_server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(own_server, "SHOW server_encoding") == "UTF8"
    assert ask(own_server, "SELECT lower('ҚАЗАҚ')") == "қазақ"
    assert ask(own_server, "SHOW idle_in_transaction_session_timeout") == "5min"


def test_owner_is_not_a_superuser(own_server: Server):
    own_server.start()
    assert ask(own_server, "SHOW is_superuser") == "off"


def test_a_dead_server_is_noticed_and_started_again(own_server: Server):
    own_server.start()
    pid = int((own_server.data / "postmaster.pid").read_text().split()[0])
    module.psutil.Process(pid).kill()
    module.psutil.wait_procs([module.psutil.Process(pid)], timeout=5)
    assert not own_server.is_running()
    own_server.start()
    assert ask(own_server, "SELECT 1") == 1


def test_a_port_taken_meanwhile_is_given_up(own_server: Server):
    own_server.start()
    first = own_server.port
    own_server.stop()
    with module.socket.create_server(("127.0.0.1", first)):
        own_server.start()
        assert own_server.port != first


def test_chosen_ports_are_free_and_differ_by_key():
    one, two = choose_port("one"), choose_port("two")
    assert one != two
    assert is_port_free(one)
