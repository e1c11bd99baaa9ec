/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contracts (D9): from the registration, by hand, renewed, ended, dissolved; what is listed, what is sent, what a scan must be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/contract.h"
#include "desk_private.h"
#include "desk_site.h"
#include "own_profile.h"
#include "folk.h"

#define DAY (24 * 60 * 60 * 1000LL)
static const char pdf[] = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

static struct platform platform;

static void begin(struct site *s, const char *profile)
{
	memset(&platform, 0, sizeof(platform));
	site_make(s, profile);
}

static int64_t somebody(struct site *s, unsigned n)
{
	char employment[UID_TEXT];
	int64_t p = person_register(s, n, NULL);

	if (person_employment(s, p, employment) == EMPLOYMENT_OFFERED)
		change_arrives(s, "employment.consent", employment, APPLIED);
	return p;
}

static size_t listed(struct site *s, enum contract_filter filter, struct contract_row *rows, size_t cap)
{
	struct contract_page page = {.row = rows, .cap = cap};

	OK(desk_contracts(s->d, &(struct contract_query){.filter = filter}, &page, E));
	return page.n;
}

static size_t of_person(struct site *s, int64_t p, struct contract_row *rows, size_t cap)
{
	struct contract_page page = {.row = rows, .cap = cap};

	OK(desk_contracts(s->d, &(struct contract_query){.person = p}, &page, E));
	return page.n;
}

static void fold_is_state(struct site *s, int64_t id)
{
	struct contract_row row;
	int state;

	OK(desk_contract_get(s->d, id, &row, E));
	OK(deed_fold(s->d, CYCLE_CONTRACT, id, &state, E));
	assert_int_equal(state, row.state);
}

static struct db_employment employment_of(struct site *s, int64_t p)
{
	struct folk f;

	OK(folk_load(s->d, p, &f, E));
	return f.employment;
}

static date_t day(const char *text)
{
	date_t d;

	assert_true(date_parse(text, &d));
	return d;
}

