-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 4: what one intention of an account did, so that it can be taken back whole (U4); true time apart from the platform's (E9).

CREATE TABLE act (  -- one transaction that wrote facts on behalf of an account
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	account INTEGER NOT NULL REFERENCES account,
	part_of INTEGER REFERENCES act,      -- several transactions done as one (an import): the first of them; NULL: it is the first
	cycle TEXT NOT NULL, event TEXT NOT NULL, -- of its first fact; amend where that corrects another
	at_ms INTEGER NOT NULL,
	people INTEGER NOT NULL DEFAULT 0,   -- persons concerned, those of its parts included
	changes BLOB,                        -- SQLite changeset of the rows that show states; sealed columns in it are sealed. NULL: not kept any more
	undone_ms INTEGER, undone_by INTEGER REFERENCES account
) STRICT;
CREATE INDEX act_list ON act(project, id) WHERE part_of IS NULL;
CREATE INDEX act_parts ON act(part_of, id) WHERE part_of IS NOT NULL;
CREATE INDEX act_kept ON act(at_ms) WHERE changes IS NOT NULL;
CREATE INDEX act_account ON act(account);
CREATE INDEX act_undone_by ON act(undone_by) WHERE undone_by IS NOT NULL;

CREATE TABLE act_outbox (  -- operations that an act withdrew or superseded: queued again when it is taken back
	act INTEGER NOT NULL REFERENCES act,
	outbox INTEGER NOT NULL REFERENCES outbox,
	PRIMARY KEY (act, outbox)
) STRICT, WITHOUT ROWID;
CREATE INDEX act_outbox_outbox ON act_outbox(outbox);

ALTER TABLE fact ADD COLUMN act INTEGER REFERENCES act;
ALTER TABLE fact ADD COLUMN restates INTEGER REFERENCES fact; -- a correction taken back: this fact says again what that one said
CREATE INDEX fact_act ON fact(act, person) WHERE act IS NOT NULL;
CREATE INDEX fact_restates ON fact(restates) WHERE restates IS NOT NULL;
CREATE TRIGGER fact_act_never_changed BEFORE UPDATE OF act, restates ON fact
	BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER fact_counts_people AFTER INSERT ON fact
	WHEN new.act IS NOT NULL AND new.person IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM fact WHERE act = new.act AND person = new.person AND id < new.id)
	BEGIN UPDATE act SET people = people + 1 WHERE id = (SELECT ifnull(part_of, id) FROM act WHERE id = new.act); END;
CREATE INDEX fact_late ON fact(project, id) WHERE true_date IS NOT NULL AND superseded_by IS NULL AND reversed_by IS NULL; -- recorded afterwards (E9)

CREATE TABLE worker_code (  -- E4: what a QR code at the gate says of a person: random, means something in this file only
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person,
	code TEXT NOT NULL UNIQUE,
	made_ms INTEGER NOT NULL,
	void INTEGER NOT NULL DEFAULT 0      -- another one was given
) STRICT;
CREATE INDEX worker_code_person ON worker_code(person, void, id);
