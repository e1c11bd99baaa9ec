/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sister projects: other projects of this box (D5). An employer may send a person to several of them; he is
 * employed once.
 *
 * An employment belongs to the project in which it was offered: its facts and operations are that project's,
 * whatever project they are made from, so that the platform hears of them on one line. Another project has
 * its assignments under it, which name it by uid. This holds where both projects report to the same address
 * in the same dialect; two platforms know nothing of each other, and each is told of an employment of its
 * own.
 */
#ifndef DESK_SISTER_H
#define DESK_SISTER_H

#include "desk_private.h"
#include "store/person.h"
#include "store/site.h"

/* Does `each` with that project as the current one (desk_visit()); the current one itself is no visit. */
int sister_do(struct desk *d, int64_t project, int (*each)(struct desk *d, void *arg, struct err *e),
	      void *arg, struct err *e);
/* Do both report to the same platform in the same dialect? Where an address is not known yet, two projects of
 * one region do. */
int sister_one_platform(struct desk *d, int64_t project, bool *one, struct err *e);
/* Does the dialect know companies, persons and employments by uid, so that telling them once is telling them? Else every
 * project tells its own. */
bool sister_told_once(const struct desk *d);
/* As what the company takes part here; id 0: it does not. */
int sister_takes_part(struct desk *d, int64_t company, struct db_participant *out, struct err *e);
/*
 * The open employment, offered in another project on the same platform, of an employer that takes part here;
 * id 0: none. participant: as which employer; where its id is 0, any will do, and it is filled in.
 */
int sister_employment(struct desk *d, int64_t person, struct db_participant *participant,
		      struct db_employment *out, struct err *e);

#endif
