/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L8: two boxes of one firm, one platform. Whom one site registered is known at the next when the card is read, with where he worked; and where
 * the platform shares nothing, nothing is known and the same document is a second person. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "desk/desk_site.h"

#include "base/text.h"
#include "desk/dossier.h"
#include "desk/elsewhere.h"
#include "sync/once.h"
#include "sync/place.h"

#define SECOND_TOKEN "token-of-the-second-box"
#define WORKER 7

struct firm {
	struct place place;
	struct site first, second;
	struct buf said;
};

static void connect_site(struct firm *f, struct site *s, const char *token)
{
	OK(desk_setting_set(s->d, "platform.url", f->place.url, E));
	OK(desk_setting_set(s->d, "platform.token", token, E));
	OK(desk_setting_set(s->d, "platform.ca_file", f->place.ca, E));
}

static void firm_open(struct firm *f, const char *share)
{
	const char *const more[] = {"--left-out", "register", "--left-out", "done", "--token",	  "second=" SECOND_TOKEN, share, NULL};

	place_open(&f->place);
	place_start(&f->place, more);
	site_make(&f->first, "national");
	site_make(&f->second, "national");
	connect_site(f, &f->first, PLACE_TOKEN);
	connect_site(f, &f->second, SECOND_TOKEN);
	buf_init(&f->said, 8192);
}

static void firm_close(struct firm *f)
{
	buf_release(&f->said);
	site_drop(&f->first);
	site_drop(&f->second);
	place_close(&f->place);
}

/* Registered, agreed to, assigned, entered, and all of it with the platform. */
static int64_t on_site(struct firm *f, struct site *s, unsigned n)
{
	int64_t p = person_register(s, n, NULL);

	assert_int_equal(sync_once(s->d, NULL, "--now", &f->said), 0);
	cJSON_Delete(place_say(&f->place, "consent all"));
	assert_int_equal(sync_once(s->d, NULL, NULL, &f->said), 0);
	person_act(s, p, EVENT_SUBMIT);
	site_login(s, "manager");
	person_act(s, p, EVENT_CONFIRM);
	person_act(s, p, EVENT_ENTER);
	assert_int_equal(sync_once(s->d, NULL, "--now", &f->said), 0);
	return p;
}

/* Asks as the form does when a card is read. */
static struct elsewhere ask(struct site *s, unsigned n, int *got)
{
	int64_t until = clock_steady_ms() + 20000;
	struct errand *r = NULL;
	struct elsewhere x;
	struct err e = {0};
	char number[19];

	person_number(n, number);
	OK(desk_elsewhere_ask(s->d, number, &r, E));
	while (!(*got = desk_elsewhere_read(r, &x, &e)) && clock_steady_ms() < until) {
		struct pollfd p = {.fd = desk_errand_fd(r), .events = POLLIN};

		poll(&p, 1, 1000);
	}
	desk_errand_end(r);
	assert_int_not_equal(*got, 0);
	return x;
}

static void share__known_at_the_next_site(void **state)
{
	struct work_row work[4];
	struct elsewhere x;
	struct record was;
	int64_t at_first, at_second;
	struct firm f;
	size_t n;
	int got;

	(void)state;
	firm_open(&f, "--share");
	at_first = on_site(&f, &f.first, WORKER);
	assert_int_equal(place_applied(&f.place, "person"), 1);

	x = ask(&f.second, WORKER, &got);
	assert_int_equal(got, 1);
	assert_true(x.known);
	record_init(&was);
	OK(desk_person_record(f.first.d, at_first, &was, E));
	assert_string_equal(record_get(&x.record, F_PHONE), record_get(&was, F_PHONE));
	assert_int_equal(x.record.origin[F_PHONE], ORIGIN_PLATFORM);
	assert_string_equal(record_get(&x.record, F_WAGE), ""); /* what he earned there stays there */
	assert_string_equal(record_get(&x.record, F_TEAM), "");
	record_release(&was);
	assert_int_equal(x.n, 1);
	assert_string_equal(x.work[0].team, "木工一班");
	assert_string_equal(x.work[0].contractor, "青禾试劳有限公司");
	assert_int_equal(x.work[0].entered_on, date_today());
	desk_elsewhere_release(&x);
	x = ask(&f.second, WORKER + 1, &got); /* nobody knows this one */
	assert_int_equal(got, 1);
	assert_false(x.known);
	desk_elsewhere_release(&x);

	/* registered there: the same person, not a second one; his file says where he is */
	at_second = on_site(&f, &f.second, WORKER);
	assert_int_equal(place_applied(&f.place, "person"), 2); /* a record each */
	OK(desk_work_history(f.second.d, at_second, work, 4, &n, E));
	assert_int_equal(n, 2);
	assert_true(work[1].elsewhere || work[0].elsewhere);
	assert_string_equal(work[work[0].elsewhere ? 0 : 1].state, "平台：在场");

	/* he leaves the first site: the second hears of it, and the later word stands in the place of the earlier */
	person_act(&f.first, at_first, EVENT_EXIT);
	assert_int_equal(sync_once(f.first.d, NULL, "--now", &f.said), 0);
	assert_int_equal(sync_once(f.second.d, NULL, NULL, &f.said), 0);
	OK(desk_work_history(f.second.d, at_second, work, 4, &n, E));
	assert_int_equal(n, 2);
	assert_string_equal(work[work[0].elsewhere ? 0 : 1].state, "平台：已退场");
	assert_int_equal(work[work[0].elsewhere ? 0 : 1].exited_on, date_today());
	/* and the first hears of the second */
	assert_int_equal(sync_once(f.first.d, NULL, NULL, &f.said), 0);
	OK(desk_work_history(f.first.d, at_first, work, 4, &n, E));
	assert_int_equal(n, 2);
	assert_string_equal(work[work[0].elsewhere ? 0 : 1].state, "平台：在场");
	firm_close(&f);
}

static void share__not_shared(void **state)
{
	struct elsewhere x;
	struct errand *r = NULL;
	struct err e = {0};
	struct firm f;
	int got;

	(void)state;
	firm_open(&f, NULL);
	person_register(&f.first, WORKER, NULL);
	assert_int_equal(sync_once(f.first.d, NULL, "--now", &f.said), 0);
	x = ask(&f.second, WORKER, &got);
	assert_int_equal(got, -1);
	assert_false(x.known);
	desk_elsewhere_release(&x);
	assert_int_equal(desk_elsewhere_ask(f.second.d, "11019919900101001X", &r, &e), -1); /* not asked a second time */
	assert_int_equal(e.code, ERR_NET_NOT_CONFIGURED);
	person_register(&f.second, WORKER, NULL);
	assert_int_equal(sync_once(f.second.d, NULL, "--now", &f.said), 1);
	assert_int_equal(place_applied(&f.place, "person"), 1);
	firm_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(share__known_at_the_next_site),
		cmocka_unit_test(share__not_shared),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	setenv("SHIMING_PROFILES", PROFILE_DIR, 1);
	setenv("SHIMING_CLOCK", "2026-11-20T06:00:00Z", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
