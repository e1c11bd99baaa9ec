/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sister.h"

#include <string.h>

#include "base/text.h"
#include "store/project.h"
#include "wire_private.h"

#define ADDRESS_MAX 1024

int sister_do(struct desk *d, int64_t project, int (*each)(struct desk *d, void *arg, struct err *e),
	      void *arg, struct err *e)
{
	struct visit v;
	int rc;

	if (desk_visit(d, project, &v, e))
		return -1;
	rc = each(d, arg, e);
	desk_return(d, &v);
	return rc;
}

/* --- one platform ------------------------------------------------------------------------------------ */

static const char *dialect_of(const struct desk *d)
{
	return profile_text(d->profile, "upload.dialect", "native");
}

struct rules {
	char region[64], dialect[32];
};

static int say_rules(struct desk *d, void *arg, struct err *e)
{
	struct rules *r = arg;

	(void)e;
	text_copy(r->region, sizeof(r->region), d->project.profile);
	text_copy(r->dialect, sizeof(r->dialect), dialect_of(d));
	return 0;
}

int sister_one_platform(struct desk *d, int64_t project, bool *one, struct err *e)
{
	char here[ADDRESS_MAX], there[ADDRESS_MAX];
	struct rules r;

	*one = false;
	if (db_setting_get(d->store, d->project.id, "platform.url", here, sizeof(here), e) ||
	    db_setting_get(d->store, project, "platform.url", there, sizeof(there), e) ||
	    sister_do(d, project, say_rules, &r, e))
		return -1;
	if (here[0] && there[0])
		*one = strcmp(here, there) == 0 && strcmp(r.dialect, dialect_of(d)) == 0;
	else
		*one = strcmp(r.region, d->project.profile) == 0;
	return 0;
}

bool sister_told_once(const struct desk *d)
{
	return wire_speaks(d, "native");
}

/* --- the employment ---------------------------------------------------------------------------------- */

int sister_takes_part(struct desk *d, int64_t company, struct db_participant *out, struct err *e)
{
	struct db_participant page[16];
	int64_t after = 0;
	size_t n;

	*out = (struct db_participant){.id = 0};
	do {
		if (db_participant_list(d->store, d->project.id, after, page, ARRAY_LEN(page), &n, e))
			return -1;
		for (size_t i = 0; i < n && !out->id; i++)
			if (page[i].company == company)
				*out = page[i];
		after = n ? page[n - 1].id : after;
	} while (n == ARRAY_LEN(page) && !out->id);
	return 0;
}

static int fits(struct desk *d, const struct db_employment *m, struct db_participant *as, bool *fits,
		struct err *e)
{
	*fits = false;
	if (m->project == d->project.id || lifecycle_final(CYCLE_EMPLOYMENT, m->state) ||
	    (as->id && as->company != m->company))
		return 0;
	if (!as->id && sister_takes_part(d, m->company, as, e))
		return -1;
	return as->id ? sister_one_platform(d, m->project, fits, e) : 0;
}

#define RECENT 32

int sister_employment(struct desk *d, int64_t person, struct db_participant *participant,
		      struct db_employment *out, struct err *e)
{
	struct db_employment rows[RECENT];
	bool found = false;
	size_t n;

	*out = (struct db_employment){.id = 0};
	if (!person || db_employment_list(d->store, person, rows, ARRAY_LEN(rows), &n, e))
		return person ? -1 : 0;
	for (size_t i = 0; i < n && !found; i++) {
		struct db_participant as = *participant;

		if (fits(d, &rows[i], &as, &found, e))
			return -1;
		if (found) {
			*out = rows[i];
			*participant = as;
		}
	}
	return 0;
}
