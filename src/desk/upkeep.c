/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/upkeep.h"

#include <string.h>

#include "base/text.h"
#include "desk_private.h"
#include "store/company.h"

static void company_out(const struct db_company *c, struct company_row *out)
{
	*out = (struct company_row){.registered_on = c->registered_on, .on_platform_since = c->on_platform_since};
	text_copy(out->uid, sizeof(out->uid), c->uid);
	text_copy(out->credit_code, sizeof(out->credit_code), c->credit_code);
	text_copy(out->name, sizeof(out->name), c->name);
	text_copy(out->short_name, sizeof(out->short_name), c->short_name);
	text_copy(out->area_code, sizeof(out->area_code), c->area_code);
}

static bool fits(const struct db_company *c, const char *text)
{
	return !text[0] || strstr(c->name, text) || strstr(c->short_name, text) || strstr(c->credit_code, text);
}

int desk_company_list(struct desk *d, const char *after, struct company_row *rows, size_t cap, size_t *n, struct err *e)
{
	return desk_company_search(d, "", after, rows, cap, n, e);
}

int desk_company_search(struct desk *d, const char *text, const char *after, struct company_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_company page[16];
	char key[sizeof(page[0].credit_code)];
	size_t got, count = 0;

	if (desk_may(d, 0, false, e))
		return -1;
	text_copy(key, sizeof(key), after);
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_company_list(d->store, key, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			if (fits(&page[i], text))
				company_out(&page[i], &rows[count++]);
		if (got)
			text_copy(key, sizeof(key), page[got - 1].credit_code);
	} while (got && count < cap);
	*n = count;
	return 0;
}

int desk_company_by_code(struct desk *d, const char *credit_code, struct company_row *out, struct err *e)
{
	struct db_company c;

	if (desk_may(d, 0, false, e) || db_company_by_code(d->store, credit_code, &c, e))
		return -1;
	company_out(&c, out);
	return 0;
}

int desk_audit_verify(struct desk *d, struct audit_report *out, struct err *e)
{
	struct audit_report report = {.rows = 0};
	struct audit_head head;
	struct audit_fault fault = {0};

	if (desk_may(d, 0, false, e) || db_audit_head(d->store, &head, e) ||
	    db_audit_verify(d->store, NULL, &report.sound, &fault, e))
		return -1;
	report.rows = head.count;
	report.fault = report.sound ? 0 : fault.id;
	text_copy(report.what, sizeof(report.what), report.sound ? "" : fault.what);
	for (size_t i = 0; i < AUDIT_HASH; i++)
		text_format(report.head + 2 * i, 3, "%02x", head.hash[i]);
	*out = report;
	return 0;
}

int desk_check_file(struct desk *d, struct err *e)
{
	return store_check(d->store, e);
}
