"""Tells people of a failed task through one Airflow connection, `pushline_alerts`.

Type http or https: a webhook that takes {"text": ...} (Slack, Mattermost, Google Chat). Type smtp:
a mail; its extra names `from_email` and `to`. Without the connection nothing is sent.
"""

from typing import Any

CONNECTION = "pushline_alerts"
TIMEOUT = 10


def tell_failure(context: dict[str, Any]) -> None:
    """Send one message about the task that failed for good; a callback of every task."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        connection = Connection.get(CONNECTION)
    except AirflowNotFoundException:
        return
    subject, text = write_message(context)
    if connection.conn_type == "smtp":
        _mail(connection, subject, text)
    else:
        _post(connection, f"{subject}\n{text}")


def write_message(context: dict[str, Any]) -> tuple[str, str]:
    """Return a subject and a text: what failed, why, and where the page says what to do."""
    task = context["task_instance"]
    subject = f"Pushline: {task.dag_id}.{task.task_id} failed"
    why = str(context.get("exception") or "the task was killed").strip()[:1000]
    return subject, f"{why}\nWhat to do stands on the DAG's page: {task.log_url}"


def _post(connection: Any, text: str) -> None:
    import requests

    requests.post(webhook_url(connection), json={"text": text}, timeout=TIMEOUT).raise_for_status()


def webhook_url(connection: Any) -> str:
    """Put the address together; a host that holds a whole address is taken as it stands."""
    if "://" in (connection.host or ""):
        return str(connection.host)
    port = f":{connection.port}" if connection.port else ""
    return f"{connection.conn_type}://{connection.host}{port}/{connection.schema or ''}"


def _mail(connection: Any, subject: str, text: str) -> None:
    from html import escape

    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=CONNECTION) as hook:
        hook.send_email_smtp(
            to=connection.extra_dejson["to"],
            subject=subject,
            html_content=f"<pre>{escape(text)}</pre>",
        )
