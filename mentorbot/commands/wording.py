"""The ways people talk to the bot: words that mean the same, politeness, small talk, and signs that nothing is being asked for.

With words that mean the same in one place, each command needs to declare only a few sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mentorbot.domain.conversation import SmallTalk

_GROUPS = """
week:
until: till, til, untill
add: put, append, insert, new step, new task, todo, to do, note down, jot down, remind me, reminder, also want to,
    include, squeeze in, throw in, stick in, create, extra step, put down, on my list, to my list, new item, new goal
back: returned, came back, i return, here again, again available, am back, im back, i am back, back at work, back
    from, start again, resume, un-pause, unpause, continue again, come again, ready again, recovered, feeling better,
    better again, healthy again, home again, break is over, holiday is over, vacation is over, holidays are over,
    unfreeze, reporting back, at it again, pick up where, pick it up again, jump back in, rejoin, carry on, keep
    going, go on, disappeared, was gone, been gone, been away, was away, long time no see
break: pause, vacation, vacay, holiday, holidays, hols, time off, off work, sick, sick leave, flu, away, on leave,
    parental leave, out of office, ooo, traveling, travelling, travel, trip, in peace, sabbatical, not here, pto,
    surgery, hospital, honeymoon, maternity, paternity, unavailable, vacationing, off sick, time out, a rest, let it
    rest, exams, busy until, gone until, gone for, off until, off for, off next week, out next week, out for,
    conference, baby, moving house, wedding, getaway, skiing, beach, recover, recovering, leave of absence, absent,
    absence, abroad, freeze, on hold, put on ice, suspend, breather, hiatus, crunch, funeral, newborn, jury duty, days
    off for me, weeks off, week off, month off, leave me, wont be around, not around, not available, time for myself,
    ill until, take it easy until
skip: leave out, pass this week, not this week, sit out, sit this one out, nothing this week, no time this week, didnt
    do anything, did nothing, got nothing done, nothing happened, nothing done, zero this week, didnt manage, couldnt
    manage, couldnt do, couldnt make, couldnt work, couldnt get, didnt get to, didnt get around, havent done, no
    progress, didnt have time, had no time, ran out of time, zero hours, not a minute, wasnt able, miss this week,
    missed this week, crazy week, hectic week, slow week, bad week, lost week, too much work, were ill, was ill, were
    sick, was sick
stuck: blocked, blocker, block, struggling, struggle, cant get past, cant figure, figure out, no idea how, hit a wall,
    brick wall, going nowhere, dont understand, dont get it, confused, cant access, no access, waiting for, waiting
    on, cant continue, cant proceed, bogged down, doesnt work, not working, keeps failing, over my head, in the way, i
    am lost, im lost, so lost, totally lost, headache, getting nowhere, no quota, too confusing, making no sense, no
    clue, nowhere, cant make it work, frustrated, frustrating, error, errors, giving up, give up, cant solve, cant go
    on, cant move on, cant get, cant install, cant connect, wont work, wont run, wont start, fail, fails, failing,
    broken, crash, crashes, bug, issue, problem, trouble, difficult, difficulty, hard time, obstacle, impediment,
    hurdle, makes no sense, make no sense, dont follow, permission denied, no permission, denied, locked out, need
    help with, need a hand, dead end, at a loss, no budget, wont give me, wont let me, refuse, refuses, hold me back,
    holding me back, holding me up, keeps me from, wrap my head, too complicated, complicated, still dont, still
    doesnt, still cant, understand nothing, cannot, unable to go on
finished: finish, done, complete, completed, through with, is through, wrapped up, wrap up, tick off, ticked off,
    nailed, passed, mark as done, check off, closed out, in the bag, behind me, handed in, submitted, shipped, ready,
    got through, all done, ✅, live, merged, deployed, delivered, over with, knocked out, off the list, all set, it
    works, crossed off, cross off, accomplished, wrapped, concluded, finalised, finalized, mark off, cleared,
    published, released, presented, sent off, turned in, up and running, online, works now, is up, made it, did it,
    smashed, crushed, certified, tick that off, tick it off, ticked, strike through, read it, built it, fulfilled,
    managed to finish
start: begin, beginning, started, starting, get going, kick off, working on, work on, tackle, pick up, get started,
    starting on, set off, dive into, launch, commence, jump into, look into, looking into, have a go, give it a go,
    get to work, begin with, turn to, move on to
spent: worked, log, logged, put in, invested, clocked, track, hours in, hours down, minutes on, hours on, sat down
    for, sank, studied, practised, practiced, read for, coded, hours today, hours yesterday, hrs, did some, watched,
    session, practice, chipped away, got in, squeezed in, managed to do, book, record my hours, add hours, time on,
    went through, worked through, hours, minutes, half an hour, an hour, in hours, loged, did an hour, did two hours
drop: remove, get rid of, throw out, kick out, scrap, bin, ditch, dont need, dont want to do, take out, take off,
    cross out, not relevant, irrelevant, no longer relevant, forget about, strike, useless, pointless, take it out,
    not for me, cancel the step, cross it out, kill, discard, toss, chuck, eliminate, cut, throw away, throw it out,
    no need for, not interested, not doing, waste of time, redundant, unnecessary, abandon, out of my plan, off my
    plan, from my plan, dont want the
undo: revert, take back, take it back, take that back, roll back, rollback, ctrl z, mistake, oops, whoops, by
    accident, accidentally, wrong button, misclicked, misclick, put it back, bring it back, restore, didnt mean to,
    not what i wanted, as it was, rewind, reverse, cancel that, no wait, wait no, wrong one, wrong step, wrong thing,
    not that one, shouldnt have, go back, how it was, didnt want that, slip, unfinish, reopen, reset that, previous
    version, wasnt supposed, pressed by mistake, clicked
move: postpone, push, shift, reschedule, delay, put off, push back, bring forward, defer, bump, carry over, reorder,
    rearrange, sooner, save for later, another week, hold off, step later, later please, down the road, rather do,
    back two weeks, back a week, a week later, weeks later, days later, put before
swap: swap around, switch around, trade places, change places, switch places, other way round, other way around,
    interchange, exchange
first: to the front, to the top, on top, top of, do first, do it first, comes first, at the front, at the beginning,
    before everything else, before anything else, top priority, prioritise, prioritize
last: to the end, at the end, comes last, do last, do it last, to the bottom, at the very end, to the very end, after
    everything else, end of the list, end of the queue, back of the queue
everything: whole plan, entire plan, full plan, complete plan, all my steps, all steps, all the steps, all dates, all
    the dates, all my dates, all my deadlines, all my due dates, whole schedule, entire schedule, whole roadmap
change: edit, adjust, rename, fix, correct, correction, update, reword, more like, rather, instead, make it, modify,
    alter, replace, extend, extension, longer, shorter, retitle, call it, deadline, due, due date, takes, will take,
    needs more, needs longer
capacity: hours per week, hours a week, h a week, h per week, per week, a week, each week, every week, hours weekly,
    pace, fewer hours, less time, more time, spare time, time for this, evenings, busy, availability, available hours,
    spare hours, can only do, can only manage, cut back, cut down, reduce, fewer, slow down, lighter, speed up,
    faster, workload, part time, full time, hours now, more hours, less hours, too ambitious, hours is too
plan: roadmap, schedule, todo list, list, curriculum, study plan, learning plan, learning path, path, programme,
    program, route, learning route, to-dos, todos, timetable, journey
step: steps, task, tasks, milestone, milestones, exercise, thing to do, assignment
next: now what, what now, whats on, up next, coming up, to do today, should i do, supposed to do, focus on, on my
    plate, where was i, left off, todays, agenda, where to begin, what do i do, do now, do today, on today, to do this
    week, for this week, this week, doing this week, after this, after that, whats after, today, tonight, right now,
    should i be doing, continue with, whats left, remaining, upcoming, planned for, homework, comes next, comes after,
    what comes, coming week, work on next, goals for, after this one, waiting for me
progress: on track, how far, how am i doing, streak, behind, ahead, coming along, on course, stats, so far, percent,
    how close, am i getting better, how much have i, how much is left, how many steps, percentage, getting there,
    finish line, finish date, when will i be, when will i finish, when am i done, on time, in time, make it by, going
    to make it, gonna make it, too slow, on schedule, in a row, weeks in a row, consecutive, score, left to do, how
    long until, how long till, how long do i, status, how long have i, come so far, still to go
