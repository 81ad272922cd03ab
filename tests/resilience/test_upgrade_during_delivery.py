"""An upgrade in the middle of delivery: an earlier release has begun, and this one carries on after `db upgrade`.

The schema's revision 0007 can't be written to by earlier releases, so they're stopped before it. One that goes on running by
mistake must still not make a message come twice.
"""

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
from tests.storm.storm import posted_keys, settled, start

MESSAGES = 300
RELEASES = {
    "0002": "9eb924468235b17906f6b4c4904933c8f04e65ce",  # worked from rows on PostgreSQL too, and had no rate limits
    "0003": "645d279",  # worked from jobs, and recorded messages one at a time
    "0006": "0bb87ef",  # the last one whose messages hang on channels called "@" and a person
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
    """Unpack the source tree of an earlier release, from this checkout's history."""
    git = ("git", "-C", str(ROOT), "archive", RELEASES[request.param])
    archive = subprocess.run(git, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("this copy of the code has no history that reaches back to the release before")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
        tree.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.mark.postgresql
@pytest.mark.parametrize("earlier_release", RELEASES, indirect=True)
@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "still running"])
async def test_an_upgrade_during_delivery_loses_and_duplicates_nothing(
    earlier_release: Path, slack: SlackServer, new_database: NewDatabase, *, stopped: bool
) -> None:
    url, began = new_database(), Clock().now().timestamp()
    fill = await start_python("-c", FILL, url, str(MESSAGES), str(began), code=earlier_release)
    assert await fill.wait() == 0
    for number in range(MESSAGES):
        slack.conversations[f"C{number}"].member = True
    # Slow enough that the earlier release is still at work when the upgrade comes.
    slack.fail("chat.postMessage", *("slow:0.02" for _ in range(MESSAGES * 3)))
    old = await start_module("tests.storm.worker", url, slack.api_url, str(began), code=earlier_release)
    async with ended(old):
        await until(slack, 10)
        if stopped:
            old.kill()  # the worst way to stop it: some attempts have begun, and nobody knows their end
            await old.wait()
        await asyncio.to_thread(migrations.upgrade, url)
        assert migrations.current(url) == migrations.head()
        posts_by_the_old = posted_keys(slack).total()
        assert posts_by_the_old < MESSAGES, "the upgrade came too late to find anything unsent"
        async with ended(await start(url, slack.api_url, began)):
            await until(slack, min(MESSAGES, posts_by_the_old + 100))
            await settled(url)
    assert list(posted_keys(slack).values()) == [1] * MESSAGES


async def until(slack: SlackServer, count: int) -> None:
    """Wait until Slack has `count` messages (60 seconds at most)."""
    async with asyncio.timeout(60):
        while posted_keys(slack).total() < count:
            await asyncio.sleep(0.02)
