"""One bot in many workspaces: installing it, each workspace's own token, replacing tokens and keys, and removing the app."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import cast

import httpx
import pytest

from mentorbot.adapters.slack.adapter import SlackAdapter
from mentorbot.adapters.slack.transport import NOT_INSTALLED, SignedHttp
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import Channel, Workspace
from mentorbot.errors import BadSettings, DatabaseProblem, WorkspaceRevoked
from mentorbot.settings import Settings
from mentorbot.storage.installations import new_key

from .harness import HttpHarness, button_lines, start_http_adapter, visible_text, wait_until
from .payloads import event_body, press, submission
from .server import SECRET, SlackServer

KEY = new_key()


@pytest.fixture
def settings(slack: SlackServer, tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/bot.db",
        slack_client_id="1.2",
        slack_client_secret="a-client-secret",
        slack_signing_secret=SECRET,
        token_key=KEY,
        slack_api_url=slack.api_url,
        port=0,
    )


async def install(http: HttpHarness, slack: SlackServer, team: str, enterprise: str = "") -> httpx.Response:
    """Go through the installation in a browser."""
    base = http.slack.url.removesuffix("/slack/events")
    async with httpx.AsyncClient() as browser:
        start = await browser.get(f"{base}/slack/install")
        assert start.status_code == 302
        state = httpx.URL(start.headers["location"]).params["state"]
        answer = await browser.get(
            f"{base}/slack/oauth_redirect",
            params={"code": slack.grant(team, enterprise), "state": state},
            # The cookie is for https alone, which a proxy in front of the bot provides.
            headers={"Cookie": start.headers["set-cookie"].partition(";")[0]},
        )
    await http.adapter._in_flight.drained()
    return answer


async def test_install_page_asks_for_our_scopes_alone(http: HttpHarness, slack: SlackServer) -> None:
    base = http.slack.url.removesuffix("/slack/events")
    async with httpx.AsyncClient() as browser:
        url = httpx.URL((await browser.get(f"{base}/slack/install")).headers["location"])
    assert url.path == "/oauth/v2/authorize"
    assert url.params["client_id"] == "1.2"
    assert "chat:write" in url.params["scope"].split(",")
    assert not url.params["user_scope"]


async def test_each_workspace_has_its_own_token_and_its_own_data(http: HttpHarness, slack: SlackServer) -> None:
    for team in ("T1", "T2"):
        assert (await install(http, slack, team)).status_code == 200
    (welcome,) = slack.conversations["DU1"].messages[-1:]
    assert "Thanks for installing me!" in visible_text(welcome)
    assert len(slack.conversations["DU1"].messages) == 2, "one for each installation"
    await http.say("plan add A secret of T1", team_id="T1")
    assert "A secret of T1" not in visible_text(await http.say("plan show", team_id="T2"))
    slack.tokens_used.clear()
    for team in ("T1", "T2"):
        await http.adapter.platform.post(Channel(Workspace("slack", team), "C1"), Card("Hello"), "d1-a")
    posted = [slack.installed[token] for method, token in slack.tokens_used if method == "chat.postMessage"]
    assert posted == ["T1", "T2"]


async def test_installer_sets_everything_up_in_one_form(
    http: HttpHarness, slack: SlackServer, app_context: AppContext
) -> None:
    await install(http, slack, "T1")
    (welcome,) = slack.conversations["DU1"].messages
    line = next(line for line in button_lines(welcome) if line == "admin setup")
    await http.interact(press(slack, line, channel="DU1", ephemeral=False))
    await wait_until(lambda: slack.views)
    (view,) = slack.views
    kinds = [block["element"]["type"] for block in view["blocks"]]
    assert kinds == ["conversations_select", "static_select", "timepicker", "plain_text_input", "static_select"]
    values = {"channel": "C1", "day": "thursday", "at": "08:30", "zone": "Berlin", "role": "engineering-manager"}
    assert await http.interact(submission(slack, view, values)) == {}
    await wait_until(lambda: slack.responses)
    assert "All set: a weekly tip in #general, Thursdays 08:30, Berlin time" in visible_text(slack.responses[-1])
    async with app_context.store.unit_of_work(Workspace("slack", "T1")) as uow:
        (schedule,) = await uow.schedules.in_channels()
        assert schedule.destination.channel == Channel(Workspace("slack", "T1"), "C1", "general")
        assert schedule.role == "engineering-manager"
        assert await uow.roles.default() == "engineering-manager"


async def test_only_admins_set_up(http: HttpHarness, slack: SlackServer) -> None:
    await install(http, slack, "T1")
    assert "You need admin rights" in visible_text(await http.say("admin setup", user="U2", team_id="T1"))


async def test_tokens_are_nowhere_in_the_database_file(http: HttpHarness, slack: SlackServer, tmp_path: Path) -> None:
    slack.expires_in = 43_200
    await install(http, slack, "T1")
    (token,) = slack.installed
    (refresh,) = slack.refresh_tokens
    content = _bytes_in(tmp_path)
    assert b"slack_bots" in content
    assert token.encode() not in content
    assert refresh.encode() not in content
    with sqlite3.connect(tmp_path / "bot.db") as database:
        installers = database.execute("SELECT user_id, substr(bot_token, 1, 4) FROM slack_installations").fetchall()
    assert installers == [("", "gAAA")], "who installed it isn't kept, and the token is Fernet's"


def _bytes_in(folder: Path) -> bytes:
    """Read the database's file and its log."""
    return b"".join(path.read_bytes() for path in folder.glob("bot.db*"))


