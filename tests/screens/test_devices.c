/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H2, H4, U6 as the clerk meets them: a device's form that is left half filled, and whom a device has
 * collected, from the day's count to the file. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/device.h"
#include "desk/gateway.h"

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open(s, "xterm-256color");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void devices__half_a_form_is_kept(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "o7");
	stage_on(s, "devices");
	stage_keys(s, "nSHEBEI01<Tab><Tab>南门 2 号<Esc>");
	stage_expect(s, "留作草稿");
	stage_keys(s, "<Esc>e");
	stage_on(s, "drafts");
	stage_expect(s, "▶ 考勤设备");
	stage_keys(s, "<Enter>");
	stage_on(s, "device_form");
	stage_expect(s, "SHEBEI01");
	stage_expect(s, "南门 2 号");
	stage_keys(s, "<Tab>乱写<F2>");
	stage_expect(s, "没有这一项");
	stage_keys(s, "<F6>考勤设备<F2>");
	stage_expect(s, "已登记设备");
	stage_on(s, "menu");
	stage_keys(s, "e");
	stage_expect(s, "没有草稿");
}

/* What is changed of a device that stands in the register has a draft of its own, which the new ones do not
 * see. */
static void devices__each_has_its_own_draft(void **state)
{
	struct stage *s = *state;
	struct device_row row;
	char uid[UID_TEXT];

	site_login(&s->site, "clerk");
	OK(desk_device_add(s->site.d,
			   &(struct device_new){.serial = "SHEBEI01", .place = "南门", .biometric = "face"},
			   uid, E));
	desk_logout(s->site.d);
	stage_login(s, "clerk");
	stage_keys(s, "o7e<F6>北门<Esc>n");
	stage_on(s, "device_form");
	stage_expect_not(s, "北门");
	stage_keys(s, "<Esc>e");
	stage_expect(s, "北门");
	stage_keys(s, "<F2>");
	stage_expect(s, "设备登记已修改");
	OK(desk_device_by_serial(s->site.d, "SHEBEI01", &row, E));
	assert_string_equal(row.place, "北门");
}

/* Person n, as a device of the site collects: by the gateway's own session. */
static void collect(struct stage *s, unsigned n)
{
	struct device_caller device;
	unsigned char key[DESK_KEY_BYTES];
	struct desk *runner = site_open_another(&s->site, "clerk");
	char number[19], uid[UID_TEXT];
	struct record r;

	OK(desk_device_add(runner,
			   &(struct device_new){.serial = "SHEBEI01", .place = "南门", .biometric = "face"},
			   uid, E));
	OK(desk_export_key(runner, key, E));
	OK(desk_adopt_key(runner, key, E));
	wipe(key, sizeof(key));
	OK(desk_gateway_admit(runner, "", "SHEBEI01", &device, E));
	person_number(n, number);
	record_init(&r);
	record_set(&r, F_DOC_TYPE, "01", ORIGIN_STORED);
	record_set(&r, F_NUMBER, number, ORIGIN_STORED);
	record_set(&r, F_NAME, "试采集", ORIGIN_STORED);
	OK(desk_gateway_collected(runner, &device, &r, NULL, 0, E));
	record_release(&r);
	desk_close(runner);
}

static void devices__collected_persons_are_counted(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_expect_not(s, "设备采集的人员");
	collect(s, 1);
	ui_changed(s->ui);
	stage_paint(s);
	stage_expect(s, "设备采集的人员");
	for (int i = 0; i < 24 && !stage_shows(s, "▶ 设备采集的人员"); i++)
		stage_keys(s, "<Down>");
	stage_keys(s, "<Enter>");
	stage_on(s, "collected");
	stage_expect(s, "试采集");
	stage_keys(s, "<Enter>");
	stage_on(s, "register");
	stage_keys(s, "<Esc>x<Tab><Enter>");
	stage_expect(s, "已搁置");
	stage_keys(s, "<Esc>");
	stage_on(s, "home");
	stage_expect_not(s, "设备采集的人员");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(devices__half_a_form_is_kept, opened, closed),
		cmocka_unit_test_setup_teardown(devices__each_has_its_own_draft, opened, closed),
		cmocka_unit_test_setup_teardown(devices__collected_persons_are_counted, opened, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
