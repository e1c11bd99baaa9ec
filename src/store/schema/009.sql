-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 9: attendance (F1): clockings, and the days made of them.

CREATE TABLE attendance (  -- one clocking; append-only: none is ever altered or taken back
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,            -- of the operation that reports it too
	natural_key TEXT NOT NULL UNIQUE,    -- what a clocking that comes twice has in common (attendance_store.c)
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	assignment INTEGER NOT NULL REFERENCES assignment, -- under which he was on site then
	at_ms INTEGER NOT NULL,
	direction INTEGER NOT NULL CHECK (direction BETWEEN 0 AND 2), -- enum clock_way: unknown 0, in 1, out 2
	means TEXT NOT NULL,                 -- clock_means_name(): how it was really made, for ever
	device TEXT NOT NULL DEFAULT '',     -- serial number; '' at the desk
	source TEXT NOT NULL,                -- clock_source_name(): who delivered it
	picture TEXT NOT NULL DEFAULT '',    -- hash of the attachment
	account INTEGER REFERENCES account,  -- who clocked at the desk
	fact INTEGER REFERENCES fact,        -- of the report to the platform; NULL: not reported by this box
	received_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX attendance_person ON attendance(person, project, at_ms, direction, id);
CREATE INDEX attendance_project ON attendance(project, at_ms, id);
CREATE INDEX attendance_assignment ON attendance(assignment, at_ms);
CREATE INDEX attendance_account ON attendance(account);
CREATE INDEX attendance_fact ON attendance(fact);
CREATE TRIGGER attendance_never_deleted BEFORE DELETE ON attendance BEGIN SELECT RAISE(ABORT, 'clockings are append-only'); END;
CREATE TRIGGER attendance_never_changed BEFORE UPDATE OF id, uid, natural_key, project, assignment, at_ms, direction, means, device, source, picture,
	account, received_ms ON attendance BEGIN SELECT RAISE(ABORT, 'clockings are append-only'); END;
CREATE TRIGGER attendance_reported_once BEFORE UPDATE OF fact ON attendance WHEN old.fact IS NOT NULL
	BEGIN SELECT RAISE(ABORT, 'a clocking is reported once'); END;

-- The fold of the clockings (domain/attendance.h), kept in their transaction: made anew for the days that a clocking touches.
CREATE TABLE attendance_day (
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	day TEXT NOT NULL,                   -- on which the shift began
	first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
	first_in_ms INTEGER, last_out_ms INTEGER, -- NULL: no such clocking
	n INTEGER NOT NULL,
	PRIMARY KEY (project, person, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_day_person ON attendance_day(person);
CREATE TABLE attendance_month (  -- one row is one line of the month sheet
	project INTEGER NOT NULL REFERENCES project,
	month INTEGER NOT NULL,              -- yyyymm
	person INTEGER NOT NULL REFERENCES person,
	days INTEGER NOT NULL,               -- bit 0: the 1st
	last_ms INTEGER NOT NULL,
	PRIMARY KEY (project, month, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_month_person ON attendance_month(person, project, month);
