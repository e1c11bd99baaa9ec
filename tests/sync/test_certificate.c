/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R5, S6: a real platform over real TLS whose certificate another authority signed: the trouble is named,
 * nothing leaves this box, nothing counts as sent; with the right authority the same rows go through.
 */
#include <sys/stat.h>

#include "desk/desk_site.h"

#include "base/text.h"
#include "platform/certs.h"
#include "sync/native.h"
#include "sync/place.h"
#include "sync/runner.h"

static enum err_code pass(struct site *s, struct http *line)
{
	struct native_self native = {.http = NULL};
	struct runner run = {
		.desk = s->d, .dialect = &dialect_native, .self = &native, .line = http_transport(line)};
	struct err e = {ERR_NONE};
	enum err_code code = runner_pass(&run, true, &e) ? e.code : ERR_NONE;

	http_close(line);
	return code;
}

static int64_t in_state(struct site *s, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(s->d, &c, E));
	return c.state[state];
}

static void certificate__of_another_authority(void **state)
{
	static const char *const left_out[] = {"--left-out", "register", "--left-out", "done", NULL};
	char other[96];
	struct http_options foreign = {.token = PLACE_TOKEN, .ca_file = other, .timeout_ms = 20000};
	struct http *line;
	struct place place;
	int64_t ready;
	struct site s;

	(void)state;
	place_open(&place);
	place_start(&place, left_out);
	site_make(&s, "national");
	for (unsigned i = 0; i < 3; i++)
		person_register(&s, i, NULL);
	site_send_all(&s);
	ready = in_state(&s, OUTBOX_READY);
	assert_true(ready >= 6);
	text_format(other, sizeof(other), "%s/other", place.dir);
	assert_int_equal(mkdir(other, 0700), 0);
	OK(certs_make(other, NULL, 0, E));
	text_format(other, sizeof(other), "%s/other/" CERTS_CA, place.dir);
	foreign.base_url = place.url;
	OK(http_open(&line, &foreign, E));
	assert_int_equal(pass(&s, line), ERR_NET_TLS);
	assert_int_equal(in_state(&s, OUTBOX_READY), ready);
	assert_int_equal(place_requests(&place), 0);
	assert_int_equal(place_count(&place, "person", ""), 0);
	assert_int_equal(pass(&s, place_http(&place)), ERR_NONE);
	assert_int_equal(in_state(&s, OUTBOX_ACCEPTED), ready);
	assert_int_equal(place_count(&place, "person", ""), 3);
	site_drop(&s);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(certificate__of_another_authority)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
