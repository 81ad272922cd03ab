"""How people talk to the bot: words that mean the same, politeness, small talk, and signs that nothing is being asked for.

With words that mean the same in one place, each command needs to declare only a few sentences.
"""

from __future__ import annotations

import re

from mentorbot.domain.conversation import SmallTalk

_GROUPS = """
add: put, append, insert, new step, new task, todo, to do, note down, jot down, remind me, reminder, also want to, include
back: returned, came back, i return, here again, again available, am back, im back, i am back, back at work, back from, start
    again, resume, un-pause, unpause, continue again, come again, ready again
break: pause, vacation, vacay, holiday, holidays, hols, time off, off work, sick, sick leave, ill, flu, away, on leave,
    parental leave, out of office, ooo, traveling, travelling, travel, trip, in peace, sabbatical, not here, pto, surgery,
    hospital, honeymoon, maternity, paternity, unavailable, vacationing, off sick, time out, a rest, let it rest, exams, busy
    until, gone until, gone for, off until, off for, off next week, out next week, out for, conference, baby, moving house,
    wedding
skip: leave out, pass this week, not this week, sit out, sit this one out, nothing this week, no time this week, didnt do
    anything, did nothing, got nothing done, nothing happened, nothing done, zero this week
stuck: blocked, blocker, block, struggling, struggle, cant get past, cant figure, figure out, no idea how, hit a wall, brick
    wall, going nowhere, dont understand, dont get it, confused, cant access, no access, waiting for, waiting on, cant
    continue, cant proceed, bogged down, doesnt work, not working, keeps failing, over my head, in the way, i am lost, im
    lost, so lost, totally lost, headache, getting nowhere, no quota, too confusing, making no sense, no clue, nowhere, cant
    make it work, frustrated, frustrating, error, errors, giving up, give up
finished: finish, done, complete, completed, through with, wrapped up, wrap up, tick off, ticked off, nailed, passed, mark as
    done, check off, closed out, in the bag, behind me, handed in, submitted, shipped, ready, got through, all done, ✅, live,
    merged, deployed, delivered, over with, knocked out, off the list, all set, it works, crossed off, cross off
start: begin, beginning, started, starting, get going, kick off, working on, work on, tackle, pick up, get started, starting
    on, set off, dive into
spent: worked, log, logged, put in, invested, clocked, track, hours in, hours down, minutes on, hours on, sat down for, sank,
    studied, practised, practiced, read for, coded, hours today, hours yesterday, hrs, did some, watched
drop: remove, get rid of, throw out, kick out, scrap, bin, ditch, dont need, dont want to do, take out, take off, cross out,
    not relevant, irrelevant, no longer relevant, forget about, strike, useless, pointless, take it out, not for me, cancel
    the step, cross it out, kill
undo: revert, take back, take it back, take that back, roll back, rollback, ctrl z, mistake, oops, whoops, by accident,
    accidentally, wrong button, misclicked, misclick, put it back, bring it back, restore, didnt mean to, not what i wanted,
    as it was
move: postpone, push, shift, reschedule, delay, put off, push back, bring forward, defer, swap, before, first, earlier, later
change: edit, adjust, rename, fix, correct, correction, update, reword, more like, rather, instead, make it
capacity: hours per week, hours a week, h a week, h per week, per week, a week, weekly, each week, every week, week, hours
    weekly, pace, fewer hours, less time, more time, spare time, time for this, evenings, busy
plan: roadmap, schedule, todo list, list, curriculum, study plan, learning plan, learning path, path
step: steps, task, tasks, milestone, milestones, exercise, thing to do, assignment
next: now what, what now, whats on, up next, coming up, to do today, should i do, supposed to do, focus on, do first, on my
    plate, where was i, left off, todays, agenda, where to begin, what do i do, do now, do today, on today, to do this week,
    for this week, this week, doing this week, after this, after that, whats after, today, tonight, right now
progress: on track, how far, how am i doing, streak, behind, ahead, coming along, on course, stats, so far, percent, how
    close, am i getting better
checkin: check in, check-in, weekly check, weekly question, weekly thing, how my week went, how it went, my week, week went,
    this week was, week was, weekly update, status update, report back, answer your question, your question, missed your
    question, weekly chat, how-is-it, how was my week, log my week, tell you about my week
tip: tips, idea, ideas, nudge, something small, anything small, suggestion, little thing, quick win, inspire me, inspiration,
    quick, quick one, gimme, bite size, something to try, small thing
another: different, one more, other one, next one, something else
quiz: test me, recall, memory, question me, old stuff, flashcard, flashcards, memory questions, what i learned, what i have
    learned, refresh, recall questions, learned so far, ask me something, revision, revise, revision questions, old questions,
    spaced repetition, still know, still remember, test if
interview: interviews, interviewer, grill, mock, grill me, hiring talk, job talk, harder one, practice question
mentor: mentors, guide, coach, actual human, real human, someone to talk, somebody to talk, buddy, senior person, someone
    experienced, someone senior, experienced person, advisor, sparring, mentoring, pairing, tutor
learners: learner, mentees, mentee, my people, juniors, junior, students, protege, my group, my folks, my mentees, those i
    mentor, people i mentor
note: message, tell, write, msg, dm, let know, pass on, say to, ping, send word, remind, reply, answer
share: visible, sees, show my mentor, can see, can read, sharing, hide from, allowed to see, get to see, see about me, know
    about my, visible to
data: stored, on file, know about me, gdpr, privacy, personal data, saved about me, have on me, store about me, information
    about me, remember about me, dsgvo, know of me, about me, hold on me, got on me, keep on me, store on me, personal
    information
delete: erase, wipe, forget, remove me, clear, purge, get rid of me, everything about me, account, remove my data, remove
    everything, be forgotten, leave the company, close my account, delete my account
export: download, csv, ics, calendar file, markdown, json, spreadsheet, file, outlook, excel, google calendar, print, pdf,
    take with me, backup, sheet, excel sheet, google sheet, ical, calendar, my calendar, offline
copy: copies, dump, archive
portfolio: show my boss, show off, performance review, review meeting, proof, evidence of, show for it, show to, what i
    achieved, achievements, brag
stop: turn off, no more, enough, unsubscribe, cancel, quit, off, end, dont want, dont send, dont need any more, not any more,
    anymore, no longer, annoying, annoy, silence, mute, shut off, switch off, get out of, opt out, disable, spam, leave me
    alone, stop sending, too many, stop the, rest, too much messages, un-subscribe, turn of, no thanks to
on: turn on, enable, switch on, activate, subscribe, sign me up, set up
level: levels, how good am i, skills check, skill check, assess, assessment, self check, rate myself, where do i stand,
    2-minute check, self assessment, my skills, my strengths, weaknesses, weakest, already know, know most of, skip the
    basics, self-assessment, beginner, strengths, check my skills
help: what can you do, how does this work, how do you work, commands, manual, instructions, features, what else can you, how
    do i use, what are you for, what can i type, can i type, what to type, how to use you, what is this for, what do you do,
    what can i do here, how do i, how can i, what does
version: built, made you, who made, who built, who runs, behind you, who wrote you
quiet: dont disturb, do not disturb, no messages, nothing after, nothing before, silent, not before, not after, only between,
    dont ping me, at night, in the evening, in the morning
zone: timezone, time zone, moved to, relocated, relocating, live in, based in, im in, times are wrong, wrong time, move to, my
    clock, different city, other city, clock is wrong, an hour early, an hour late, hours behind
max: at most, maximum, limit, no more than, per week max, only get
tomorrow: tmrw, tmr, later today, another time, not now, bad time, in a meeting, ask me later, ask again, try again later, in
    an hour, remind me tomorrow, ping me tomorrow, not a good time, catch me later, another day, remind me later, busy right
    now, busy now
pay: salary, salaries, earn, earning, earns, money, paid, wage, wages, income, compensation, cash, band, pay range, how much
    would i, make a year, total comp, package, bucks, lowballed, offer, underpaid, budget, cost to hire, hourly, k a year
channel: here, in here, this room, for everybody, for everyone, for the team, whole team, post, posted, into this channel, to
    this channel
find: looking for, get me, search, id love, would love, i need a, i want a, can i have, anyone, anybody, someone, somebody,
    hook me up
offer: happy to, volunteer, willing, under my wing, take on, could help, id mentor, be a mentor, mentor someone, help someone,
    sign me up as a mentor, give back
accept: ill take, yes to, agree, agreed, id be happy, glad to take, count me in, take her on, take him on, take her, take him,
    happy to take
decline: no capacity, no room, cant take, too busy, say no, not able, have to pass, pass on this, my plate is full, someone
    else, not now sorry, ask somebody else, ask someone else, give her to, give him to
days off: closed, public holiday, public holidays, bank holiday, bank holidays, office is closed, company holiday, shutdown,
    day off, non working day
match: without a mentor, pair up, waitlist, waiting list, sort that, assign mentors, waiting, suggest pairings, pairings, who
    could mentor whom, pair them up, pair people
people: folks, users, colleagues, team, who else, staff, employees, everybody, everyone
import: upload, bring in, load, take over, from a file, my own list, from backup, backup json, from the other, other slack,
    old plan, have my plan in, already have a
why: reason, how come, what for, what triggered, what will you send, when will you, next message, when do you write, messages
    stop, did the messages, no message
too much: overwhelmed, overwhelming, cant keep up, burned out, burnt out, too hard, too big, exhausted, swamped, drowning, not
    realistic, too tight
become: be a, be an, turn into, get to, aim for, goal, target, switch to, change to, transition, path to, get hired as, my
    dream
report: overview, numbers, figures, statistics, usage, how many, statistics of, adoption, whole workspace, how is everyone
week:
detail: details, describe, explain, whats in, involve, involves, about, more about, instructions for, what is meant, meaning,
    mean
getting on: doing, going, how is, hows, keeping up, any news from, up to
"""

