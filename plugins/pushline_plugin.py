"""What Airflow loads of Pushline. Every task process imports this file, so it imports little."""

from airflow.plugins_manager import AirflowPlugin


class PushlinePlugin(AirflowPlugin):
    """Pushline inside Airflow."""

    name = "pushline"
