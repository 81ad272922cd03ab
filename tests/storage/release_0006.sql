INSERT INTO workspaces (id, platform, external_id, created_at, spread_minutes, country) VALUES
  (1, 'slack', 'T1', '2026-05-04 08:00:00.000000', 30, 'DE'),
  (2, 'discord', 'G1', '2026-06-01 08:00:00.000000', 0, NULL),
  (4, 'slack', 'T4', '2026-07-01 08:00:00.000000', 0, 'US-CA');
INSERT INTO days_off (id, workspace_id, day, name) VALUES
  (1, 1, '2026-12-24', 'Christmas Eve'), (2, 1, '2026-12-25', ''), (5, 4, '2026-12-31', 'New Year''s Eve');
INSERT INTO people (id, workspace_id, external_id, name, zone, created_at) VALUES
  (1, 1, 'U1', 'Ada', 'Europe/Berlin', '2026-05-04 08:00:00.000000'),
  (2, 1, 'U2', 'Ben', NULL, '2026-05-05 08:00:00.000000'),
  (3, 1, 'U3', 'Chen Grüße 🎓', 'Asia/Shanghai', '2026-05-06 08:00:00.000000'),
  (4, 1, 'U4', 'Dana', NULL, '2026-05-07 08:00:00.000000'),
  (5, 1, 'U5', 'Eli', NULL, '2026-05-08 08:00:00.000000'),
  (7, 2, 'U1', 'Ada elsewhere', 'America/New_York', '2026-06-02 08:00:00.000000'),
  (8, 2, 'U8', 'Hana', NULL, '2026-06-02 08:00:00.000000'),
  (26, 1, 'U26', 'Fay', NULL, '2026-09-01 08:00:00.000000');
INSERT INTO people_settings
  (person_id, quiet_from, quiet_to, budget, reminders, checked_at, left_at, platform_zone, direct_id) VALUES
  (1, '22:00', '07:00', 3, true, '2026-11-20 08:00:00.000000', NULL, 'Europe/Paris', 'D1'),
  (2, NULL, NULL, NULL, false, '2026-11-20 08:00:00.000000', NULL, 'America/New_York', 'D2'),
  (3, NULL, NULL, 0, true, NULL, NULL, NULL, ''),
  (5, NULL, NULL, NULL, true, '2026-11-21 08:00:00.000000', '2026-11-14 08:00:00.000000', NULL, NULL);
INSERT INTO learners (id, person_id, role, next_number, created_at) VALUES
  (1, 1, 'ai-architect', 8, '2026-05-04 08:00:00.000000'),
  (2, 2, 'ai-architect', 2, '2026-05-05 08:00:00.000000'),
  (3, 4, 'ai-architect', 1, '2026-05-07 08:00:00.000000'),
  (4, 5, 'ai-architect', 1, '2026-05-08 08:00:00.000000'),
  (5, 7, 'ai-architect', 2, '2026-06-02 08:00:00.000000'),
  (9, 1, 'data-engineer', 1, '2026-08-01 08:00:00.000000');
INSERT INTO plans
  (learner_id, version, title, current_title, pace, by, off, flowed, paused_until, recall, share) VALUES
  (1, 3, 'solutions-architect', 'data-engineer', 7, '2027-06-30', '["2026-11-09", "2026-12-21"]', '2026-11-23', NULL, true, 'checkins'),
  (2, 1, '', '', 4, NULL, '[]', NULL, NULL, false, 'progress'),
  (3, 0, '', '', 4, NULL, '["2026-11-23", "2026-11-30"]', '2026-11-23', '2027-01-11', true, 'nothing'),
  (4, 0, '', '', 4, NULL, '[]', NULL, NULL, false, 'nothing'),
  (5, 1, '', '', 4, NULL, '[]', '2026-11-16', NULL, false, 'nothing'),
  (9, 0, '', '', 4, NULL, '[]', NULL, NULL, false, 'nothing');
INSERT INTO steps
  (id, learner_id, number, text, hours, state, since, origin, reason, proof, evidence, blocker, due, start, requires, credits, shares, created_at) VALUES
  (1, 1, 1, 'Set a budget alert', 2, 'done', '2026-11-16', 'tip:cloud-set-a-budget-alert', '', '', 'the alert came', '', NULL, NULL, '[]', '[["2026-11-16", 2]]', '[]', '2026-05-04 08:00:00.000000'),
  (2, 1, 2, 'Build a RAG system', 40, 'doing', '2026-11-17', 'milestone:rag', 'ML from 0 to 1', 'a demo', '', '', '2027-01-31', '2026-11-16', '[1]', '[["2026-11-16", 5]]', '[["2026-11-23", 7], ["2026-11-30", 28]]', '2026-05-04 08:00:00.000000'),
  (3, 1, 3, 'Ask for access', 1, 'blocked', '2026-11-18', '', '', '', '', 'waits for Ben', NULL, NULL, '[]', '[]', '[["2027-01-04", 1]]', '2026-05-04 08:00:00.000000'),
  (4, 1, 5, 'Write it up', 4, 'open', NULL, '', '', '', '', '', NULL, '2027-02-01', '[2, 3]', '[]', '[]', '2026-05-04 08:00:00.000000'),
  (5, 1, 7, 'Read a book', 30, 'dropped', '2026-11-19', 'milestone:book', 'why', 'proof', '', '', NULL, NULL, '[]', '[]', '[]', '2026-05-04 08:00:00.000000'),
  (6, 2, 1, 'A step of Ben''s', 1, 'open', NULL, '', '', '', '', '', '2026-12-01', NULL, '[]', '[]', '[]', '2026-05-05 08:00:00.000000'),
  (7, 5, 1, 'A step elsewhere', 1, 'open', NULL, 'tip:cloud-set-a-budget-alert', '', '', '', '', NULL, NULL, '[]', '[]', '[]', '2026-06-02 08:00:00.000000');
