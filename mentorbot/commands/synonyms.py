"""Words that mean the same, and orders of words that do: with these, each command needs to declare only a few sentences."""

from __future__ import annotations

import re

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
    spare hours, can only do, can only manage, cut back, cut down, reduce, slow down, lighter, speed up,
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
    halt, deactivate, knock it off, tired of, sick of, fed up, too often, remove me from, no tips, leave
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
seldom: less often, less frequently, not so often, not that often, fewer, rarely, less of
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
                r"\b(?:(?:my )?(?:weekly hours|hours (?:a|per|each) week|(?:weekly )?pace)|my hours(?!.*\b(?:on|for) \w))"
                r"(?: down| up)? to (\d+)\b(?: ?h(?:ours?|rs?)?\b)?"
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
