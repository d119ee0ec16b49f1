"""docker-compose.yaml against this repository: every command, path and variable must exist."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from pushline.cli import build
from pushline.database.server import CONFIGURATION
from pushline.settings import CHECKOUT, ROLES, Settings

SOURCE = (CHECKOUT / "docker-compose.yaml").read_text()
COMPOSE = yaml.safe_load(SOURCE)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
IMAGE_FOLDER = "/opt/pushline/"
VARIABLE = re.compile(r"\$\{([A-Z_]+)([^}]*)\}")


def dockerfile() -> list[str]:
    source = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in source.splitlines() if line and not line.startswith("#")]


def copied() -> set[str]:
    copies = [line.split()[1:-1] for line in dockerfile() if line.startswith("COPY")]
    return {name for names in copies for name in names}


def assert_path_in_image(path: str) -> None:
    inside = Path(path.removeprefix(IMAGE_FOLDER))
    assert inside.parts[0] in copied(), f"{path} is not copied into the image"
    assert (CHECKOUT / inside).exists(), f"{path} is not in the repository"


def assert_command_exists(command: list[str]) -> None:
    match command:
        case ["airflow", name, *_]:
            from airflow.cli.cli_config import core_commands

            assert name in {one.name for one in core_commands}
        case ["pushline", *rest]:
            found = typer.main.get_command(build())
            while rest and hasattr(found, "commands"):
                assert rest[0] in found.commands, f"pushline has no {rest[0]}"
                found, rest = found.commands[rest[0]], rest[1:]
            known = {option for parameter in found.params for option in parameter.opts}
            assert {option for option in rest if option.startswith("-")} <= known
        case ["python", "-m", module, *_]:
            assert find_spec(module), f"no module {module}"
        case [path, *_] if path.startswith(IMAGE_FOLDER):
            assert_path_in_image(path)
            assert (CHECKOUT / path.removeprefix(IMAGE_FOLDER)).stat().st_mode & 0o111
        case _:
            raise AssertionError(f"unknown command {command}")


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name: str):
    assert_command_exists(SERVICES[name]["command"])


def test_every_process_of_the_demo_is_deployed():
    from pushline.demo.airflow_home import PROCESSES

    deployed = {one["command"][1] for one in OURS.values() if one["command"][0] == "airflow"}
    assert deployed == {command[0] for command in PROCESSES.values()}


def test_the_entry_script_runs_commands_that_exist():
    lines = (CHECKOUT / "scripts" / "deploy").read_text().splitlines()
    commands = [line.split() for line in lines if line and line[0] != "#" and line != "set -eu"]
    assert [command[0] for command in commands] == ["pushline", "airflow", "python"]
    for command in commands:
        assert_command_exists(command)


def test_variables_have_no_defaults_and_an_example():
    used = VARIABLE.findall(SOURCE)
    assert {name for name, rest in used if rest != ":?"} == set()
    example = (CHECKOUT / ".env.example").read_text().splitlines()
    named = {line.split("=")[0] for line in example if line and line[0] != "#"}
    assert all(line.endswith("=") for line in example if line and line[0] != "#")
    assert {name for name, _ in used} == named


def test_nothing_that_looks_like_a_secret_is_written_down():
    for one in SERVICES.values():
        for key, value in one.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY", key):
                assert VARIABLE.fullmatch(value), f"{key} is written into the file"


@pytest.mark.parametrize("name", OURS)
def test_settings_are_known(name: str):
    from airflow.configuration import conf

    # Those of providers are not in Airflow's own list.
    options = conf.configuration_description
    for key in SERVICES[name].get("environment", {}):
        if key.startswith("PUSHLINE_"):
            assert key.removeprefix("PUSHLINE_").lower() in Settings.model_fields
        elif key.startswith("AIRFLOW__"):
            section, option = key.removeprefix("AIRFLOW__").lower().split("__")
            assert option in options[section]["options"], f"Airflow has no {key}"
        else:
            assert key in {"AIRFLOW_CONN_PUSHLINE_DB", "AIRFLOW_ADMIN_PASSWORD"}


def test_init_sets_every_password_that_an_address_uses():
    init = SERVICES["init"]["environment"]
    assert {f"PUSHLINE_{role.upper()}_PASSWORD" for role in ROLES} <= set(init)


def test_the_sender_knows_its_own_address_only():
    assert list(SERVICES["demo-sender"]["environment"]) == ["PUSHLINE_SENDER_URL"]


def test_people_s_requests_log_in_as_nobody_but_the_page():
    environment = SERVICES["api-server"]["environment"]
    ours = {key for key in environment if "PUSHLINE" in key}
    assert ours == {"PUSHLINE_PAGE_URL", "PUSHLINE_AUDIENCE_URL"}


def test_paths_and_folders_exist():
    for one in SERVICES.values():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (CHECKOUT / source).exists()
            else:
                assert source in COMPOSE["volumes"]
        for value in one.get("environment", {}).values():
            if value.startswith(IMAGE_FOLDER):
                assert_path_in_image(value)


def test_services_wait_for_services_that_exist():
    for one in SERVICES.values():
        for other, how in one.get("depends_on", {}).items():
            assert other in SERVICES
            waits_for_health = how["condition"] == "service_healthy"
            assert not waits_for_health or "healthcheck" in SERVICES[other]
            is_default = "profiles" not in one
            assert not (is_default and "profiles" in SERVICES[other])


def test_demo_is_a_profile_of_its_own():
    assert {name for name, one in SERVICES.items() if one.get("profiles") == ["demo"]} == {
        "demo-data",
        "demo-sender",
    }


def test_postgres_is_17_and_set_like_the_embedded_server():
    assert SERVICES["postgres"]["image"] == "postgres:17"
    command = SERVICES["postgres"]["command"]
    given = dict(part.split("=") for part in command[2::2])
    ours = {
        key: value
        for key, value in CONFIGURATION.items()
        if key not in {"listen_addresses", "unix_socket_directories", "wal_level", "log_timezone"}
        and not key.startswith("log_")
    }
    assert given == ours


def test_only_this_host_reaches_the_ports():
    ports = [port for one in SERVICES.values() for port in one.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_is_built_from_what_is_here():
    for name in copied():
        assert (CHECKOUT / name).exists()
    allowed = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in copied()} <= set(allowed)
    run = next(line for line in dockerfile() if line.startswith("RUN scripts"))
    assert run.split()[1:3] == ["scripts/install", "production"]
    assert (CHECKOUT / "requirements-production.txt").exists()


@pytest.mark.parametrize(
    "script", ["scripts/install", "scripts/deploy", "deploy/create_databases.sh"]
)
def test_scripts_are_sound_shell(script: str):
    done = subprocess.run(["sh", "-n", CHECKOUT / script], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_database_script_works(databases, tmp_path):
    """Its SQL on the test server, with the names changed: two owners that are no superusers."""
    script = (CHECKOUT / "deploy" / "create_databases.sh").read_text()
    statements = script.split("<<'SQL'\n")[1].split("SQL\n")[0]
    for name in ("pushline", "airflow"):
        statements = statements.replace(f"ROLE {name} ", f"ROLE test_deploy_{name} ")
        statements = statements.replace(f"OWNER {name}", f"OWNER test_deploy_{name}")
        statements = statements.replace(f"DATABASE {name} ", f"DATABASE test_deploy_{name} ")
        statements = statements.replace(f"TO {name};", f"TO test_deploy_{name};")
        statements = statements.replace(f":'{name}_password'", "'secret'")
    with databases.connect() as conn:
        try:
            for statement in statements.split(";\n"):
                conn.execute(statement.encode())
            rows = conn.execute(
                "SELECT rolname, rolcreaterole FROM pg_roles "
                "WHERE rolname LIKE 'test_deploy%' AND NOT rolsuper ORDER BY 1"
            ).fetchall()
            assert rows == [("test_deploy_airflow", False), ("test_deploy_pushline", True)]
        finally:
            for name in ("pushline", "airflow"):
                conn.execute(f"DROP DATABASE IF EXISTS test_deploy_{name}")
                conn.execute(f"DROP ROLE IF EXISTS test_deploy_{name}")


def test_python_of_the_image_is_supported():
    image = dockerfile()[0].split(":")[1]
    minor = int(image.split("-")[0].split(".")[1])
    assert 11 <= minor <= 14
    assert sys.version_info >= (3, 11)