INSERT INTO plan_changes (id, learner_id, version, what, before, created_at, paused_until) VALUES
  (1, 1, 1, 'new plan', '{"title": "", "pace": 4, "by": null, "off": [], "flowed": null, "next_number": 1, "steps": []}', '2026-11-01 08:00:00.000000', NULL),
  (2, 1, 2, 'done 1', '{"title": "solutions-architect", "pace": 7, "by": "2027-06-30", "off": ["2026-11-09"], "flowed": "2026-11-09", "next_number": 3, "steps": [{"number": 1, "text": "Set a budget alert", "hours": 2, "state": "open", "origin": "tip:cloud-set-a-budget-alert", "reason": "", "proof": "", "evidence": "", "blocker": "", "due": null, "start": null, "requires": [], "credits": [], "shares": [{"week": "2026-11-16", "hours": 2}], "since": null}]}', '2026-11-16 08:00:00.000000', NULL),
  (3, 1, 3, 'away until 28 December', '{"title": "solutions-architect", "pace": 7, "by": "2027-06-30", "off": ["2026-11-09"], "flowed": "2026-11-16", "next_number": 4, "steps": [{"number": 1, "text": "Set a budget alert", "hours": 2, "state": "done", "origin": "tip:cloud-set-a-budget-alert", "reason": "", "proof": "", "evidence": "the alert came", "blocker": "", "due": null, "start": null, "requires": [], "credits": [{"week": "2026-11-16", "hours": 2}], "shares": [], "since": "2026-11-16"}, {"number": 3, "text": "Ask for access", "hours": 1, "state": "blocked", "origin": "", "reason": "", "proof": "", "evidence": "", "blocker": "waits for Ben", "due": null, "start": null, "requires": [1], "credits": [], "shares": [{"week": "2026-12-21", "hours": 1}], "since": "2026-11-18"}]}', '2026-11-19 08:00:00.000000', '2026-12-07'),
  (4, 2, 1, 'add A step of Ben''s', '{"title": "", "pace": 4, "by": null, "off": [], "flowed": null, "next_number": 1, "steps": []}', '2026-11-19 08:00:00.000000', NULL),
  (5, 5, 1, 'add A step elsewhere', '{"title": "", "pace": 4, "by": null, "off": [], "flowed": null, "next_number": 1, "steps": []}', '2026-11-21 08:00:00.000000', NULL);
INSERT INTO assessments (id, learner_id, skill, level, assessed_at) VALUES
  (1, 1, 'ml-infrastructure', 0, '2026-05-04 09:00:00.000000'),
  (2, 1, 'cloud', 2, '2026-05-04 09:00:00.000000'),
  (3, 1, 'ml-infrastructure', 1, '2026-11-16 09:00:00.000000'),
  (4, 5, 'cloud', 4, '2026-06-03 09:00:00.000000');
INSERT INTO checkins (id, learner_id, week, state, next_step, obstacle, fallback, outcome, created_at) VALUES
  (1, 1, '2026-11-02', 'held', 'the demo', 'a meeting comes up', 'I work on the train', 'helped', '2026-11-02 09:00:00.000000'),
  (2, 1, '2026-11-09', 'skipped', '', '', '', '', '2026-11-09 09:00:00.000000'),
  (3, 1, '2026-11-16', 'held', 'the write-up', 'I''m tired', 'ten minutes', '', '2026-11-16 09:00:00.000000'),
  (4, 2, '2026-11-16', 'skipped', '', '', '', '', '2026-11-16 09:00:00.000000'),
  (5, 5, '2026-11-16', 'held', '', '', '', '', '2026-11-16 09:00:00.000000');
INSERT INTO recall_cards (id, learner_id, question, memory, due_at, asked, "right") VALUES
  (1, 1, 'what-is-rag', '{"card_id": 0, "state": 2, "step": null, "stability": 2.3065, "difficulty": 2.118103970459016, "due": "2026-11-18T09:00:00+00:00", "last_review": "2026-11-16T09:00:00+00:00"}', '2026-11-18 09:00:00.000000', 3, 2),
  (2, 1, 'what-is-mlops', '{}', '2026-11-20 09:00:00.000000', 0, 0),
  (4, 5, 'what-is-rag', '{}', '2026-11-20 09:00:00.000000', 0, 0);
