-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 19: which session of a register a person's training on record comes from (I1): it goes when that entry goes.

CREATE TABLE book_training (
	training INTEGER PRIMARY KEY REFERENCES training,
	entry INTEGER NOT NULL REFERENCES book_entry
) STRICT;
CREATE INDEX book_training_entry ON book_training(entry, training);
