/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster: lists, tallies and search against a plain model, over random people and random changes. */
#include "fixture.h"

#include "search_keys.h"
#include "store_private.h"

#define PEOPLE 400
#define VIEWS 5

static const char *const family[] = {"zhang", "wang", "li", "zhao", "ouyang", "lu", "wu", "nan"};
static const char *const family_name[] = {"张", "王", "李", "赵", "欧阳", "吕", "吴", "南"};
static const char *const given[] = {"wei", "na", "fang", "nan", "lin", "annan", "xin", "g"};
static const char *const given_name[] = {"伟", "娜", "芳", "楠", "林", "安南", "鑫", "𠮷"};

struct person { /* the model */
	int64_t id;
	char name[64], pinyin[64], initials[16], sort_key[128], tail[5], phone_tail[5];
	unsigned views;
	int64_t team, participant;
};
static struct person people[PEOPLE];
static int64_t teams[3];
static unsigned seed;

static unsigned pick(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

static void make_person(struct person *p, int n)
{
	unsigned a = pick(ARRAY_LEN(family)), b = pick(ARRAY_LEN(given)),
		 c = pick(2) ? pick(ARRAY_LEN(given)) : ARRAY_LEN(given);
	bool two = c < ARRAY_LEN(given);

	text_format(p->name, sizeof(p->name), "%s%s%s", family_name[a], given_name[b],
		    two ? given_name[c] : "");
	text_format(p->pinyin, sizeof(p->pinyin), "%s%s%s", family[a], given[b], two ? given[c] : "");
	text_format(p->initials, sizeof(p->initials), "%c%c%c", family[a][0], given[b][0],
		    two ? given[c][0] : '\0');
	text_format(p->sort_key, sizeof(p->sort_key), "%s %s", p->pinyin, p->name);
	p->views = 1 | (pick(2) << 1) | (pick(10) == 0) << 2 | pick(4) << 3;
	p->team = pick(4) ? teams[pick(3)] : 0;
	(void)n;
}

static void save(struct fixture *f, const struct person *p)
{
	struct db_member m = {.project = f->project,
			      .person = p->id,
			      .team = p->team,
			      .participant = p->participant,
			      .views = p->views,
			      .entered_on = DATE_NONE,
			      .exited_on = DATE_NONE};
	const char *texts[] = {p->name, p->pinyin, p->initials};

	text_copy(m.name, sizeof(m.name), p->name);
	text_copy(m.sort_key, sizeof(m.sort_key), p->sort_key);
	text_copy(m.tail, sizeof(m.tail), p->tail);
	ok(db_member_save(f->s, &m, texts, 3, &err));
}

static void add_person(struct fixture *f, struct person *p, int n)
{
	struct db_document d = {
		.type = "01", .current = true, .valid_from = DATE_NONE, .valid_to = DATE_NONE};
	struct db_person row = {0};
	char phone[16];

	make_person(p, n);
	text_copy(row.name, sizeof(row.name), p->name);
	ok(db_person_insert(f->s, &row, &p->id, &err));
	d.person = p->id;
	fixture_number(d.number, n * 37);
	ok(db_document_insert(f->s, &d, NULL, &err));
	text_copy(p->tail, sizeof(p->tail), d.number + 14);
	snprintf(phone, sizeof(phone), "1990000%04u", pick(50) * 10 + 1000);
	text_copy(p->phone_tail, sizeof(p->phone_tail), phone + 7);
	if (n % 9 == 0) { /* the same tail in phone and document: one person, once */
		text_copy(phone + 7, sizeof(phone) - 7, p->tail);
		text_copy(p->phone_tail, sizeof(p->phone_tail), p->tail);
	}
	ok(db_phone_set(f->s, p->id, phone, &err));
	p->participant = f->participant;
	save(f, p);
}

static int setup(void **state)
{
	struct fixture *f;
	struct db_team t = {.kind = "worker",
			    .relation = TEAM_OWN,
			    .state = SITE_ENTERED,
			    .entered_on = DATE_NONE,
			    .exited_on = DATE_NONE};

	seed = 20261120;
	fixture_setup(state);
	f = *state;
	ok(store_begin(f->s, &err));
	t.project = f->project;
	t.participant = f->participant;
	for (int i = 0; i < 3; i++) {
		snprintf(t.name, sizeof(t.name), "模板%d班", i);
		ok(db_team_insert(f->s, &t, &teams[i], &err));
	}
	for (int i = 0; i < PEOPLE; i++)
		add_person(f, &people[i], i);
	ok(store_commit(f->s, &err));
	return 0;
}

/* --- the model's answer
 * ------------------------------------------------------------------------------------------------------------
 */

struct place {
	const char *key;
	int64_t person;
};

static bool stands_in(const struct person *p, const struct db_roster_query *r)
{
	if (!(p->views >> r->view & 1))
		return false;
	return r->scope == SCOPE_PROJECT ||
	       (r->scope == SCOPE_TEAM ? p->team : p->participant) == r->scope_id;
}

static const char *best_suffix(const struct person *p, const char *prefix)
{
	const char *texts[] = {p->name, p->pinyin, p->initials}, *best = NULL;

	for (size_t t = 0; t < 3; t++)
		for (const char *s = texts[t]; *s; s++)
			if (((unsigned char)*s & 0xC0) != 0x80 && !strncmp(s, prefix, strlen(prefix)) &&
			    (!best || strcmp(s, best) < 0))
				best = s;
	return best;
}

static const char *model_key(const struct person *p, const struct db_roster_query *r)
{
	if (!stands_in(p, r))
		return NULL;
	if (r->match == MATCH_TEXT)
		return best_suffix(p, r->text);
	if (r->match == MATCH_TAIL)
		return strcmp(p->tail, r->text) && strcmp(p->phone_tail, r->text) ? NULL : "";
	return p->sort_key;
}

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->key, y->key);

	return c ? c : (x->person > y->person) - (x->person < y->person);
}

