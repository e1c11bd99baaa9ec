/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire_read.h"

#include <string.h>

#include "base/text.h"

static bool code_of_wire(const struct desk *d, const struct field *f, const char *wire, char *out, size_t size)
{
	const struct code *codes;
	size_t n = profile_codes(d->profile, f->codes, &codes);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(profile_wire_code(d->profile, f->codes, codes[i].code), wire))
			return text_copy(out, size, codes[i].code);
	return false;
}

bool wire_read(const struct desk *d, const struct field *f, const char *wire, char *out, size_t size)
{
	struct record r;
	bool right;

	if (!wire[0])
		return text_copy(out, size, "");
	if (f->kind == FIELD_CODE)
		return code_of_wire(d, f, wire, out, size);
	if (f->kind == FIELD_MONEY || f->kind == FIELD_YES_NO)
		return text_is_digits(wire) && text_copy(out, size, wire);
	record_init(&r);
	right = record_put_typed(&r, f->id, wire) && text_copy(out, size, record_get(&r, f->id));
	record_release(&r);
	return right;
}
