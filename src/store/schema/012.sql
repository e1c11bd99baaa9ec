-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 12: key posts (F3), what is filed about them (F5), what the platform has said of alarms (F4, F6, C7).

CREATE TABLE key_post (  -- one seat of a key post; how many there are the profile says
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	post TEXT NOT NULL,                  -- code of trades
	seat INTEGER NOT NULL,               -- from 1
	state TEXT NOT NULL,
	person INTEGER REFERENCES person,    -- who holds it
	proposed INTEGER REFERENCES person,  -- who is under review for it
	since TEXT,                          -- the day of the last change
	made_ms INTEGER NOT NULL,
	UNIQUE (project, post, seat)
) STRICT;
CREATE INDEX key_post_person ON key_post(person) WHERE person IS NOT NULL;
CREATE INDEX key_post_proposed ON key_post(proposed) WHERE proposed IS NOT NULL;

CREATE TABLE tenure (  -- who held a seat from when to when, both days with it: whose clockings count for it
	id INTEGER PRIMARY KEY,
	key_post INTEGER NOT NULL REFERENCES key_post,
	person INTEGER NOT NULL REFERENCES person,
	from_on TEXT NOT NULL, to_on TEXT    -- NULL: still
) STRICT;
CREATE INDEX tenure_post ON tenure(key_post, from_on, id);
CREATE INDEX tenure_person ON tenure(person);

CREATE TABLE filing (  -- days that count for no rate: a post's absence, or devices that were off
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	key_post INTEGER REFERENCES key_post, -- NULL: devices off, every post
	from_on TEXT NOT NULL, to_on TEXT NOT NULL,
	devices INTEGER NOT NULL DEFAULT 0,  -- devices off: how many the site has
	covered INTEGER NOT NULL DEFAULT 0,  -- … of these are filed; it counts once all are (CD 3.2.6)
	fact INTEGER NOT NULL REFERENCES fact, -- reason and account stand there
	removed INTEGER REFERENCES fact,     -- taken back, or a newer one took its place
	made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX filing_project ON filing(project, to_on, id) WHERE removed IS NULL;
CREATE INDEX filing_post ON filing(key_post);
CREATE INDEX filing_fact ON filing(fact);
CREATE INDEX filing_removed ON filing(removed) WHERE removed IS NOT NULL;

CREATE TABLE alarm (  -- what the platform has said, or a clerk has seen there; what only falls due is reckoned and stands nowhere
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,            -- the platform's, where it came from there
	project INTEGER NOT NULL REFERENCES project,
	kind TEXT NOT NULL,                  -- alarm_kind_name()
	subject TEXT NOT NULL DEFAULT '',    -- code of a post, uid of a team or person; '': of the project
	month INTEGER NOT NULL DEFAULT 0,    -- yyyymm; 0: of no month
	state TEXT NOT NULL,
	since TEXT,                          -- the day of the last change
	raised_on TEXT,
	made_ms INTEGER NOT NULL,
	UNIQUE (project, kind, subject, month)
) STRICT;
CREATE INDEX alarm_standing ON alarm(project, id);

-- What alarms ask for: who has a trade (F10), whose registration in the app is under way (D12).
CREATE INDEX member_trade ON member(project, trade, person);
CREATE INDEX app_processing ON app_registration(project, since, id) WHERE state = 'processing';
