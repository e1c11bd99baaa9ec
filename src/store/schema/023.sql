-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 23: blind indexes turn to a new data key in groups, and sealed values go by their table's whole key (store/rekey.h).

ALTER TABLE rekey ADD COLUMN index_box BLOB;  -- the former index subkey, under the present data key; NULL: the blind indexes have turned
ALTER TABLE rekey ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;       -- which of them is gone through (blind_turn.c)
ALTER TABLE rekey ADD COLUMN stage_upto INTEGER NOT NULL DEFAULT 0;  -- its rows up to this id have turned
ALTER TABLE rekey ADD COLUMN upto2 ANY;       -- the second and third column of the key of which upto is the first
ALTER TABLE rekey ADD COLUMN upto3 ANY;
