-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 1, and the data dictionary. Never edited once landed: changes are further files.
--
-- Everywhere: id is for inside, uid (UUIDv7) for outside. *_ms: milliseconds of UTC. Dates: 'YYYY-MM-DD' of +08:00, 'long-term' for documents without an
-- end, NULL unknown. Money: fen. *_sealed: vault values (store/vault.h), NULL when empty; every one of them stands in vault_columns below. States of
-- life cycles are state_name() of domain/lifecycle.h. Every row of a project bears its project.

-- --- the vault and accounts -----------------------------------------------------------------------------------------------

CREATE TABLE vault_columns (  -- every sealed column; in tables of fields each row seals one value under its field's name
	tbl TEXT NOT NULL, col TEXT NOT NULL, holds TEXT NOT NULL, PRIMARY KEY (tbl, col)
) STRICT, WITHOUT ROWID;

CREATE TABLE vault_key (  -- generations of the data key; values name theirs
	id INTEGER PRIMARY KEY,
	made_ms INTEGER NOT NULL,
	data_check BLOB NOT NULL,   -- keyed hash: is this the data key?
	audit_check BLOB NOT NULL   -- the same for the audit subkey alone
) STRICT;

CREATE TABLE vault_recovery (  -- the data key under the recovery code
	key_id INTEGER PRIMARY KEY REFERENCES vault_key,
	salt BLOB NOT NULL,
	box BLOB NOT NULL
) STRICT;

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL UNIQUE COLLATE NOCASE,
	display TEXT NOT NULL,              -- the person's name as header and audit show it
	roles INTEGER NOT NULL,             -- bits of domain/role.h
	participant INTEGER REFERENCES participant, -- scope; NULL: the whole site
	disabled INTEGER NOT NULL DEFAULT 0,
	failures INTEGER NOT NULL DEFAULT 0, -- attempts since the last right password; counted before they are judged
	locked_until_ms INTEGER,
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX account_participant ON account(participant);

CREATE TABLE account_wrap (  -- the way in: the data key (level 2) or the audit subkey (level 1) under Argon2id of the password; deleted when disabled
	account INTEGER PRIMARY KEY REFERENCES account,
	key_id INTEGER NOT NULL REFERENCES vault_key,
	level INTEGER NOT NULL CHECK (level IN (1, 2)),
	salt BLOB NOT NULL,
	passes INTEGER NOT NULL,
	kib INTEGER NOT NULL,
	box BLOB NOT NULL
) STRICT;