static size_t model(const struct db_roster_query *r, struct place *out)
{
	size_t n = 0;

	for (int i = 0; i < PEOPLE; i++) {
		const char *key = model_key(&people[i], r);

		if (key)
			out[n++] = (struct place){.key = key, .person = people[i].id};
	}
	qsort(out, n, sizeof(*out), by_place);
	return n;
}

/* --- pages against it
 * --------------------------------------------------------------------------------------------------------------
 */

static void walk(struct fixture *f, struct db_roster_query r, size_t cap)
{
	static struct place want[PEOPLE];
	static struct db_member rows[64];
	size_t n, total = model(&r, want), seen = 0;
	bool more = true;
	char key[MEMBER_KEY] = "";

	for (r.after_person = 0, r.after_key = key; more;) { /* to the end */
		ok(db_roster(f->s, &r, rows, cap, &n, &more, &err));
		for (size_t i = 0; i < n; i++, seen++) {
			assert_true(seen < total);
			assert_int_equal(rows[i].person, want[seen].person);
			assert_string_equal(rows[i].key, want[seen].key);
		}
		assert_int_equal(more, seen < total);
		if (n) {
			text_copy(key, sizeof(key), rows[n - 1].key);
			r.after_person = rows[n - 1].person;
		}
	}
	assert_int_equal(seen, total);
	r.backwards = true;
	r.after_person = 0;
	for (more = true; more;) { /* and back */
		ok(db_roster(f->s, &r, rows, cap, &n, &more, &err));
		for (size_t i = n; i-- > 0;) {
			assert_true(seen > 0);
			seen--;
			assert_int_equal(rows[i].person, want[seen].person);
		}
		if (n) {
			text_copy(key, sizeof(key), rows[0].key);
			r.after_person = rows[0].person;
		}
	}
	assert_int_equal(seen, 0);
}

static void count(struct fixture *f, const struct db_roster_query *r)
{
	static struct place want[PEOPLE];
	size_t total = model(r, want);
	int64_t n;

	ok(db_roster_count(f->s, r, 1000, &n, &err));
	assert_int_equal(n, total);
	ok(db_roster_count(f->s, r, 7, &n, &err));
	assert_int_equal(n, total < 7 ? total : 7);
}

static const char *const searches[] = {"",	 "a",	 "n",	 "an", "na",  "ng",  "ang",  "zhang",
				       "ouyang", "oy",	 "lw",	 "w",  "g",   "zn",  "张",   "楠",
				       "阳",	 "欧阳", "安南", "𠮷", "zzz", "nan", "annan"};

static void compare_all(struct fixture *f)
{
	for (unsigned view = 0; view < VIEWS; view++) {
		for (int scope = 0; scope < 3; scope++) {
			struct db_roster_query r = {.project = f->project,
						    .view = view,
						    .scope = (enum db_scope)scope,
						    .scope_id = scope == SCOPE_TEAM ? teams[view % 3]
								: scope		    ? f->participant
										    : 0};

			for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
				r.match = *searches[i] ? MATCH_TEXT : MATCH_ALL;
				r.text = searches[i];
				walk(f, r, i % 2 ? 7 : 50);
				count(f, &r);
			}
			for (int i = 0; i < PEOPLE; i += 23) {
				r.match = MATCH_TAIL;
				r.text = i % 2 ? people[i].tail : people[i].phone_tail;
				walk(f, r, 3);
				count(f, &r);
			}
		}
	}
}