checkin: check in, check-in, weekly check, weekly question, weekly thing, how my week went, how it went, my week, week
    went, this week was, week was, weekly update, status update, report back, answer your question, your question,
    missed your question, weekly chat, how-is-it, how was my week, log my week, tell you about my week, weekly review,
    how things went, recap, retro, report in, reflect on, weekly report of mine, check me in, this weeks question,
    monday question, friday question
tip: tips, idea, ideas, nudge, something small, anything small, suggestion, little thing, quick win, inspire me,
    inspiration, quick, quick one, gimme, bite size, something to try, small thing, hint, trick, advice, micro, mini,
    bored, challenge, something useful, something quick, minutes free, spare minutes, minutes to spare, between
    meetings, lunch break, in minutes, half an hour free, short task, quick task, something short, something easy,
    done in
another: different, one more, other one, next one, something else
quiz: test me, recall, memory, question me, flashcard, flashcards, memory questions, what i learned, what i have
    learned, refresh, recall questions, learned so far, ask me something, revision, revise, revision questions, old
    questions, spaced repetition, still know, still remember, test if, drill, repetition, knowledge check, trivia, pop
    quiz, ask me some, ask questions, questions about what, check what i, quizzes, quizzing, forgotten, do i remember,
    review questions
interview: interviews, interviewer, grill, mock, grill me, hiring talk, job talk, harder one, practice question,
    candidate, recruiter, hiring manager, applying, panel, interview prep, rehearse, at an interview, theyd ask, would
    ask me, practise answering
mentor: mentors, guide, coach, actual human, real human, someone to talk, somebody to talk, buddy, senior person,
    someone experienced, someone senior, experienced person, advisor, sparring, mentoring, pairing, tutor, human, real
    person, expert, teacher, guidance, someone i can ask, talk to someone, talk to somebody, talk to a, person who,
    sponsor, role model, someone to help, somebody to help, supporter, person i could talk
learners: learner, mentees, mentee, my people, juniors, junior, students, protege, my group, my folks, my mentees,
    those i mentor, people i mentor, apprentices, apprentice, trainees, trainee, proteges, everyone i mentor, my team,
    the ones i mentor, people of mine, any of mine, anyone in trouble, in trouble, my lot
note: message, tell, write, msg, dm, let know, pass on, say to, ping, send word, remind, reply, answer, inform,
    forward, contact, drop a line, get in touch, reach out, pass along, praise, congratulate, encourage, congrats to,
    say hello to, feedback, thank, notify, heads up
share: dont let, dont show, visible, sees, show my mentor, can see, can read, sharing, hide from, allowed to see, get
    to see, see about me, know about my, visible to, privacy settings, peek, hidden, hide, reveal, let my mentor, view
    my, access to my, mentor to see, mentor to know, my mentor read, my mentor look
data: stored, on file, know about me, gdpr, privacy, personal data, saved about me, have on me, store about me,
    information about me, remember about me, dsgvo, know of me, about me, hold on me, got on me, keep on me, store on
    me, personal information, records, profile, tracked, tracking, collect, collecting, save about, keep about, you
    store, do you store, do you save, do you keep, you know about, with my data, private, confidential, read what i,
    read this, reading this, read my, sees what i, see what i
delete: erase, wipe, forget, remove me, clear, purge, get rid of me, everything about me, account, remove my data,
    remove everything, be forgotten, leave the company, close my account, delete my account, burn, destroy, clean out,
    unregister, deregister, nuke, gone for good, all traces, everything you have, everything you know, cancel my
    account, profile deleted, vanish
export: download, csv, ics, calendar file, markdown, json, spreadsheet, file, outlook, excel, google calendar, print,
    pdf, take with me, backup, sheet, excel sheet, google sheet, ical, calendar, my calendar, offline, printable,
    print out, save as, notion, jira, trello, todoist, ics file, calender, calendar entries, apple calendar,
    thunderbird, google docs, word document, in a document
copy: copies, dump, archive, my stuff, all my stuff, my information, everything i, all of my
portfolio: show my boss, show off, performance review, review meeting, proof, evidence of, show for it, show to, what
    i achieved, achievements, brag, prove, showcase, cv, linkedin, accomplishments, what ive done, what have i done,
    what ive built, demonstrate, work samples, track record, promotion, appraisal, raise talk, ive achieved, ive
    finished, what i finished, show people
stop: turn off, no more, enough, unsubscribe, cancel, quit, dont want, dont send, dont need any more, not any more,
    anymore, no longer, annoying, annoy, silence, mute, shut off, switch off, get out of, opt out, disable, spam,
    leave me alone, stop sending, too many, stop the, too much messages, un-subscribe, turn of, no thanks to, cease,
    halt, deactivate, knock it off, tired of, sick of, fed up, too often, less often, remove me from, no tips, leave
    me out, never send, not want, do not want, without the, want no, altogether
turn on: enable, switch on, activate, subscribe, sign me up, set up, opt in, sign up, enrol, enroll, start sending,
    begin sending, id like to get, regularly, send me
level: levels, how good am i, skills check, skill check, assess, assessment, self check, rate myself, where do i
    stand, 2-minute check, self assessment, my skills, my strengths, weaknesses, weakest, already know, know most of,
    skip the basics, self-assessment, beginner, strengths, check my skills, skill level, ability, knowledge,
    proficiency, evaluate, evaluation, rate, rating, measure, calibrate, good at, bad at, am i missing, missing
    skills, gap, gaps, lack, test my skills, how advanced, compared to, how ready am i, how qualified, fit am i
help: what can you do, how does this work, how do you work, commands, manual, instructions, features, what else can
    you, how do i use, what are you for, what can i type, can i type, what to type, how to use you, what is this for,
    what do you do, what can i do here, usage, tutorial, menu, options, possibilities, capabilities, what can i ask,
    what can i say, what else is there, cheat sheet, good for, useful for, how to use, use you, can you do, you can
    do, are you able, show me around, setup, get this going
message me: write me, ping me, text me, msg me, dm me, send me messages, getting messages, get messages, messages from you
version: built, made you, who made, who built, who runs, behind you, who wrote you, source code, open source,
    maintains, developer, powered by, release, license, licence
quiet: dont disturb, do not disturb, no messages, nothing after, nothing before, silent, not before, not after, only
    between, dont ping me, at night, in the evening, in the morning, working hours, office hours, weekends, no pings,
    notifications at, only write me between, mornings only, evenings only, nighttime, sleep, asleep
zone: timezone, time zone, moved to, relocated, relocating, live in, based in, im in, times are wrong, wrong time,
    move to, my clock, different city, other city, clock is wrong, an hour early, an hour late, hours behind, time
    difference, living in, staying in, i live, my city, hour late, daylight saving, local time, moving to, from now on
    in, now in, moved
max: at most, maximum, limit, no more than, per week max, only get, cap, once a week, twice a week, fewer messages,
    less messages, messages a week, messages per week
tomorrow: tmrw, tmr, later today, another time, not now, bad time, in a meeting, ask me later, ask again, try again
    later, in an hour, remind me tomorrow, ping me tomorrow, not a good time, catch me later, another day, remind me
    later, busy right now, busy now, some other time, not today, give me a day, in a bit, after work, this evening,
    come back later, busy today, snooze, wait a day, day after, instead tomorrow, later, cant right now, no time now,
    no time right now
pay: salary, salaries, earn, earning, earns, money, paid, wage, wages, income, compensation, cash, band, pay range,
    how much would i, make a year, total comp, package, bucks, lowballed, offer, underpaid, budget, cost to hire,
    hourly rate, per hour, k a year, remuneration, day rate, rates, bonus, how much money, well paid, lucrative,
    euros, dollars, annually, raise, negotiate, average, wealthy, rich, per year, minimum
channel: here, in here, this room, for everybody, for everyone, for the team, whole team, post, posted, into this
    channel, to this channel, publicly, all of us, team channel, the group, this chat, where everyone
find: can i talk to, could i talk to, can i speak to, speak to, speak with, looking for, get me, search, id love,
    would love, i need a, i want a, can i have, anyone, anybody, someone, somebody, hook me up, connect me, assign me,
    introduce me, set me up with, is there a, is there any, know anyone, need a, could use a, would like a, like to
    have a
offer: happy to, happily, look after, volunteer, willing to, under my wing, take on, could help, id mentor, be a
    mentor, mentor someone, help someone, sign me up as a mentor, give back, mentor others, support others, teach
    others, coach others, make myself available, open to mentoring, have room, room for, space for, free slots, can
    help, help others, help people, could coach, could support, could teach, volunteering
