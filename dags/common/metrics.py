"""Hands Pushline's numbers to Airflow's own metrics, which go where airflow.cfg says."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger(__name__)


def emit_queue(engine: Any) -> None:
    """Send depth and lag of both lanes."""
    from pushline.metrics import measure_queue

    _emit(engine, lambda conn: measure_queue(conn, datetime.now(UTC)))


def emit_wave(engine: Any, wave_id: int) -> None:
    """Send what a wave decided."""
    from pushline.metrics import measure_wave

    _emit(engine, lambda conn: measure_wave(conn, wave_id))


def _emit(engine: Any, measure: Callable[[Any], list[Any]]) -> None:
    """Measure and send; what goes wrong here is no reason to stop a wave."""
    from airflow.sdk.observability import stats

    try:
        with engine.connect() as conn:
            metrics = measure(conn)
        for metric in metrics:
            send = stats.gauge if metric.kind == "gauge" else stats.incr
            send(metric.name, metric.value)
    except Exception:
        log.warning("The metrics could not be sent; planning goes on.", exc_info=True)
