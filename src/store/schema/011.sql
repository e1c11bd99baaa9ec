-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 11: a part of an act counts its own people: counting them at the first part wrote that one's whole changeset anew for every person.

DROP TRIGGER fact_counts_people;
CREATE TRIGGER fact_counts_people AFTER INSERT ON fact
	WHEN new.act IS NOT NULL AND new.person IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM fact WHERE act = new.act AND person = new.person AND id < new.id)
	BEGIN UPDATE act SET people = people + 1 WHERE id = new.act; END;
