/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 平台提示 (F8): found by any part of the words, told whole, begun with Enter where that is possible. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

static int opened_in(void **state, const char *profile)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", profile);
	*state = s;
	return 0;
}

static int opened(void **state)
{
	return opened_in(state, "nanjing");
}

static int opened_elsewhere(void **state)
{
	return opened_in(state, "shanghai");
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void open_prompts(struct stage *s)
{
	stage_login(s, "clerk");
	stage_keys(s, "o<End>");
	while (!stage_shows(s, "▶ 平台提示") && !stage_shows(s, "> 平台提示"))
		stage_keys(s, "<Up>");
	stage_keys(s, "<Enter>");
	stage_on(s, "prompts");
}

/* What arrives meanwhile leaves her where she is reading. */
static void prompts__stay_where_one_reads(void **state)
{
	struct stage *s = *state;

	open_prompts(s);
	stage_keys(s, "<Down><Down>");
	stage_expect(s, "▶ 资格低于合同项目部人员资格");
	ui_changed(s->ui);
	stage_tick(s, 1000);
	stage_expect(s, "▶ 资格低于合同项目部人员资格");
}

static void prompts__every_heading_is_found_by_a_part(void **state)
{
	static const struct {
		const char *typed, *found;
	} parts[] = {{"考勤单位不一致", "就职单位与考勤单位不一致"},
		     {"人员信息库", "不在建委平台人员信息库"},
		     {"资格低于", "资格低于合同项目部人员资格"},
		     {"资格证书", "未查询到资格证书"},
		     {"身份证验证", "未进行身份证验证"},
		     {"实名制编号", "无实名制编号"},
		     {"缺少征管编号", "未关联施工总承包"},
		     {"省厅合同", "与省厅合同归集平台项目经理不一致"},
		     {"中标项目经理", "无法辨别项目经理与中标项目经理是否一致"}};
	struct stage *s = *state;

	open_prompts(s);
	stage_assert_cursor(s);
	stage_assert_footer(s);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		stage_keys(s, parts[i].typed);
		stage_expect(s, parts[i].found);
		stage_expect(s, "原因：");
		stage_expect(s, "办法：");
		stage_assert_cursor(s);
		stage_keys(s, "<Esc>");
		stage_on(s, "prompts");
	}
	stage_keys(s, "没有这句话");
	stage_expect(s, "没有哪条提示有这几个字");
	stage_keys(s, "<Enter><Esc><Esc>");
	stage_on(s, "menu");
}

/* Letters are typed, not commands; Enter goes where the remedy begins, or says that it lies elsewhere. */
static void prompts__enter_begins_the_remedy(void **state)
{
	struct stage *s = *state;

	open_prompts(s);
	stage_keys(s, "省厅<Enter>");
	stage_on(s, "participants");
	stage_keys(s, "<Esc>");
	stage_on(s, "prompts");
	stage_keys(s, "<Esc>qx");
	stage_on(s, "prompts");
	stage_keys(s, "<Esc>离岗<Enter>");
	stage_on(s, "roster");
	stage_keys(s, "<Esc>");
	stage_on(s, "prompts");
	stage_keys(s, "<Esc>身份证验证<Enter>");
	stage_on(s, "prompts");
	stage_expect(s, "请照“办法”去做");
}

/* From a refusal: at its words, and the same record is sent again. */
static void prompts__from_a_refusal(void **state)
{
	struct stage *s = *state;
	struct outgoing *o;
	struct batch b;
	int64_t next;

	stage_login(s, "clerk");
	stage_people(s, 1);
	site_send_all(&s->site);
	OK(desk_take_batch(s->site.d, 100, 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++) {
		o = &b.item[i];
		struct answer a = {.op = o->op, .kind = ANSWER_ACCEPTED, .number = "N1"};

		if (strcmp(o->kind, "person.add") == 0)
			a = (struct answer){.op = o->op,
					    .kind = ANSWER_REJECTED,
					    .reason_code = "employed-elsewhere",
					    .reason = "该人员在另外一家单位未离职"};
		OK(desk_take_answers(s->site.d, &a, 1, E));
	}
	desk_release_batch(&b);
	stage_keys(s, "u");
	stage_on(s, "upload");
	stage_keys(s, "<Home>h");
	stage_on(s, "prompts");
	stage_expect(s, "随申办申请离职");
	stage_keys(s, "<Enter>");
	stage_expect(s, "将原样重新上传");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(prompts__stay_where_one_reads, opened, closed),
		cmocka_unit_test_setup_teardown(prompts__every_heading_is_found_by_a_part, opened, closed),
		cmocka_unit_test_setup_teardown(prompts__enter_begins_the_remedy, opened, closed),
		cmocka_unit_test_setup_teardown(prompts__from_a_refusal, opened_elsewhere, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
