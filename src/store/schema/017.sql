-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 17: conflicts about companies, participants and teams too (DESIGN 9). The table is made anew: a person is no longer always there.

CREATE TABLE conflict_now (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER REFERENCES person,    -- NULL: about something of the site
	field TEXT NOT NULL,                 -- its name in the subject's table of fields
	base_sealed BLOB, mine_sealed BLOB, theirs_sealed BLOB,
	by_sealed BLOB,                      -- who changed it there
	at_ms INTEGER NOT NULL,              -- when it arrived
	choice INTEGER NOT NULL DEFAULT 0 CHECK (choice BETWEEN 0 AND 2), -- 0 open, 1 mine, 2 theirs
	chosen_ms INTEGER,
	account INTEGER REFERENCES account,
	about TEXT NOT NULL DEFAULT 'person',
	subject TEXT,                        -- uid of the company, participant, team
	CHECK ((about = 'person') = (person IS NOT NULL) AND (person IS NULL) = (subject IS NOT NULL))
) STRICT;
INSERT INTO conflict_now(id, uid, project, person, field, base_sealed, mine_sealed, theirs_sealed, by_sealed, at_ms, choice, chosen_ms, account)
	SELECT id, uid, project, person, field, base_sealed, mine_sealed, theirs_sealed, by_sealed, at_ms, choice, chosen_ms, account FROM conflict;
DROP TABLE conflict;
ALTER TABLE conflict_now RENAME TO conflict;
CREATE INDEX conflict_open ON conflict(project, id) WHERE choice = 0;
CREATE INDEX conflict_project ON conflict(project);
CREATE INDEX conflict_person ON conflict(person, field, choice);
CREATE INDEX conflict_subject ON conflict(subject, field, choice) WHERE subject IS NOT NULL;
CREATE INDEX conflict_account ON conflict(account);
