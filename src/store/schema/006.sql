-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 6: the line: what it says of clock and age, upload results by kind, what is done by hand, attachments on their way, conflicts.

ALTER TABLE line ADD COLUMN clock_off_ms INTEGER NOT NULL DEFAULT 0; -- the platform's clock minus ours, when it was last heard (QUALITY R10)
ALTER TABLE line ADD COLUMN clock_at_ms INTEGER NOT NULL DEFAULT 0;  -- ours at that moment; 0: never heard
ALTER TABLE line ADD COLUMN far_epoch INTEGER NOT NULL DEFAULT 0;    -- the highest epoch of this box that platform or witness knew when this file was found
                                                                     -- to be behind (R11)

-- Upload results by kind (G1): company 1, project 2, participant 3, team 4, person 5, employment and contract 6, entry and exit 7, attendance 8,
-- anything else 9.
ALTER TABLE outbox ADD COLUMN area INTEGER AS (CASE substr(kind, 1, instr(kind, '.') - 1) WHEN 'company' THEN 1 WHEN 'project' THEN 2
	WHEN 'participant' THEN 3 WHEN 'team' THEN 4 WHEN 'person' THEN 5 WHEN 'employment' THEN 6 WHEN 'contract' THEN 6 WHEN 'assignment' THEN 7
	WHEN 'attendance' THEN 8 ELSE 9 END) VIRTUAL;
CREATE INDEX outbox_area ON outbox(project, area, rank, id);
CREATE INDEX outbox_subject ON outbox(project, subject, kind, id);
CREATE TABLE outbox_area_count (  -- kept by the triggers below
	project INTEGER NOT NULL,
	area INTEGER NOT NULL,
	state INTEGER NOT NULL,
	n INTEGER NOT NULL CHECK (n >= 0),
	PRIMARY KEY (project, area, state)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_area_count SELECT project, area, state, count(*) FROM outbox GROUP BY project, area, state;
CREATE TRIGGER outbox_area_came AFTER INSERT ON outbox BEGIN
	INSERT INTO outbox_area_count VALUES (new.project, new.area, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;
CREATE TRIGGER outbox_area_moved AFTER UPDATE OF state ON outbox WHEN new.state IS NOT old.state BEGIN
	UPDATE outbox_area_count SET n = n - 1 WHERE project = old.project AND area = old.area AND state = old.state;
	INSERT INTO outbox_area_count VALUES (new.project, new.area, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1; END;

-- What no dialect of the project carries waits (state 3) under this code until a clerk has done it on the platform's page (K4).
CREATE INDEX outbox_by_hand ON outbox(project, id) WHERE state = 3 AND code = 'by-hand';

CREATE TABLE attachment_upload (  -- which projects' platforms are to have which contents; portraits as cards give them (WLT) stay here
	project INTEGER NOT NULL REFERENCES project,
	attachment INTEGER NOT NULL REFERENCES attachment,
	link INTEGER NOT NULL REFERENCES attachment_link, -- the first link that asked for it: whose, in which role
	announced INTEGER NOT NULL DEFAULT 0, -- the platform has been told what it is
	done_ms INTEGER,                      -- when the platform named the hash; NULL: not yet
	PRIMARY KEY (project, attachment)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_upload_open ON attachment_upload(project, attachment) WHERE done_ms IS NULL;
CREATE INDEX attachment_upload_attachment ON attachment_upload(attachment);
CREATE INDEX attachment_upload_link ON attachment_upload(link);
CREATE TRIGGER attachment_wanted AFTER INSERT ON attachment_link WHEN new.role <> 'portrait' BEGIN
	INSERT INTO attachment_upload(project, attachment, link)
		SELECT p, new.attachment, new.id FROM (SELECT coalesce(new.project, (SELECT project FROM fact WHERE id = new.fact)) AS p) WHERE p IS NOT NULL
		ON CONFLICT DO NOTHING; END;
INSERT INTO attachment_upload(project, attachment, link)
	SELECT coalesce(l.project, f.project), l.attachment, min(l.id) FROM attachment_link l LEFT JOIN fact f ON f.id = l.fact
	WHERE l.role <> 'portrait' AND coalesce(l.project, f.project) IS NOT NULL GROUP BY 1, 2;

CREATE TABLE conflict (  -- one field, changed here and elsewhere since both last agreed; asks until a clerk has chosen (DESIGN 9)
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	field TEXT NOT NULL,                 -- field_get()->name
	base_sealed BLOB, mine_sealed BLOB, theirs_sealed BLOB,
	by_sealed BLOB,                      -- who changed it there
	at_ms INTEGER NOT NULL,              -- when it arrived
	choice INTEGER NOT NULL DEFAULT 0 CHECK (choice BETWEEN 0 AND 2), -- 0 open, 1 mine, 2 theirs
	chosen_ms INTEGER,
	account INTEGER REFERENCES account
) STRICT;
CREATE INDEX conflict_open ON conflict(project, id) WHERE choice = 0;
CREATE INDEX conflict_project ON conflict(project);
CREATE INDEX conflict_person ON conflict(person, field, choice);
CREATE INDEX conflict_account ON conflict(account);

INSERT INTO vault_columns VALUES
	('conflict', 'base_sealed', 'a field as both sides last knew it'),
	('conflict', 'mine_sealed', 'a field as it is here'),
	('conflict', 'theirs_sealed', 'a field as it is elsewhere'),
	('conflict', 'by_sealed', 'who changed it elsewhere');