accept: ill take, yes to, agree, agreed, id be happy, glad to take, count me in, take her on, take him on, take her,
    take him, happy to take, approve, confirm, welcome, gladly, say yes, will mentor, ill do it, ill help, take the,
    take the new, the new one, okay with me
decline: no capacity, no room, cant take, too busy, say no, not able, have to pass, pass on this, my plate is full,
    someone else, not now sorry, ask somebody else, ask someone else, give her to, give him to, reject, turn down,
    cant mentor, dont have time for, cant help, unable, overloaded, fully booked, im full, full up, cant take on, no
    more learners, not this time, nobody else, anyone else
days off: closed, public holiday, public holidays, bank holiday, bank holidays, office is closed, company holiday,
    shutdown, day off, non working day, closing, office closure, company holidays, national holidays, bridge day,
    company break, nobody works, shut, office is shut, free day, nobody is in, is closed, are closed
match: without a mentor, pair up, waitlist, waiting list, sort that, assign mentors, waiting, suggest pairings,
    pairings, who could mentor whom, pair them up, pair people, assign, allocate, distribute, still waiting, have no
    mentor, has no mentor, without mentors, got a mentor, have a mentor yet, bring together, mentorless
people: folks, users, colleagues, team, who else, staff, employees, everybody, everyone, members, participants, our
    team, the company, the office, department
import: upload, bring in, load, take over, from a file, my own list, from backup, backup json, from the other, other
    slack, old plan, have my plan in, already have a, transfer, migrate, bring over, copy over, from json, saved plan,
    existing plan, json file, my file
why: reason, how come, what for, what triggered, what will you send, when will you, next message, when do you write,
    messages stop, did the messages, no message, hear from you, write me next, message me next, next ping, last
    message, missed a message, havent heard, nothing from you, contact me next, will you message, will you write, do i
    hear, ping me next, get a message
too much: overwhelmed, overwhelming, cant keep up, burned out, burnt out, too hard, too big, exhausted, swamped,
    drowning, not realistic, too tight, too heavy, too long, too fast, cant handle, cant cope, stressed, stress,
    stressful, no energy, burn out, way too, too difficult, beyond me
become: be a, be an, turn into, get to, aim for, goal, target, switch to, change to, transition, path to, get hired
    as, my dream, work as, career in, dream job, heading for, aiming, grow into, rather be, land a job, rather aim,
    end up as, job as, future as
report: overview, numbers, figures, statistics, how many, statistics of, adoption, whole workspace, how is everyone,
    insight, insights, metrics, analytics, kpi, engagement, participation, are people, anyone using, is anybody using,
    actually learning, are they learning
detail: details, describe, explain, whats in, involve, involves, about, more about, instructions for, what is meant,
    meaning, mean, elaborate, walk me through, what do i have to do for, how to do, what exactly, in detail
getting on: doing, going, how is, hows, keeping up, any news from, up to, coping, holding up, faring, status of,
    progress of, been up to, busy with, working on these days
