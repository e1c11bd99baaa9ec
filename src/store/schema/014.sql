-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 14: an operation's number counts on beyond a taking-over, so that "all up to here" of the platform can be compared (R11); what was kept
-- of a subject is found again.

ALTER TABLE line ADD COLUMN far_sequence INTEGER NOT NULL DEFAULT 0;  -- the highest sequence that platform or witness knew when this file was found behind
CREATE INDEX inbox_kept ON inbox(project, subject, id) WHERE result = 3;
