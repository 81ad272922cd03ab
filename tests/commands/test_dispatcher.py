"""Commands through the dispatcher: their answers, buttons, suggestions, and errors for invalid lines."""

from __future__ import annotations

import asyncio
import json
import logging
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot import logs
from mentorbot.chat.cards import Choice, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member, Workspace
from mentorbot.commands import load_commands
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.runner import to_json
from mentorbot.errors import DatabaseProblem

from .conftest import Chat, buttons

READ_ONLY_LINES = [
    "help",
    "about",
    "brief",
    *(f"brief {section}" for section in ("overview", "responsibilities", "titles", "skills", "path", "education")),
    *(f"brief {section}" for section in ("salary", "demand", "growth", "questions")),
    "brief responsibilities scalability",
    "brief scalability",
    "brief titles ml-architect",
    "brief path education",
    "brief questions cv",
    "skill",
    "skill mlops",
    "salary",
    "salary top",
    "ask how long does it take from scratch",
    "tip",
    "tip cloud",
    "tips when",
    "interview",
    "interview scalability",
    "interview scalability question:1",
    "plan show",
]


@pytest.mark.parametrize("line", READ_ONLY_LINES)
async def test_every_answer_has_text_and_working_buttons(chat: Chat, line: str) -> None:
    card = await chat.card(line)
    assert card.error is None
    assert card.title
    for button in buttons(card):
        answer = await chat.copy().say(button.line)
        assert isinstance(answer, Form) or answer.error is None, button.line


async def test_figures_cite_source_region_and_date(chat: Chat) -> None:
    for line in ("salary senior", "brief demand", "brief education", "brief responsibilities model-selection"):
        assert "AI Architect job brief, USA, 2026" in await chat.text(line)


async def test_a_figure_missing_from_the_source_is_called_unknown(chat: Chat) -> None:
    text = await chat.text("salary mid")
    assert text.startswith("Mid level: our source has no figure")
    assert "Closest: entry $128K–$150K, senior $200K–$280K+ a year." in text


async def test_help_lists_every_command(chat: Chat) -> None:
    text = await chat.text("help all")
    for command in load_commands():
        assert (command.usage if len(command.path) == 1 else command.path[1]) in text
        assert command.summary.removesuffix(".") in await chat.text(f"help {command.name}")


async def test_a_plan_from_first_step_to_last(chat: Chat) -> None:
    await chat.say("plan add Read one design document by:fri")
    await chat.say("plan add Draw the inference path by:2026-11-25")
    text = await chat.text("plan")
    assert text.index("Draw the inference path, 1 h, by 25 November") < text.index(
        "Read one design document, 1 h, by 27 November"
    )
    assert "You finished Draw the inference path!" in await chat.text("plan done 2")
    assert "Dropped: Read one design document" in await chat.text("plan drop 1")
    assert "Every step is done" in await chat.text("plan show")
    assert "Added: A third" in await chat.text("plan add A third")


async def test_settling_twice_keeps_the_first_outcome(chat: Chat) -> None:
    await chat.say("plan add Read")
    await chat.say("plan done 1")
    assert "Read is already finished" in await chat.text("plan drop 1")
    assert "Every step is done" in await chat.text("plan")


async def test_a_missing_step_is_not_found(chat: Chat) -> None:
    card = await chat.card("plan done 7")
    assert card.error == "not_found"
    assert "You don't have a step 7" in plain_text(card)


async def test_a_tip_is_added_to_the_plan_once(chat: Chat) -> None:
    tip = await chat.card("tip mlops")
    line = next(button.line for button in buttons(tip) if button.label == "Add to my plan")
    assert "Added: " in await chat.text(line)
    assert "That's already in your plan" in await chat.text(line)


async def test_no_tip_repeats_until_all_were_shown(chat: Chat) -> None:
    titles, line = [], "tip skill:mlops"
    for _ in range(10):
        card = await chat.card(line)
        titles.append(card.title)
        next_line = next(button.line for button in buttons(card) if button.label == "Another tip")
        line = f"{next_line} skill:mlops"
    assert len(set(titles)) == 10


async def test_a_missing_option_opens_a_form_that_adds_a_step(chat: Chat) -> None:
    form = await chat.say("plan add by:fri")
    assert isinstance(form, Form)
    assert [(item.name, item.value) for item in form.fields] == [("what", ""), ("by", "2026-11-27"), ("hours", "")]
    card = await chat.card(form.line, what="Read “it”", by="2026-11-27", tip="")
    assert card.title == "Added: Read “it”"
    assert "by Friday, 27 Nov." in plain_text(card)