CREATE TABLE account_password (  -- the last passwords, the present one among them, so that they are not taken again
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account,
	salt BLOB NOT NULL,
	passes INTEGER NOT NULL,
	kib INTEGER NOT NULL,
	mark BLOB NOT NULL,                  -- BLAKE2b of the derived key
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX account_password_account ON account_password(account);

-- --- projects, companies, participants, teams ----------------------------------------------------------------------------------

CREATE TABLE project (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	code TEXT NOT NULL DEFAULT '',       -- as the platform names it
	name TEXT NOT NULL,
	profile TEXT NOT NULL,               -- region profile: rules belong to the project
	status TEXT NOT NULL DEFAULT '',
	made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
	project INTEGER NOT NULL,            -- 0: the whole installation
	name TEXT NOT NULL,
	value TEXT,
	value_sealed BLOB,                   -- tokens and the like instead of value
	PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE company (  -- the library: of no project
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	credit_code TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	short_name TEXT NOT NULL DEFAULT '',
	area_code TEXT NOT NULL DEFAULT '',
	registered_on TEXT,
	made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE participant (  -- a company in a project, by type of part
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	company INTEGER NOT NULL REFERENCES company,
	type TEXT NOT NULL,
	manager_name TEXT NOT NULL DEFAULT '',
	manager_phone_sealed BLOB,
	state TEXT NOT NULL,
	entered_on TEXT, exited_on TEXT,
	made_ms INTEGER NOT NULL,
	UNIQUE (project, company, type)
) STRICT;
CREATE INDEX participant_company ON participant(company);
CREATE INDEX participant_project ON participant(project, id);

CREATE TABLE team (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	participant INTEGER NOT NULL REFERENCES participant,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,                  -- worker, management, other
	automatic INTEGER NOT NULL DEFAULT 0, -- came into being from the participant's type
	from_platform INTEGER NOT NULL DEFAULT 0, -- namesakes accepted
	leader INTEGER REFERENCES person,
	relation TEXT NOT NULL,
	state TEXT NOT NULL,
	entered_on TEXT, exited_on TEXT,
	made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX team_name ON team(project, name) WHERE from_platform = 0;
CREATE INDEX team_order ON team(project, participant, name, id);
CREATE INDEX team_participant ON team(participant, automatic);
CREATE INDEX team_leader ON team(leader);

-- --- people -----------------------------------------------------------------------------------------------------------------

CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	manual INTEGER NOT NULL DEFAULT 0,   -- typed, not read from a card: for ever
	merged_into INTEGER REFERENCES person, -- merging is a recorded, reversible fact
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX person_merged ON person(merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE alias (  -- uids that persons had before they were merged
	uid TEXT PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person,
	fact INTEGER REFERENCES fact
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_person ON alias(person);

CREATE TABLE document (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	person INTEGER NOT NULL REFERENCES person,
	type TEXT NOT NULL,
	number_sealed BLOB NOT NULL,
	hash BLOB NOT NULL UNIQUE,           -- keyed, of type and number: one number, one person
	valid_from_sealed BLOB, valid_to_sealed BLOB,
	from_card INTEGER NOT NULL,          -- read from a card, or typed
	current INTEGER NOT NULL,            -- the one that lists show; former ones still find the person
	read_ms INTEGER
) STRICT;
CREATE INDEX document_person ON document(person, current);

CREATE TABLE person_index (  -- blind index: whole document numbers, whole phone numbers, last four of both
	hash BLOB NOT NULL,
	person INTEGER NOT NULL REFERENCES person,
	source INTEGER NOT NULL,             -- the document it comes from; 0: the phone
	PRIMARY KEY (hash, person, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_index_person ON person_index(person, source);

CREATE TABLE person_field (  -- values of a record that belong to the person
	owner INTEGER NOT NULL REFERENCES person,
	field TEXT NOT NULL,                 -- field_get()->name
	origin INTEGER NOT NULL,             -- enum value_origin
	value_sealed BLOB NOT NULL,
	PRIMARY KEY (owner, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE employment_field (  -- … to an employment: contract, wage, bank
	owner INTEGER NOT NULL REFERENCES employment,
	field TEXT NOT NULL,
	origin INTEGER NOT NULL,
	value_sealed BLOB NOT NULL,
	PRIMARY KEY (owner, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	hash TEXT NOT NULL UNIQUE,           -- SHA-256 of the clear content: what the platform names it by
	mime TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE attachment_content (  -- kept apart, so that lists never read through pictures
	attachment INTEGER PRIMARY KEY REFERENCES attachment,
	content_sealed BLOB NOT NULL
) STRICT;

CREATE TABLE attachment_link (
	id INTEGER PRIMARY KEY,
	attachment INTEGER NOT NULL REFERENCES attachment,
	project INTEGER REFERENCES project,  -- NULL: of the person everywhere
	person INTEGER REFERENCES person,
	fact INTEGER REFERENCES fact,        -- what it is evidence of
	role TEXT NOT NULL,                  -- portrait, card_front, contract …
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_link_person ON attachment_link(person, role);
CREATE INDEX attachment_link_attachment ON attachment_link(attachment);
CREATE INDEX attachment_link_fact ON attachment_link(fact);
CREATE INDEX attachment_link_project ON attachment_link(project);

CREATE TABLE employment (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	participant INTEGER REFERENCES participant,
	company INTEGER REFERENCES company,
	state TEXT NOT NULL,
	role TEXT NOT NULL DEFAULT '', trade TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT '',
	starts_on TEXT, ends_on TEXT, leaves_on TEXT, trained_on TEXT,
	contract INTEGER NOT NULL DEFAULT 0,
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX employment_person ON employment(person);
CREATE INDEX employment_project_end ON employment(project, ends_on);
CREATE INDEX employment_participant ON employment(participant);
CREATE INDEX employment_company ON employment(company);

CREATE TABLE assignment (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	employment INTEGER NOT NULL REFERENCES employment,
	team INTEGER REFERENCES team,
	participant INTEGER REFERENCES participant,
	state TEXT NOT NULL,
	trade TEXT NOT NULL DEFAULT '',
	leader INTEGER NOT NULL DEFAULT 0,
	entered_on TEXT, exited_on TEXT,
	exit_cause TEXT NOT NULL DEFAULT '', exit_actor TEXT NOT NULL DEFAULT '',
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX assignment_person ON assignment(person);
CREATE INDEX assignment_employment ON assignment(employment);
CREATE INDEX assignment_team ON assignment(team);
CREATE INDEX assignment_participant ON assignment(participant);
CREATE INDEX assignment_project ON assignment(project);

-- --- facts --------------------------------------------------------------------------------------------------------------------

CREATE TABLE fact (  -- append-only; state is the fold of facts neither superseded nor reversed
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER REFERENCES project,  -- NULL: of no project (the company library)
	cycle TEXT NOT NULL,                 -- which table subject is of
	subject INTEGER NOT NULL,
	person INTEGER REFERENCES person,
	event TEXT NOT NULL,
	actor TEXT NOT NULL,                 -- company, site, subcontractor, person, platform
	authority TEXT NOT NULL CHECK (authority IN ('desk', 'platform')),
	account INTEGER REFERENCES account,  -- NULL: platform or runner
	at_ms INTEGER NOT NULL,              -- when it was recorded
	on_date TEXT,                        -- the day it counts for
	true_date TEXT,                      -- when it really happened, if recorded afterwards; never sent as the platform's
	supersedes INTEGER REFERENCES fact,
	reverses INTEGER REFERENCES fact,
	note_sealed BLOB,
	body_sealed BLOB,                    -- what it says: changed fields and the like, JSON
	superseded_by INTEGER REFERENCES fact, -- marks: written once
	reversed_by INTEGER REFERENCES fact
) STRICT;
CREATE INDEX fact_subject ON fact(cycle, subject);
CREATE INDEX fact_person ON fact(person, project);
CREATE INDEX fact_day ON fact(project, event, on_date) WHERE superseded_by IS NULL AND reversed_by IS NULL;
CREATE INDEX fact_supersedes ON fact(supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX fact_reverses ON fact(reverses) WHERE reverses IS NOT NULL;
CREATE TRIGGER fact_never_deleted BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER fact_never_changed BEFORE UPDATE OF id, uid, project, cycle, subject, person, event, actor, authority, account, at_ms, on_date, true_date,
	supersedes, reverses, note_sealed, body_sealed ON fact BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER fact_marked_once BEFORE UPDATE OF superseded_by, reversed_by ON fact
	WHEN (old.superseded_by IS NOT NULL AND new.superseded_by IS NOT old.superseded_by)
	OR (old.reversed_by IS NOT NULL AND new.reversed_by IS NOT old.reversed_by)
	BEGIN SELECT RAISE(ABORT, 'a fact is marked once'); END;

-- --- the roster ---------------------------------------------------------------------------------------------------------------

CREATE TABLE member (  -- one row per person and project: the fold as lists show it, kept in the transaction of the fact
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	name TEXT NOT NULL,
	sort_key TEXT NOT NULL,
	tail_sealed BLOB,                    -- last four of the document number
	team INTEGER REFERENCES team,
	participant INTEGER REFERENCES participant,
	trade TEXT NOT NULL DEFAULT '',
	employment INTEGER REFERENCES employment,
	assignment INTEGER REFERENCES assignment,
	employment_state TEXT NOT NULL, assignment_state TEXT NOT NULL,
	manual INTEGER NOT NULL, waiting INTEGER NOT NULL, refused INTEGER NOT NULL,
	entered_on TEXT, exited_on TEXT,
	views INTEGER NOT NULL,              -- bit i: stands in view i; the caller's meaning
	texts TEXT NOT NULL,                 -- search texts, a line each: their suffixes are the search rows
	PRIMARY KEY (project, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_person ON member(person);
CREATE INDEX member_team ON member(team);
CREATE INDEX member_participant ON member(participant);
CREATE INDEX member_employment ON member(employment);
CREATE INDEX member_assignment ON member(assignment);

CREATE TABLE member_view (  -- the lists: every view, for the whole project (scope 0), each team (1), each participant (2)
	project INTEGER NOT NULL,
	view INTEGER NOT NULL,
	scope INTEGER NOT NULL,
	scope_id INTEGER NOT NULL,
	sort_key TEXT NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (project, view, scope, scope_id, sort_key, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (  -- how many stand in each list, kept by the triggers below
	project INTEGER NOT NULL,
	view INTEGER NOT NULL,
	scope INTEGER NOT NULL,
	scope_id INTEGER NOT NULL,
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (project, view, scope, scope_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER member_view_came AFTER INSERT ON member_view BEGIN
	INSERT INTO tally VALUES (new.project, new.view, new.scope, new.scope_id, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER member_view_went AFTER DELETE ON member_view BEGIN
	UPDATE tally SET n = n - 1 WHERE project = old.project AND view = old.view AND scope = old.scope AND scope_id = old.scope_id; END;

CREATE TABLE search (  -- every suffix of every search text of a member
	project INTEGER NOT NULL,
	key TEXT NOT NULL,
	person INTEGER NOT NULL,
	shared INTEGER NOT NULL,             -- characters shared with the same person's key before this one: below the length of the
	                                     -- query exactly when this is the person's first hit, so that each person comes once
	PRIMARY KEY (project, key, person)
) STRICT, WITHOUT ROWID;

-- --- drafts ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE draft (
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	account INTEGER NOT NULL REFERENCES account,
	form TEXT NOT NULL,
	project INTEGER REFERENCES project,
	person INTEGER REFERENCES person,    -- NULL: somebody new
	at_ms INTEGER NOT NULL,
	body_sealed BLOB NOT NULL,
	UNIQUE (account, form)
) STRICT;
CREATE INDEX draft_person ON draft(person);
CREATE INDEX draft_project ON draft(project);

-- --- upload ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- the order
	op TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	kind TEXT NOT NULL,
	fact INTEGER NOT NULL REFERENCES fact, -- what it reports
	subject TEXT NOT NULL,               -- uid on the wire
	title TEXT NOT NULL,                 -- name of person, team, company
	person INTEGER REFERENCES person,
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 8), -- enum outbox_state: held 0, ready 1, sending 2, waiting 3, accepted 4, rejected 5,
	                                     -- unknown 6, withdrawn 7, superseded 8
	rank INTEGER NOT NULL AS (CASE state WHEN 5 THEN 0 WHEN 6 THEN 1 WHEN 4 THEN 9 WHEN 7 THEN 9 WHEN 8 THEN 9 ELSE 2 END) VIRTUAL,
	held_until_ms INTEGER NOT NULL,
	epoch INTEGER, sequence INTEGER,     -- given when frozen
	body_sealed BLOB,                    -- frozen at the first sending
	fingerprint BLOB,                    -- keyed, of the clear body
	attempts INTEGER NOT NULL DEFAULT 0,
	made_ms INTEGER NOT NULL, sent_ms INTEGER, answered_ms INTEGER,
	code TEXT NOT NULL DEFAULT '',       -- the answer
	reason_sealed BLOB,                  -- the platform's words may name people
	field TEXT NOT NULL DEFAULT '',
	number TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_open ON outbox(project, rank, id) WHERE rank < 9;
CREATE INDEX outbox_project ON outbox(project);
CREATE INDEX outbox_state ON outbox(project, state, id);
CREATE INDEX outbox_fact ON outbox(fact);
CREATE INDEX outbox_person ON outbox(project, person, rank, id) WHERE rank < 9;
CREATE INDEX outbox_held ON outbox(project, held_until_ms) WHERE state = 0;
CREATE TRIGGER outbox_never_deleted BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'the outbox keeps its rows'); END;
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF body_sealed, fingerprint, epoch, sequence ON outbox WHEN old.body_sealed IS NOT NULL
	BEGIN SELECT RAISE(ABORT, 'a frozen operation never changes'); END;

CREATE TABLE outbox_need (  -- facts that the platform must have first
	outbox INTEGER NOT NULL REFERENCES outbox,
	fact INTEGER NOT NULL REFERENCES fact,
	PRIMARY KEY (outbox, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_need_fact ON outbox_need(fact);

CREATE TABLE outbox_count (  -- rows by state, kept by the triggers below
	project INTEGER NOT NULL,
	state INTEGER NOT NULL,
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (project, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_came AFTER INSERT ON outbox BEGIN
	INSERT INTO outbox_count VALUES (new.project, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER outbox_moved AFTER UPDATE OF state ON outbox WHEN new.state IS NOT old.state BEGIN
	UPDATE outbox_count SET n = n - 1 WHERE project = old.project AND state = old.state;
	INSERT INTO outbox_count VALUES (new.project, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;

CREATE TABLE line (  -- the line to the platform, one a project
	project INTEGER PRIMARY KEY REFERENCES project,
	box TEXT NOT NULL,                   -- this box on that line
	epoch INTEGER NOT NULL,
	sequence INTEGER NOT NULL,           -- highest given to an operation
	cursor TEXT NOT NULL DEFAULT '',
	trouble INTEGER NOT NULL DEFAULT 0,  -- enum err_code: the runner's last word
	trouble_ms INTEGER NOT NULL DEFAULT 0,
	next_try_ms INTEGER NOT NULL DEFAULT 0,
	detail TEXT NOT NULL DEFAULT '',
	confirmed_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE inbox (  -- decisions that arrived; each applied once
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	at_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL,
	result INTEGER NOT NULL,
	body_sealed BLOB
) STRICT;
CREATE INDEX inbox_project ON inbox(project, result);

CREATE TABLE message (  -- what the clerks are told of them
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER REFERENCES person,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	title TEXT NOT NULL,
	at_ms INTEGER NOT NULL,
	by_sealed BLOB, note_sealed BLOB
) STRICT;
CREATE INDEX message_project ON message(project, id);
CREATE INDEX message_person ON message(person);

CREATE TABLE message_seen (  -- how far each account has read
	project INTEGER NOT NULL REFERENCES project,
	account INTEGER NOT NULL REFERENCES account,
	up_to INTEGER NOT NULL,
	PRIMARY KEY (project, account)
) STRICT, WITHOUT ROWID;

-- --- audit ----------------------------------------------------------------------------------------------------------------------

CREATE TABLE audit (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- without gaps
	at_ms INTEGER NOT NULL,
	account INTEGER NOT NULL, who TEXT NOT NULL,
	project INTEGER NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL, object_uid TEXT NOT NULL,
	result TEXT NOT NULL,
	detail TEXT NOT NULL,                -- never personal
	note_uid TEXT NOT NULL,              -- names the sealed note's row; '' without note
	note_sealed BLOB,
	hash BLOB NOT NULL                   -- keyed, of the row before's hash and of this row
) STRICT;
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE audit_pending (  -- written while nobody held the audit subkey; enters the chain with the next row that is written with it
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at_ms INTEGER NOT NULL,
	account INTEGER NOT NULL, who TEXT NOT NULL,
	project INTEGER NOT NULL,
	action TEXT NOT NULL,
	object TEXT NOT NULL, object_uid TEXT NOT NULL,
	result TEXT NOT NULL,
	detail TEXT NOT NULL
) STRICT;

INSERT INTO vault_columns VALUES
	('setting', 'value_sealed', 'tokens, passwords of proxies'),
	('participant', 'manager_phone_sealed', 'phone of a project manager'),
	('document', 'number_sealed', 'document number'),
	('document', 'valid_from_sealed', 'first day of a document'),
	('document', 'valid_to_sealed', 'last day of a document'),
	('person_field', 'value_sealed', 'values of a person: sex, nation, birth, address, phone …'),
	('employment_field', 'value_sealed', 'values of an employment: wage, bank, contract …'),
	('attachment_content', 'content_sealed', 'portraits, pictures, scans'),
	('fact', 'note_sealed', 'reasons, remarks'),
	('fact', 'body_sealed', 'changed fields'),
	('member', 'tail_sealed', 'last four of the document number'),
	('draft', 'body_sealed', 'a form being filled'),
	('outbox', 'body_sealed', 'what is sent'),
	('outbox', 'reason_sealed', 'the platform''s words'),
	('inbox', 'body_sealed', 'what arrived'),
	('message', 'by_sealed', 'who decided'),
	('message', 'note_sealed', 'the platform''s words'),
	('audit', 'note_sealed', 'reasons given by clerks');