static void lists_and_searches(void **state)
{
	compare_all(*state);
}

static void long_lists_take_the_other_way(void **state)
{
	struct fixture *f = *state;

	/* a list longer than SMALL_LIST is searched through its suffixes: the tally alone decides, so it is
	 * told to be long */
	tamper(f, "UPDATE tally SET n = n + 5000");
	for (unsigned view = 0; view < VIEWS; view++) {
		struct db_roster_query r = {.project = f->project,
					    .view = view,
					    .scope = SCOPE_TEAM,
					    .scope_id = teams[view % 3],
					    .match = MATCH_TEXT};

		for (size_t i = 1; i < ARRAY_LEN(searches); i++) {
			r.text = searches[i];
			walk(f, r, i % 2 ? 5 : 50);
			count(f, &r);
		}
	}
}

static void changes_move_people(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 3; round++) {
		ok(store_begin(f->s, &err));
		for (int i = 0; i < PEOPLE / 2; i++) {
			struct person *p = &people[pick(PEOPLE)];

			if (pick(3))
				p->views = 1 | pick(16) << 1;
			else
				make_person(p, i); /* another name too */
			p->participant = pick(5) ? f->participant : 0;
			save(f, p);
		}
		ok(store_commit(f->s, &err));
	}
	compare_all(f);
}

static void tallies_are_exact(void **state)
{
	struct fixture *f = *state;
	struct query q;
	int64_t off;

	changes_move_people(state);
	query_open(&q, f->s,
		   "SELECT count(*) FROM tally t WHERE n <> (SELECT count(*) FROM member_view v WHERE "
		   "v.project = t.project AND v.view = t.view"
		   " AND v.scope = t.scope AND v.scope_id = t.scope_id)");
	ok(query_int(&q, &off, -1, &err));
	assert_int_equal(off, 0);
}

static void rows_say_who(void **state)
{
	struct fixture *f = *state;
	struct db_roster_query r = {.project = f->project, .match = MATCH_ALL};
	struct db_member rows[4], one;
	bool more;
	size_t n;

	ok(db_roster(f->s, &r, rows, 4, &n, &more, &err));
	assert_int_equal(n, 4);
	ok(db_member_get(f->s, f->project, rows[0].person, &one, &err));
	assert_string_equal(one.tail, rows[0].tail);
	assert_int_equal(strlen(one.tail), 4);
	assert_string_equal(one.company_name, "某某建工");
	assert_true(uid_valid(one.person_uid));
	fails(db_member_get(f->s, f->project, 99999, &one, &err), ERR_NO_SUCH);
	r.project = 77; /* another project has none of them */
	ok(db_roster(f->s, &r, rows, 4, &n, &more, &err));
	assert_int_equal(n, 0);
	r = (struct db_roster_query){.project = f->project, .match = MATCH_DOCUMENT};
	char number[19];
	fixture_number(number, 5 * 37);
	r.text = number;
	ok(db_roster(f->s, &r, rows, 4, &n, &more, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person, people[5].id);
}

static void keys_of_texts(void **state)
{
	char texts[64] = "abab\n中文\nab";
	struct search_key keys[32];
	static const struct {
		const char *text;
		int shared;
	} want[] = {{"ab", 0}, {"abab", 2}, {"b", 0}, {"bab", 1}, {"中文", 0}, {"文", 0}};
	char out[16];
	size_t n;

	(void)state;
	assert_true(search_first(texts, "b", out, sizeof(out)));
	assert_string_equal(out, "b");
	assert_true(search_first(texts, "ab", out, sizeof(out)));
	assert_string_equal(out, "ab");
	assert_false(search_first(texts, "bb", out, sizeof(out)));
	n = cut_search_keys(texts, keys, 32);
	assert_int_equal(n, ARRAY_LEN(want));
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(keys[i].text, want[i].text);
		assert_int_equal(keys[i].shared, want[i].shared);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)
		cmocka_unit_test(keys_of_texts),
		WITH(lists_and_searches),
		WITH(long_lists_take_the_other_way),
		WITH(changes_move_people),
		WITH(tallies_are_exact),
		WITH(rows_say_who),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
