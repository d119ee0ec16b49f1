# Pushline with Airflow in one image; docker-compose.yaml says which process each container runs.
FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 50000 pushline
WORKDIR /opt/pushline
COPY requirements.txt requirements-production.txt pyproject.toml ./
COPY scripts scripts
COPY plugins plugins
COPY dags dags
COPY sql sql
RUN scripts/install production \
    && rm -rf .local "$HOME/.cache" \
    && mkdir -p .local /opt/airflow/logs \
    && chown -R pushline: .local /opt/airflow

USER pushline
ENV PATH=/opt/pushline/.venv/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    PYTHONUNBUFFERED=1
CMD ["pushline", "--help"]