"""

SYNONYMS: tuple[tuple[str, ...], ...] = tuple(
    tuple(member.strip() for member in group.replace(":", ",").split(","))
    for group in re.sub(r"\n +", " ", _GROUPS).strip().splitlines()
)
"""Each group is one term; the first member names it. A phrase of several words counts before its words."""

SAME: tuple[tuple[str, ...], ...] = (
    ("plan log", "checkin worked"),
    ("plan done", "checkin finished"),
    ("plan undo", "checkin undo"),
    ("settings", "checkin settings"),
    ("plan new", "plan adjust", "start"),
    ("plan hours", "plan adjust"),
)
"""Of each of these groups, one command is enough to offer."""

POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|hallo|ok(?:ay)?|so|um+|uh|well|yo|please|pls|mentorbot|bot|good (?:morning|evening|afternoon)|"
    r"(?:can|could|would|will) (?:you|u|ya)(?: please| pls| kindly)?(?! see| read)|sorry|"
    r"(?:thanks|thank you|thx|great|perfect|cool|nice|fair(?: enough)?|got it|i see|very kind)(?=[\s]*[,.!;]))\b[\s,.!:;-]*)+",
    re.IGNORECASE,
)
"""Words people put before a wish."""
_NICE = r"(?:nice|great|cool|good|awesome|lovely|helpful|perfect|super)"
POLITE_END = re.compile(
    r"(?:[\s,.;:!–-]+(?:and )?(?:please|pls|plz|thanks(?: a lot)?|thank you|thx|ty|cheers|asap|ok(?:ay)?|for me|"
    r"if (?:you can|possible|(?:that|it)['’]?s (?:ok(?:ay)?|possible|fine))|(?:will|would|can|could) (?:you|u)|"
    r"when(?:ever)? (?:you|u) (?:can|get (?:a chance|to it|around to it)|have (?:a moment|time))|"
    rf"(?:(?:that|this|it)(?:['’]?d)?|which)?(?: ?would| ?'d)? ?be (?:really |very |so )?{_NICE}|"
    rf"(?:(?:that|this|it)['’]?s|would be) (?:really |very )?{_NICE}))+[\s.!?:)]*$",
    re.IGNORECASE,
)
"""Words people put after a wish."""
REORDERED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (r"^(i['’]?m|i am) (?:only|just|actually) ", r"\1 "),
        (
            r"^(when|how|what|where|why|until when|how long) (i|you|we|it) (will|can|should|must|do|did|am|are|is)\b",
            r"\1 \3 \2",
        ),
        (r"^how much (hours|steps|weeks|days|minutes|tips|messages)\b", r"how many \1"),
        (
            r"\bwhen (?:will|am|would) i (?:be |get )?(?:done|finished|ready|through)(?: with (?:it|this|everything))?",
            "when will I finish",
        ),
        (
            r"\b(?:i want|i['’]d like|i would like) to (?:work|do|spend|study)\b(?= .*\b(?:a|per|each|every) week)",
            "I have",
        ),
        (r"^what (?:means|mean|is meaning) (.+)", r"what does \1 mean"),
        (r"^remember me\b", "remind me"),
        (
            r"^((?:and |but |so |oh |ok |yes |no )*)its (?=(?:(?:now|already|not|all|just|way|too) )*\w+\b(?! (?:is|was)\b))",
            r"\1it's ",
        ),
        (r"\ban other\b", "another"),
        (r"\b(\d+) (?:of|out of) \d+ ?(h|hrs?|hours?)\b", r"\1 \2"),
        (
            (
                r"\b(?:my )?(?:weekly hours|hours (?:a|per|each) week|(?:weekly )?pace)(?: down| up)? to (\d+)\b"
                r"(?: ?h(?:ours?|rs?)?\b)?"
            ),
            r"\1 hours a week",
        ),
        (r"\b(ca|approx|incl|excl|resp|max|min|nr|vs)\.(?= )", r"\1"),
        (r"\b(\d+) (more|extra|additional) (h|hrs?|hours?|mins?|minutes?)\b", r"\1 \3 \2"),
        (r"\bevery (?:other|second|2nd) ((?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b", r"every 2 weeks on \1"),
        (r"\b(?:once a|every) month\b|\bmonthly\b", "every 4 weeks"),
        (r"\bevery (?:other|second|2nd) week\b|\b(?:fortnightly|bi-?weekly)\b", "every 2 weeks"),
    )
)
"""Ways people put things, often if their first language isn't English, in the order to try them."""
_HELLO = (
    r"(?:hi+|hey+|hello|hallo|yo|moin|servus|good (?:morning|afternoon|evening)|morning|what'?s up|sup|"
    r"(?:hi|hey|hello) (?:there|again|mentorbot|bot))+"
)
_THANKS_WORDS = (
    r"(?:many |lots of )?(?:thx|thanks|thank you|ty|tysm|cheers|danke|merci|gracias|awesome|great|nice|cool|perfect|good bot|"
    r"love it)\b"
)
_THANKS = rf"{_THANKS_WORDS}.{{0,40}}"
THANKED = re.compile(rf"^{_THANKS_WORDS}[\s,.;:!-]*(?!(?:for|to|that)\b)", re.IGNORECASE)
"""Thanks or praise before something else, unlike “thanks for telling me what's next”."""
_BYE = (
    r"(?:ok )?(?:bye|good ?night|gn|see (?:you|ya)|cya|ciao|later|talk soon|sleep well|have a (?:nice|good) \w+).{0,30}"
)
_WHO = (
    r"(?:who|what) (?:are|r) (?:you|u)|(?:(?:are|r) (?:you|u)|is this|am i talking to) (?:a |an |even )?"
    r"(?:real|human|bot|ai|robot|machine|real person|person|chatgpt).{0,40}"
)
_STOP = (
    r"(?:please |pls )?(?:i (?:want|wanna|need|would like)(?: you)?(?: to)? |can you )?(?:please )?"
    r"(?:stop|stop (?:it|this|that|all(?: of (?:it|this))?|everything|please|(?:all )?(?:the |these )?(?:messages|messaging))|"
    r"stop (?:messaging|writing|pinging|bothering|texting|spamming)(?: to)? me|leave me alone|shut up|go away|"
    r"how (?:do|can) i (?:stop|mute|(?:turn|switch|shut)) (?:you|u)(?: (?:off|up|down))?|enough)(?: please| pls| now)?"
)
_NOTHING = (
    r"(?:no|nope|nah|never ?mind|nvm|forget it|"
    r".{0,80}[.,;!] ?(?:no,? wait|wait,? no|actually|hm+|no|oh)[, ]+(?:don'?t|never ?mind|forget (?:it|that)|leave it)|"
    r"(?:(?:actually|oh|ok|no|nah)[, ]+)*(?:forget|scratch|leave|ignore) (?:it|that|this|about it)|"
    r"(?:please )?leave (?:it|(?:my |the )?(?:plan|everything|all)) (?:as (?:it|they) (?:is|are)|alone|like (?:that|this))|"
    r"(?:hm+[, ]+)?(?:no|nah|actually no)(?:[,. ]+(?:leave|keep|thanks|thank you|not now|don'?t|forget|"
    r"it'?s fine|wait)\b.{0,20})?|sorry)"
)
_ASKS_DONE = (
    r"(?:what did (?:you|u) (?:just )?do|what just happened|did (?:that|it|this) (?:work|save|go through|count)|"
    r"is (?:that|it) (?:saved|done|in)|did (?:you|u) (?:save|do|get|log) (?:that|it|this))(?: now| just now)?"
)
_MISREAD = (
    r"(?:(?:no|nope|nah|stop|wait|sorry)[, ]+)+(?:that['’]?s not|not|i (?:meant|said|mean))\b.{0,60}|"
    r"that['’]?s not what i (?:meant|said|asked|wanted)\b.{0,30}"
)
_AGREEING = r"(?:yes|yep|yeah|yup|sure|do it|go ahead)(?: please| pls)?"
_READ = (
    r"(?:ok(?:ay)?|k|lol|haha+|hm+|all good|fine|[👍👌🙂😊😀❤️💪👏]+|i see|got it|makes sense|no worries|"
    r"(?:ok )?(?:that'?s )?enough for today.{0,20})"
)
TAKES_BACK = re.compile(
    r"^(?:(?:oh|oops|whoops|ups|argh|actually|hm+|sorry|hey|please|pls|ok(?:ay)?)[\s,.!]+)*"
    r"(?:(?:no|nope|nah|wait|stop|hold on)\b[\s,.!]*(?:(?:no|wait|stop|sorry|please)\b[\s,.!]*)*)?"
    r"(?:(?:please )?(?:don['’]?t|do not|never)(?: (?:send|save|do|add|log|post|share|write|finish|change|start|tell))?"
    r"(?: (?:it|that|this|him|her|them|anything|the \w+))*(?: yet)?|"
    r"(?:undo|cancel|revert|recall|unsend|delete|scrap|forget)(?: (?:it|that|this))?|"
    r"(?:take|change|put|set|switch|turn|move|bring|give|get) (?:it|that|this|everything|all of it|them|him|her) back|"
    r"i want (?:it|that|this|them) back|"
    r"(?:leave|make|keep) (?:it|that|this|everything|all of it) (?:like|as|how) it was(?: before)?|"
    r"(?:that(?:['’]?s| is| was) |it(?:['’]?s| was) )?(?:wrong|a mistake|not what i (?:meant|wanted|said))|"
    r"i (?:didn['’]?t|did not) (?:mean|want)(?: to)?(?: (?:it|that|this|do|send|save))*|"
    r"(?<=no wait)|(?<=no, wait)|(?<=wait, no)|(?<=wait no))"
    r"(?:[\s,]+(?:please|pls|yet|after all|again|now))*[\s.!]*$",
    re.IGNORECASE,
)
"""Takes back what was just done. A plain “no” doesn't: it may be an answer to something else."""
PERSON = (
    r"(?:he|she|they|my (?:\w+ )?(?:boss|manager|lead|team ?mate|colleague|friend|buddy|wife|husband|partner|daughter|son|kids?|"
    r"mother|mum|mom|father|dad|brother|sister)|somebody else|someone else)"
)
_UPSET = (
    r"(?:you|u|this|it|that|(?:the |this )?bot)(?:['’]?re|['’]?s| are| is| r)? (?:\w+ ){0,2}(?:useless|stupid|dumb|crap|rubbish|"
    r"garbage|bullshit|nonsense|the worst|terrible|annoying)|(?:stupid|dumb|useless|bad) bot|wtf\b.{0,40}|"
    r"what the (?:hell|fuck|heck)\b.{0,40}|(?:fuck|damn|shit|screw)\b.{0,30}|i hate (?:you|this)\b.{0,20}"
)
_WISH = (
    r".{0,30}\b(?:have a (?:nice|good|great|lovely) \w+|happy (?:friday|new year|holidays|weekend|easter|birthday)|"
    r"merry christmas|enjoy (?:your|the) (?:weekend|day|evening|holidays?)|god bless.{0,40}|"
    r"hope (?:you|this|all)\b.{0,40}\bwell\b.{0,50})"
)
_PUZZLED = r"[?]+|huh|wh?at|eh+|pardon|come again"
_TO_BE = r"(?:i['’]?m|i am|i feel|i['’]?ve been|we['’]?re|feeling|been|so|just|really|totally|completely)"
_LOW = (
    r"everybody|everyone|a failure|stupid|dumb|afraid|scared|nervous|sad|lonely|down|an? (?:impost[eo]r|idiot|fraud)|"
    r"not (?:good|smart|clever|fast) enough"
)
MOODS: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            SmallTalk.NEWS,
            (
                r"\b(?:got|landed|have) (?:the|a|that) (?:new )?(?:job|promotion|raise)\b|"
                r"\bi(?:['’]?ve been| was| got) hired\b"
            ),
        ),
        (
            SmallTalk.CHEER,
            (
                r"\bproud of (?:my|our)|"
                r"\b(?:i|we|finally) (?:\w+ )?(?:passed|aced|promoted|won)\b|\bpassed (?:my|the) (?:exam|test)\b"
            ),
        ),
        (SmallTalk.WISH, rf"^{_WISH}"),
        (
            SmallTalk.PRAISE,
            (
                r"\b(?:is|are|you['’]?re|ur|was) (?:\w+ )?(?:awesome|amazing|fantastic|brilliant|the best|lovely|so helpful)\b|"
                r"\byou['’]?re (?:\w+ )?(?:great|good|better|helpful)\b"
            ),
        ),
        (SmallTalk.UPSET, r"\b(?:useless|stupid|crap|rubbish|garbage)\b"),
        (SmallTalk.GRIEF, r"\b(?:funeral|passed away|died|cancer)\b|\b(?:is|was|are|in) (?:in )?(?:the )?hospital\b"),
        (SmallTalk.FAMILY, r"\b(?:had|having|got) (?:a |our |the )?(?:baby|twins)\b|\bnewborn\b|\bgetting married\b"),
        (
            SmallTalk.ILL,
            (
                rf"\b(?:{_TO_BE}|off|my \w+ (?:is|are)|kids?(?: are)?)(?: \w+)? (?:sick|ill|unwell)\b(?! of)|"
                r"\b(?:the|a) (?:flu|fever|migraine)\b"
            ),
        ),
        (
            SmallTalk.DRAINED,
            (
                r"\b(?:exhausted|drained|burn(?:ed|t)[ -]?out|overwhelm\w*|no (?:energy|motivation)|unmotivated|in the mood|"
                r"too much|swamped|stressed|drowning|can['’]?t keep up|so tired|no time for (?:anything|this|it))\b|"
                r"\b(?:work|life|everything|things|week)(?:['’]s| is| are| was)? (?:\w+ )?(?:crazy|insane|hectic|mad)\b"
            ),
        ),
        (
            SmallTalk.LOST,
            (
                rf"\b{_TO_BE} (?:\w+ )?(?:lost|confused|clueless|bored)\b|"
                r"\bprocrastinat\w*|\bhates me\b|\bnothing works\b"
            ),
        ),
        (
            SmallTalk.LOW,
            (
                rf"\bi(?:['’]?m| am| feel)(?: like)? (?:\w+ )?(?:{_LOW})\b|"
                r"\b(?:faster|smarter|better|further|ahead)(?: than| of) (?:me|i am)\b|"
                r"\bnot sure (?:if )?(?:this|it)['’]?s? (?:is )?for me\b|"
                r"\b(?:giv(?:e|ing) up|quit(?:ting)?)\b|\bcut out for\b"
            ),
        ),
        (
            SmallTalk.SETBACK,
            r"\b(?:rejected|turned (?:me )?down|hates? (?:my|our)|laughed at (?:me|my)|failed (?:my|the) \w+)\b",
        ),
    )
)
"""Small talk by people who ask for nothing, if no command fits."""
_PAUSE, _SKIP, _LESS, _STUCK = ("checkin", "pause"), ("checkin", "skip"), ("plan", "hours"), ("checkin", "stuck")
HELPS: Mapping[SmallTalk, tuple[tuple[str, ...], ...]] = {
    SmallTalk.ILL: (_SKIP, _PAUSE),
    SmallTalk.GRIEF: (_PAUSE,),
    SmallTalk.FAMILY: (_PAUSE, _LESS),
    SmallTalk.DRAINED: (_SKIP, _LESS),
    SmallTalk.LOST: (_STUCK, ("pair", "note")),
    SmallTalk.SETBACK: (("pair", "note"),),
    SmallTalk.LOW: (("progress",), ("pair", "note")),
}
"""The commands that may help someone in a mood."""
ENDINGS = frozenset(
    {
        ("plan", "drop"),
        ("pair", "end"),
        ("pair", "stop"),
        ("checkin", "stop"),
        ("tips", "stop"),
        ("tips", "me-off"),
        ("recall", "off"),
        ("admin", "stop"),
        ("me", "forget"),
    }
)
"""Commands that stop or delete something. Nobody is offered one who may well want something else."""
SHOWN_BY: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("plan",): ("plan", "show"),
    ("plan", "done"): ("progress",),
    ("plan", "log"): ("progress",),
    ("plan", "undo"): (),
    ("plan", "redo"): (),
    ("checkin",): ("settings",),
    ("checkin", "now"): ("why",),
    ("tips",): ("settings",),
    ("tips", "here"): ("tips", "when"),
    ("recall",): ("settings",),
    ("assess",): ("progress",),
    ("pair",): ("pair", "show"),
    ("pair", "share"): ("me", "show"),
    ("me",): ("me", "show"),
    ("admin",): ("admin", "settings"),
}
"""The command that shows what the others of its group change."""
_OTHERS = (
    r"(?!(?:send|tell|let|message|write|text|msg|ping|note|ask|can|could|please)\b).{0,60}"
    r"\b(?:(?:start|begin|go|eat) without me|i['’]?(?:ll|m going to) be (?:\w+ ){0,3}late|running late)\b.{0,40}"
)
SMALL_TALK: tuple[tuple[SmallTalk, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"^(?:{pattern})[\s!.,?☕👋🙏😊🙂]*$", re.IGNORECASE))
    for kind, pattern in (
        (SmallTalk.HELLO, _HELLO),
        (SmallTalk.THANKS, _THANKS),
        (SmallTalk.BYE, _BYE),
        (SmallTalk.WHO, _WHO),
        (SmallTalk.STOP, _STOP),
        (SmallTalk.UPSET, _UPSET),
        (SmallTalk.WISH, _WISH),
        (SmallTalk.PUZZLED, _PUZZLED),
        (SmallTalk.OTHERS, _OTHERS),
        (SmallTalk.NOTHING, _ASKS_DONE),
        (SmallTalk.NOTHING, _NOTHING),
        (SmallTalk.MISREAD, _MISREAD),
        (SmallTalk.AGREEING, _AGREEING),
        (SmallTalk.REMARK, _READ),
    )
)
"""Each kind of small talk, and what a whole text looks like that's of it."""


