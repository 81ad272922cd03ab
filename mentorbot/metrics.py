"""Counts and measurements for Prometheus. Labels hold names of ours only, so nobody's text or id ever becomes one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a time for each counter, which would double the page

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

COMMANDS = Counter(
    "mentorbot_commands", "Commands answered, by name and outcome.", ["command", "outcome"], registry=REGISTRY
)
ACKNOWLEDGED = Histogram(
    "mentorbot_acknowledgement_seconds",
    "Time from an interaction's arrival to its acknowledgement. Platforms wait three seconds.",
    ["platform"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10),
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "mentorbot_deliveries", "Attempts to deliver a message, by what became of it.", ["kind", "state"], registry=REGISTRY
)
LATENESS = Histogram(
    "mentorbot_delivery_lateness_seconds",
    "Time from when a message was due to when it was sent.",
    buckets=(1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400),
    registry=REGISTRY,
)
RATE_LIMIT_HOLDS = Counter(
    "mentorbot_rate_limit_holds", "How often a platform asked us to wait.", ["platform"], registry=REGISTRY
)
QUEUE = Gauge("mentorbot_queue_messages", "Messages that are due and not yet sent.", registry=REGISTRY)
POOL = Gauge("mentorbot_database_connections", "Connections to the database.", ["state"], registry=REGISTRY)
GATEWAY = Gauge(
    "mentorbot_gateway_up", "1 while a platform's connection works, otherwise 0.", ["platform"], registry=REGISTRY
)
TICK_AGE = Gauge(
    "mentorbot_scheduler_tick_age_seconds", "Time since the scheduler last showed life.", registry=REGISTRY
)
MODEL_CALLS = Counter(
    "mentorbot_model_calls",
    "Questions to the language model, by purpose and outcome.",
    ["purpose", "outcome"],
    registry=REGISTRY,
)
MODEL_SECONDS = Histogram(
    "mentorbot_model_seconds",
    "Time the language model took to reply.",
    ["purpose"],
    buckets=(0.25, 0.5, 1, 2, 3, 5, 8, 12, 20),
    registry=REGISTRY,
)
MODEL_TOKENS = Counter(
    "mentorbot_model_tokens",
    "Tokens sent to the language model and received, as its endpoint counts them.",
    ["direction"],
    registry=REGISTRY,
)


@contextmanager
def counted(command: str) -> Iterator[None]:
    """Count a command, with the code of the error it ends with, or "ok"."""
    try:
        yield
    except Exception as error:
        COMMANDS.labels(command, getattr(error, "code", None) or "internal").inc()
        raise
    COMMANDS.labels(command, "ok").inc()


@contextmanager
def acknowledging(platform: str) -> Iterator[None]:
    """Measure the time until a platform's interaction is acknowledged."""
    began = time.perf_counter()
    try:
        yield
    finally:
        ACKNOWLEDGED.labels(platform).observe(time.perf_counter() - began)
