/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a platform may decide, taken all the way into a real file: parsed as the runner does (native
 * dialect) and handed to the desk, which has one person on site and one who is only registered. In the text
 * "$p" stands for a person, "$e" and "$a" for their employment and assignment ("$q", "$f", "$b": the
 * other's), "$t" for the team. It is taken, or refused with a name that is not a fault of ours; afterwards
 * all is taken back. The same bytes are read as the answer about a person whom another site knows (L8), too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/elsewhere.h"
#include "desk_private.h"
#include "desk_site.h"
#include "errand.h"
#include "folk.h"
#include "store/store.h"
#include "sync/native.h"

#define MOST (1u << 16)

static struct site site;
static struct {
	char letter, uid[UID_TEXT];
} names[7];

static void must(bool it)
{
	if (!it)
		abort();
}

static void name(size_t i, char letter, const char *uid)
{
	names[i].letter = letter;
	text_copy(names[i].uid, sizeof(names[i].uid), uid);
}

static void close_site(void)
{
	site_drop(&site);
}

static void open_once(void)
{
	struct folk on_site, other;

	if (site.d)
		return;
	log_open("fuzz", -1, LOG_ERR);
	site_make(&site, "national");
	atexit(close_site);
	site_login(&site, "clerk");
	must(!folk_load(site.d, person_on_site(&site, 1), &on_site, NULL));
	must(!folk_load(site.d, person_register(&site, 2, NULL), &other, NULL));
	name(0, 'p', on_site.person.uid);
	name(1, 'e', on_site.employment.uid);
	name(2, 'a', on_site.assignment.uid);
	name(3, 'q', other.person.uid);
	name(4, 'f', other.employment.uid);
	name(5, 'b', other.assignment.uid);
	name(6, 't', site.team);
}

static const char *named(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].letter == letter)
			return names[i].uid;
	return NULL;
}

static void put_names(const uint8_t *data, size_t size, struct buf *out)
{
	for (size_t i = 0; i < size; i++) {
		const char *uid = data[i] == '$' && i + 1 < size ? named((char)data[i + 1]) : NULL;

		if (uid)
			buf_adds(out, uid);
		else
			buf_add(out, data + i, 1);
		i += uid != NULL;
	}
}

/* All of it in a group that is taken back: each input meets the same file. */
static void try_changes(const struct buf *text)
{
	enum applied *results;
	struct err e = {ERR_NONE};
	struct changes c;

	changes_init(&c);
	if (native_parse_changes(&c, text->data, text->len, NULL))
		return;
	results = calloc(c.n + 1, sizeof(*results));
	must(results && !store_group_begin(site.d->store, &e));
	if (desk_take_changes(site.d, c.item, c.n, c.cursor, results, &e))
		must(e.code != ERR_NONE && e.code != ERR_INTERNAL && e.code != ERR_SYSTEM &&
		     e.code != ERR_SEAL);
	else
		for (size_t i = 0; i < c.n; i++)
			must(results[i] >= APPLIED && results[i] <= APPLIED_FORBIDDEN);
	must(!store_group_end(site.d->store, false, NULL));
	free(results);
	changes_release(&c);
}

/* What the runner would have printed for the desk: it is not trusted either. */
static void try_person(const struct buf *text)
{
	struct errand r = {
		.desk = site.d, .kind = ERRAND_LOOK_UP, .child = CHILD_NONE, .until_ms = INT64_MAX};
	struct err e = {ERR_NONE};
	struct elsewhere x;
	int fd = memfd_create("answer", MFD_CLOEXEC), got;

	must(fd >= 0 && write(fd, text->data, text->len) == (ssize_t)text->len && write(fd, "\n", 1) == 1 &&
	     !lseek(fd, 0, SEEK_SET));
	r.child.out = fd;
	buf_init(&r.in, 2 * MOST);
	got = desk_elsewhere_read(&r, &x, &e);
	must(got == 1 || (got == -1 && e.code != ERR_NONE));
	must(x.n <= ELSEWHERE_WORKS);
	for (int f = 0; f < FIELD_COUNT; f++)
		must(text_valid(record_get(&x.record, (enum field_id)f),
				strlen(record_get(&x.record, (enum field_id)f))));
	desk_elsewhere_release(&x);
	cJSON_Delete(r.answer);
	buf_wipe_release(&r.in);
	close(fd);
	site.d->unshared = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text;

	open_once();
	if (!size || size > MOST / 64)
		return 0;
	buf_init(&text, 2 * MOST);
	put_names(data, size, &text);
	if (!memchr(text.data, '\n', text.len)) {
		try_changes(&text);
		try_person(&text);
	}
	buf_release(&text);
	return 0;
}
