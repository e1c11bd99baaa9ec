-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 7: the audit log by account, action and object, each newest first, and the way from a day to its rows.

CREATE INDEX audit_account ON audit(account, id);
CREATE INDEX audit_action ON audit(action, id);
CREATE INDEX audit_object ON audit(object_uid, id);
CREATE INDEX audit_at ON audit(at_ms);

CREATE TABLE delegation (  -- roles that one account holds for another for a time (I6); what it gave is told by the audit log
	id INTEGER PRIMARY KEY,
	uid TEXT NOT NULL UNIQUE,
	account INTEGER NOT NULL REFERENCES account,  -- who holds them meanwhile
	by_account INTEGER NOT NULL REFERENCES account, -- whose they are
	roles INTEGER NOT NULL,
	made_ms INTEGER NOT NULL,
	until_on TEXT NOT NULL,                      -- the last day
	ended_ms INTEGER                             -- taken back before that
) STRICT;
CREATE INDEX delegation_account ON delegation(account, until_on) WHERE ended_ms IS NULL;
CREATE INDEX delegation_by ON delegation(by_account);