INSERT INTO mentors (id, person_id, role, skills, most, offering, created_at) VALUES
  (1, 3, 'ai-architect', '["cloud", "ml-infrastructure"]', 4, true, '2026-05-06 08:00:00.000000'),
  (2, 5, 'ai-architect', '[]', 2, true, '2026-05-08 08:00:00.000000'),
  (3, 26, 'ai-architect', '[]', 1, false, '2026-09-01 08:00:00.000000'),
  (4, 8, 'ai-architect', '[]', 1, true, '2026-06-02 08:00:00.000000');
INSERT INTO pairings (id, learner_id, mentor_id, state, asked, deadline, created_at, changed_at) VALUES
  (1, 1, 1, 'active', '["", "U5", "U3"]', NULL, '2026-06-01 08:00:00.000000', '2026-06-03 08:00:00.000000'),
  (2, 2, 1, 'requested', '["U3"]', '2026-11-24 08:00:00.000000', '2026-11-21 08:00:00.000000', '2026-11-21 08:00:00.000000'),
  (4, 3, NULL, 'waiting', '["U5", "U3"]', NULL, '2026-11-01 08:00:00.000000', '2026-11-08 08:00:00.000000'),
  (6, 4, NULL, 'ended', '["U3"]', NULL, '2026-07-01 08:00:00.000000', '2026-08-01 08:00:00.000000'),
  (12, 5, 4, 'requested', '["U8"]', '2026-11-25 08:00:00.000000', '2026-11-22 08:00:00.000000', '2026-11-22 08:00:00.000000');
INSERT INTO departures (id, workspace_id, left_on) VALUES (1, 1, '2026-08-03'), (2, 1, '2026-10-05'), (3, 2, '2026-10-05');
INSERT INTO requests (id, workspace_id, key, answer, created_at) VALUES
  (1, 1, 'slack-1', '{"title": "Grüße"}', '2026-11-22 08:00:00.000000'),
  (2, 2, 'slack-1', '{"title": "elsewhere"}', '2026-11-22 08:00:00.000000');
