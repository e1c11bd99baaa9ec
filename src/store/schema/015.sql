-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 15: registers that are nothing but data (I5): what a profile declares is kept here, whatever its fields are.

CREATE TABLE book_entry (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	book TEXT NOT NULL,                  -- its name in the profile
	person INTEGER REFERENCES person,    -- NULL: about several
	key_hash BLOB,                       -- keyed, of its key fields; NULL: the book has none
	body_sealed BLOB NOT NULL,           -- the fields, JSON
	fact INTEGER NOT NULL REFERENCES fact DEFERRABLE INITIALLY DEFERRED,
	removed INTEGER NOT NULL DEFAULT 0,  -- deleted; the facts keep what it said
	made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX book_entry_one ON book_entry(project, book, person, key_hash) WHERE removed = 0 AND key_hash IS NOT NULL;
CREATE INDEX book_entry_list ON book_entry(project, book, id) WHERE removed = 0;
CREATE INDEX book_entry_person ON book_entry(person, project, book, id);
CREATE INDEX book_entry_fact ON book_entry(fact);

CREATE TABLE book_people (  -- who took part
	id INTEGER PRIMARY KEY,
	entry INTEGER NOT NULL REFERENCES book_entry,
	person INTEGER NOT NULL REFERENCES person
) STRICT;
CREATE INDEX book_people_entry ON book_people(entry, person);
CREATE INDEX book_people_person ON book_people(person, entry);

INSERT INTO vault_columns VALUES ('book_entry', 'body_sealed', 'an entry of a register');
