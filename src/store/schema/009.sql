-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 9: the audit log by account, action and object, each newest first, and the way from a day to its rows.

CREATE INDEX audit_account ON audit(account, id);
CREATE INDEX audit_action ON audit(action, id);
CREATE INDEX audit_object ON audit(object_uid, id);
CREATE INDEX audit_at ON audit(at_ms);
