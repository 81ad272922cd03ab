"""The alternative to a planner of our own: a job of APScheduler for each learner, in its SQLAlchemy job store.

A tick then reads the jobs that are due, unpickles each, and writes its next time in a transaction of its own.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger


def check_in(learner: int) -> int:
    """Stand for what a job would do."""
    return learner


def tick_seconds(url: str, enrolled: int, due: int, now: datetime) -> float:
    """Measure a tick with `due` jobs due among `enrolled`."""
    store, scheduler = SQLAlchemyJobStore(url=url), BackgroundScheduler(timezone="UTC")
    store.start(scheduler, "default")
    for number in range(enrolled):
        store.add_job(_job(scheduler, number, now if number < due else now + timedelta(days=3)))
    began = time.perf_counter()
    due_jobs = store.get_due_jobs(now)
    for job in due_jobs:
        job._modify(next_run_time=now + timedelta(weeks=1))
        store.update_job(job)
    seconds = time.perf_counter() - began
    assert len(due_jobs) == due
    store.shutdown()
    return seconds


def _job(scheduler: BackgroundScheduler, number: int, at: datetime) -> Job:
    return Job(
        scheduler,
        id=str(number),
        func=check_in,
        args=(number,),
        kwargs={},
        name="check-in",
        trigger=IntervalTrigger(weeks=1, timezone="UTC"),
        executor="default",
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
        next_run_time=at,
    )
