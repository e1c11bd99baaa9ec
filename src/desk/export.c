/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/export.h"

#include "base/i18n.h"
#include "base/text.h"
#include "desk_private.h"

static int note_export(struct desk *d, const struct export_spec *spec, const char *what, const char *note,
		     struct err *e)
{
	char detail[120];
	int last;

	text_format(detail, sizeof(detail), "%s %s %s", spec->form, spec->whole ? "whole" : "masked", what);
	if (store_begin(d->store, e))
		return -1;
	last = desk_audit(
		d,
		&(struct audit_entry){
			.action = "export", .object = spec->list, .uid = "", .detail = detail, .note = note},
		e);
	return store_end(d->store, last, e);
}

int desk_export_begin(struct desk *d, const struct export_spec *spec, struct err *e)
{
	if (spec->whole ? desk_may_in_project(d, ROLES_WITH_KEY, e) : desk_may(d, 0, false, e))
		return -1;
	if (spec->whole && (!spec->reason || !spec->reason[0]))
		return err_set(e, ERR_USAGE, "%s", _("导出完整号码要写明原因"));
	if (note_export(d, spec, "begun", spec->reason, e))
		return -1;
	d->exporting_whole = spec->whole;
	return 0;
}

int desk_export_end(struct desk *d, const struct export_spec *spec, long rows, struct err *e)
{
	char what[40];

	d->exporting_whole = false;
	if (rows < 0)
		return note_export(d, spec, "stopped", NULL, e);
	text_format(what, sizeof(what), "rows=%ld", rows);
	return note_export(d, spec, what, NULL, e);
}