async def test_without_forms_a_missing_option_shows_an_example(chat: Chat) -> None:
    card = await chat.copy(forms=False).card("plan add")
    assert card.error == "missing_option"
    assert "/mentor plan add Read the RAG paper by:fri" in plain_text(card)


async def test_an_error_shows_how_the_line_was_read(chat: Chat) -> None:
    missing = await chat.copy(forms=False).text("plan add by:fri")
    assert "“plan add” needs one more thing: what you'll do" in missing
    assert "I've got by: “fri”." in missing
    assert "I've got day: “mondy”, budget: “9”." in await chat.text("checkin settings mondy 9")
    assert "I've got title: “AI Architect”, hours: “0”." in await chat.text("plan new ai-architect hours:0")


async def test_a_wrong_value_gets_a_button_with_a_corrected_line(chat: Chat) -> None:
    card = await chat.card("tips here munday 09:00 Europe/Berlin")
    assert card.error == "bad_value"
    assert card.error_option == "day"
    assert "Mondays 09:00, Berlin time" in await chat.text(buttons(card)[0].line)


async def test_a_command_without_its_group_is_suggested_with_its_options(chat: Chat) -> None:
    card = await chat.card("pause until:2026-12-20")
    assert card.title == "Pause until Sunday, 20 Dec?"
    assert buttons(card)[0].line == "checkin pause until:2026-12-20"
    assert "I'll be back on Sunday, 20 Dec" in await chat.text(buttons(card)[0].line)


@pytest.mark.parametrize("word", ["match", "calendar", "report"])
async def test_an_admin_command_is_not_suggested_to_a_member_for_its_last_word(chat: Chat, word: str) -> None:
    card = await chat.copy(admin=False, person="ben").card(word)
    assert "admin" not in [button.line.split()[0] for button in buttons(card)]


@pytest.mark.parametrize(
    ("line", "title", "first"),
    [
        ("pause until:2026-12-20", "Pause until Sunday, 20 Dec?", "checkin pause until:2026-12-20"),
        ("plan resume", "Come back now?", "checkin resume"),
    ],
)
async def test_a_writing_command_in_the_wrong_place_becomes_a_button(
    chat: Chat, line: str, title: str, first: str
) -> None:
    card = await chat.card(line)
    assert (card.error, card.title, buttons(card)[0].line) == (None, title, first)


async def test_one_that_needs_more_asks_for_it_at_once(chat: Chat) -> None:
    form = await chat.say("pause")
    assert isinstance(form, Form)
    assert (form.line, [field.name for field in form.fields]) == ("checkin pause", ["until"])


@pytest.mark.parametrize(
    ("line", "starts", "says"),
    [
        ("plam", "I took “plam” as “show my plan”", "You don't have a plan yet"),
        ('ask "how long does it take from scratch', "Typically 5–10+ years", "AI Architect job brief, USA, 2026"),
        ("why me", "No messages coming up", "nothing's planned"),
        (
            "checkin settings day:friday at:15:00 timezone:Europe/Berlin",
            "Saved. Check-ins: Fridays 15:00, Berlin time",
            "Friday, 27 Nov, 15:00",
        ),
    ],
)
async def test_a_slip_that_can_mean_only_one_thing_is_read(chat: Chat, line: str, starts: str, says: str) -> None:
    card = await chat.card(line)
    assert card.error is None
    assert card.title.startswith(starts)
    assert says in plain_text(card)


async def test_an_option_is_known_by_what_people_call_it(chat: Chat) -> None:
    form = await chat.say("tips here day:mon time:09:00")
    assert isinstance(form, Form)
    assert form.line == "tips here"
    assert [(item.name, item.value) for item in form.fields[:3]] == [("zone", ""), ("day", "monday"), ("at", "09:00")]


