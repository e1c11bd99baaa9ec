-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 21: entries of registers are found by what they say (CD 3.3.5: 健康卡信息), though they are sealed.

ALTER TABLE book_entry ADD COLUMN words INTEGER NOT NULL DEFAULT 0; -- by which declaration its words were made; 0: not yet
CREATE INDEX book_entry_words ON book_entry(project, book, words, id) WHERE removed = 0;

CREATE TABLE book_word (  -- what an entry is found by; it is looked at before it is shown, so a word too many costs time only
	project INTEGER NOT NULL,
	book TEXT NOT NULL,
	hash INTEGER NOT NULL,               -- keyed, of a value or of one or two characters of it
	entry INTEGER NOT NULL,
	PRIMARY KEY (project, book, hash, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX book_word_entry ON book_word(entry);
