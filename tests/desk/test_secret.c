/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is personal stays sealed and masked (S1, S4, S5, A7), and people are found all the same (A8, U12). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"
#include "desk_site.h"

#define PLANTED 20

static struct platform platform;

static bool holds(const struct buf *b, const char *what)
{
	return b->len && memmem(b->data, b->len, what, strlen(what)) != NULL;
}

static void nothing_in_clear(const char *dir, const char *name, char planted[][40], size_t n)
{
	struct buf content;
	char path[600];

	buf_init(&content, 256 << 20);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	OK(io_read_file(path, 256 << 20, &content, E));
	for (size_t i = 0; i < n; i++)
		if (holds(&content, planted[i]))
			fail_msg("%s holds planted value %zu in clear", name, i);
	buf_release(&content);
}

/* Twenty people's numbers, phones and bank cards through registration, drafts, sending, refusal, correction:
 * in no file of the directory. */
static void planted(void **state)
{
	static char values[PLANTED * 4][40];
	struct findings f;
	struct record r;
	struct site s;
	struct dirent *entry;
	size_t n = 0, files = 0;
	int changed;
	DIR *dir;

	(void)state;
	memset(&platform, 0, sizeof(platform));
	site_make(&s, "jiangmen");
	strcpy(platform.refuse_kind, "employment.offer");
	strcpy(platform.refuse_code, "employed-elsewhere");
	for (unsigned i = 1; i <= PLANTED; i++) {
		int64_t p;

		person_record(&s, &r, i, true);
		text_copy(values[n++], 40, record_get(&r, F_NUMBER));
		text_copy(values[n++], 40, record_get(&r, F_PHONE));
		text_copy(values[n++], 40, record_get(&r, F_BANK_NUMBER));
		OK(desk_draft_save(s.d, "register", 0, &r, E));
		record_release(&r);
		p = person_register(&s, i, NULL);
		if (i == 3)
			site_drain(&s, &platform, NULL);
		record_init(&r);
		OK(desk_person_record(s.d, p, &r, E));
		snprintf(values[n], 40, "139%08u", 20000000 + i);
		assert_int_equal(record_set(&r, F_PHONE, values[n++], ORIGIN_TYPED), 0);
		OK(desk_amend(s.d, p, &r, &f, &changed, E));
		record_release(&r);
	}
	platform.refuse_kind[0] = '\0';
	site_drain(&s, &platform, NULL);
	dir = opendir(s.dir);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_REG) {
			nothing_in_clear(s.dir, entry->d_name, values, n);
			files++;
		}
	closedir(dir);
	assert_true(files >= 2); /* the file and its log */
	site_drop(&s);
}

static bool has_any(const char *text, const char *secret)
{
	return text[0] && strstr(text, secret) != NULL;
}

