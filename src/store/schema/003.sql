-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 3: hiring: employments, contracts, leaving.

-- When the state that an employment is in began: what is counted from then (24 hours for an answer) counts from the other side's own time.
ALTER TABLE employment ADD COLUMN since_ms INTEGER NOT NULL DEFAULT 0;
UPDATE employment SET since_ms = made_ms;
-- What somebody still waits for, in the order in which the clerk sees it; NULL: nothing.
-- Kept by triggers: SQLite's sessions, which taking back rests on, know no generated columns.
ALTER TABLE employment ADD COLUMN pending INTEGER;
UPDATE employment SET pending = CASE state WHEN 'leaving' THEN 1 WHEN 'leaving_on' THEN 2 WHEN 'dismissing' THEN 3
	WHEN 'accepted' THEN 4 WHEN 'processing' THEN 5 WHEN 'offered' THEN 6 END;
CREATE TRIGGER employment_pending_new AFTER INSERT ON employment BEGIN UPDATE employment SET pending = CASE state WHEN 'leaving' THEN 1 WHEN 'leaving_on' THEN 2 WHEN 'dismissing' THEN 3
	WHEN 'accepted' THEN 4 WHEN 'processing' THEN 5 WHEN 'offered' THEN 6 END
	WHERE id = new.id; END;
CREATE TRIGGER employment_pending_moved AFTER UPDATE OF state ON employment BEGIN UPDATE employment SET pending = CASE state WHEN 'leaving' THEN 1 WHEN 'leaving_on' THEN 2 WHEN 'dismissing' THEN 3
	WHEN 'accepted' THEN 4 WHEN 'processing' THEN 5 WHEN 'offered' THEN 6 END
	WHERE id = new.id; END;
CREATE INDEX employment_pending ON employment(project, pending, since_ms, id) WHERE pending IS NOT NULL;

CREATE TABLE contract (  -- labour contracts and written work agreements: one row each; a renewal is a row of its own
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	employment INTEGER NOT NULL REFERENCES employment,
	participant INTEGER REFERENCES participant,
	company INTEGER REFERENCES company,
	state TEXT NOT NULL,
	kind TEXT NOT NULL,                  -- code of contract_kinds; the written work agreement is one of them
	starts_on TEXT NOT NULL, ends_on TEXT, -- ends_on NULL: no day agreed
	unit TEXT NOT NULL DEFAULT '',       -- code of contract_units
	price_sealed BLOB,                   -- fen a unit
	scan INTEGER REFERENCES attachment,  -- the PDF
	renews INTEGER REFERENCES contract,  -- the one before
	made_ms INTEGER NOT NULL,
	rank INTEGER NOT NULL DEFAULT 2, due TEXT NOT NULL DEFAULT '9999-12-31' -- the order of lists; kept by the triggers below
) STRICT;
CREATE TRIGGER contract_order_new AFTER INSERT ON contract BEGIN UPDATE contract SET
	rank = CASE state WHEN 'in_force' THEN 0 WHEN 'drafted' THEN 1 ELSE 2 END, due = ifnull(ends_on, '9999-12-31') WHERE id = new.id; END;
CREATE TRIGGER contract_order_moved AFTER UPDATE OF state, ends_on ON contract BEGIN UPDATE contract SET
	rank = CASE state WHEN 'in_force' THEN 0 WHEN 'drafted' THEN 1 ELSE 2 END, due = ifnull(ends_on, '9999-12-31') WHERE id = new.id; END;
CREATE INDEX contract_project ON contract(project, rank, due, id);
CREATE INDEX contract_participant ON contract(participant, rank, due, id);
CREATE INDEX contract_person ON contract(person, id);
CREATE INDEX contract_employment ON contract(employment, rank, due);
CREATE INDEX contract_company ON contract(company);
CREATE INDEX contract_scan ON contract(scan);
CREATE INDEX contract_renews ON contract(renews);

-- What registrations said so far of a contract becomes one, with its fact. Its kind is sealed in the registration: '' until that is next saved.
INSERT INTO contract(uid, project, person, employment, participant, company, state, kind, starts_on, ends_on, made_ms)
	SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-'
		|| hex(randomblob(6))), project, person, id, participant, company,
		CASE WHEN state IN ('left', 'dismissed', 'refused', 'withdrawn') THEN 'terminated' WHEN state = 'ended' THEN 'ended' ELSE 'in_force' END,
		'', starts_on, ends_on, made_ms FROM employment WHERE contract = 1 AND starts_on IS NOT NULL;
INSERT INTO fact(uid, project, cycle, subject, person, event, actor, authority, at_ms, on_date)
	SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-'
		|| hex(randomblob(6))), project, 'contract', id, person, 'contract_sign', 'company', 'desk', made_ms, starts_on FROM contract;
INSERT INTO fact(uid, project, cycle, subject, person, event, actor, authority, at_ms, on_date)
	SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-'
		|| hex(randomblob(6))), project, 'contract', id, person, CASE state WHEN 'ended' THEN 'contract_end' ELSE 'contract_terminate' END, 'company',
		'desk', made_ms, NULL FROM contract WHERE state IN ('ended', 'terminated');

CREATE TABLE app_registration (  -- a person's own registration in the city's app (D12); changes are messages about the person
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	person INTEGER NOT NULL REFERENCES person,
	state TEXT NOT NULL,
	since TEXT                           -- the day the present state began: working days count from it
) STRICT;
CREATE INDEX app_registration_person ON app_registration(person, project, id); -- two of one project where persons were merged: the newer counts

INSERT INTO vault_columns VALUES ('contract', 'price_sealed', 'price a unit of a contract');
