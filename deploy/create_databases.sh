#!/bin/sh
# Run once by the postgres image on an empty volume: two owners, two databases. Neither owner is a
# superuser; Pushline's may make the roles that its first migration needs.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set pushline_password="$PUSHLINE_OWNER_PASSWORD" \
    --set airflow_password="$AIRFLOW_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE pushline LOGIN CREATEROLE PASSWORD :'pushline_password';
GRANT pg_signal_backend, pg_monitor TO pushline;
CREATE DATABASE pushline OWNER pushline TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C';
CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE DATABASE airflow OWNER airflow TEMPLATE template0 ENCODING 'UTF8';
SQL
