/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings: one case a line. A good record, one thing changed, and what must (or must not) be said (A4, A9,
 * D2, D3). */
#include <string.h>

#include "base/text.h"
#include "check.h"
#include "desk_site.h"

struct put {
	enum field_id field;
	const char *value;
};
struct finding_case {
	const char *what;
	const char *profile;
	bool card;
	struct put put[3];
	enum field_id field;
	enum severity severity; /* SEVERITY_NONE: the rule must not speak */
	const char *rule;
};

#define N "national"
#define J "jiangmen"
static const struct finding_case cases[] = {
	{"phone is required there", N, true, {{F_PHONE, ""}}, F_PHONE, SEVERITY_BLOCK, "required"},
	{"and not here", J, true, {{F_PHONE, ""}}, F_PHONE, SEVERITY_NONE, "required"},
	{"authority only when typed", J, false, {{F_AUTHORITY, ""}}, F_AUTHORITY, SEVERITY_BLOCK, "required"},
	{"authority on a card", J, true, {{F_AUTHORITY, ""}}, F_AUTHORITY, SEVERITY_NONE, "required"},
	{"trade", J, true, {{F_TRADE, ""}}, F_TRADE, SEVERITY_BLOCK, "required"},
	{"contract end", N, true, {{F_CONTRACT_TO, ""}}, F_CONTRACT_TO, SEVERITY_BLOCK, "required"},
	{"check digit", N, false, {{F_NUMBER, "110199199001011230"}},
	 F_NUMBER, SEVERITY_BLOCK, "check_digit"},
	{"too short", N, false, {{F_NUMBER, "11019919900101"}}, F_NUMBER, SEVERITY_BLOCK, "document_shape"},
	{"no such day", N, false, {{F_NUMBER, "110199199013011237"}},
	 F_NUMBER, SEVERITY_BLOCK, "document_birth"},
	{"no such province", N, false, {{F_NUMBER, "990199199001011237"}},
	 F_NUMBER, SEVERITY_BLOCK, "document_region"},
	{"a pass has no such form", N, false, {{F_DOC_TYPE, "08"}, {F_NUMBER, "E12345678"}, {F_BIRTH, "1990-01-01"}},
	 F_NUMBER, SEVERITY_NONE, "document_shape"},
	{"sex against number, typed", N, false, {{F_SEX, "female"}}, F_SEX, SEVERITY_BLOCK, "sex_number"},
	{"sex against number, card", N, true, {{F_SEX, "female"}}, F_SEX, SEVERITY_WARN, "sex_number"},
	{"birth against number", N, false, {{F_BIRTH, "1990-02-02"}},
	 F_BIRTH, SEVERITY_BLOCK, "birth_number"},
	{"birth to come", N, false, {{F_BIRTH, "2030-02-02"}}, F_BIRTH, SEVERITY_BLOCK, "birth_future"},
	{"fifteen years old", N, true, {{F_NUMBER, ""}, {F_BIRTH, "2010-11-21"}},
	 F_BIRTH, SEVERITY_BLOCK, "under_age"},
	{"sixteen today", N, true, {{F_NUMBER, ""}, {F_BIRTH, "2010-11-20"}},
	 F_BIRTH, SEVERITY_NONE, "under_age"},
	{"man of sixty", N, true, {{F_NUMBER, ""}, {F_BIRTH, "1966-11-20"}},
	 F_BIRTH, SEVERITY_WARN, "over_age"},
	{"man of fifty-nine", N, true, {{F_NUMBER, ""}, {F_BIRTH, "1966-11-21"}},
	 F_BIRTH, SEVERITY_NONE, "over_age"},
	{"card expired yesterday", N, true, {{F_VALID_TO, "2026-11-19"}},
	 F_VALID_TO, SEVERITY_WARN, "expired_card"},
	{"card valid today", N, true, {{F_VALID_TO, "2026-11-20"}},
	 F_VALID_TO, SEVERITY_NONE, "expired_card"},
	{"long-term card", N, true, {{F_VALID_TO, "long-term"}}, F_VALID_TO, SEVERITY_NONE, "expired_card"},
	{"validity backwards", N, true, {{F_VALID_TO, "2018-04-30"}}, F_VALID_TO, SEVERITY_BLOCK, "validity"},
	{"long-term contract", N, true, {{F_CONTRACT_TO, "long-term"}},
	 F_CONTRACT_TO, SEVERITY_BLOCK, "date"},
	{"contract backwards", N, true, {{F_CONTRACT_TO, "2026-11-19"}},
	 F_CONTRACT_TO, SEVERITY_BLOCK, "contract_order"},
	{"contract of one day", N, true, {{F_CONTRACT_TO, "2026-11-20"}},
	 F_CONTRACT_TO, SEVERITY_NONE, "contract_order"},
	{"contract before completion", N, true, {{F_CONTRACT_TO, "2027-06-29"}},
	 F_CONTRACT_TO, SEVERITY_WARN, "contract_completion"},
	{"contract to completion", N, true, {{F_CONTRACT_TO, "2027-06-30"}},
	 F_CONTRACT_TO, SEVERITY_NONE, "contract_completion"},
	{"no such date", N, true, {{F_CONTRACT_TO, "2027-02-30"}}, F_CONTRACT_TO, SEVERITY_BLOCK, "date"},
	{"phone of ten digits", N, true, {{F_PHONE, "1381234567"}}, F_PHONE, SEVERITY_BLOCK, "phone"},
	{"phone 12…", N, true, {{F_PHONE, "12812345678"}}, F_PHONE, SEVERITY_BLOCK, "phone"},
	{"landline", N, true, {{F_PHONE, "0573-88001234"}}, F_PHONE, SEVERITY_WARN, "phone_fixed"},
	{"own phone in emergency", N, true, {{F_PHONE, "13812345678"}, {F_EMERGENCY_PHONE, "13812345678"}},
	 F_EMERGENCY_PHONE, SEVERITY_WARN, "same_phone"},
	{"digit in a name", N, false, {{F_NAME, "张3"}}, F_NAME, SEVERITY_BLOCK, "name"},
	{"blank in a Chinese name", N, false, {{F_NAME, "张 试"}}, F_NAME, SEVERITY_BLOCK, "name"},
	{"Uyghur name", N, false, {{F_NAME, "阿卜杜热西提·买买提"}}, F_NAME, SEVERITY_NONE, "name"},
	{"Latin name", N, false, {{F_NAME, "Juan de la Cruz"}}, F_NAME, SEVERITY_NONE, "name"},
	{"rare character", N, false, {{F_NAME, "王\xF0\xA0\xAE\xB7"}}, F_NAME, SEVERITY_NONE, "name"},
	{"no such code", N, true, {{F_TRADE, "ZZZ"}}, F_TRADE, SEVERITY_BLOCK, "code"},
	{"wage with letters", N, true, {{F_WAGE, "many"}}, F_WAGE, SEVERITY_BLOCK, "money"},
	{"bank card too short", N, true, {{F_BANK_NUMBER, "62220"}},
	 F_BANK_NUMBER, SEVERITY_BLOCK, "bank_card"},
	{"bank card check digit", N, true, {{F_BANK_NUMBER, "6222020000000000001"}},
	 F_BANK_NUMBER, SEVERITY_WARN, "bank_card_digit"},
	{"bank missing", N, true, {{F_BANK, ""}}, F_BANK, SEVERITY_WARN, "bank_missing"},
	{"foreign team", N, true, {{F_TEAM, "018f0000-0000-7000-8000-000000000000"}},
	 F_TEAM, SEVERITY_BLOCK, "team"},
	{"foreign company", N, true, {{F_COMPANY, "018f0000-0000-7000-8000-000000000000"}},
	 F_COMPANY, SEVERITY_BLOCK, "company"},
	{"manager in a workers' team", N, true, {{F_ROLE, "10"}, {F_TRADE, "P01"}},
	 F_TEAM, SEVERITY_WARN, "team_kind"},
	{"trained tomorrow", N, true, {{F_TRAINED_ON, "2026-11-21"}},
	 F_TRAINED_ON, SEVERITY_BLOCK, "trained_future"},
	{"trained long ago", N, true, {{F_TRAINED_ON, "2025-11-19"}},
	 F_TRAINED_ON, SEVERITY_WARN, "training_lapsed"},
	{"trained a year ago", N, true, {{F_TRAINED_ON, "2025-11-20"}},
	 F_TRAINED_ON, SEVERITY_NONE, "training_lapsed"},
	{"union before birth", N, true, {{F_UNION_DATE, "1950-01-01"}},
	 F_UNION_DATE, SEVERITY_BLOCK, "union_date"},
};

