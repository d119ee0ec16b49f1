"""Glue between the DAGs and the package: engines, retries, alerts, links. No rules, no SQL."""