SYNONYMS: tuple[tuple[str, ...], ...] = tuple(
    tuple(member.strip() for member in group.replace(":", ",").split(","))
    for group in re.sub(r"\n +", " ", _GROUPS).strip().splitlines()
)
"""Each group is one term; the first member names it. A phrase of several words counts before its words."""

POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|hallo|ok(?:ay)?|so|um+|uh|well|yo|please|pls|mentorbot|bot|good (?:morning|evening|afternoon)|"
    r"(?:can|could|would|will) you(?: please| pls| kindly)?(?! see| read)|sorry)\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
"""What people put before what they want."""
_HELLO = (
    r"(?:hi+|hey+|hello|hallo|yo|moin|servus|good (?:morning|afternoon|evening)|morning|what'?s up|sup|"
    r"(?:hi|hey|hello) (?:there|again|mentorbot|bot))+"
)
_THANKS = (
    r"(?:many |lots of )?(?:thx|thanks|thank you|ty|tysm|cheers|danke|merci|gracias|awesome|great|nice|cool|perfect|good bot|"
    r"love it)\b.{0,40}"
)
_BYE = (
    r"(?:ok )?(?:bye|good ?night|gn|see (?:you|ya)|cya|ciao|later|talk soon|sleep well|have a (?:nice|good) \w+).{0,30}"
)
_WHO = (
    r"(?:who|what) are you|(?:are you|is this|am i talking to) (?:a |an |even )?"
    r"(?:real|human|bot|ai|robot|machine|real person|person|chatgpt).{0,40}"
)
_STOP = (
    r"(?:please |pls )?(?:stop|stop it|stop (?:messaging|writing|pinging|bothering|texting) me|leave me alone|shut up|go away|"
    r"enough)(?: please| pls| now)?"
)
_NOTHING = (
    r"(?:ok(?:ay)?|k|no|nope|nah|yes|yep|sure|lol|haha+|hm+|never ?mind|nvm|forget it|all good|fine|"
    r"(?:hm+[, ]+)?(?:no|nah|actually no)(?:[,. ]+(?:leave|keep|thanks|thank you|not now|don'?t|forget|"
    r"it'?s fine|wait)\b.{0,20})?|"
    r"i see|got it|sorry|(?:ok )?(?:that'?s )?enough for today.{0,20})"
)
SMALL_TALK: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"^(?:{pattern})[\s!.,?☕👋🙏😊🙂]*$", re.IGNORECASE))
    for kind, pattern in (
        (SmallTalk.HELLO, _HELLO),
        (SmallTalk.THANKS, _THANKS),
        (SmallTalk.BYE, _BYE),
        (SmallTalk.WHO, _WHO),
        (SmallTalk.STOP, _STOP),
        (SmallTalk.NOTHING, _NOTHING),
    )
)
"""Each kind of small talk, and what a whole text looks like that's of it."""
NEGATED = re.compile(
    r"\b(?:don'?t|do not|never)\b(?:\s+\w+){0,2}\s+(?:mark|tick|delete|drop|remove|stop|pause|skip|move|change|add|end|erase|"
    r"cancel|"
    r"finish|close|send|forget|turn|undo)|\b(?:i'?m|am) not\b|\bleave it in\b|\bkeep (?:it|them)\b",
    re.IGNORECASE,
)
"""Asks not to do something."""
UNREAL = re.compile(
    r"\balmost\b|\bnearly\b|\b(?:have|has|did)n'?t\b|\bwish\b|\bwhat happens if\b|\bdid i\b|\bhave i\b|\bdoes\b.*\b\w+ing\b|"
    r"\b(?:he|she|they|ben|colleague|friend)\b.*\b(?:finished|done|dropped)\b|\bif i\b|\bwhen (?:she|he)\b|\bwhether\b",
    re.IGNORECASE,
)
"""Tells of something that isn't so, or of someone else."""
PERSONAL = re.compile(r"\b(?:i|i'?m|ive|my|me|mine|we|our|you|u)\b", re.IGNORECASE)
_ASKING = r"(?:what|whats|which|how|why|where|when|who|is|are|do|does|can|could|should|would|will|diff)\b"
QUESTION = re.compile(rf"\?\s*$|^{_ASKING}", re.IGNORECASE)
STARTS_QUESTION = re.compile(rf"^{_ASKING}(?! about)", re.IGNORECASE)
"""A question of its own, which doesn't go on with the one before."""
ADDRESS = re.compile(r"^\s*[/@]?mentor(?:bot)?\b[\s,:]*", re.IGNORECASE)
"""The bot's name in front of what's asked."""
PRONOUN = re.compile(r"\b(?:him|her|them|he|she|they)\b", re.IGNORECASE)
TO_SOMEONE = re.compile(r"(?:me|us|again|him|her|them|later)\b", re.IGNORECASE)
_CONNECT = """
about here's heres link proof more actually no meant whoops oops and better rather for do it then instead works fine please make
that now till until by on at back too i'd with
"""
CONNECTING = frozenset(_CONNECT.split())
"""Words that only connect a follow-up with what it follows."""
CONTINUES = re.compile(r"^(?:and |but )?(?:what about|how about|for|in|with|and|what if)\b", re.IGNORECASE)
"""Goes on with the question before."""