static struct site sites[2];

static struct site *site_of(const char *profile)
{
	return &sites[strcmp(profile, J) == 0];
}

static const struct finding *said(const struct findings *f, enum field_id field, const char *rule)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].field == field && strcmp(f->item[i].rule, rule) == 0)
			return &f->item[i];
	return NULL;
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct finding_case *c = &cases[i];
		struct site *s = site_of(c->profile);
		const struct finding *found;
		struct findings all, one;
		struct record r;

		person_record(s, &r, 1, c->card);
		for (size_t k = 0; k < ARRAY_LEN(c->put) && c->put[k].value; k++)
			assert_int_equal(record_set(&r, c->put[k].field, c->put[k].value,
						    c->card ? ORIGIN_CARD : ORIGIN_TYPED),
					 0);
		if (c->field == F_NAME)
			r.origin[F_NAME] = ORIGIN_TYPED;
		OK(desk_check_record(s->d, &r, &all, E));
		found = said(&all, c->field, c->rule);
		if (!found != (c->severity == SEVERITY_NONE) || (found && found->severity != c->severity))
			fail_msg("%s: %s", c->what,
				 found ? "said with another severity, or at all" : "not said");
		OK(desk_check_field(s->d, &r, c->field, &one, E));
		if (found && !said(&one, c->field, c->rule))
			fail_msg("%s: not said at the field", c->what);
		for (size_t k = 0; k < one.n; k++)
			assert_int_equal(one.item[k].field, c->field);
		for (size_t k = 0; k < all.n; k++) {
			assert_true(all.item[k].sentence[0] != '\0');
			assert_true(k == 0 || all.item[k - 1].field <= all.item[k].field);
		}
		record_release(&r);
	}
}

