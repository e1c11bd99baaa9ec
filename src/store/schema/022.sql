-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 22: what a newer copy of the file did and this one does not have (R11, L9).

CREATE TABLE line_lost (  -- numbers that the newer copy gave to operations; this file has none of them
	project INTEGER NOT NULL REFERENCES project,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL CHECK (last >= first),
	PRIMARY KEY (project, first)
) STRICT, WITHOUT ROWID;
