-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 18: the data key can be replaced while people work (DESIGN 5; store/rekey.h).

ALTER TABLE vault_key ADD COLUMN kept BLOB;       -- fingerprint and audit subkeys of the first key, sealed under this one; NULL: this is the first
ALTER TABLE account_wrap ADD COLUMN public BLOB;  -- X25519; its secret half is made of the password: a new data key is sealed to it
ALTER TABLE account_wrap ADD COLUMN sealed BLOB;  -- the key of key_id so sealed (crypto_box_seal); box is empty until the account's next login

CREATE TABLE vault_former (  -- field subkeys of keys that were replaced, under the present one: notes of the audit log are never sealed anew
	key_id INTEGER PRIMARY KEY REFERENCES vault_key,
	box BLOB NOT NULL
) STRICT;

CREATE TABLE rekey (  -- there is a row while values are still sealed under a former key: how far the resealing has come
	one INTEGER PRIMARY KEY CHECK (one = 1),
	key_id INTEGER NOT NULL REFERENCES vault_key,
	begun_ms INTEGER NOT NULL,
	tbl TEXT NOT NULL DEFAULT '', col TEXT NOT NULL DEFAULT '', -- the sealed column that is gone through, in their order; '': none yet
	upto ANY,                        -- first column of its key: rows up to here are done; NULL: none
	resealed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX rekey_key ON rekey(key_id);
