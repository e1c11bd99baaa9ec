-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 5: people: training, certificates, marks, work history from elsewhere, merging.
--
-- Rows are never deleted: what was taken back names the fact that did it in `removed`. They belong to the person, not to a project: what a
-- worker has learned, and what he must not do, he brings along to the next site of this box.

CREATE TABLE training (  -- L1: safety training on record
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project, -- where it was held
	person INTEGER NOT NULL REFERENCES person,
	kind TEXT NOT NULL,                  -- code of training_kinds
	on_date TEXT NOT NULL,
	hours INTEGER NOT NULL DEFAULT 0,    -- 0: not said
	fact INTEGER NOT NULL REFERENCES fact,
	removed INTEGER REFERENCES fact,
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX training_person ON training(person, on_date);
CREATE INDEX training_project ON training(project);
CREATE INDEX training_fact ON training(fact);

CREATE TABLE certificate (  -- L2: of special trades
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	person INTEGER NOT NULL REFERENCES person,
	kind TEXT NOT NULL,                  -- code of certificate_kinds
	number_sealed BLOB NOT NULL,
	issuer_sealed BLOB,
	valid_to TEXT NOT NULL,              -- or 'long-term'
	fact INTEGER NOT NULL REFERENCES fact,
	removed INTEGER REFERENCES fact,     -- taken back, or a newer one of the same kind took its place
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX certificate_person ON certificate(person, kind);
CREATE INDEX certificate_due ON certificate(valid_to, id) WHERE removed IS NULL;
CREATE INDEX certificate_fact ON certificate(fact);

CREATE TABLE mark (  -- L3: not to be hired
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	person INTEGER NOT NULL REFERENCES person,
	source TEXT NOT NULL CHECK (source IN ('firm', 'platform')),
	reason_sealed BLOB NOT NULL,
	author_sealed BLOB,                  -- display name of an account, or whom the platform names
	until TEXT,                          -- last day; NULL: until it is lifted
	fact INTEGER NOT NULL REFERENCES fact,
	removed INTEGER REFERENCES fact,     -- lifted
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX mark_person ON mark(person, id);
CREATE INDEX mark_standing ON mark(id) WHERE removed IS NULL;
CREATE INDEX mark_fact ON mark(fact);

CREATE TABLE mark_override (  -- who may has let the person work on this project all the same
	mark INTEGER NOT NULL REFERENCES mark,
	project INTEGER NOT NULL REFERENCES project,
	fact INTEGER NOT NULL REFERENCES fact, -- account and reason stand there
	PRIMARY KEY (mark, project)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_override_project ON mark_override(project);
CREATE INDEX mark_override_fact ON mark_override(fact);

CREATE TABLE work_history (  -- A12: what the platform tells of work elsewhere
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,            -- the platform's: a later word replaces the earlier
	person INTEGER NOT NULL REFERENCES person,
	project_name TEXT NOT NULL,
	place TEXT NOT NULL DEFAULT '',
	status TEXT NOT NULL DEFAULT '',
	contractor TEXT NOT NULL DEFAULT '',
	team TEXT NOT NULL DEFAULT '',
	trade TEXT NOT NULL DEFAULT '',      -- in words
	entered_on TEXT, exited_on TEXT,
	received_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX work_history_person ON work_history(person, entered_on);

CREATE TABLE merge (  -- two files that turned out to be one person's
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kept INTEGER NOT NULL REFERENCES person,
	gone INTEGER NOT NULL REFERENCES person,
	fact INTEGER NOT NULL REFERENCES fact,
	undone INTEGER REFERENCES fact
) STRICT;
CREATE INDEX merge_kept ON merge(kept, id);
CREATE INDEX merge_gone ON merge(gone, id);
CREATE INDEX merge_fact ON merge(fact);

CREATE TABLE merge_row (  -- the rows that went over: what undoing gives back
	merge INTEGER NOT NULL REFERENCES merge,
	tbl TEXT NOT NULL,
	row INTEGER NOT NULL,
	PRIMARY KEY (merge, tbl, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE merge_offer (  -- somebody, or the platform, found two files alike: to be looked at
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	other INTEGER NOT NULL REFERENCES person,
	source TEXT NOT NULL CHECK (source IN ('desk', 'platform')),
	settled INTEGER REFERENCES fact,     -- merged, or said to be two
	made_ms INTEGER NOT NULL,
	UNIQUE (project, person, other)
) STRICT;
CREATE INDEX merge_offer_open ON merge_offer(project, id) WHERE settled IS NULL;
CREATE INDEX merge_offer_person ON merge_offer(person);
CREATE INDEX merge_offer_other ON merge_offer(other);

INSERT INTO vault_columns VALUES
	('certificate', 'number_sealed', 'number of a certificate'),
	('certificate', 'issuer_sealed', 'who issued a certificate'),
	('mark', 'reason_sealed', 'why somebody is not to be hired'),
	('mark', 'author_sealed', 'who says so');
