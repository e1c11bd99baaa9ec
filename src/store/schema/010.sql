-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 10: terms of keeping: what is due is erased, and that it was is on record (S8, L6).
--
-- Facts, operations and the audit log stay as rows: order, causes and the chain hold, and say nothing of anybody once what is sealed in them, the
-- person's name, documents, fields, pictures and search rows are gone.

CREATE TABLE maintenance (  -- there is a row only inside a transaction that erases: the triggers below let it pass
	one INTEGER PRIMARY KEY CHECK (one = 1)
) STRICT;

DROP TRIGGER fact_never_changed;
CREATE TRIGGER fact_never_changed BEFORE UPDATE OF id, uid, project, cycle, subject, person, event, actor, authority, account, at_ms, on_date, true_date,
	supersedes, reverses ON fact BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER fact_only_erased BEFORE UPDATE OF note_sealed, body_sealed ON fact WHEN NOT EXISTS (SELECT 1 FROM maintenance)
	BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
DROP TRIGGER outbox_frozen;
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF body_sealed, fingerprint, epoch, sequence ON outbox
	WHEN old.body_sealed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM maintenance)
	BEGIN SELECT RAISE(ABORT, 'a frozen operation never changes'); END;

CREATE TABLE erasure (  -- what was erased when its term was over: counts and a digest, never the data
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	kind TEXT NOT NULL CHECK (kind IN ('facts', 'pictures')),
	account INTEGER NOT NULL REFERENCES account,
	at_ms INTEGER NOT NULL,
	people INTEGER NOT NULL,             -- whose things of this project were erased
	whole INTEGER NOT NULL,              -- of those, who stood in no other project: erased altogether
	pictures INTEGER NOT NULL,
	vals INTEGER NOT NULL,               -- sealed values and rows
	digest TEXT NOT NULL                 -- SHA-256 over the uids of the people, or the hashes of the pictures, in their order
) STRICT;
CREATE INDEX erasure_project ON erasure(project, id);
CREATE INDEX erasure_account ON erasure(account);