def word_set(text: str) -> frozenset[str]:
    """Split a text into its words."""
    return frozenset(text.split())


INTERJECTIONS = word_set(
    """
    ok okay k cool haha hah lol lmao hm hmm hmmm wow phew ugh yeah yep yup sure fair nice great oh ah aw aww well right true good
brb omg damn jeez nah no yes interesting fine noted gotcha alright and but so then now anyway honestly tbh actually btw hey man
funny exactly agreed makes sense sounds enough point to know see finally whatever huh"""
)
"""Words people begin with, or answer with, that ask for nothing."""
EXCLAMATIONS = word_set("phew wow ugh omg damn jeez aw aww yay woohoo argh haha lol")
VERB_FORMS = word_set("""
    is are was were isnt arent wasnt werent has had have hasnt does did doesnt didnt can cant could will wont would should
    just says thinks wants gets goes comes makes takes gives keeps kept came hates loves likes needs asks finds found broke""")
"""Verbs as they stand after a noun, beside those in -ed."""
ORDERS = word_set("""
    accept add adjust answer ask assess bring cancel change check confirm continue create cut decline delete describe disable
    download drop edit enable end erase explain export extend find finish forget get give grill help hide import include
    increase introduce invite keep learn leave list log look make mark match message move mute note notify open pause ping
    plan postpone practise print push put quiz rate read record redo reduce remind remove rename repeat replace reply report
    reset restart restore resume revert run save say schedule search send set share shift show skip snooze split start stop
    subscribe summarise swap switch take tell test tick track try turn undo unpause unsubscribe update use wipe write""")
"""Verbs that orders begin with."""
ORDERS_IT = re.compile(
    rf"^(?:(?:please|pls|so|and|then|just|rather|better|let['’]?s|can you|could you)\s+)*"
    rf"(?:{'|'.join(sorted(ORDERS))})\s+(?:it|that|this)\b",
    re.IGNORECASE,
)
"""Says what to do with something that was just named."""
OWN_THINGS = word_set("""
    plan plans step steps task tasks checkin check-in tip tips quiz mentor learner hours week level levels streak goal progress
    reminder reminders notification notifications message messages zone timezone deadline course book paper quota access
    reading portfolio certificate role bot data target schedule interface pipeline holiday vacation break one""")
"""Nouns for what the bot looks after, or what someone's learning."""
FORBIDS = re.compile(
    rf"^(?:(?:please|pls|no|just)[, ]+)*(?:don['’]?t|do not|never) (?:ever )?(?:{'|'.join(sorted(ORDERS))})\b",
    re.IGNORECASE,
)
"""Says what isn't to be done."""
WISHES = re.compile(
    r"\b(?:i|we) (?:(?:really|just|also|still|only|do|would|don['’]?t) )*"
    r"(?:want|wanna|need|wish|prefer|like to|love to|have to|must)\b|\bi['’]?d (?:rather|like|love|prefer)\b|"
    r"\b(?:please|pls|plz|let['’]?s|let me|instead|how about|what about|rather|(?:can|could|would) (?:you|u|i|we)|must be|"
    r"no more|would be (?:nice|great|good|cool)|i['’]?ll take|happy to|i['’]?d have|sort (?:it|that|this)|from now on)\b|"
    r"\b(?:wants|needs)\b.*\b(?:plan|steps?|progress|portfolio|hours|data)\b",
    re.IGNORECASE,
)
"""Says that something's wanted."""
ASKS_INDIRECTLY = re.compile(
    r"\b(?:forg[eo]t|know|remember|wonder\w*|sure|idea|understand|find out|tell|see|say) "
    r"(?:what|which|how|where|when|who|why|if|whether)\b|"
    r"\b(?:am i|is (?:it|that|this|there)|are (?:there|they|these)|does (?:it|that|this)|do (?:i|they)|was (?:it|that)|did i)\b",
    re.IGNORECASE,
)
"""Has a question in it: “I forgot what's next”, “too old, am I”."""
FUTURE = re.compile(
    r"\b(?:i['’]?ll|i will|i (?:might|may)|maybe|perhaps|gonna|going to|hoping to|will (?:do|try|see|check|look)|later|tonight|"
    r"one day|some day)\b",
    re.IGNORECASE,
)
"""Says what someone will or may do."""
LAUGHS = re.compile(r"\b(?:lo+l|lmao|rofl|(?:ha){2,}h?|hehe)\b|[😂🤣😄😅]", re.IGNORECASE)
GOOD = word_set("""
    good great nice fun glad happy proud love loved loving lovely enjoy enjoyed enjoying excited amazing awesome cool
    fantastic brilliant better easier worth won yay finally relieved delicious helpful beautiful grateful luckily
    sunny congratulations smooth""")
