-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 2: site: projects, companies, participants, teams, associations.

-- What is known of a company, participant, project or application beside its clear columns: one value a field (domain/particulars.h).
CREATE TABLE particular (
	sheet TEXT NOT NULL,                 -- "company", "participant", "project", "application"
	owner INTEGER NOT NULL,              -- of that table
	field TEXT NOT NULL,
	value_sealed BLOB NOT NULL,
	PRIMARY KEY (sheet, owner, field)
) STRICT, WITHOUT ROWID;
INSERT INTO vault_columns VALUES ('particular', 'value_sealed', 'contacts, addresses, amounts of companies, participants, projects');

-- --- companies ---------------------------------------------------------------------------------------------------------------------

ALTER TABLE company ADD COLUMN on_platform_since TEXT; -- has logged in to the platform (C4); NULL: not known to
CREATE INDEX company_name ON company(name, id);

-- --- projects ----------------------------------------------------------------------------------------------------------------------

UPDATE project SET status = 'running' WHERE status = '';
CREATE TABLE project_number (  -- every identifier that a project is found by (B9)
	number TEXT NOT NULL,
	kind TEXT NOT NULL,                  -- code, realname_code, levy_code, contract_code
	project INTEGER NOT NULL REFERENCES project,
	PRIMARY KEY (number, kind, project)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_number_project ON project_number(project);
INSERT INTO project_number SELECT code, 'code', id FROM project WHERE code <> '';

CREATE TABLE application (  -- for a project on the platform (B8): what was filled in is in `particular`
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project, -- the box's line it was made on
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	applied_on TEXT, answered_on TEXT,
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX application_project ON application(project, id);

CREATE TABLE project_offer (  -- filed projects that the platform names to this box and that are not fetched yet (B2, B7)
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,            -- becomes the project's
	project INTEGER NOT NULL REFERENCES project, -- the line it came on
	name TEXT NOT NULL,
	code TEXT NOT NULL DEFAULT '', realname_code TEXT NOT NULL DEFAULT '', levy_code TEXT NOT NULL DEFAULT '', contract_code TEXT NOT NULL DEFAULT '',
	kind TEXT NOT NULL DEFAULT '', permit TEXT NOT NULL DEFAULT '',
	taken INTEGER REFERENCES project,    -- the project made of it
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX project_offer_open ON project_offer(project, id) WHERE taken IS NULL;
CREATE INDEX project_offer_taken ON project_offer(taken) WHERE taken IS NOT NULL;

-- --- teams --------------------------------------------------------------------------------------------------------------------------

-- A team that never entered and was never uploaded can be deleted (C8): its adding is reversed, its state is none, its name is free.
DROP INDEX team_name;
CREATE UNIQUE INDEX team_name ON team(project, name) WHERE from_platform = 0 AND state <> 'none';

ALTER TABLE team ADD COLUMN partner INTEGER REFERENCES company; -- the labour subcontractor asked for, associated with, or unbound from (C4)
ALTER TABLE team ADD COLUMN unassociated_on TEXT; -- since when it is neither the company's own nor associated (C7); NULL: it is
CREATE INDEX team_relation ON team(project, relation, name, id);
CREATE INDEX team_unassociated ON team(project, unassociated_on) WHERE unassociated_on IS NOT NULL;
CREATE INDEX team_partner ON team(partner) WHERE partner IS NOT NULL;