/* A good record has nothing against it, and what is said never repeats what was typed. */
static void good_record(void **state)
{
	static const char *const secrets[] = {"张3测", "110199199001011230", "62220999"};
	struct findings f;
	struct record r;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		person_record(&sites[i], &r, 1, i == 0);
		assert_int_equal(record_set(&r, F_BANK, "102", ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_BANK_NUMBER, "6222020000000000000", ORIGIN_TYPED), 0);
		OK(desk_check_record(sites[i].d, &r, &f, E));
		for (size_t k = 0; k < f.n; k++)
			if (f.item[k].severity == SEVERITY_BLOCK)
				fail_msg("%s: %s", f.item[k].rule, f.item[k].sentence);
		assert_int_equal(record_set(&r, F_NAME, secrets[0], ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_NUMBER, secrets[1], ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_BANK_NUMBER, secrets[2], ORIGIN_TYPED), 0);
		OK(desk_check_record(sites[i].d, &r, &f, E));
		assert_true(f.n >= 3);
		for (size_t k = 0; k < f.n; k++)
			for (size_t w = 0; w < ARRAY_LEN(secrets); w++)
				assert_null(strstr(f.item[k].sentence, secrets[w]));
		record_release(&r);
	}
}

static void completing(void **state)
{
	struct site *s = &sites[0];
	struct record r;
	char number[19];

	(void)state;
	record_init(&r);
	person_number(1, number);
	assert_int_equal(record_set(&r, F_NUMBER, number, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_TEAM, s->team, ORIGIN_TYPED), 0);
	OK(desk_complete_record(s->d, &r, E));
	assert_string_equal(record_get(&r, F_SEX), "male");
	assert_string_equal(record_get(&r, F_BIRTH), "1976-02-02");
	assert_int_equal(r.origin[F_BIRTH], ORIGIN_DERIVED);
	assert_string_equal(record_get(&r, F_COMPANY), s->labour);
	assert_string_equal(record_get(&r, F_CONTRACT_FROM), "2026-11-20"); /* "today" by default */
	assert_string_equal(record_get(&r, F_DOC_TYPE), "01");
	/* Mending the number moves what was derived; what was typed stays. */
	person_number(2, number);
	assert_int_equal(record_set(&r, F_NUMBER, number, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_SEX, "female", ORIGIN_TYPED), 0);
	OK(desk_complete_record(s->d, &r, E));
	assert_string_equal(record_get(&r, F_BIRTH), "1977-03-03");
	assert_string_equal(record_get(&r, F_SEX), "female");
	record_release(&r);
}

static int setup(void **state)
{
	(void)state;
	site_make(&sites[0], N);
	OK(desk_setting_set(sites[0].d, "project.completion", "2027-06-30", E));
	site_make(&sites[1], J);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	site_drop(&sites[0]);
	site_drop(&sites[1]);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(table), cmocka_unit_test(good_record),
					   cmocka_unit_test(completing)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
