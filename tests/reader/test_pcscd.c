/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's whole way through a real pcscd with the built driver. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/rig.h"

static void test_read(void **state)
{
	struct card_event ev;
	struct rig r;

	(void)state;
	rig_start(&r, 1, NULL);
	rig_expect(&r, CARD_EVENT_READER, &ev);
	assert_int_equal(ev.reader_kind, CARD_READER_SAMV);
	assert_string_equal(ev.reader, "Test Reader A 00 00");
	rig_sim(&r, 0, "place wang-daqiang");
	rig_expect(&r, CARD_EVENT_CARD, &ev);
	rig_next(&r, &ev);
	assert_int_equal(ev.kind, CARD_EVENT_READING);
	rig_next(&r, &ev);
	assert_int_equal(ev.kind, CARD_EVENT_READ);
	assert_string_equal(ev.card.name, "王大强");
	assert_true(ev.card.has_photo);
	assert_int_equal(ev.card.checks, 0);
	rig_sim(&r, 0, "remove");
	rig_next(&r, &ev);
	assert_int_equal(ev.kind, CARD_EVENT_CARD_GONE);
	rig_stop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
