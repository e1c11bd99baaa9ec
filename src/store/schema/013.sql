-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 13: wages (F6, L7): what was owed to whom for a month, what was paid, when, by which bank record. Facts keep every earlier saying.

CREATE TABLE wage (  -- one line of the wage ledger
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	project INTEGER NOT NULL REFERENCES project,
	month INTEGER NOT NULL,              -- yyyymm: the sheet's
	person INTEGER NOT NULL REFERENCES person,
	back_month INTEGER NOT NULL DEFAULT 0, -- yyyymm for which it is back pay; 0: it is the month's own
	pays INTEGER NOT NULL,               -- an amount above nought is paid or to be paid
	paid_on TEXT,                        -- NULL: not yet
	days INTEGER NOT NULL DEFAULT 0,     -- as the sheet has them
	owed_sealed BLOB NOT NULL, paid_sealed BLOB NOT NULL, -- fen
	bank_sealed BLOB, card_sealed BLOB,
	record_sealed BLOB,                  -- the bank's number of the payment
	fact INTEGER NOT NULL REFERENCES fact DEFERRABLE INITIALLY DEFERRED, -- the last that said something of it
	made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX wage_line ON wage(project, month, person, back_month);
CREATE INDEX wage_order ON wage(project, month, id);
CREATE INDEX wage_person ON wage(person, project, month);
CREATE INDEX wage_fact ON wage(fact);

INSERT INTO vault_columns VALUES
	('wage', 'owed_sealed', 'wages owed'),
	('wage', 'paid_sealed', 'wages paid'),
	('wage', 'bank_sealed', 'bank of a wage card'),
	('wage', 'card_sealed', 'number of a wage card'),
	('wage', 'record_sealed', 'bank record of a payment');