/* Roster, file, history, outbox, messages: no whole number anywhere; the tail tells people apart. */
static void masked(void **state)
{
	static const enum field_id sealed[] = {F_NUMBER, F_PHONE,   F_BANK_NUMBER,
					       F_WAGE,	 F_ADDRESS, F_EMERGENCY_PHONE};
	struct person_file *file = test_calloc(1, sizeof(*file));
	struct roster_row rows[4];
	struct roster_page page = {.row = rows, .cap = 4};
	struct roster_query q = {.filter = ROSTER_ALL};
	struct registered done;
	struct findings f;
	char text[NAME_TEXT];
	struct record r;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_EMERGENCY_PHONE, "13700001111", ORIGIN_TYPED), 0);
	OK(desk_register(s.d, &r, &f, &done, E));
	OK(desk_person_file(s.d, done.person, file, E));
	for (size_t i = 0; i < ARRAY_LEN(sealed); i++)
		for (enum field_id k = 0; k < FIELD_COUNT; k++)
			if (has_any(file->masked[k], record_get(&r, sealed[i])))
				fail_msg("%s stands whole in %s", field_get(sealed[i])->name,
					 field_get(k)->name);
	assert_string_equal(file->masked[F_NUMBER] + strlen(file->masked[F_NUMBER]) - 4,
			    record_get(&r, F_NUMBER) + 14);
	assert_int_equal(strncmp(file->masked[F_PHONE], "138", 3), 0);
	/* Birth stands on this view, so the number's middle must not: nothing but the last four digits. */
	assert_int_equal(strspn(file->masked[F_NUMBER], "*"), 14);
	for (enum field_id k = 0; k < FIELD_COUNT; k++)
		if ((field_get(k)->flags & FIELD_MASKED) && record_get(&r, k)[0])
			assert_non_null(strchr(file->masked[k], '*'));
	assert_string_equal(file->masked[F_TRADE], "木工");
	assert_string_equal(file->masked[F_TEAM], "木工一班");
	assert_string_equal(file->masked[F_NAME], record_get(&r, F_NAME));
	OK(desk_roster(s.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	assert_string_equal(rows[0].tail, record_get(&r, F_NUMBER) + 14);
	OK(desk_person_reveal(s.d, done.person, F_NUMBER, "核对", text, sizeof(text), E));
	assert_string_equal(text, record_get(&r, F_NUMBER));
	record_release(&r);
	test_free(file);
	site_drop(&s);
}

static int64_t found(struct site *s, const char *text)
{
	struct roster_row rows[32];
	struct roster_page page = {.row = rows, .cap = 32};
	struct roster_query q = {.filter = ROSTER_ALL};
	int64_t count;

	text_copy(q.text, sizeof(q.text), text);
	OK(desk_roster(s->d, &q, &page, E));
	OK(desk_roster_count(s->d, &q, 1000, &count, E));
	assert_int_equal(count, page.n);
	return page.n == 1 ? rows[0].person : -(int64_t)page.n;
}

static int64_t named(struct site *s, unsigned n, const char *name)
{
	struct registered done;
	struct findings f;
	struct record r;

	person_record(s, &r, n, true);
	assert_int_equal(record_set(&r, F_NAME, name, ORIGIN_CARD), 0);
	OK(desk_register(s->d, &r, &f, &done, E));
	record_release(&r);
	return done.person;
}

static void searched(void **state)
{
	struct site s;
	char number[19];
	int64_t lv, shan, alim, rare;

	(void)state;
	site_make(&s, "jiangmen");
	lv = named(&s, 11, "吕试强");
	shan = named(&s, 12, "单试山");
	alim = named(&s, 13, "阿卜杜热西提·买买提");
	rare = named(&s, 14, "王\xF0\xA0\xAE\xB7试");
	assert_int_equal(found(&s, "吕"), lv);
	assert_int_equal(found(&s, "试强"), lv);
	assert_int_equal(found(&s, "lvshi"), lv);
	assert_int_equal(found(&s, "lushi"), lv);
	assert_int_equal(found(&s, "LÜ"), lv);
	assert_int_equal(found(&s, "lsq"), lv);
	assert_int_equal(found(&s, "danshi"), shan);
	assert_int_equal(found(&s, "shanshi"), shan);
	assert_int_equal(found(&s, "买买提"), alim);
	assert_int_equal(found(&s, "\xF0\xA0\xAE\xB7"), rare);
	person_number(12, number);
	assert_int_equal(found(&s, number), shan);
	assert_int_equal(found(&s, number + 14), shan);
	assert_int_equal(found(&s, "13810000014"), rare);
	assert_int_equal(found(&s, "0014"), rare); /* the phone's last four */
	assert_int_equal(found(&s, "试"), -4); /* three by their names, all by their company (A8) */
	assert_int_equal(found(&s, "99999"), 0);
	assert_int_equal(found(&s, ""), -4);
	site_drop(&s);
}

/* Pages join without a gap or a row twice, forwards and backwards. */
static void paged(void **state)
{
	struct roster_row rows[7];
	struct roster_page page = {.row = rows, .cap = 7};
	struct roster_query q = {.filter = ROSTER_ALL};
	int64_t seen[64];
	size_t n = 0;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	for (unsigned i = 1; i <= 30; i++)
		person_register(&s, i, NULL);
	do {
		OK(desk_roster(s.d, &q, &page, E));
		for (size_t i = 0; i < page.n; i++)
			seen[n++] = rows[i].person;
		q.after = page.last;
	} while (page.more);
	assert_int_equal(n, 30);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(seen[i], seen[k]);
	q.after = page.first;
	q.backwards = true;
	OK(desk_roster(s.d, &q, &page, E));
	assert_int_equal(page.n, 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(rows[i].person, seen[n - 2 - 7 + i]); /* the last page had two rows */
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(planted), cmocka_unit_test(masked),
					   cmocka_unit_test(searched), cmocka_unit_test(paged)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
