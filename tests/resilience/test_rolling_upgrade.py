"""A rolling upgrade: an earlier release and this one deliver side by side, before and after `db upgrade`."""

from __future__ import annotations

import asyncio
import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from mentorbot.clock import Clock
from mentorbot.storage import migrations
from tests.adapters.slack_adapter.server import SlackServer
from tests.storage.conftest import NewDatabase
from tests.storm.processes import ROOT, ended, start_module, start_python
from tests.storm.storm import settled, start

from .conftest import posted

MESSAGES = 300
RELEASES = {
    "0002": "9eb924468235b17906f6b4c4904933c8f04e65ce",  # worked from rows on PostgreSQL too, and had no rate limits
    "0003": "645d279",  # worked from jobs, and recorded messages one at a time
}
"""Schema revision -> a commit whose code uses it."""

# This runs in the tree of the earlier release, so it uses the names of that time.
FILL = """
import asyncio, sys
from datetime import UTC, datetime
from tests.adapters.slack_door.server import SlackServer
from tests.storm import storm
fill = getattr(storm, "fill", None) or storm._fill
asyncio.run(fill(sys.argv[1], SlackServer(), int(sys.argv[2]), datetime.fromtimestamp(float(sys.argv[3]), UTC)))
"""


@pytest.fixture
def earlier_release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The source tree of an earlier release, from this checkout's history."""
    git = ("git", "-C", str(ROOT), "archive", RELEASES[request.param])
    archive = subprocess.run(git, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("this copy of the code has no history that reaches back to the release before")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
        tree.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.mark.postgresql
@pytest.mark.parametrize("earlier_release", RELEASES, indirect=True)
async def test_two_releases_share_the_work_during_an_upgrade(
    earlier_release: Path, slack: SlackServer, new_database: NewDatabase
) -> None:
    url, began = new_database(), Clock().now().timestamp()
    fill = await start_python("-c", FILL, url, str(MESSAGES), str(began), code=earlier_release)
    assert await fill.wait() == 0
    for number in range(MESSAGES):
        slack.conversations[f"C{number}"].member = True
    # Slow enough that the one is still at work when the other comes.
    slack.fail("chat.postMessage", *("slow:0.02" for _ in range(MESSAGES * 3)))
    old = await start_module("tests.storm.worker", url, slack.api_url, str(began), code=earlier_release)
    async with ended(old):
        await until(slack, 10)
        await asyncio.to_thread(migrations.upgrade, url)
        assert migrations.current(url) == migrations.head()
        await until(slack, len(posted(slack)) + 10)
        assert old.returncode is None, "the earlier release did not survive the upgrade"
        async with ended(await start(url, slack.api_url, began)):
            await until(slack, min(MESSAGES, len(posted(slack)) + 100))
            old.terminate()
            await settled(url)
    assert list(posted(slack).values()) == [1] * MESSAGES


async def until(slack: SlackServer, count: int) -> None:
    """Wait until Slack has `count` messages (60 seconds at most)."""
    async with asyncio.timeout(60):
        while len(posted(slack)) < count:
            await asyncio.sleep(0.02)