async def test_a_wrong_date_is_asked_for_again_and_other_options_are_kept(chat: Chat) -> None:
    card = await chat.card('plan add "Read it" by:whenever')
    assert "I've got what: “Read it”, by: “whenever”." in plain_text(card)
    form = await chat.say(buttons(card)[0].line)
    assert isinstance(form, Form)
    assert [(item.name, item.value) for item in form.fields] == [("by", ""), ("what", "Read it"), ("hours", "")]
    assert "You don't have a plan yet" in await chat.text("plan")
    added = await chat.card(form.line, what="Read it", by="fri")
    assert added.title == "Added: Read it"
    assert "by Friday, 27 Nov." in plain_text(added)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("skill mlopps", "bad_value", "Did you mean “MLOps practices”"),
        ("skill juggling", "bad_value", "You can choose: Machine learning and AI infrastructure"),
        ("plan add Read by:31 feb", "bad_value", "There's no 31 February\n\nFebruary ends on the 28th."),
        ("plan add Read by:2020-01-01", "bad_value", "has passed"),
        ("tips here monday 09:00 Mars/Olympus", "bad_value", "I don't know that place: “Mars/Olympus”"),
        ("ask " + "x" * 40_000, "bad_value", "only read 4,000"),
        ("plan add " + "x" * 301, "bad_value", "only 300 fit here"),
        ("brief demand something", "not_found", "anything more detailed on “demand”"),
        ("brief nonsense", "not_found", "I don't know “nonsense”"),
        ("brief salry", "not_found", "Did you mean “Salary”"),
        ("tip juggling", "bad_value", "I don't know “juggling”"),
        ("plan add Read by:yesterday", "bad_value", "has passed"),
        ("interview scalability question:40", "not_found", "no question 40"),
        ("tip why:gone", "not_found", "don't have that tip any more"),
        ("mentees 0", "not_found", "You don't have any learners yet"),
        ("plan step ٣", "not_found", "You don't have a step 3"),
        ("tips me friday 09:00 zone:Melborne", "bad_value", "Did you mean Melbourne?"),
        ("tips me friday 09:00 zone:Springfield", "bad_value", "Which Springfield?"),
        ("tips me friday 09:00 zone:Europe/Berlim", "bad_value", "Did you mean Berlin?"),
        ("plan pace 99999999999", "bad_value", "99999999999 hours is too many"),
        ("checkin settings friday every:5", "bad_value", "[Choose] /mentor checkin settings every:? day:friday"),
    ],
)
async def test_an_invalid_line_gets_an_error_with_a_fix(chat: Chat, line: str, code: str, says: str) -> None:
    card = await chat.card(line)
    assert card.error == code
    assert says in plain_text(card)


OFFSETS = [f'tips me friday 09:00 zone:"{zone}"' for zone in ("UTC +2", "UTC 2", "Etc/UTC+2", "GMT-3", "+02:00")]


@pytest.mark.parametrize("line", ["@here", "Mars", "tips me friday 09:00 Mars", "tips me friday 09:00 UTC+2", *OFFSETS])
async def test_a_word_that_resembles_nothing_gets_no_suggestion(chat: Chat, line: str) -> None:
    assert "Did you mean" not in await chat.text(line)


async def test_an_unanswerable_question_gets_no_guess(chat: Chat) -> None:
    text = await chat.text("ask who won the cricket yesterday")
    assert text.startswith("That's beyond me, sorry")


async def test_a_channels_weekly_tip_is_set_moved_and_stopped(chat: Chat) -> None:
    assert "No weekly tip here" in await chat.text("tips when")
    assert "Monday, 30 Nov, 09:00" in await chat.text("tips here monday 09:00 Europe/Berlin")
    assert "Fridays 15:30, Tokyo time" in await chat.copy(zone=ZoneInfo("Asia/Tokyo")).text("tips here fri 15:30")
    assert "Friday, 27 Nov, 15:30" in await chat.text("tips when")
    assert "has stopped" in await chat.text("tips stop")
    assert "No weekly tip" in await chat.text("tips when")


async def test_an_unknown_zone_is_asked_for(chat: Chat) -> None:
    form = await chat.say("tips here monday 09:00")
    assert isinstance(form, Form)
    names = [item.name for item in form.fields]
    assert names == ["zone", "day", "at", "every", "start", "until", "channel", "role"]


async def test_only_admins_set_a_channels_tips(chat: Chat) -> None:
    card = await chat.copy(admin=False).card("tips here monday 09:00 UTC")
    assert card.error == "not_allowed"
    assert "No weekly tip" in await chat.text("tips when")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("not_in_channel", "/invite @mentorbot"),
        ("is_archived", "archived"),
        ("missing_access", "Give my role View Channel"),
        ("restricted_action", "not allowed to post"),
    ],
)
async def test_an_unreachable_channel_is_reported_at_once(chat: Chat, code: str, says: str) -> None:
    chat.platform.channel_errors["C1"] = code
    card = await chat.card("tips here monday 09:00 UTC")
    assert card.error == "unreachable"
    assert says in plain_text(card)


