-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 8: what a newer copy of this file may have sent although this one has taken it back (R11).

CREATE TABLE outbox_doubt (  -- withdrawn or superseded here without ever having been sent from here, found at the taking-over: looked up once
	outbox INTEGER PRIMARY KEY REFERENCES outbox,
	project INTEGER NOT NULL REFERENCES project,
	subject TEXT NOT NULL,            -- the operation's
	found INTEGER NOT NULL DEFAULT 0  -- the platform has it: to be reversed there once all of its subject are looked up
) STRICT;
CREATE INDEX outbox_doubt_subject ON outbox_doubt(project, found, subject, outbox);
