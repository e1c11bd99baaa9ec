/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/worker_code.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "folk.h"

static int make(struct desk *d, const struct folk *f, char code[WORKER_CODE_TEXT], struct err *e)
{
	worker_code_new(code);
	if (db_worker_code_set(d->store, f->person.id, code, clock_now_ms(), e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "worker_code", .object = "person", .uid = f->person.uid}, e);
}

int desk_worker_code(struct desk *d, int64_t person, bool renew, char out[WORKER_CODE_TEXT], struct err *e)
{
	char code[WORKER_CODE_TEXT] = "";
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) || db_worker_code_of(d->store, person, code, e))
		return -1;
	if (code[0] && !renew) {
		memcpy(out, code, sizeof(code));
		return 0;
	}
	if (store_begin(d->store, e) || store_end(d->store, make(d, &f, code, e), e))
		return -1;
	memcpy(out, code, sizeof(code));
	return 0;
}

int desk_person_by_code(struct desk *d, const char *typed, int64_t *person, struct err *e)
{
	char code[WORKER_CODE_TEXT];
	int64_t found = 0;
	struct folk f;

	if (desk_may_in_project(d, 0, e))
		return -1;
	if (!worker_code_read(typed, code))
		return err_set(e, ERR_NO_SUCH, "%s", _("不是工人码，或有一位不对；再扫一次"));
	if (db_worker_code_person(d->store, code, &found, e))
		return -1;
	if (!found)
		return err_set(e, ERR_NO_SUCH, "%s", _("没有这个工人码；补办过的，旧码已作废"));
	if (folk_open(d, found, &f, e))
		return -1;
	*person = found;
	return 0;
}