async def test_a_repeated_interaction_adds_one_step(chat: Chat) -> None:
    answers = await asyncio.gather(*(chat.say("plan add Read", key="k1") for _ in range(5)))
    assert len({plain_text(answer) for answer in answers}) == 1
    assert (await chat.card("plan")).title == "This week: 1 h"


async def test_another_workspace_sees_nothing(chat: Chat) -> None:
    await chat.say("plan add Our secret")
    await chat.say("tips here monday 09:00 UTC")
    stranger = chat.copy(workspace="T2")
    for command in ("plan", "plan done 1", "plan drop 1", "tips when", "tips stop"):
        assert "secret" not in await stranger.text(command)
    assert "Our secret, 1 h" in await chat.text("plan")
    assert "Mondays" in await chat.text("tips when")


async def test_a_colleague_sees_nothing(chat: Chat) -> None:
    await chat.say("plan add My secret")
    for command in ("plan", "plan done 1", "plan drop 1"):
        assert "secret" not in await chat.copy(person="ben").text(command)


async def test_suggestions_come_from_the_pack_and_the_callers_plan(chat: Chat) -> None:
    await chat.say("plan add Read one paper")
    option_by_line = {"skill": "name", "plan done": "step", "tips here": "zone", "brief": "section"}
    values = {}
    for line, option in option_by_line.items():
        values[line] = [choice.value for choice in await suggest(chat, line, option, "")]
    assert "mlops" in values["skill"]
    assert values["plan done"] == ["1"]
    assert len(values["tips here"]) == 25
    assert "salary" in values["brief"]
    assert [choice.value for choice in await suggest(chat, "tips here", "zone", "berl")] == ["Europe/Berlin"]


async def suggest(chat: Chat, line: str, option: str, typed: str) -> tuple[Choice, ...]:
    async def member() -> Member:
        return Member("ada", "ada")

    caller = Caller(Channel(Workspace("slack", "T1"), "C1"), "ada", "ada", member)
    return await chat.app_context.dispatcher.suggest(CommandRequest(caller, line), option, typed)


async def test_dates_are_in_the_callers_zone(chat: Chat) -> None:
    islander = chat.copy(zone=ZoneInfo("Pacific/Kiritimati"))  # where it's Tuesday already
    await islander.say("plan add Read by:tomorrow")
    assert "by 25 November" in await islander.text("plan")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
async def test_any_text_gets_an_answer(chat: Chat, text: str) -> None:
    answer = await chat.say(text)
    assert isinstance(answer, Form) or answer.error != "internal"
    assert to_json(answer)


async def test_user_text_comes_back_unchanged(chat: Chat) -> None:
    hostile = "@everyone <!channel> <@U1> `x` **b** 👩‍👩‍👧 العربية"
    assert hostile in plain_text(await chat.card("plan add", what=hostile))


async def test_a_paused_tip_says_how_to_restart_it(chat: Chat) -> None:
    await chat.say("tips here monday 09:00 UTC")
    store = chat.app_context.dispatcher._store
    (schedule,) = await store.queue.schedules()
    await store.queue.pause(schedule.id, "not_in_channel")
    card = await chat.card("tips when")
    assert "/invite @mentorbot" in plain_text(card)
    assert "Mondays 09:00, UTC" in await chat.text(buttons(card)[0].line)


async def test_help_is_six_jobs_and_shows_members_no_admin_commands(chat: Chat) -> None:
    member = chat.copy(admin=False, person="ben")
    card = await member.card("help")
    assert len(card.blocks) + 1 <= 8
    assert [button.label for button in buttons(card)][:6] == [
        "Ask",
        "Plan",
        "This week",
        "Check in",
        "Mentor",
        "Settings",
    ]
    for line in ("help", "help all", "help tips", "help admin"):
        text = await member.text(line)
        assert "calendar" not in text
        assert "Post a weekly tip" not in text
    assert "calendar" in await chat.text("help admin")


async def test_tips_here_offers_the_usual_time_first(chat: Chat) -> None:
    berlin = chat.copy(zone=ZoneInfo("Europe/Berlin"))
    card = await berlin.card("tips here")
    assert card.title == "Weekly tip in #general, Mondays 09:00, Berlin time?"
    assert "First one: Monday, 30 Nov." in plain_text(card)
    assert "No weekly tip" in await berlin.text("tips when")
    assert "First one: Monday, 30 Nov, 09:00." in await berlin.text(buttons(card)[0].line)
    assert (await berlin.card("tips here friday")).title == "Weekly tip in #general, Fridays 09:00, Berlin time?"