BAD = word_set("""
    bad terrible awful horrible sad tired angry annoyed annoying hate hates hated dense boring mess broke broken stressful
    lost fail failed failing fails rejected worst worse unfortunately sucks missed cancelled fired died afraid scared nervous
    lonely worried pain painful nightmare frustrating frustrated ugh difficult hurts stolen crashed late delayed tough
    brutal exhausting complaining argh sadly reorg layoffs""")
"""Words that tell how someone feels about what they say."""
UNREAL = re.compile(
    r"\bwish\b|\bdid i\b|\bhave i\b|\bdoes\b.*\b\w+ing\b|\bif i\b|\bwhen (?:she|he)\b|\bwhether\b|"
    rf"\b{PERSON}(?:['’]s)? (?:\w+ )?(?:is|was|has|had|just|already|finished|took|did|does|dropped|started|starts|\w+ed)\b",
    re.IGNORECASE,
)
"""Tells of something that may not be so, or of someone else."""
PERSONAL = re.compile(
    r"\b(?:i|i'?m|ive|my|me|mine|we|our|you|your|u|ur|check-?ins?|next message|(?:this|the) bot|reminders?|notifications?|"
    r"settings)\b",
    re.IGNORECASE,
)
"""Is about the person or the bot rather than the role."""
WANTS_TO_KNOW = re.compile(
    r"^(?:whats?|what['’]s|which|how|why|where|when|who|is|are|do|does)\b(?! about)", re.IGNORECASE
)
"""Asks for an answer, unlike “could you”, which asks for something to be done."""
QUOTED = re.compile(r"[\"“„]([^\"“”„]{2,300})[\"“”]")
_ASKING = (
    r"(?:what(?! an? )|whats|which|how|why|where|when|who|is|are|"
    r"do(?! (?:it|this|that|them)\b)|does|can|could|should|would|will|diff)\b"
)
QUESTION = re.compile(rf"\?\s*$|^{_ASKING}", re.IGNORECASE)
ABOUT_BOT = re.compile(
    r"^(?:(?:can|could|do|did|will|would|are|have) (?:you|u)|(?:why|how|when|what) (?:do|did|can|will) (?:you|u))\b"
    r"(?! need\b| become\b| get (?:a job|into|hired|started|paid)\b| recommend\b| think\b| explain\b| mean\b| choose\b)",
    re.IGNORECASE,
)
"""Asks about the bot itself, which no role pack knows, rather than about anyone: “do you need a degree”."""
ASKS_ABILITY = re.compile(r"^(?:can|could|will|would) (?:you|u)\b", re.IGNORECASE)
ASKS_STATE = re.compile(
    r"^(?!.*\bif\b)(?:am i|(?:is|are|was|were) (?:my|our)|(?:do|did|have|had) i|"
    r"(?:which|what|when|who|how (?:many|much|long|often))(?:['’]?s)?)\b(?! about\b| do i\b| (?:can|could|should|would)\b)",
    re.IGNORECASE,
)
"""Asks how something is, rather than for it to be changed."""
ASKS_IN_TIME = re.compile(
    r"^(?:(?:and|so|ok|but)[\s,]+)*(?:will|can|could|would|do|am|might) i\b(?=.*\b(?:by|before|until|till|in time|on time)\b)"
    r".*\b(?:done|finish(?:ed)?|ready|through|make it|manage)\b|"
    r"\b(?:done|finish(?:ed)?|ready|through)\b.*\b(?:is|would) (?:that|it|this)(?: be)? (?:doable|realistic|possible|feasible)\b",
    re.IGNORECASE,
)
"""Asks whether the whole plan will be done in time."""
FOR_OTHERS = re.compile(
    r"\b(?:default|everyone|everybody|newcomers?|new (?:\w+ )?(?:people|folks|users|members|joiners|starters|hires|ones)|"
    r"workspace|server|in here)\b",
    re.IGNORECASE,
)
"""Sets something for other people than the speaker."""
FOR_CHANNEL = re.compile(
    r"[#<]|\b(?:channels?|here|rooms?|team|group|everyone|everybody|us|public(?:ly)?|post(?:ed|ing)?|report|mentions?|all)\b",
    re.IGNORECASE,
)
"""Says that something's for a channel."""
ASKS_ABOUT_PEOPLE = re.compile(
    r"^(?:did|has|have|was|is|does|can|will|what|when)\b(?!.*\b(?:tell|ask|write|send)\b)", re.IGNORECASE
)
"""Asks about what someone did or does, rather than for something to be sent to them."""
SHARES = re.compile(
    r"^(?!.*\b(?:tell|ask|write|send|know)\b).*\b(?:shar(?:e|ing)|hid(?:e|ing)|(?:let|show|can|could|may|should) .*\bsee)\b",
    re.IGNORECASE,
)
"""Says what someone is to see, or not to see."""
ASKS_WHICH = re.compile(
    r"^(?:(?:wait|hm+|sorry|ok)[, ]+)*(?:which (?:one|step)|what)(?:['’]s| is| was)? (?:that|it|this)(?: one| step)?[\s?]*$",
    re.IGNORECASE,
)
"""Asks what the thing is that was just named."""
ASKS_REASON = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so|hm+|oh|wait)[\s,]+)*(?:why|how come|what for|how so|how)\b"
    r"(?:[\s,]+(?:is|does|do|would|should|to|it|that|this|one|first|now|though|then|next|exactly))*[\s?!.]*$",
    re.IGNORECASE,
)
"""Asks why or how about what was just shown."""
ASKS_FOR_OTHERS = re.compile(r"^(?:and |but |so |ok )*(?:who|whose|where|which)\b", re.IGNORECASE)
"""Asks for a person, a place or one of several things."""
ASKS_WHEN = re.compile(r"\b(?:when|due|deadline|until when|planned)\b", re.IGNORECASE)
ASKS_DONE = re.compile(rf"^{_ASKS_DONE}[\s?!.]*$", re.IGNORECASE)
"""Asks whether what was said last has been done."""
SOUNDS_ASKED = re.compile(
    r"\b(?:wh?ic?h|wh?at|how|why|who|whe(?:n|re))\s+(?:is|are|do|does|can|could|should|would|will|much|many|long|[a-z]+s\b)"
    r"|\b(?:which|what|how)(?:\s+\w+){1,3}\s+(?:do|does|can|could|should|would|will|must)\s+(?:i|we|you|they|he|she|it|one)\b"
    r"|[,.;!]\s*(?:(?:and|but|so)\s+)?(?:can|could|should|must|may|do|am|is|are)\s+(?:i|we|they|he|she|it|that|there)\b",
    re.IGNORECASE,
)
"""May be a question in other words, or with a slip."""
STARTS_QUESTION = re.compile(rf"^{_ASKING}(?! about)", re.IGNORECASE)
"""A question of its own, which doesn't go on with the one before."""
ADDRESS = re.compile(r"^\s*[/@]?mentor(?:bot)?\b[\s,:]*", re.IGNORECASE)
"""The bot's name in front of what's asked."""
LEADING = re.compile(r"^(?:that|about|to|and|so|because|as|since|:)\s+", re.IGNORECASE)
"""Words people put before a message: “tell Ben that …”."""
MESSAGE_LEADING = re.compile(
    r"^(?:(?:know|and|to|that|about|because|as|since|say|saying|:|please|pls)\b[\s,:]*|"
    r"(?:(?:an?|the|this|my|some) )?(?:message|note|dm|word|line|feedback)\b(?=\s*:|\s+(?:saying|that|about)\b|\s*$)[\s:]*)+",
    re.IGNORECASE,
)
"""Words between a person and the message to them: “let Ben know that …”, “send Ben a note: …”."""
REPLIES = re.compile(r"\b(?:repl(?:y|ies|ied|ying)|answer\w*|respond\w*|response|back|him|her|them)\b", re.IGNORECASE)
"""Says that something's to be answered, rather than just told."""
_WISHED_WORDS = (
    r"(?:congrat\w*|kudos|props|(?:many |big |huge )?(?:thanks|thank you|thx)|hi|hello|hey|regards|greetings|cheers|welcome|"
    r"well done|good luck|get well(?: soon)?|(?:best|all the best) wishes|(?:happy|merry) \w+)"
)
WISHED = re.compile(
    r"(?:^|[,.!]\s*)(?:(?:please|pls|can you|could you|let['’]?s|a|an|my|some|big|huge|say|send|pass(?: on| along)?|give|"
    r"forward)\s+)*"
    rf"(?:(?P<words>{_WISHED_WORDS}(?: (?!to\b)\w+)?)\s+to|thank)\s+(?:my \w+ |our )?$",
    re.IGNORECASE,
)
"""What's said for someone, before them: “kudos to Dana”, “pass on a thank you to Chen”."""
PASS_IT_ON = re.compile(
    r"[\s,.;!]*(?:\b(?:(?:can|could|would) (?:you|u)|please|pls)\s+)*\b(?:pass (?:it|that|this) (?:on|along)|"
    r"(?:send|tell|forward) (?:it|that|this|him|her|them)(?: to (?:him|her|them))?|from me)\b"
    r"[\s,]*(?:please|pls|for me)?[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks to give a message to someone, after its words."""
MESSAGE_TO = re.compile(
    r"\b(?:(?:tell|ask|let|give|leave|send|drop|write|message|dm|ping|text|remind)(?: to)? "
    r"(?:(?P<pronoun>him|her|them)|my (?:mentor|mentee|learner))|^(?:please )?(?:reply|respond)(?! to\b)(?: back)?)\b[\s,:]*",
    re.IGNORECASE,
)
"""Words before a message to someone who isn't named."""
REJECTED = re.compile(
    r"\bnot\s+(?:[\w:'’-]+\s+){0,3}[\w:'’-]+(?:\s*,\s*|\s+but\s+(?:on |at |for )?)"
    r"|[,\s]+(?:and )?(?:not|instead of|rather than)\s+(?:[\w:'’-]+\s+){0,3}[\w:'’-]+[\s.!]*$",
    re.IGNORECASE,
)
"""Words people take back when they correct themselves: “not Friday, Monday”, “Monday, not Friday”."""
JOINED = re.compile(
    r"\s*,\s*(?=(?:no(?:,| wait| make| \d)|wait|sorry|i mean|actually)\b)|"
    r"(?!(?<=\d) and \d+(?! ?(?:h|hrs?|hours?|m|mins?|minutes?|on|for|of)\b))"
    r"(?:\s*[,;.!]\s*|\s+)(?:(?:and(?! (?:a )?(?:half|quarter)\b)|then|also|plus|&|afterwards|after that)\s+)+|\s*[;.!]\s+",
    re.IGNORECASE,
)
"""Joins two things that may each be asked for, but not the numbers of “steps 3 and 4”."""
JOINS_ON = re.compile(
    r"^(?:(?:and|so|but|then|now|well|alright|ok(?:ay)?|cool|great|good|fine|thanks)\b[\s,]*)+(?=\w)|"
    r"[\s,]+(?:then|now|btw|again|though)[\s?.!]*$",
    re.IGNORECASE,
)
"""Joins what's said to what was said before."""
LISTED = re.compile(
    rf"\s*,\s*(?=(?:(?:please|pls) )?(?:{'|'.join(sorted(ORDERS))})\b|"
    r"\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|m|mins?|minutes?)\b(?! (?:a|an|per|each|every)\b)\s+\w)",
    re.IGNORECASE,
)
"""Stands between things that are merely listed: “finish step 4, drop the game day”, “2 h on RAG, 1 h on Docker”."""
BEGINS_ANEW = re.compile(
    r"(?:what|which|how|why|where|when|who|is|are|do|does|can|could|show|tell|give|list|explain)\b", re.IGNORECASE
)
"""Begins a question or a request of its own after the one before."""
WHAT_IF = re.compile(r"\bwhat (?:happens|would happen) (?:if|when) (?:i|we)\b", re.IGNORECASE)
"""Asks what a command does rather than for it."""
IT = re.compile(r"\b(?:it|that|that one)\b", re.IGNORECASE)
THE_ONE = re.compile(
    r"\b(?:it|(?:this|that|my|the current) (?:step|task|one)|this|that)\b(?! (?:week|day|month|tomorrow|again|i|you)\b)",
    re.IGNORECASE,
)
"""Refers to the thing at hand, such as the step under way."""
ASKS_TO_BEGIN = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but)[\s,]+)*(?:where|how|what|which)(?:['’]?s| (?:do|should|can|could|would|shall|is|are|am))?"
    r"(?: (?:i|we|one|the|my|it|very|even|ever|best|actually|step|task|thing|supposed|need|have|to|do|go|about|tackle|work|on))*?"
    r" (?:begin|start|get started|first)(?: (?:with|on|it|this|that|the|my|step|task|thing|one|to|do|i|should|tackle|then|now))*"
    r"[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks for the first thing to do, and names nothing else: “how do I even begin with that?”."""
INTRODUCES = re.compile(r"\bi(?:['’]?m| am)\b(?! \w+ing\b)", re.IGNORECASE)
"""Says who someone is, rather than what they're doing."""
CURRENT = re.compile(r"\b(?:current(?:ly)?|under way|i['’]?m (?:on|doing|at))\b", re.IGNORECASE)
"""Says that it's the one under way, whatever was talked about before."""
CURRENT_ONE = re.compile(
    r"\b(?:the|my) (?:current (?:one|step|task)|(?:one|step|task) (?:under way|i['’]?m (?:on|doing|working on)))\b",
    re.IGNORECASE,
)
"""Names the step under way."""
PROVES = re.compile(
    r"(?:[\s,.;!–-]|\b(?:is|are|was) (?:done|finished)\b)*"
    r"(?::|\b(?:(?:the |my |as |here['’]?s (?:the |my )?)*(?:proof|evidence|link)|see|shown by|as shown)\b)",
    re.IGNORECASE,
)
"""Stands between what's done and the words that show it."""
ANY_ONE = re.compile(r"\b(?:an?|any|some|another|next) (?:\w+ )?(?:step|task)\b", re.IGNORECASE)
"""Names a step without saying which: “remove a step from my plan”."""
PRONOUN = re.compile(r"\b(?:him|her|them|he|she|they)\b", re.IGNORECASE)
ASKS_SOMEONE = re.compile(r"\bask(?:s|ing)?\s+(?:me|us|him|her|them|again|later)\b", re.IGNORECASE)
"""Tells whom to ask, so it's no question itself."""
ABOUT_ME = re.compile(
    r"\b(?:did|have|had|was|were) i\b|\bi(?:'?ve| have| had)? (?:did|done|finished|worked|planned|said|wrote|logged)\b",
    re.IGNORECASE,
)
"""Asks about what the person did, which no role pack knows."""
TO_SOMEONE = re.compile(
    r"(?:(?:me|us|again|him|her|them|later)\b|@?[\w'’-]+ to (?:be(?:come)? (?:my|a) mentor|mentor me)\b)", re.IGNORECASE
)
_CONNECT = """
about here's heres link proof more actually no meant whoops oops and better rather for do it then instead works fine please make
that now till until by on at back too i'd with mean sorry nope nah yes yeah wait change set say let's lets hmm hm oh
only already same prefer lol tbh haha thx thanks hey um uh maybe perhaps guess think sounds typo both
enough good great ok okay best suits suit easier nicer perfect took ugh argh damn shit crap
"""
CONNECTING = frozenset(_CONNECT.split())
"""Words that only connect a follow-up with what it follows."""
_SELF_CORRECTION = (
    r"(?:no|nope|nah|sorry|wait|oops|whoops|hm+|oh|ok(?:ay)?|actually|yes|yeah|but|i mean|ugh|argh|damn|shit|crap)"
)
CORRECTS = re.compile(
    rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*(?:{_SELF_CORRECTION}|make (?:it|that)|rather|better|i meant|instead)\b",
    re.IGNORECASE,
)
"""Begins a correction of what was said before."""
ASKS_OPENLY = re.compile(r"^(?:what|whats|which|how|why|where|when|who)\b(?! about)", re.IGNORECASE)
"""Asks for something unknown, so it names no value."""
ALSO = re.compile(
    r"\b(?:too(?=\W*(?:$|[,.;!]|(?:please|pls|then)\b))|also|as well|plus|same (?:for|to|with|on))\b", re.IGNORECASE
)
ALL_OF = re.compile(
    r"\b(?:both(?: of (?:them|those|these))?|all (?:of (?:them|those|these)|two|three)|them (?:all|both)|"
    r"the (?:(?P<first>first)|(?P<last>last)) two)\b",
    re.IGNORECASE,
)
"""Names several things that were just listed."""
AND_THEN = re.compile(rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*and\b", re.IGNORECASE)
"""Begins what's wanted beside something else."""
ADDS_WORDS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|also|please|pls)[\s,.:!]+)*"
    r"(?:(?:add|mention|append|include|write|say|tell (?:him|her|them)|let (?:him|her|them) know)"
    r"(?: (?:also|too|to (?:it|that|the note)))*(?: that\b|:)|(?<=and )that\b|(?<=also )that\b)\s+(?P<words>.+)",
    re.IGNORECASE,
)
"""Adds words to a text: “add that I'm free on Friday”, “and that it's urgent”."""
NAMES_IT = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|please)[\s,.:!]+)*(?:call|name) (?:it|that|this|them)[\s:]+(?P<words>.+)",
    re.IGNORECASE,
)
ADDS_IT = re.compile(
    r"\b(?:add|put|stick|throw|note|save|make)\b(?: \w+)?? (?:it|that|this)\b.*\b(?:plan|list|steps?|to-?do)\b",
    re.IGNORECASE,
)
"""Asks for what was talked about to become a step."""
ASIDES = re.compile(
    r"\b(?:on second thoughts?|come to think of it|thinking about it|to be (?:honest|fair|safe)|in the end|after all|if possible|"
    r"by the way|btw|in fact|of course|for now|at (?:the )?(?:most|least|max(?:imum)?|moment)|"
    r"(?:i|we) (?:think|guess|suppose|reckon)|i['’]?d say|or so)\b[\s,]*",
    re.IGNORECASE,
)
"""What people put in between that changes nothing about the value they give."""
GIVES_REASON = re.compile(
    r"^\W*(?:(?:and|well|it['’]?s|that['’]?s|just)\s+)*(?:because|cause|cuz|bc|since)\s+(?P<words>.+)", re.IGNORECASE
)
DOESNT_KNOW = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|well|honestly|to be honest|sorry)[\s,.:!]+)*"
    r"(?:(?:i )?(?:have |['’]ve |got )?no (?:idea|clue|preference)|(?:i )?(?:do ?n['’]?t|do not) (?:really )?(?:know|care|mind)|"
    r"dunno|idk|(?:i['’]?m )?not (?:so |really |too )?sure|(?:it )?(?:does ?n['’]?t) matter|(?:it['’]?s )?up to you|"
    r"you (?:choose|decide|pick)|whatever|hard to say|(?:i )?can['’]?t (?:say|tell))"
    r"(?: (?:yet|how (?:long|much|many)(?: hours)?(?: (?:it|that|this) (?:takes|is|will take|would take))?|when|what|"
    r"which(?: one)?|about (?:that|it)|really|tbh|exactly|right now|at the moment|you (?:like|want|think)))*[\s.!…]*$",
    re.IGNORECASE,
)
"""Has no value to give."""
DROPS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|please|pls|let['’]?s)[\s,.:!]+)*"
    r"(?:forget|leave|skip|drop|cancel|scratch|ignore|scrap|discard|delete|remove|bin|ditch|kill|lose)(?: about| out)? "
    r"(?P<words>(?:the|that|this|my) .+?)"
    r"(?: (?:thing|one|step|idea|stuff|bit|part|then|again|please|pls|instead|for now))*[\s.!]*$",
    re.IGNORECASE,
)
"""Gives something up by its name."""
SUGGESTS = re.compile(
    rf"^(?:(?:{_SELF_CORRECTION}|and|so|well|then)[\s,.:!]+)*"
    r"(?:why (?:not|do ?n['’]?t (?:we|i|you))|(?:ca|could|should|would)n['’]?t (?:we|i|you)|(?:what if|maybe|perhaps) (?:we|i)|"
    r"(?:maybe|perhaps) (?:we|i)(?: should| could| can)|(?:should|shall|could|can) (?:we|i))"
    r"(?: (?:just|simply|rather|better|also|instead))* "
    rf"(?P<order>(?:{'|'.join(sorted(ORDERS))})\b(?=.*\b(?:it|that|this|them|him|her)\b).*?)[\s?.!]*$",
    re.IGNORECASE,
)
"""Suggests what to do with the thing that's talked about: “why not just postpone it?”."""
RESTATES = re.compile(
    r"^(?:yes|yep|yeah|yup|ok(?:ay)?|sure|fine|great|perfect|good|al(?:l )?right|then|so)\b[\s,.!]*|\bit is\b[\s.!]*$",
    re.IGNORECASE,
)
"""Agrees to what's offered in its own words: “ok, 5 it is”."""
_BEGINS_ASKING = r"^(?:(?:and|but|ok(?:ay)?|so|hm+|wait|then)[\s,]+)*"
_AGAIN = r"(?:again|later|later on|any ?time|afterwards|after(?: that)?)"
_THE_OFFER = r"(?:it|that|this)"
ASKS_REVOCABLE = re.compile(
    rf"{_BEGINS_ASKING}(?:can|could|may|will|would|do|does|is|am|are) (?:{_THE_OFFER}|i|we|you)\b.*?"
    r"\b(?:(?:change|undo|revert|switch|edit|adjust|reverse|cancel|stop)"
    rf"(?: {_THE_OFFER}(?: {_AGAIN}| back| if .*)*| (?:the |my )?\w+(?: \w+)? {_AGAIN})|"
    rf"(?:turn|switch|take|put|move|get) {_THE_OFFER} (?:off|back|out)(?: {_AGAIN}| if .*)*|change my mind(?: {_AGAIN})?|"
    rf"permanent|final|forever|for good|reversible|binding|fixed|stuck with {_THE_OFFER})[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks if what's offered could be changed again."""
ASKS_EFFECT = re.compile(
    rf"{_BEGINS_ASKING}what (?:(?:does|do|will|would) (?:{_THE_OFFER}|those)(?: then| exactly| actually)? "
    r"(?:do|delete|change|mean|cover|include|involve|stop)|"
    r"(?:happens|changes|would happen|will happen|gets (?:deleted|changed|lost))"
    r"(?: (?:if|when) i (?:do|press|say|agree).{0,20})?)"
    r"(?: (?:exactly|then|actually|(?:for|to) me))*[\s?.!]*$",
    re.IGNORECASE,
)
"""Asks what the thing that's offered does."""
_ITS_END = r"(?:i|it|that|this|we|everything|(?:the|my)(?: whole)? plan|the whole thing)"
ASKS_END = re.compile(
    rf"\b(?:when (?:would|will|am|do|does|could|should|is) {_ITS_END}|when {_ITS_END} (?:would|will)|"
    rf"how (?:long|many (?:weeks|months)|much longer) (?:would|will|does|do|is|am|until) {_ITS_END}|"
    r"end date|finish(?:ed|ing)? (?:date|by|in)|in time|realistic|(?:take|be) (?:much |any )?longer)\b|"
    rf"\bwhat (?:does|would|will|do) {_THE_OFFER} (?:do|mean|change)\b.{{0,6}}\b(?:to|for|about|with|in) (?:my |the )?"
    r"(?:plan|end|finish|schedule|date|deadline)",
    re.IGNORECASE,
)
"""Asks when something would end, or how long it'd take."""
SUPPOSES = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so|hm+|then)[\s,]+)*(?:what if|what about|how about|with|at|if i)\b.*\?\s*$|\bwhat if\b",
    re.IGNORECASE,
)
"""Asks how it'd be with another value: “and with 8?”."""
MEANT = re.compile(
    rf"^(?:{_SELF_CORRECTION}[\s,.:!]+)*"
    r"(?:i meant?|i wanted to (?:say|write)|make (?:it|that) say|it should (?:say|read)|call it)"
    r"[\s:,]+(?!it\b|this\b|that\b|the other|something|another|not\b)(.+)",
    re.IGNORECASE,
)
"""Says in other words what was meant."""
CONTINUES = re.compile(r"^(?:and |but )?(?:what about|how about|for|in|with|and|what if|why so)\b", re.IGNORECASE)
"""Goes on with the question before."""
