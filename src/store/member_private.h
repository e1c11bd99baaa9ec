/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: how a member is read, for the row itself and for lists. */
#ifndef STORE_MEMBER_PRIVATE_H
#define STORE_MEMBER_PRIVATE_H

#include "rows.h"
#include "store/member.h"

#define TAIL_AS "member.tail_sealed"
/* `key`: an SQL expression for where the row stands in its list. Tables: m, and what MEMBER_JOINS brings. */
#define MEMBER_COLUMNS(key) MEMBER_COLUMNS_OF("m.person", key)
#define MEMBER_COLUMNS_OF(person, key)                                                                       \
	"SELECT m.project, " person ", m.name, m.sort_key, m.tail_sealed, m.team, m.participant, m.trade, "    \
	"m.employment, m.assignment,"                                                                        \
	" m.employment_state, m.assignment_state, m.manual, m.waiting, m.refused, m.entered_on, "            \
	"m.exited_on, m.views, p.uid,"                                                                       \
	" ifnull(t.name, ''), ifnull(CASE c.short_name WHEN '' THEN c.name ELSE c.short_name END, ''), " key \
	" "
#define MEMBER_JOINS                                                                                         \
	" CROSS JOIN person p ON p.id = m.person LEFT JOIN team t ON t.id = m.team LEFT JOIN participant a " \
	"ON a.id = m.participant"                                                                            \
	" LEFT JOIN company c ON c.id = a.company "

int read_member(struct query *q, void *row, struct err *e);

#endif
