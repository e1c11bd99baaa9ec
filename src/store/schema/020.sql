-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 20: whom a platform of the device protocol has on its own list (JM-3 849), and whether what it says of them agrees (845).

CREATE TABLE platform_list (
	id INTEGER PRIMARY KEY,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	worker INTEGER NOT NULL,             -- its number
	since_ms INTEGER NOT NULL,           -- on it since, as heard
	heard_ms INTEGER NOT NULL,
	gone_ms INTEGER NOT NULL DEFAULT 0,  -- not on it any more
	asked_ms INTEGER NOT NULL DEFAULT 0, -- when it was asked about the person; 0: not yet
	differs TEXT NOT NULL DEFAULT ''     -- names of fields that it has otherwise
) STRICT;
CREATE INDEX platform_list_person ON platform_list(person, project);
CREATE INDEX platform_list_unasked ON platform_list(project, id) WHERE gone_ms = 0 AND asked_ms = 0;
CREATE INDEX platform_list_on ON platform_list(project, heard_ms) WHERE gone_ms = 0;
