INSERT INTO workspaces VALUES (1, 'slack', 'T1', '2026-11-20 09:00:00+00:00');
INSERT INTO people VALUES (1, 1, 'U1', 'Ada', 'Europe/Berlin', '2026-11-20 09:00:00+00:00');
INSERT INTO requests VALUES (1, 1, 'key', 'an answer', '2026-11-20 09:00:00+00:00');
INSERT INTO schedules VALUES (1, 1, 'tip', 'C1', 'general', false, 'ai-architect', 0, '09:00', 'Europe/Berlin',
  'active', NULL, '2026-11-30 09:00:00+00:00', 'U1', '2026-11-20 09:00:00+00:00');
INSERT INTO deliveries VALUES (1, 1, '2026-11-23 08:00:00+00:00', 'cloud-set-a-budget-alert', 'd1-1c9', 'sent',
  1, '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00', '1732.1', NULL, '2026-11-20 09:00:00+00:00');
INSERT INTO learners VALUES (1, 1, 'ai-architect', 7, '2026-11-20 09:00:00+00:00');
INSERT INTO plan_steps VALUES (1, 1, 1, 'an open step', '2026-12-01', 'open', 'tip:cloud-set-a-budget-alert', '2026-11-20 09:00:00+00:00', NULL);
INSERT INTO plan_steps VALUES (2, 1, 2, 'a done one', NULL, 'done', '', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00');
INSERT INTO plan_steps VALUES (3, 1, 4, 'a dropped one, after one that is gone', NULL, 'dropped', '', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00');
