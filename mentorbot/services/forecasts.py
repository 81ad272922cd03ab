"""Forecast of a person's next messages: the facts `domain.forecast` needs, read from storage."""

from __future__ import annotations

from datetime import date

from mentorbot.domain import time_off
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.forecast import HISTORY_LIMIT, Forecast
from mentorbot.domain.people import NO_SILENCE
from mentorbot.services.learners import LearnerSession


async def forecast_for(session: LearnerSession) -> Forecast:
    """Gather everything a forecast of the learner's next messages depends on."""
    uow, learner = session.uow, session.snapshot
    person = await uow.people.get(learner.user_id)
    mentorships = await uow.mentorships.learners_of(learner.user_id, session.pack.info.role)
    return Forecast(
        now=session.now,
        zone=learner.zone,
        settings=await uow.people.message_settings(learner.user_id),
        calendar=await uow.calendars.get(),
        schedules=await uow.schedules.of_person(learner.user_id),
        recent=await uow.deliveries.recent(learner.user_id, HISTORY_LIMIT),
        checkins=await session.checkins(),
        paused_until=learner.profile.paused_until,
        off=time_off.of(learner.plan),
        silence=person.silence if person else NO_SILENCE,
        has_learners=bool(mentorships),
    )


async def next_checkin_day(session: LearnerSession) -> date | None:
    """Forecast the day of the learner's next check-in, in their zone; None if none comes."""
    forecast = await forecast_for(session)
    messages = forecast.next_messages()
    checkins = [schedule.id for schedule in forecast.schedules if schedule.kind is MessageKind.CHECKIN]
    moments = [message.at for id_ in checkins if (message := messages.get(id_)) and message.at]
    return min(moments).astimezone(session.snapshot.zone).date() if moments else None
