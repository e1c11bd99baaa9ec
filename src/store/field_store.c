/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed fields of records, one value a row. */
#include <string.h>

#include "domain/field.h"
#include "rows.h"
#include "store/person.h"

#define VALUE_MAX 4096

static const struct owner {
	const char *table; /* and what seals name */
	const char *uid_of, *get, *put, *drop, *all;
} owners[] = {
#define OWNER(table, of)                                                                                     \
	{                                                                                                    \
#table, "SELECT uid FROM " #of " WHERE id = ?",                                              \
			"SELECT value_sealed, origin FROM " #table " WHERE owner = ? AND field = ?",         \
			"INSERT INTO " #table "(owner, field, origin, value_sealed) VALUES (?1, ?2, ?3, ?4)" \
			" ON CONFLICT(owner, field) DO UPDATE SET origin = ?3, value_sealed = ?4",           \
			"DELETE FROM " #table " WHERE owner = ? AND field = ?",                              \
			"SELECT field, origin, value_sealed FROM " #table " WHERE owner = ?"                 \
	}
	[OWNER_PERSON] = OWNER(person_field, person),
	[OWNER_EMPLOYMENT] = OWNER(employment_field, employment),
};

static void sealed_as(char out[64], const struct owner *o, const char *field)
{
	text_format(out, 64, "%s.%s", o->table, field);
}

static int owner_uid(struct store *s, const struct owner *o, int64_t id, char uid[UID_TEXT], struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, o->uid_of);
	bind_int(&q, id);
	last = query_one(&q, o->table, e);
	if (!last)
		col_text(&q, 0, uid, UID_TEXT);
	query_close(&q);
	return last;
}

/* "" when there is no such row. */
static int get_value(struct store *s, const struct owner *o, int64_t id, const char *uid, const char *field,
		     char *out, size_t size, int *origin, struct err *e)
{
	char column[64];
	struct query q;
	int got;

	*out = '\0';
	*origin = ORIGIN_NONE;
	sealed_as(column, o, field);
	query_open(&q, s, o->get);
	bind_int(&q, id);
	bind_text(&q, field);
	got = query_step(&q, e);
	if (got > 0) {
		*origin = (int)col_int(&q, 1);
		got = col_sealed_text(&q, 0, uid, column, out, size, e);
	}
	query_close(&q);
	return got;
}

static int put_value(struct store *s, const struct owner *o, int64_t id, const char *uid, const char *field,
		     const char *value, int origin, struct err *e)
{
	char column[64];
	struct query q;

	sealed_as(column, o, field);
	query_open(&q, s, *value ? o->put : o->drop);
	bind_int(&q, id);
	bind_text(&q, field);
	if (*value) {
		bind_int(&q, origin);
		bind_sealed_text(&q, uid, column, value);
	}
	return query_run(&q, e);
}

static int load_one(struct query *q, const struct owner *o, const char *uid, struct record *r, struct err *e)
{
	char name[64], column[64], value[VALUE_MAX];
	const struct field *f;
	int last;

	COL_TEXT(q, 0, name);
	f = field_by_name(name);
	if (!f)
		return 0; /* a field that this program does not know any more */
	sealed_as(column, o, name);
	if (col_sealed_text(q, 2, uid, column, value, sizeof(value), e))
		return -1;
	last = record_set(r, f->id, value, (enum value_origin)col_int(q, 1))
		       ? err_set(e, ERR_MEMORY, "record")
		       : 0;
	wipe(value, strlen(value));
	return last;
}

static int load_all(struct store *s, const struct owner *o, int64_t id, const char *uid, struct record *r, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, o->all);
	bind_int(&q, id);
	while ((got = query_step(&q, e)) > 0) {
		if (load_one(&q, o, uid, r, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}

/* Only what differs is written. */
static int save_one(struct store *s, const struct owner *o, int64_t id, const char *uid, const struct record *old,
		    const struct record *r, enum field_id field, struct err *e)
{
	const char *name = field_get(field)->name, *value = record_get(r, field);

	if (strlen(value) >= VALUE_MAX)
		return err_set(e, ERR_TOO_LARGE, "field %s", name);
	if (!strcmp(record_get(old, field), value) && (!*value || old->origin[field] == r->origin[field]))
		return 0;
	return put_value(s, o, id, uid, name, value, (int)r->origin[field], e);
}

int db_fields_save(struct store *s, enum db_owner owner, int64_t id, const struct record *r,
		   const enum field_id *fields, size_t n, struct err *e)
{
	const struct owner *o = &owners[owner];
	char uid[UID_TEXT];
	struct record old;
	int last;

	if (owner_uid(s, o, id, uid, e))
		return -1;
	record_init(&old);
	last = load_all(s, o, id, uid, &old, e);
	for (size_t i = 0; i < n && !last; i++)
		last = save_one(s, o, id, uid, &old, r, fields[i], e);
	record_release(&old);
	return last;
}

int db_fields_load(struct store *s, enum db_owner owner, int64_t id, struct record *r, struct err *e)
{
	const struct owner *o = &owners[owner];
	char uid[UID_TEXT];

	return owner_uid(s, o, id, uid, e) ? -1 : load_all(s, o, id, uid, r, e);
}

int db_field_load(struct store *s, enum db_owner owner, int64_t id, enum field_id field, char *out,
		  size_t size, struct err *e)
{
	const struct owner *o = &owners[owner];
	char uid[UID_TEXT];
	int origin;

	if (owner_uid(s, o, id, uid, e))
		return -1;
	return get_value(s, o, id, uid, field_get(field)->name, out, size, &origin, e);
}