async def test_other_workspaces_get_a_kind_answer_and_nothing_else(http: HttpHarness, slack: SlackServer) -> None:
    await install(http, slack, "T1")
    response = await http.slack.post(slack.slash("plan show", team_id="T9"))
    assert response.status_code == 200
    await wait_until(lambda: slack.plain_responses)
    assert slack.plain_responses[-1]["text"] == NOT_INSTALLED
    with pytest.raises(WorkspaceRevoked, match="not_installed"):
        await http.adapter.platform.post(Channel(Workspace("slack", "T9"), "C1"), Card("Hello"), "d1-a")
    assert not await http.adapter.platform.is_installed(Workspace("slack", "T9"))
    assert await http.adapter.platform.is_installed(Workspace("slack", "T1"))


@pytest.mark.parametrize(
    ("state", "cookie", "status"),
    [("", True, 400), ("forged", True, 400), (None, False, 400)],
    ids=["no state", "a forged state", "a different browser"],
)
async def test_forged_installation_is_refused(
    http: HttpHarness, slack: SlackServer, state: str | None, cookie: bool, status: int
) -> None:
    base = http.slack.url.removesuffix("/slack/events")
    async with httpx.AsyncClient() as browser:
        start = await browser.get(f"{base}/slack/install")
        own = httpx.URL(start.headers["location"]).params["state"]
        answer = await browser.get(
            f"{base}/slack/oauth_redirect",
            params={"code": slack.grant("T6"), "state": own if state is None else state},
            headers={"Cookie": start.headers["set-cookie"].partition(";")[0]} if cookie else {},
        )
    assert answer.status_code == status
    assert not slack.installed