static void from_the_registration(void **state)
{
	struct contract_row rows[4];
	struct findings f;
	struct record r;
	struct site s;
	int changed;
	int64_t p;

	(void)state;
	begin(&s, "national");
	p = somebody(&s, 1);
	assert_int_equal(of_person(&s, p, rows, 4), 1);
	assert_int_equal(rows[0].state, CONTRACT_IN_FORCE);
	assert_int_equal(rows[0].ends_on, day("2028-12-31"));
	assert_string_equal(rows[0].kind, "0");
	assert_false(rows[0].has_price || rows[0].has_scan);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.add"), 0); /* the employment carries it */
	/* Mending the registration mends the same contract. */
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_CONTRACT_TO, "2029-06-30", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(of_person(&s, p, rows, 4), 1);
	assert_int_equal(rows[0].ends_on, day("2029-06-30"));
	fold_is_state(&s, rows[0].id);
	/* One that was dissolved does not come back with the next save. */
	OK(desk_contract_act(s.d, rows[0].id, EVENT_CONTRACT_TERMINATE, DATE_NONE, "双方同意", NULL, E));
	assert_false(employment_of(&s, p).contract);
	assert_int_equal(record_set(&r, F_WAGE, "700000", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(of_person(&s, p, rows, 4), 1);
	assert_false(employment_of(&s, p).contract);
	record_release(&r);
	site_drop(&s);
}

static void checks(void **state)
{
	struct contract_new c = {.kind = "9", .starts_on = DATE_NONE, .ends_on = DATE_NONE, .unit = "99", .price = -1};
	struct contract_findings f;
	struct err e = {ERR_NONE};
	struct site s;
	int64_t id;

	(void)state;
	begin(&s, "jiangmen");
	c.person = somebody(&s, 1);
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	assert_string_equal(f.item[0].field, "kind");
	assert_string_equal(f.item[1].field, "starts_on");
	c = (struct contract_new){.person = c.person, .kind = "0", .starts_on = day("2027-01-01"), .ends_on = DATE_NONE, .price = -1};
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1); /* a fixed term has an end */
	assert_string_equal(f.item[0].field, "ends_on");
	c.ends_on = day("2026-12-31");
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1); /* before it begins */
	c.kind = "1";
	c.ends_on = DATE_NONE;
	OK(desk_contract_add(s.d, &c, &f, &id, E)); /* until the work is done */
	c.price = 4550;
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1); /* a price of what? */
	assert_string_equal(f.item[0].field, "unit");
	site_drop(&s);
	begin(&s, "national");
	c.person = somebody(&s, 1);
	c.price = -1;
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1); /* here every contract has an end (D3) */
	assert_string_equal(f.item[0].field, "ends_on");
	site_login(&s, "manager");
	c.ends_on = day("2028-01-01");
	assert_int_equal(desk_contract_add(s.d, &c, &f, &id, &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_drop(&s);
}

/* Drafted, signed, renewed, ended; each by its day, and what is sent in its order. */
static void one_after_the_other(void **state)
{
	struct contract_new c = {.kind = "W", .unit = "81", .price = 4550, .draft = true};
	struct contract_row rows[4];
	struct err e = {ERR_NONE};
	char warning[200];
	struct site s;
	int64_t p, first, id, price;

	(void)state;
	begin(&s, "national");
	p = somebody(&s, 1);
	assert_int_equal(of_person(&s, p, rows, 4), 1);
	first = rows[0].id;
	c.person = p;
	c.renews = first;
	c.starts_on = day("2029-01-01");
	c.ends_on = day("2029-12-31");
	OK(desk_contract_add(s.d, &c, NULL, &id, E));
	assert_int_equal(listed(&s, CONTRACTS_DRAFTED, rows, 4), 1);
	assert_string_equal(rows[0].unit_word, "平方米");
	assert_true(rows[0].has_price);
	OK(desk_contract_price(s.d, id, &price, E));
	assert_int_equal(price, 4550);
	assert_int_equal(employment_of(&s, p).ends_on, day("2028-12-31")); /* a draft changes nothing */
	assert_int_equal(desk_contract_act(s.d, id, EVENT_CONTRACT_END, DATE_NONE, NULL, NULL, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_int_equal(desk_contract_act(s.d, first, EVENT_CONTRACT_END, DATE_NONE, NULL, NULL, &e), -1);
	assert_true(strstr(e.detail, "2028-12-31") != NULL); /* not before its day */
	clock_add((day("2029-01-01") - date_today()) * DAY);
	assert_int_equal(listed(&s, CONTRACTS_EXPIRED, rows, 4), 1);
	assert_string_equal(rows[0].says, "已过 1 天");
	assert_int_equal(rows[0].state, CONTRACT_IN_FORCE); /* our clock ends none */
	OK(desk_contract_act(s.d, id, EVENT_CONTRACT_SIGN, DATE_NONE, NULL, warning, E));
	assert_string_equal(warning, "");
	assert_int_equal(listed(&s, CONTRACTS_EXPIRED, rows, 4), 0);
	assert_int_equal(listed(&s, CONTRACTS_OVER, rows, 4), 1); /* the one before has gone with the signing */
	assert_int_equal(rows[0].id, first);
	assert_int_equal(employment_of(&s, p).ends_on, day("2029-12-31"));
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.add"), 2); /* the registration's, before it could end; the new one */
	assert_int_equal(platform_count(&platform, "contract.end"), 1);
	assert_int_equal(platform.out_of_order, 0);
	c.ends_on = day("2029-11-30");
	OK(desk_contract_edit(s.d, id, &c, NULL, E));
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.amend"), 1);
	OK(desk_contract_act(s.d, id, EVENT_CONTRACT_TERMINATE, DATE_NONE, "双方同意", warning, E));
	assert_true(strstr(warning, "没有在期的合同") != NULL);
	assert_int_equal(desk_contract_edit(s.d, id, &c, NULL, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	fold_is_state(&s, first);
	fold_is_state(&s, id);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.terminate"), 1);
	site_drop(&s);
}

static void lists(void **state)
{
	struct contract_row rows[4];
	struct contract_page page = {.row = rows, .cap = 2};
	struct contract_query q = {.filter = CONTRACTS_IN_FORCE};
	int64_t expiring, expired;
	date_t last = 0;
	struct site s;
	size_t seen = 0;

	(void)state;
	begin(&s, "national");
	for (unsigned i = 1; i <= 5; i++) {
		struct contract_new c = {.kind = "0", .starts_on = date_today(), .price = -1};

		c.person = somebody(&s, i);
		c.ends_on = date_today() + (date_t)(6 - i) * 10; /* 50, 40, 30, 20, 10 days */
		of_person(&s, c.person, rows, 4);
		OK(desk_contract_edit(s.d, rows[0].id, &c, NULL, E));
	}
	assert_int_equal(listed(&s, CONTRACTS_EXPIRING, rows, 4), 3); /* the thirtieth day is one of them */
	assert_string_equal(rows[0].says, "还有 10 天");
	do {
		OK(desk_contracts(s.d, &q, &page, E));
		for (size_t i = 0; i < page.n; i++, seen++) {
			assert_true(rows[i].ends_on >= last);
			last = rows[i].ends_on;
		}
		q.after_due = page.last_due;
		q.after_id = page.last_id;
	} while (page.more);
	assert_int_equal(seen, 5);
	clock_add(11 * DAY);
	OK(desk_contract_counts(s.d, &expiring, &expired, E));
	assert_int_equal(expired, 1);
	assert_int_equal(expiring, 3);
	site_drop(&s);
}

static void entry_asks_for_one(void **state)
{
	struct contract_row rows[4];
	struct verdict v;
	struct site s;
	int64_t p;

	(void)state;
	begin(&s, "national");
	p = somebody(&s, 1);
	of_person(&s, p, rows, 4);
	OK(desk_contract_act(s.d, rows[0].id, EVENT_CONTRACT_TERMINATE, DATE_NONE, NULL, NULL, E));
	site_login(&s, "manager");
	person_act(&s, p, EVENT_SUBMIT);
	person_cannot(&s, p, EVENT_ENTER, &v);
	assert_true(strstr(v.why, "劳动合同") != NULL);
	site_drop(&s);
}

static char *pdf_of(size_t n)
{
	char *made = malloc(n);

	assert_non_null(made);
	memset(made, ' ', n);
	memcpy(made, pdf, 8);
	memcpy(made + n - 6, "%%EOF\n", 6);
	return made;
}

/* STD WorkerContract.Add: 1 MB of Base64. A scan that would not go with its contract is refused where it can be scanned again. */
static void a_scan_that_the_platform_does_not_take(void **state)
{
	const size_t most = (1u << 20) / 4 * 3 - 3; /* the last byte of the text is its end */
	char *large = pdf_of(most + 1), *fits = pdf_of(most);
	struct contract_row rows[4];
	struct err e = {ERR_NONE};
	struct own_profile own;
	struct site s;

	(void)state;
	own_profile_make(&own, "open_api/open_api.json");
	site_profiles = own.dir;
	begin(&s, "open_api");
	of_person(&s, somebody(&s, 1), rows, 4);
	assert_int_equal(desk_contract_set_scan(s.d, rows[0].id, large, most + 1, &e), -1);
	assert_int_equal(e.code, ERR_SCAN_PLATFORM);
	OK(desk_contract_set_scan(s.d, rows[0].id, fits, most, E));
	free(large);
	free(fits);
	site_drop(&s);
	site_profiles = PROFILE_DIR;
	own_profile_drop(&own);
}

static void the_scan(void **state)
{
	struct contract_row rows[4];
	struct err e = {ERR_NONE};
	struct buf out;
	char path[] = "/tmp/shiming-scan-XXXXXX";
	char *big = calloc(1, CONTRACT_SCAN_MAX + 1);
	struct site s;
	int64_t p;
	int fd;

	(void)state;
	assert_non_null(big);
	begin(&s, "national");
	p = somebody(&s, 1);
	of_person(&s, p, rows, 4);
	buf_init(&out, CONTRACT_SCAN_MAX + 1);
	assert_int_equal(desk_contract_open_scan(s.d, rows[0].id, &out, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	assert_int_equal(desk_contract_set_scan(s.d, rows[0].id, "\xFF\xD8 a picture, no contract", 25, &e), -1);
	assert_int_equal(e.code, ERR_SCAN_FORMAT);
	assert_int_equal(desk_contract_set_scan(s.d, rows[0].id, pdf, sizeof(pdf) - 8, &e), -1); /* cut short */
	assert_int_equal(e.code, ERR_SCAN_FORMAT);
	assert_int_equal(desk_contract_set_scan(s.d, rows[0].id, big, CONTRACT_SCAN_MAX + 1, &e), -1);
	assert_int_equal(e.code, ERR_SCAN_LARGE);
	free(big);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, pdf, sizeof(pdf) - 1), sizeof(pdf) - 1);
	close(fd);
	OK(desk_contract_read_file(path, &out, E));
	unlink(path);
	OK(desk_contract_set_scan(s.d, rows[0].id, out.data, out.len, E));
	of_person(&s, p, rows, 4);
	assert_true(rows[0].has_scan);
	OK(desk_contract_open_scan(s.d, rows[0].id, &out, E));
	assert_int_equal(out.len, sizeof(pdf) - 1);
	assert_memory_equal(out.data, pdf, out.len);
	buf_wipe_release(&out);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.add"), 1); /* with the scan's hash */
	OK(desk_contract_set_scan(s.d, rows[0].id, pdf, sizeof(pdf) - 1, E));
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "contract.amend"), 1);
	fold_is_state(&s, rows[0].id);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_registration), cmocka_unit_test(checks), cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(lists),		 cmocka_unit_test(entry_asks_for_one), cmocka_unit_test(the_scan),
		cmocka_unit_test(a_scan_that_the_platform_does_not_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