async def test_notifications_turn_on_in_one_tap_and_open_forms_with_saved_values(chat: Chat) -> None:
    berlin = chat.copy(zone=ZoneInfo("Europe/Berlin"))
    card = await berlin.card("settings")
    assert card.title == "Notifications, Berlin time"
    assert "Check-in: off [Turn on]" in plain_text(card)
    turn_on = next(button.line for button in buttons(card) if button.label == "Turn on")
    saved = await berlin.card(turn_on)
    assert saved.title == "Saved. Check-ins: Fridays 15:00, Berlin time"
    assert "Next check-in: Friday, 27 Nov, 15:00." in plain_text(saved)
    change = next(button.line for button in buttons(await berlin.card("notifications")) if button.label == "Change")
    form = await berlin.say(change)
    assert isinstance(form, Form)
    values = {item.name: item.value for item in form.fields}
    assert values == {"day": "friday", "at": "15:00", "reminder": "on", "every": "week", "zone": "Europe/Berlin"}
    moved = await berlin.card(form.line, **(values | {"day": "mon, thu"}))
    assert "Mondays and Thursdays 15:00" in plain_text(moved)


async def test_a_form_shows_what_is_saved(chat: Chat) -> None:
    await chat.say("plan hours 7")
    await chat.say("checkin settings mon,thu 08:15 Berlin quiet:20:00-08:00 budget:3")
    for line, values in {
        "plan hours": {"hours": "7"},
        "plan adjust hours:?": {"hours": "7"},
        "checkin settings day:?": {
            "day": "monday,thursday",
            "at": "08:15",
            "zone": "Europe/Berlin",
            "quiet": "20:00-08:00",
            "budget": "3",
            "every": "week",
            "reminder": "on",
        },
    }.items():
        form = await chat.say(line)
        assert isinstance(form, Form)
        assert {item.name: item.value for item in form.fields if item.value} == values


@pytest.mark.parametrize(
    "question",
    ["yearly salary lisbon", "how many rupees per year for an AI architect", "what's the usual pay in Madrid for this"],
)
async def test_pay_elsewhere_is_known_in_any_words(chat: Chat, question: str) -> None:
    assert (await chat.card(f"ask {question}")).title == "I only have US figures"


@pytest.mark.parametrize("question", ["what does a midwife earn in Lyon", "what can I get for 30 euros in Rome"])
async def test_other_peoples_pay_and_other_prices_are_beyond_it(chat: Chat, question: str) -> None:
    assert "beyond me" in (await chat.card(f"ask {question}")).title


async def test_pay_elsewhere_is_not_guessed(chat: Chat) -> None:
    card = await chat.card("ask what does a senior earn in Germany")
    assert card.title == "I only have US figures"
    assert "$128K to $280K+ a year. Pay in Germany may differ a lot" in plain_text(card)


async def test_an_answer_comes_first(chat: Chat) -> None:
    card = await chat.card("ask how long does it take from scratch")
    assert card.title.startswith("Typically 5-10+ years") or card.title.startswith("Typically 5–10+ years")
    assert "AI Architect job brief, USA, 2026" in plain_text(card)


async def test_a_mistake_names_a_code_that_is_in_the_log_without_its_words(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(logs._formatter(as_json=True))
    card = await chat.card("plan add Secret by:31-nov")
    assert card.error == "bad_value"
    code = plain_text(card).splitlines()[-1].strip("()").removeprefix("Code ")
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert [(line["event"], line["request"]) for line in lines] == [("a request was refused: bad_value", code)]


async def test_a_failure_names_a_code_that_is_in_the_log(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(chat.app_context.dispatcher.runner, "_run", broken)
    card = await chat.card("plan show")
    assert card.title == "Sorry, that's on me"
    incident = plain_text(card).partition("this code: ")[2][:4]
    assert f"code {incident}" in caplog.text
    assert [button.line for button in buttons(card)] == ["plan show"]


async def test_an_answer_that_offers_mentors_comes_even_if_nobody_can_say_who_asks(chat: Chat) -> None:
    async def member() -> Member:
        raise DatabaseProblem("the tokens can't be read")

    caller = Caller(Channel(Workspace("slack", "T1"), "C1", "general"), "ada", "ada", member)
    answer = await chat.app_context.dispatcher.answer(CommandRequest(caller, "pair note hello"), chat.platform)
    assert not isinstance(answer, Form)
    assert "pair request any" in [button.line for button in buttons(answer)]