async def test_code_and_state_work_once(http: HttpHarness, slack: SlackServer) -> None:
    base = http.slack.url.removesuffix("/slack/events")
    async with httpx.AsyncClient() as browser:
        start = await browser.get(f"{base}/slack/install")
        state = httpx.URL(start.headers["location"]).params["state"]
        cookie = {"Cookie": start.headers["set-cookie"].partition(";")[0]}
        answers = [
            await browser.get(
                f"{base}/slack/oauth_redirect", params={"code": slack.grant("T1"), "state": state}, headers=cookie
            )
            for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert list(slack.installed.values()) == ["T1"]


async def test_removing_the_app_deletes_its_tokens_at_once(
    http: HttpHarness, slack: SlackServer, app_context: AppContext, tmp_path: Path
) -> None:
    for team in ("T1", "T2"):
        await install(http, slack, team)
        await http.say("plan add Read", team_id=team)
    await http.slack.event_from("T1", {"type": "app_uninstalled"})
    await http.adapter._in_flight.drained()
    with sqlite3.connect(tmp_path / "bot.db") as database:
        assert database.execute("SELECT team_id FROM slack_bots").fetchall() == [("T2",)]
        assert database.execute("SELECT team_id FROM slack_installations").fetchall() == [("T2",)]
    assert [workspace.id for workspace, _ in await app_context.store.workspaces.removed(9)] == ["T1"]
    with pytest.raises(WorkspaceRevoked):
        await http.adapter.platform.post(Channel(Workspace("slack", "T1"), "C1"), Card("Hello"), "d1-a")
    # It's back, with the data it had.
    await install(http, slack, "T1")
    assert await app_context.store.workspaces.removed(9) == []
    assert "Read" in visible_text(await http.say("plan show", team_id="T1"))


async def test_erasing_a_workspace_leaves_no_token(
    http: HttpHarness, slack: SlackServer, app_context: AppContext, tmp_path: Path
) -> None:
    for team in ("T1", "T2"):
        await install(http, slack, team)
    await app_context.store.workspaces.erase(Workspace("slack", "T1"))
    with sqlite3.connect(tmp_path / "bot.db") as database:
        assert database.execute("SELECT team_id FROM slack_bots").fetchall() == [("T2",)]


async def test_installing_again_replaces_the_token(http: HttpHarness, slack: SlackServer, tmp_path: Path) -> None:
    for _ in range(2):
        await install(http, slack, "T1")
    _, second = slack.installed
    slack.tokens_used.clear()
    await http.adapter.platform.post(Channel(Workspace("slack", "T1"), "C1"), Card("Hello"), "d1-a")
    assert slack.tokens_used[-1] == ("chat.postMessage", second)
    with sqlite3.connect(tmp_path / "bot.db") as database:
        assert database.execute("SELECT count(*) FROM slack_bots").fetchone() == (1,)


async def test_token_about_to_expire_is_replaced_once(
    http: HttpHarness, settings: Settings, slack: SlackServer, app_context: AppContext
) -> None:
    slack.expires_in = 3_600
    await install(http, slack, "T1")
    slack.expires_in = 43_200
    again = await start_http_adapter(settings, app_context.dispatcher, slack)
    slack.tokens_used.clear()
    channel = Channel(Workspace("slack", "T1"), "C1")
    for key in ("d1-a", "d2-a", "d3-a"):
        await again.adapter.platform.post(channel, Card("Hello"), key)
    await again.adapter.stop()
    methods = [method for method, _ in slack.tokens_used]
    assert methods.count("oauth.v2.access") == 1
    newest = list(slack.installed)[-1]
    assert [token for method, token in slack.tokens_used if method == "chat.postMessage"] == [newest] * 3


async def test_token_replaced_by_a_different_process_is_used(
    http: HttpHarness, settings: Settings, slack: SlackServer, app_context: AppContext
) -> None:
    slack.expires_in = 3_600
    await install(http, slack, "T1")
    slack.expires_in = 43_200
    store = app_context.store.installations("1.2", KEY)[0]
    stale = await store.bot_of("T1")
    assert stale is not None
    other = await start_http_adapter(settings, app_context.dispatcher, slack)
    channel = Channel(Workspace("slack", "T1"), "C1")
    await other.adapter.platform.post(channel, Card("Hello"), "d1-a")
    late = SlackAdapter(settings, app_context.dispatcher, app_context.store)
    await late.start(listen=False)
    fresh = await late._clients._with_fresh_token(Workspace("slack", "T1"), stale)  # type: ignore[union-attr]  # the app is distributed
    assert fresh.bot_token == list(slack.installed)[-1]
    await late.stop()
    await other.adapter.stop()


async def test_organisation_is_one_tenant(http: HttpHarness, slack: SlackServer) -> None:
    await install(http, slack, "", "E1")
    where = {"team_id": "T5", "enterprise_id": "E1", "is_enterprise_install": "true"}
    await http.say("plan add Shared by the organisation", **where)
    assert "Shared by the organisation" in visible_text(await http.say("plan show", **where | {"team_id": "T6"}))
    body = event_body({"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "DU1"})
    body |= {"team_id": "T5", "enterprise_id": "E1", "is_enterprise_install": True}
    body["authorizations"] = [{**body["authorizations"][0], "enterprise_id": "E1", "is_enterprise_install": True}]
    slack.homes.clear()
    await http.slack.send(httpx.Request("POST", "http://x", json=body).content.decode(), "application/json")
    await wait_until(lambda: slack.homes["U1"])
    assert "Shared by the organisation" in visible_text(slack.homes["U1"][-1])


async def test_key_can_be_replaced(
    http: HttpHarness, slack: SlackServer, app_context: AppContext, settings: Settings
) -> None:
    await install(http, slack, "T1")
    new = new_key()
    both = app_context.store.installations("1.2", f"{new},{KEY}")[0]
    bot = await both.bot_of("T1")
    assert bot is not None
    assert bot.bot_token in slack.installed
    with pytest.raises(DatabaseProblem, match="MENTORBOT_TOKEN_KEY"):
        await app_context.store.installations("1.2", new)[0].bot_of("T1")
    assert await both.reencrypt() == 1
    alone = await app_context.store.installations("1.2", new)[0].bot_of("T1")
    assert alone is not None
    assert alone.bot_token == bot.bot_token
    with pytest.raises(DatabaseProblem):
        await app_context.store.installations("1.2", KEY)[0].bot_of("T1")


def test_key_that_is_none_is_refused_without_showing_it(app_context: AppContext) -> None:
    with pytest.raises(BadSettings, match="MENTORBOT_TOKEN_KEY") as error:
        app_context.store.installations("1.2", "not-a-key")
    assert "not-a-key" not in str(error.value)


async def test_signed_http_still_refuses_what_slack_did_not_sign(http: HttpHarness, slack: SlackServer) -> None:
    await install(http, slack, "T1")
    transport = cast(SignedHttp, http.adapter._transport)
    response = await http.slack.post(slack.slash("plan show"), secret="wrong")
    assert response.status_code == 401
    assert transport.server.trouble() == ""
