"""Bringing learners and mentors together: who is asked, who is asked next, and who is told. No request falls through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mentorbot.commands.context import Context
from mentorbot.domain.curriculum import gaps
from mentorbot.domain.matching import MentorCapacity, MentorSearch, assign, reasons
from mentorbot.domain.records import Mentor, Mentorship
from mentorbot.packs.schema import Pack
from mentorbot.storage import UnitOfWork
from mentorbot.storage.schedules import REPORT

ANSWER_IN = timedelta(days=3)
"""How long a mentor has to answer before the next one is asked."""
AGAIN_AFTER = timedelta(days=30)
"""How long somebody waits until those who were asked before may be asked again: a holiday or a busy month is over by then."""


async def learners_of(context: Context) -> list[Mentorship]:
    """The caller's learners."""
    found = await context.uow.mentorships.of_mentor(context.caller.user_id, context.pack.info.role)
    return [one for one in found if one.state == "active"]


@dataclass(frozen=True, slots=True)
class Table:
    """Where learners and mentors of one workspace are brought together, at one instant (aware)."""

    uow: UnitOfWork
    pack: Pack
    now: datetime

    @property
    def role(self) -> str:
        """The role that is learned."""
        return self.pack.info.role

    async def seeker(self, learner: str) -> MentorSearch:
        """What a learner looks for: the gaps of their plan, by their newest levels."""
        plan = (await self.uow.plans.get(learner, self.role)).plan
        needs = next((title.needs for title in self.pack.titles.titles if title.id == plan.title), {})
        levels = {one.skill: one.level for one in await self.uow.learners.assessments(learner, self.role)}
        person = await self.uow.people.get(learner)
        missing = {gap.skill: gap.need - gap.have for gap in gaps(levels, needs)}
        return MentorSearch(learner, missing, person.zone if person else None)

    async def choose(self, pairings: Sequence[Mentorship]) -> dict[int, str]:
        """The mentor for each of some pairings, chosen so that all together fare best; one without room for them has none."""
        freed = Counter(one.mentor for one in pairings if one.mentor)  # who is passed on takes no place any more
        mentors = await self.uow.mentorships.mentors(self.role)
        offers = [offer_of(replace(mentor, load=mentor.load - freed[mentor.person])) for mentor in mentors]
        seekers = [await self.seeker(one.learner) for one in pairings]
        refused = {(one.learner, mentor) for one in pairings if not self._long(one) for mentor in one.asked}
        found = assign(seekers, offers, refused, self.now)
        return {one.id: found[one.learner] for one in pairings if one.learner in found}

    def _long(self, pairing: Mentorship) -> bool:
        return pairing.state == "waiting" and pairing.changed_at <= self.now - AGAIN_AFTER

    async def place(self, pairings: Sequence[Mentorship]) -> None:
        """Ask a mentor for each pairing, or let it wait where nobody is left; everyone who must know is told.

        Who waits already is placed along with them, since whoever says no to one may have room for another.
        """
        await self.uow.mentorships.hold()
        pairings = [*pairings, *await self.uow.mentorships.waiting(self.role)]
        chosen = await self.choose(pairings) if pairings else {}
        for one in pairings:
            mentor = chosen.get(one.id)
            if mentor is not None:
                await self.ask(one, mentor)
            elif one.state != "waiting" and await self.uow.mentorships.change(one, "waiting"):
                await self._tell_waiting(one)

    async def ask(self, pairing: Mentorship, mentor: str) -> bool:
        """Ask one mentor; False when the pairing has changed meanwhile."""
        if not await self.uow.mentorships.change(pairing, "requested", mentor=mentor, deadline=self.now + ANSWER_IN):
            return False
        await self.tell(mentor, f"pair:{pairing.id}", f"p{pairing.id:x}-{len(pairing.asked) + 1:x}")
        return True

    async def _tell_waiting(self, pairing: Mentorship) -> None:
        """Nobody is left to ask: the learner and the admins hear of it."""
        await self.tell(pairing.learner, f"waiting:{pairing.id}", f"w{pairing.id:x}-{len(pairing.asked):x}")
        await self.tell_admins(pairing)

    async def tell_admins(self, pairing: Mentorship) -> None:
        """The channel of the weekly report hears that a request has found nobody."""
        mark = f"{pairing.id:x}-{len(pairing.asked):x}"
        for schedule in await self.uow.schedules.all():
            if schedule.kind == REPORT and schedule.state == "active":
                await self.uow.notices.add_to(schedule.id, f"waiting-admins:{pairing.id}", self.now, key=f"a{mark}")

    async def tell(self, person: str, item: str, key: str, body: str = "") -> None:
        """Send a person a single message; `item` says what it is about."""
        await self.uow.notices.add(person, self.role, item, self.now, key=key, body=body)

    async def place_waiting(self) -> None:
        """Whoever waits gets a mentor who has room by now, all at once."""
        await self.place([])

    async def part(self, person: str) -> None:
        """Somebody goes for good: whoever learns with them, or has asked them, waits for another one and hears of it.

        What a learner has agreed to show was agreed with this mentor; it is not shown to the next one.
        """
        await self.uow.mentorships.hold()
        for one in await self.uow.mentorships.of_mentor(person, self.role):
            await self.settle(one)
            if not await self.uow.mentorships.change(one, "waiting"):
                continue
            if one.state == "active":
                await self.uow.learners.set_share(one.learner, self.role, "nothing")
                await self.tell(one.learner, f"left:{one.id}", f"l{one.id:x}-{len(one.asked):x}")

    async def settle(self, pairing: Mentorship) -> None:
        """Forget what was to be said between the two and is not sent yet."""
        for about in ("pair", "note", "accepted"):
            await self.uow.notices.take_back(f"{about}:{pairing.id}")

    async def why(self, learner: str, mentor: Mentor) -> tuple[str, ...]:
        """Why the two go together, leaving out this very request of the mentor's learners."""
        mentor = replace(mentor, load=max(0, mentor.load - 1))
        names = {skill.id: skill.title for skill in self.pack.skills}
        return reasons(await self.seeker(learner), offer_of(mentor), names, self.now)

    def useful(self, aim: str, mentor: Mentor) -> list[str]:
        """The skills of a mentor that an aim asks for, by their titles: it tells nothing of the learner but the aim."""
        needs = next((title.needs for title in self.pack.titles.titles if title.id == aim), {})
        return [skill.title for skill in self.pack.skills if skill.id in mentor.skills and needs.get(skill.id)]


def offer_of(mentor: Mentor) -> MentorCapacity:
    """What a mentor offers, for the choice."""
    return MentorCapacity(mentor.person, frozenset(mentor.skills), mentor.room, mentor.load, mentor.zone)


async def pass_on_overdue(table: Table) -> int:
    """Requests that were not answered in time go to the next mentor, all at once; how many."""
    await table.uow.mentorships.hold()
    late = [one for one in await table.uow.mentorships.overdue(table.now) if one.role == table.role]
    for one in late:
        if one.mentor:
            await table.tell(one.mentor, f"expired:{one.id}", f"x{one.id:x}-{len(one.asked):x}")
    await table.place(late)
    return len(late)