INSERT INTO buckets (name, free_at) VALUES ('slack/T1', 1795424400.25), ('slack/T1/@U1', 1795424401.5);
INSERT INTO schedules
  (id, workspace_id, kind, channel_id, channel_name, direct, role, weekday, local_time, zone, state, paused_reason, next_run_at,
   created_by, created_at, weekdays, every_weeks, starts_on, ends_on, pause_until) VALUES
  (1, 1, 'tip', 'C1', 'general', false, 'ai-architect', 0, '09:00', 'Europe/Berlin', 'active', NULL, '2026-11-30 08:00:00.000000', 'U1', '2026-05-04 08:00:00.000000', '024', 1, NULL, NULL, NULL),
  (2, 1, 'tip', 'C2', 'gone', false, 'ai-architect', 1, '10:30', 'UTC', 'paused', 'channel_not_found', '2026-11-24 10:30:00.000000', 'U2', '2026-05-04 08:00:00.000000', '1', 2, '2026-05-05', NULL, NULL),
  (3, 1, 'tip', 'D7', '', true, 'ai-architect', 4, '09:00', 'UTC', 'active', NULL, '2026-11-27 09:00:00.000000', 'U2', '2026-05-04 08:00:00.000000', '4', 1, NULL, NULL, '2026-12-01'),
  (4, 1, 'report', 'C9', 'admins', false, 'ai-architect', 0, '08:00', 'Europe/Berlin', 'active', NULL, '2026-11-30 07:00:00.000000', '', '2026-05-04 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (5, 1, 'checkin', '@U1', '', true, 'ai-architect', 0, '09:00', 'Europe/Berlin', 'active', NULL, '2026-11-26 08:00:00.000000', 'U1', '2026-05-04 08:00:00.000000', '03', 1, NULL, NULL, NULL),
  (6, 1, 'checkin', '@U2', 'Ben', true, 'ai-architect', 0, '09:00', 'America/New_York', 'paused', 'cannot_dm_bot', '2026-11-30 14:00:00.000000', 'U2', '2026-05-05 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (7, 1, 'recall', '@U1', '', true, 'ai-architect', 2, '12:00', 'Europe/Berlin', 'active', NULL, '2026-11-25 11:00:00.000000', 'U1', '2026-05-04 08:00:00.000000', '2', 4, '2026-05-06', '2027-05-06', NULL),
  (8, 1, 'digest', '@U3', '', true, 'ai-architect', 4, '16:00', 'Asia/Shanghai', 'active', NULL, '2026-11-27 08:00:00.000000', 'U3', '2026-05-06 08:00:00.000000', '4', 1, NULL, NULL, NULL),
  (9, 1, 'own-tip', '@U1', '', true, 'ai-architect', 4, '09:00', 'Europe/Berlin', 'stopped', NULL, '2026-11-27 08:00:00.000000', 'U1', '2026-05-04 08:00:00.000000', '4', 1, NULL, NULL, NULL),
  (10, 1, 'checkin', '@U4', '', true, 'ai-architect', 0, '09:00', 'UTC', 'active', NULL, '2026-11-30 09:00:00.000000', 'U4', '2026-05-07 08:00:00.000000', '0', 1, NULL, NULL, '2027-01-11'),
  (11, 1, 'own-tip', '@U2', '', true, 'ai-architect', 4, '09:00', 'UTC', 'active', NULL, NULL, 'U2', '2026-05-05 08:00:00.000000', '4', 1, NULL, '2026-11-20', NULL),
  (12, 1, 'checkin', '@U26', '', true, 'ai-architect', 0, '09:00', 'UTC', 'active', NULL, '2026-11-30 09:00:00.000000', 'U26', '2026-09-01 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (13, 2, 'tip', 'C1', 'other-general', false, 'ai-architect', 5, '09:00', 'UTC', 'active', NULL, '2026-11-28 09:00:00.000000', 'U1', '2026-06-02 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (14, 2, 'checkin', '@U1', '', true, 'ai-architect', 0, '09:00', 'America/New_York', 'active', NULL, '2026-11-30 14:00:00.000000', 'U1', '2026-06-02 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (15, 2, 'report', 'C9', 'admins', false, 'ai-architect', 0, '08:00', 'UTC', 'stopped', NULL, '2026-11-30 08:00:00.000000', 'U8', '2026-06-02 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (16, 1, 'checkin', '@U99', '', true, 'ai-architect', 0, '09:00', 'UTC', 'active', NULL, '2026-11-30 09:00:00.000000', 'U99', '2026-05-08 08:00:00.000000', '0', 1, NULL, NULL, NULL),
  (20, 1, 'notice', '@U1', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U1', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (21, 1, 'notice', '@U2', '', true, 'ai-architect', 0, '00:00', 'UTC', 'paused', 'cannot_dm_bot', NULL, 'U2', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (22, 1, 'notice', '@U3', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U3', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (23, 1, 'notice', '@U4', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U4', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (24, 2, 'notice', '@U1', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U1', '2026-06-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (25, 2, 'notice', '@U8', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U8', '2026-06-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (31, 1, 'notice', '@U26', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U26', '2026-09-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (32, 1, 'notice', '@U99', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U99', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL),
  (33, 1, 'notice', '@U5', '', true, 'ai-architect', 0, '00:00', 'UTC', 'active', NULL, NULL, 'U5', '2026-05-09 08:00:00.000000', NULL, 1, NULL, NULL, NULL);
INSERT INTO deliveries
  (id, schedule_id, occurrence_at, item, key, state, attempts, not_before, begun_at, sent_at, message_id, last_error,
   body, created_at, slot_at, merged_into, first_due_at, given_up) VALUES
  (101, 1, '2026-11-16 08:00:00.000000', 'cloud-set-a-budget-alert', 'd1-1c87200', 'sent', 1, '2026-11-16 08:00:00.000000', '2026-11-16 08:00:00.000000', '2026-11-16 08:00:00.000000', 'm101', NULL, '', '2026-11-16 08:00:00.000000', NULL, NULL, NULL, NULL),
  (102, 1, '2026-11-18 08:00:00.000000', 'rag-measure', 'd1-1c87d40', 'sent', 3, '2026-11-18 08:00:00.000000', '2026-11-18 09:10:00.000000', '2026-11-18 09:10:00.000000', 'm102', 'HTTP 503', '', '2026-11-18 08:00:00.000000', NULL, NULL, NULL, NULL),
  (103, 1, '2026-11-23 08:00:00.000000', 'cost-tags', 'd1-1c89960', 'pending', 0, '2026-11-23 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-23 08:00:00.000000', NULL, NULL, NULL, NULL),
  (104, 2, '2026-11-10 10:30:00.000000', 'rag-measure', 'd2-1c850d6', 'failed', 1, '2026-11-10 10:30:00.000000', NULL, NULL, NULL, 'channel_not_found', '', '2026-11-10 10:30:00.000000', NULL, NULL, NULL, NULL),
  (105, 1, '2026-11-09 08:00:00.000000', '', 'd1-1c84aa0', 'missed', 0, '2026-11-09 08:00:00.000000', NULL, NULL, NULL, 'the bot was not running in time', '', '2026-11-09 08:00:00.000000', NULL, NULL, NULL, NULL),
  (106, 1, '2026-11-11 08:00:00.000000', '', 'd1-1c855e0', 'cancelled', 0, '2026-11-11 08:00:00.000000', NULL, NULL, NULL, '11 November is a day off here (Carnival)', '', '2026-11-11 08:00:00.000000', NULL, NULL, NULL, NULL),
  (107, 2, '2026-11-17 10:30:00.000000', 'cost-tags', 'd2-1c87836', 'cancelled', 0, '2026-11-17 10:30:00.000000', NULL, NULL, NULL, 'the schedule is paused', '', '2026-11-17 10:30:00.000000', NULL, NULL, NULL, NULL),
  (108, 3, '2026-11-20 09:00:00.000000', 'rag-measure', 'd3-1c888bc', 'sent', 1, '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000', 'm108', NULL, '', '2026-11-20 09:00:00.000000', NULL, NULL, NULL, NULL),
  (109, 1, '2026-11-04 08:00:00.000000', '', 'd1-1c82e80', 'missed', 0, '2026-11-04 08:00:00.000000', NULL, NULL, NULL, 'the role pack has no tips', '', '2026-11-04 08:00:00.000000', NULL, NULL, NULL, NULL),
  (110, 3, '2026-11-13 09:00:00.000000', '', 'd3-1c8615c', 'cancelled', 0, '2026-11-13 09:00:00.000000', NULL, NULL, NULL, 'paused until 1 December 2026', '', '2026-11-13 09:00:00.000000', NULL, NULL, NULL, NULL),
  (111, 13, '2026-11-21 09:00:00.000000', 'rag-measure', 'dd-1c88e5c', 'sent', 1, '2026-11-21 09:00:00.000000', '2026-11-21 09:00:00.000000', '2026-11-21 09:00:00.000000', 'm111', NULL, '', '2026-11-21 09:00:00.000000', NULL, NULL, NULL, NULL),
  (112, 1, '2026-11-13 08:00:00.000000', '', 'd1-1c86120', 'cancelled', 0, '2026-11-13 08:00:00.000000', NULL, NULL, NULL, '13 November is a day off here', '', '2026-11-13 08:00:00.000000', NULL, NULL, NULL, NULL),
  (120, 5, '2026-11-16 08:00:00.000000', '', 'd5-1c87200', 'sent', 1, '2026-11-16 08:00:00.000000', '2026-11-16 08:00:00.000000', '2026-11-16 08:00:00.000000', 'm120', NULL, '', '2026-11-16 08:00:00.000000', NULL, NULL, NULL, NULL),
  (121, 5, '2026-11-23 08:00:00.000000', '', 'd5-1c89960', 'pending', 2, '2026-11-23 08:50:00.000000', '2026-11-23 08:00:00.000000', NULL, NULL, 'no answer within 30 s', '', '2026-11-23 08:00:00.000000', NULL, NULL, NULL, NULL),
  (122, 5, '2026-11-19 08:00:00.000000', '', 'd5-1c882e0', 'cancelled', 0, '2026-11-19 08:00:00.000000', NULL, NULL, NULL, 'the check-in of the week of 16 November was held already', '', '2026-11-19 08:00:00.000000', NULL, NULL, NULL, NULL),
  (123, 6, '2026-11-16 14:00:00.000000', '', 'd6-1c87368', 'failed', 20, '2026-11-16 14:00:00.000000', '2026-11-16 14:00:00.000000', NULL, NULL, '20 attempts: HTTP 500: upstream', '', '2026-11-16 14:00:00.000000', NULL, NULL, NULL, NULL),
  (124, 10, '2026-11-16 09:00:00.000000', '', 'da-1c8723c', 'cancelled', 0, '2026-11-16 09:00:00.000000', NULL, NULL, NULL, 'there is a break until 11 January 2027', '', '2026-11-16 09:00:00.000000', NULL, NULL, NULL, NULL),
  (125, 12, '2026-11-23 09:00:00.000000', '', 'dc-1c8999c', 'pending', 0, '2026-11-23 09:10:00.000000', NULL, NULL, NULL, 'waits some minutes for what else may be due, so that both come as one', '', '2026-11-23 09:00:00.000000', NULL, NULL, NULL, NULL),
  (126, 12, '2026-11-16 09:00:00.000000', '', 'dc-1c8723c', 'missed', 0, '2026-11-16 09:00:00.000000', NULL, NULL, NULL, 'quiet hours; then the bot was not running in time', '', '2026-11-16 09:00:00.000000', NULL, NULL, NULL, NULL),
  (127, 5, '2026-11-12 08:00:00.000000', '', 'd5-1c85b80', 'cancelled', 0, '2026-11-12 08:00:00.000000', NULL, NULL, NULL, 'the budget of 3 messages a week is spent', '', '2026-11-12 08:00:00.000000', NULL, NULL, NULL, NULL),
  (128, 14, '2026-11-23 09:00:00.000000', '', 'de-1c8999c', 'pending', 0, '2026-11-23 12:00:00.000000', NULL, NULL, NULL, 'quiet hours', '', '2026-11-23 09:00:00.000000', NULL, NULL, NULL, NULL),
  (129, 8, '2026-11-13 08:00:00.000000', '', 'd8-1c86120', 'cancelled', 0, '2026-11-13 08:00:00.000000', NULL, NULL, NULL, 'no messages are wanted (budget:0)', '', '2026-11-13 08:00:00.000000', NULL, NULL, NULL, NULL),
  (130, 5, '2026-11-09 08:00:00.000000', '', 'd5-1c84aa0', 'cancelled', 0, '2026-11-09 08:00:00.000000', NULL, NULL, NULL, 'the week of 9 November is off', '', '2026-11-09 08:00:00.000000', NULL, NULL, NULL, NULL),
  (131, 6, '2026-11-09 14:00:00.000000', '', 'd6-1c84c08', 'failed', 1, '2026-11-09 14:00:00.000000', '2026-11-09 14:00:00.000000', NULL, NULL, 'nobody can tell whether it was posted: cannot_dm_bot', '', '2026-11-09 14:00:00.000000', NULL, NULL, NULL, NULL),
  (132, 12, '2026-11-09 09:00:00.000000', '', 'dc-1c84adc', 'missed', 0, '2026-11-09 09:00:00.000000', NULL, NULL, NULL, 'it could not be sent in time', '', '2026-11-09 09:00:00.000000', NULL, NULL, NULL, NULL),
  (133, 12, '2026-11-02 09:00:00.000000', '', 'dc-1c8237c', 'pending', 0, '2026-11-23 09:15:00.000000', NULL, NULL, NULL, 'the time zone Mars/Base is not known to the machine that was to send it', '', '2026-11-02 09:00:00.000000', NULL, NULL, NULL, NULL),
  (134, 14, '2026-11-16 14:00:00.000000', '', 'de-1c87368', 'pending', 0, '2026-11-23 09:05:00.000000', NULL, NULL, NULL, 'asked to wait 5 s', '', '2026-11-16 14:00:00.000000', NULL, NULL, NULL, NULL),
  (135, 14, '2026-11-09 14:00:00.000000', '', 'de-1c84c08', 'pending', 0, '2026-11-23 08:30:00.000000', NULL, NULL, NULL, 'the platform has asked to wait', '', '2026-11-09 14:00:00.000000', '2026-11-23 08:30:00.000000', NULL, NULL, NULL),
  (136, 12, '2026-10-26 09:00:00.000000', '', 'dc-1c7fc1c', 'cancelled', 0, '2026-10-26 09:00:00.000000', NULL, NULL, NULL, 'the person is gone', '', '2026-10-26 09:00:00.000000', NULL, NULL, NULL, NULL),
  (137, 12, '2026-10-19 09:00:00.000000', '', 'dc-1c7d4bc', 'missed', 0, '2026-10-19 09:00:00.000000', NULL, NULL, NULL, 'waits some minutes for what else may be due, so that both come as one; then the bot was not running in time', '', '2026-10-19 09:00:00.000000', NULL, NULL, NULL, NULL),
  (138, 6, '2026-11-22 10:00:00.000000', '', 'd6-1c824a8', 'pending', 0, '2026-11-22 10:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 10:00:00.000000', NULL, NULL, '2026-11-02 14:00:00.000000', 'an operator asked for it again; before that it failed: 20 attempts: HTTP 500'),
  (139, 5, '2026-11-20 10:00:00.000000', '', 'd5-1c82340', 'sent', 1, '2026-11-20 10:00:00.000000', '2026-11-20 10:00:00.000000', '2026-11-20 10:00:00.000000', 'm139', NULL, '', '2026-11-20 10:00:00.000000', NULL, NULL, '2026-11-02 08:00:00.000000', 'an operator asked for it again; before that it was missed: the bot was not running in time'),
  (140, 5, '2026-11-22 20:00:00.000000', '', 'd5-1c83420', 'pending', 0, '2026-11-23 06:00:00.000000', NULL, NULL, NULL, 'quiet hours', '', '2026-11-22 20:00:00.000000', NULL, NULL, '2026-11-05 08:00:00.000000', 'an operator asked for it again; before that it was left out: there is a break until 11 January 2027'),
  (141, 11, '2026-11-20 09:00:00.000000', 'rag-measure', 'db-1c888bc', 'sent', 1, '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000', '2026-11-20 09:00:00.000000', 'm141', NULL, '', '2026-11-20 09:00:00.000000', NULL, NULL, NULL, NULL),
  (142, 7, '2026-11-18 11:00:00.000000', '', 'd7-1c87df4', 'cancelled', 0, '2026-11-18 11:00:00.000000', NULL, NULL, NULL, 'no question is due', '', '2026-11-18 11:00:00.000000', NULL, NULL, NULL, NULL),
  (143, 8, '2026-11-06 08:00:00.000000', '', 'd8-1c839c0', 'cancelled', 0, '2026-11-06 08:00:00.000000', NULL, NULL, NULL, 'there are no learners', '', '2026-11-06 08:00:00.000000', NULL, NULL, NULL, NULL),
  (144, 8, '2026-11-20 08:00:00.000000', '', 'd8-1c88880', 'sent', 1, '2026-11-20 08:00:00.000000', '2026-11-20 08:00:00.000000', '2026-11-20 08:00:00.000000', 'm144', NULL, '', '2026-11-20 08:00:00.000000', NULL, NULL, NULL, NULL),
  (145, 9, '2026-11-20 08:00:00.000000', 'cost-tags', 'd9-1c88880', 'sent', 1, '2026-11-20 08:00:00.000000', '2026-11-20 08:00:00.000000', '2026-11-20 08:00:00.000000', 'm145', NULL, '', '2026-11-20 08:00:00.000000', NULL, NULL, NULL, NULL),
  (146, 2, '2026-11-22 11:00:00.000000', 'cost-tags', 'd2-1c82976', 'pending', 0, '2026-11-22 11:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 11:00:00.000000', NULL, NULL, '2026-11-03 10:30:00.000000', 'an operator asked for it again; before that it failed: '),
  (147, 6, '2026-10-26 13:00:00.000000', '', 'd6-1c7fd0c', 'missed', 4, '2026-10-26 13:00:00.000000', NULL, NULL, NULL, 'HTTP 500
Internal Server Error; then the bot was not running in time', '', '2026-10-26 13:00:00.000000', NULL, NULL, NULL, NULL),
  (148, 6, '2026-10-19 13:00:00.000000', '', 'd6-1c7d5ac', 'missed', 0, '2026-10-19 13:00:00.000000', NULL, NULL, NULL, 'the check-in came late; then the bot was not running in time', '', '2026-10-19 13:00:00.000000', NULL, NULL, NULL, NULL),
  (149, 10, '2026-11-09 09:00:00.000000', '', 'da-1c84adc', 'failed', 1, '2026-11-09 09:00:00.000000', NULL, NULL, NULL, 'users_not_found: „niemand“ 🎓', '', '2026-11-09 09:00:00.000000', NULL, NULL, NULL, NULL),
  (150, 7, '2026-11-23 08:55:00.000000', '', 'd7-1c89997', 'pending', 0, '2026-11-23 08:55:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-23 08:55:00.000000', NULL, 121, NULL, NULL),
  (160, 4, '2026-11-16 07:00:00.000000', '', 'd4-1c871c4', 'sent', 1, '2026-11-16 07:00:00.000000', '2026-11-16 07:00:00.000000', '2026-11-16 07:00:00.000000', 'm160', NULL, '', '2026-11-16 07:00:00.000000', NULL, NULL, NULL, NULL),
  (161, 4, '2026-11-08 08:00:00.000000', 'waiting-admins:4', 'n4-a4-2', 'sent', 1, '2026-11-08 08:00:00.000000', '2026-11-08 08:00:00.000000', '2026-11-08 08:00:00.000000', 'm161', NULL, '', '2026-11-08 08:00:00.000000', NULL, NULL, NULL, NULL),
  (162, 4, '2026-11-22 08:00:00.000000', 'waiting-admins:4', 'n4-a4-3', 'pending', 0, '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL),
  (163, 4, '2026-10-08 08:00:00.000000', 'waiting-admins:1', 'n4-a1-1', 'cancelled', 0, '2026-10-08 08:00:00.000000', NULL, NULL, NULL, 'the request has found somebody', '', '2026-10-08 08:00:00.000000', NULL, NULL, NULL, NULL),
  (170, 22, '2026-11-21 08:00:00.000000', 'pair:2', 'n16-p2-1', 'pending', 0, '2026-11-21 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-21 08:00:00.000000', NULL, NULL, NULL, NULL),
  (171, 22, '2026-11-21 09:00:00.000000', 'pair:4', 'n16-p4-2', 'pending', 1, '2026-11-23 08:01:00.000000', '2026-11-23 08:00:00.000000', NULL, NULL, 'HTTP 502', '', '2026-11-21 09:00:00.000000', NULL, NULL, NULL, NULL),
  (172, 20, '2026-06-03 08:00:00.000000', 'accepted:1', 'n14-y1-3', 'sent', 1, '2026-06-03 08:00:00.000000', '2026-06-03 08:00:00.000000', '2026-06-03 08:00:00.000000', 'm172', NULL, '', '2026-06-03 08:00:00.000000', NULL, NULL, NULL, NULL),
  (173, 20, '2026-11-24 08:00:00.000000', 'reminder', 'n14-rb4d8f', 'pending', 0, '2026-11-24 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-24 08:00:00.000000', NULL, NULL, NULL, NULL),
  (174, 20, '2026-11-24 09:30:00.000000', 'checkin', 'n14-c6a0f2b58', 'pending', 0, '2026-11-24 09:30:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-24 09:30:00.000000', NULL, NULL, NULL, NULL),
  (175, 23, '2026-11-08 08:00:00.000000', 'waiting:4', 'n17-w4-2', 'sent', 1, '2026-11-08 08:00:00.000000', '2026-11-08 08:00:00.000000', '2026-11-08 08:00:00.000000', 'm175', NULL, '', '2026-11-08 08:00:00.000000', NULL, NULL, NULL, NULL),
  (176, 23, '2026-08-08 08:00:00.000000', 'left:4', 'n17-l4-1', 'cancelled', 0, '2026-08-08 08:00:00.000000', NULL, NULL, NULL, 'it is settled already', '', '2026-08-08 08:00:00.000000', NULL, NULL, NULL, NULL),
  (177, 20, '2026-11-23 08:30:00.000000', 'note:1', 'n14-t0a1b2c3d4e5', 'pending', 0, '2026-11-23 08:30:00.000000', NULL, NULL, NULL, NULL, 'Well done!
Call me at 17:00; it''s 100% fine: really.', '2026-11-23 08:30:00.000000', NULL, NULL, NULL, NULL),
  (178, 20, '2026-11-10 08:30:00.000000', 'note:1', 'n14-t5e4d3c2b1a0', 'sent', 1, '2026-11-10 08:30:00.000000', '2026-11-10 08:30:00.000000', '2026-11-10 08:30:00.000000', 'm178', NULL, 'Keep going', '2026-11-10 08:30:00.000000', NULL, NULL, NULL, NULL),
  (179, 22, '2026-11-08 08:00:00.000000', 'expired:4', 'n16-x4-2', 'missed', 0, '2026-11-08 08:00:00.000000', NULL, NULL, NULL, 'the bot was not running in time', '', '2026-11-08 08:00:00.000000', NULL, NULL, NULL, NULL),
  (180, 22, '2026-11-20 08:01:00.000000', 'ended:6', 'n16-e6', 'sent', 0, '2026-11-20 08:01:00.000000', NULL, '2026-11-20 08:01:00.000000', 'm144', NULL, '', '2026-11-20 08:01:00.000000', NULL, 144, NULL, NULL),
  (181, 21, '2026-11-17 14:00:00.000000', 'reminder', 'n15-rb4d88', 'cancelled', 0, '2026-11-17 14:00:00.000000', NULL, NULL, NULL, 'reminders are off', '', '2026-11-17 14:00:00.000000', NULL, NULL, NULL, NULL),
  (182, 21, '2026-11-10 14:00:00.000000', 'reminder', 'n15-rb4d81', 'cancelled', 0, '2026-11-10 14:00:00.000000', NULL, NULL, NULL, 'there was no check-in', '', '2026-11-10 14:00:00.000000', NULL, NULL, NULL, NULL),
  (183, 24, '2026-11-22 08:00:00.000000', 'accepted:12', 'n18-yc-1', 'pending', 0, '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL),
  (184, 31, '2026-11-22 08:00:00.000000', 'pair:12', 'n1f-pc-1', 'pending', 0, '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL),
  (185, 32, '2026-11-22 08:00:00.000000', 'pair:2', 'n20-p2-9', 'pending', 0, '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL),
  (186, 20, '2026-11-17 08:00:00.000000', 'reminder', 'n14-rb4d88', 'cancelled', 0, '2026-11-17 08:00:00.000000', NULL, NULL, NULL, 'the week of its check-in is over', '', '2026-11-17 08:00:00.000000', NULL, NULL, NULL, NULL),
  (187, 20, '2026-11-10 08:00:00.000000', 'reminder', 'n14-rb4d81', 'pending', 0, '2026-11-23 09:30:00.000000', NULL, NULL, NULL, 'the check-in came late', '', '2026-11-10 08:00:00.000000', NULL, NULL, NULL, NULL),
  (188, 22, '2026-11-22 09:00:00.000000', 'pair:1', 'n16-p1-3', 'pending', 0, '2026-11-22 09:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-22 09:00:00.000000', NULL, NULL, '2026-06-01 08:00:00.000000', 'an operator asked for it again; before that it failed: cannot_dm_bot'),
  (189, 21, '2026-11-20 08:00:00.000000', 'accepted:2', 'n15-y2-1', 'pending', 0, '2026-11-20 08:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-20 08:00:00.000000', NULL, NULL, NULL, NULL),
  (190, 25, '2026-11-22 08:00:00.000000', 'pair:12', 'n19-pc-1', 'failed', 1, '2026-11-22 08:00:00.000000', NULL, NULL, NULL, 'cannot_dm_bot', '', '2026-11-22 08:00:00.000000', NULL, NULL, NULL, NULL),
  (191, 25, '2026-11-22 08:30:00.000000', 'ended:12', 'n19-ec', 'failed', 2, '2026-11-22 08:30:00.000000', '2026-11-22 08:30:00.000000', NULL, NULL, 'nobody can tell whether it was posted: missing_access', '', '2026-11-22 08:30:00.000000', NULL, NULL, NULL, NULL),
  (192, 16, '2026-11-23 09:00:00.000000', '', 'd10-1c8999c', 'pending', 0, '2026-11-23 09:00:00.000000', NULL, NULL, NULL, NULL, '', '2026-11-23 09:00:00.000000', NULL, NULL, NULL, NULL),
  (193, 12, '2026-10-12 09:00:00.000000', '', 'dc-1c7ad5c', 'pending', 0, '2026-11-23 08:10:00.000000', NULL, NULL, NULL, 'ratelimited', '', '2026-10-12 09:00:00.000000', NULL, NULL, NULL, NULL);
