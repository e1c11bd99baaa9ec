-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 16: attendance devices of the site: the register, who has been handed to which device, whom devices have collected.

CREATE TABLE device (  -- H4; what is written in it is in the audit log
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- clockings name the serial number, pushes the id: none is given twice
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	kind TEXT NOT NULL,                  -- domain/device.h, and method, biometric, way
	serial TEXT NOT NULL,                -- what it logs in with
	maker TEXT NOT NULL DEFAULT '',      -- manufacturer code; '': any
	place TEXT NOT NULL DEFAULT '',
	model TEXT NOT NULL DEFAULT '',
	method TEXT NOT NULL DEFAULT '',
	biometric TEXT NOT NULL DEFAULT '',
	way TEXT NOT NULL DEFAULT '',
	allowed INTEGER NOT NULL,            -- may log in
	heard_ms INTEGER NOT NULL DEFAULT 0, -- 0: never
	last_ms INTEGER NOT NULL,            -- last heard, or since when it is expected to speak: silence counts from here
	gone INTEGER NOT NULL DEFAULT 0,     -- withdrawn from the site; its serial number may be registered again
	made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX device_serial ON device(serial) WHERE gone = 0;
CREATE INDEX device_list ON device(project, gone, id);
CREATE INDEX device_silent ON device(project, last_ms, id) WHERE gone = 0 AND allowed = 1;

CREATE TABLE device_push (  -- what a device was last handed of a worker (H3); who is to be on it follows from the assignments
	device INTEGER NOT NULL REFERENCES device,
	worker INTEGER NOT NULL,             -- the number the device knows: person.id as it was handed out, merged since or not
	state TEXT NOT NULL,                 -- state_name() of the cycle push: done, failed, withdrawn
	why INTEGER NOT NULL DEFAULT 0,      -- enum push_why (store/device.h)
	photo TEXT NOT NULL DEFAULT '',      -- hash of the photograph handed out
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (device, worker)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_push_worker ON device_push(worker, device);
CREATE INDEX device_push_state ON device_push(device, state);

CREATE TABLE device_collected (  -- a person whom a device has collected: looked at by a clerk before anything comes of it
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	device INTEGER NOT NULL REFERENCES device,
	hash BLOB NOT NULL,                  -- blind index of the number: the same person collected again takes the place of the former
	at_ms INTEGER NOT NULL,
	body_sealed BLOB NOT NULL,           -- the record, JSON
	photo_sealed BLOB,                   -- JPEG
	settled_ms INTEGER,                  -- taken over or put aside
	account INTEGER REFERENCES account,  -- who did
	taken INTEGER NOT NULL DEFAULT 0     -- taken over
) STRICT;
CREATE UNIQUE INDEX device_collected_person ON device_collected(project, hash) WHERE settled_ms IS NULL;
CREATE INDEX device_collected_open ON device_collected(project, id) WHERE settled_ms IS NULL;
CREATE INDEX device_collected_project ON device_collected(project);
CREATE INDEX device_collected_device ON device_collected(device);
CREATE INDEX device_collected_account ON device_collected(account);

INSERT INTO vault_columns VALUES
	('device_collected', 'body_sealed', 'a person whom a device has collected'),
	('device_collected', 'photo_sealed', 'a photograph that a device has taken');
