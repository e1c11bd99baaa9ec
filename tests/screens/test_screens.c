/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys in, screen out, over the real desk. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#include "../../screens/form.h"

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

/* --- login, lock, leaving --- */

static void login__hides_the_password_and_says_what_is_wrong(void **state)
{
	struct stage *s = *state;

	stage_expect(s, "练习：clerk / manager");
	stage_keys(s, "clerk<Tab>wrong-Word1");
	stage_expect_not(s, "wrong-Word1");
	stage_expect(s, "***********____");
	stage_keys(s, "<Enter>");
	stage_on(s, "login");
	stage_expect(s, "帐号或口令不对");
	stage_keys(s, PASSWORD "<Enter>");
	stage_on(s, "home");
	stage_expect(s, "云溪花园一期");
	stage_expect(s, "劳资员甲");
	stage_expect(s, "待传");
}

/* U1: by hand, a citizen's card is not asked for what a foreigner's bears; another type is, and nothing typed is lost on the way. */
static void manual__asks_what_the_document_bears(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "n");
	stage_expect(s, "签发机关");
	stage_expect_not(s, "国籍");
	stage_expect_not(s, "签发次数");
	stage_keys(s, "<BackTab>护照<Tab>");
	stage_expect(s, "国籍");
	stage_expect(s, "外文姓名");
	stage_expect_not(s, "通行证号码");
	stage_keys(s, "<Tab><Tab>DILMURAT<Tab><BackTab><BackTab><BackTab><BackTab>居民身份证<Tab>");
	stage_expect(s, "DILMURAT"); /* typed: it stays in sight */
	stage_expect_not(s, "国籍");
	stage_assert_cursor(s);
}

static void lock__keeps_the_form(void **state)
{
	struct stage *s = *state;

	const struct canvas *c;
	int row, col;

	stage_login(s, "clerk");
	stage_keys(s, "n");
	stage_on(s, "register");
	stage_keys(s, "4404<Tab>锁着的门牌<Left><Left>");
	c = term_canvas(s->term);
	row = c->cursor_row;
	col = c->cursor_col;
	stage_keys(s, "<C-x>");
	stage_on(s, "lock");
	stage_expect_not(s, "证件号码");
	stage_expect_not(s, "锁着的");
	stage_keys(s, "wrong<Enter>");
	stage_on(s, "lock");
	stage_tick(s, 2000); /* nothing below the lock is asked for anything */
	stage_keys(s, PASSWORD "<Enter>");
	stage_on(s, "register");
	stage_expect(s, "4404");
	stage_expect(s, "锁着的门牌");
	assert_int_equal(c->cursor_row, row);
	assert_int_equal(c->cursor_col, col);
	stage_keys(s, "红");
	stage_expect(s, "锁着的红门牌");
	stage_keys(s, "<C-x>");
	stage_on(s, "lock");
	stage_drop_ui(s); /* the line is hung up: what is sealed is closed, too */
}

static void lock__comes_by_itself(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_tick(s, 9 * 60 * 1000);
	stage_on(s, "home");
	stage_tick(s, 11 * 60 * 1000);
	stage_on(s, "lock");
	stage_card(s, 40); /* nobody is there: the card opens nothing */
	stage_on(s, "lock");
	stage_keys(s, "<F3>");
	stage_on(s, "login");
}

static void quit__asks_and_says_what_is_unsent(void **state)
{
	struct stage *s = *state;

	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "<Esc><Esc>");
	stage_on(s, "home"); /* Esc never quits */
	stage_keys(s, "<Down>");
	stage_expect_not(s, "Esc 返回"); /* and is not offered where it leads nowhere */
	stage_keys(s, "<F10>");
	stage_on(s, "quit");
	stage_expect(s, "没有得到平台确认");
	stage_keys(s, "<Enter>"); /* the safe button has the focus */
	stage_on(s, "home");
	assert_false(ui_done(s->ui));
	stage_keys(s, "<C-q><Tab><Tab><Enter>");
	assert_true(ui_done(s->ui));
}

static void quit__switches_the_account(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "s<Tab><Enter>");
	stage_on(s, "login");
	stage_login(s, "manager");
	stage_expect(s, "项目经理乙");
}

/* --- registration --- */

static void type_phone(struct stage *s)
{
	stage_keys(s, "13800004001");
}

static void expect_focus(struct stage *s, const char *label)
{
	int row, col;

	glass_cursor(s->glass, &row, &col);
	if (!strstr(glass_row(s->glass, row), label))
		glass_print(s->glass);
	assert_non_null(strstr(glass_row(s->glass, row), label));
}

static void register__from_a_card(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 41);
	stage_on(s, "register");
	stage_expect(s, "读卡登记");
	stage_expect(s, "110199"); /* the number, whole: the card lies there */
	stage_fill_work(s);
	stage_save(s);
	stage_on(s, "home");
	stage_expect(s, "已登记");
	stage_expect_not(s, "草稿");
	/* U1: the next worker, same team and trade: the card, the phone, one key */
	stage_card(s, 42);
	stage_on(s, "register");
	stage_expect(s, "沿用");
	expect_focus(s, "手机号码"); /* no key to get there */
	type_phone(s);
	stage_keys(s, "<F2>");
	stage_on(s, "home");
	/* the same card again: the same person; one file after the other, however many */
	for (int i = 0; i < 20; i++) {
		stage_card(s, 41 + (unsigned)i % 2);
		stage_on(s, "person");
	}
	stage_keys(s, "<Esc>");
	stage_on(s, "home");
}

static void register__findings_beside_the_field(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 43);
	stage_to_field(s, "手机号码");
	stage_keys(s, "12345<Tab>");
	stage_expect(s, "12345"); /* never cleared */
	stage_expect(s, "! ");
	stage_keys(s, "<F2>");
	stage_on(s, "register");
	stage_expect(s, "处必须改正");
	{
		int row, col;

		glass_cursor(s->glass, &row, &col);
		assert_non_null(strstr(glass_row(s->glass, row), "手机号码")); /* the first of them */
	}
	stage_keys(s, "<F6>13800004003<Tab>");
	stage_expect_not(s, "! 应为 11 位");
}

/* Past the company with Tab, then a team from the list: its company stands there, and nothing asks for it any more. */
static void register__the_company_follows_the_team(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 45);
	stage_to_field(s, "所属单位");
	stage_expect(s, "默认");
	stage_keys(s, "<Tab>");
	expect_focus(s, "班组");
	stage_keys(s, "<F4>木工<Enter>");
	stage_keys(s, "<BackTab><BackTab>");
	expect_focus(s, "所属单位");
	stage_expect(s, "推算");
	stage_expect_not(s, "必填：在本项目参建单位");
}

/* The star says what the check says (A4): on each form, in each region. */
static void expect_stars(struct stage *s)
{
	const struct sheet *f = ui_top_state(s->ui);
	struct findings *found = calloc(1, sizeof(*found));
	struct record empty;
	size_t stars = 0;

	record_init(&empty);
	empty.from_card = f->line[0].locked;
	for (size_t i = 0; i < f->n; i++) {
		bool required = false;

		if (f->line[i].locked)
			continue;
		OK(desk_check_field(s->site.d, &empty, (enum field_id)f->line[i].id, found, E));
		for (size_t k = 0; k < found->n; k++)
			required |= !strcmp(found->item[k].rule, "required");
		if (f->line[i].required != required)
			fail_msg("%s: star %d, required %d", f->line[i].label, f->line[i].required, required);
		stars += required;
	}
	assert_true(stars > 2);
	record_release(&empty);
	free(found);
}

static void register__the_star_says_what_the_check_says(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "n");
	expect_stars(s);
	stage_keys(s, "<Esc>");
	stage_card(s, 40);
	expect_stars(s);
}

static void register__the_star_elsewhere(void **state)
{
	struct stage *s = *state;

	stage_close(s);
	stage_open_in(s, "xterm-256color", "jiangmen");
	register__the_star_says_what_the_check_says(state);
}

/* What is expected is cut beside the field: it stands whole in the status line when the focus has rested, and goes with the focus. */
static void register__the_whole_hint(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "n");
	stage_to_field(s, "证件号码");
	stage_expect_not(s, "其他证件按证面填写");
	stage_tick(s, 1000);
	stage_expect(s, "居民身份证 18 位，末位可以是 X；其他证件按证面填写");
	stage_keys(s, "1");
	stage_expect(s, "其他证件按证面填写"); /* for as long as the focus is there */
	stage_keys(s, "<F1>");
	stage_on(s, "help");
	stage_keys(s, "<Esc><Backspace><Tab>");
	stage_expect_not(s, "其他证件按证面填写");
	/* a finding is whole at once, when the focus comes back to it */
	stage_to_field(s, "手机号码");
	stage_keys(s, "12345<Tab><BackTab>");
	stage_expect(s, "应为 11 位手机号码，或带区号的固定电话，如 0573-88001234");
	stage_keys(s, "<Tab>");
	stage_expect_not(s, "如 0573-88001234");
}

static void register__keys_of_the_form(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 44);
	stage_to_field(s, "手机号码");
	stage_keys(s, "138<F6>");
	stage_expect_not(s, "138__");
	stage_keys(s, "139");
	stage_expect(s, "139__");
	stage_keys(s, "<F7>");
	stage_expect_not(s, "139__");
	stage_keys(s, "n<Backspace>x<Backspace>q<Backspace>"); /* letters are letters (U5) */
	stage_on(s, "register");
	stage_to_field(s, "工种");
	stage_keys(s, "<F4>");
	stage_on(s, "values");
	stage_keys(s, "gj<Esc>");
	stage_on(s, "register");
	stage_keys(s, "<F1>");
	stage_on(s, "help");
	stage_expect(s, "Ctrl-O");
	stage_expect(s, "工种");
	stage_keys(s, "<F1>");
	stage_on(s, "register");
}

/* A known person's card leads to the step that waits, with its key. */
static void card__of_a_known_person_names_the_step(void **state)
{
	struct stage *s = *state;

	stage_close(s);
	stage_open_in(s, "xterm-256color", "jiangmen"); /* no consent, no confirmation: who is registered may enter */
	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_card(s, 1);
	stage_on(s, "person");
	stage_expect(s, "可以办理进场：按 e");
	stage_keys(s, "e");
	stage_on(s, "acts");
	stage_expect(s, "能办 1 人");
}

static void register__a_card_in_the_middle_waits(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 45);
	stage_to_field(s, "手机号码");
	stage_keys(s, "13800004");
	stage_card(s, 46);
	stage_on(s, "register");
	stage_expect(s, "已读到");
	stage_keys(s, "001");
	stage_expect(s, "13800004001"); /* what was being typed is untouched */
	stage_keys(s, "<F8>");
	stage_on(s, "register"); /* the second form, on top */
	stage_expect_not(s, "13800004001");
	stage_keys(s, "<Esc>");
	stage_on(s, "register");
	stage_expect(s, "13800004001"); /* the first one is back */
}

static void register__waiting_card_opens_after_saving(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 47);
	stage_fill_work(s);
	stage_card(s, 48);
	stage_save(s);
	stage_on(s, "register");
	stage_expect(s, "沿用");
}

/* --- drafts --- */

static void draft__from_the_first_key(void **state)
{
	struct stage *s = *state;
	struct draft_row rows[8];
	size_t n = 0;

	stage_login(s, "clerk");
	stage_card(s, 49);
	stage_to_field(s, "紧急联系电话");
	stage_keys(s, "12345<Tab>");
	stage_to_field(s, "手机号码");
	stage_keys(s, "13899");
	stage_tick(s, 1500);
	OK(desk_draft_list(s->site.d, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 1);
	/* as after kill -9: nothing of the application is left, the desk is opened anew */
	stage_drop_ui(s);
	desk_logout(s->site.d);
	stage_start_ui(s);
	stage_keys(s, "clerk<Tab>" PASSWORD "<Enter>");
	stage_on(s, "dialog");
	stage_expect(s, "劳资员甲，保留着您填了一半的草稿 1 份");
	stage_keys(s, "<Enter>");
	stage_on(s, "drafts");
	stage_keys(s, "<Enter>");
	stage_on(s, "register");
	stage_expect(s, "13899");
	stage_expect(s, "读卡登记");
	stage_expect(s, "! 应为 11 位"); /* what was wrong is still said */
	stage_expect_not(s, "! 必填");
}

/* A draft is kept in the middle of a word: what it names is in the draft as soon as the line is left, and found out where it was not. */
static void draft__in_the_middle_of_a_choice(void **state)
{
	struct stage *s = *state;
	struct record r;

	stage_login(s, "clerk");
	stage_card(s, 49);
	stage_to_field(s, "人员类别");
	stage_keys(s, "<F6>管理");
	stage_tick(s, 1500); /* kept as it stands: a word */
	stage_keys(s, "<Tab>");
	stage_expect(s, "管理人员");
	stage_keys(s, "<Esc>");
	stage_keys(s, "oe");
	stage_on(s, "drafts");
	person_record(&s->site, &r, 49, true);
	stage_expect(s, record_get(&r, F_NAME)); /* whose form it is */
	record_release(&r);
	stage_keys(s, "<Enter>");
	stage_expect(s, "管理人员");
	stage_expect_not(s, "没有这一项");
	stage_to_field(s, "人员类别");
	stage_keys(s, "<F6>建筑");
	stage_tick(s, 3000);
	stage_drop_ui(s); /* as after kill -9 */
	desk_logout(s->site.d);
	stage_start_ui(s);
	stage_keys(s, "clerk<Tab>" PASSWORD "<Enter>");
	stage_keys(s, "<Enter><Enter>");
	stage_on(s, "register");
	stage_expect(s, "建筑工人");
	stage_expect_not(s, "没有这一项");
}

static void draft__others_are_named(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "n");
	stage_keys(s, "1<Esc>");
	stage_on(s, "home");
	stage_expect(s, "草稿");
	stage_keys(s, "s<Tab><Enter>");
	stage_login(s, "manager");
	stage_expect(s, "还保留着 劳资员甲 的草稿");
}

/* --- roster --- */

static void roster__search_as_you_type(void **state)
{
	struct stage *s = *state;

	stage_people(s, 30);
	stage_login(s, "clerk");
	stage_keys(s, "r");
	stage_on(s, "roster");
	stage_expect(s, "30 人");
	stage_keys(s, "/oy");
	stage_expect(s, "欧阳");
	stage_expect_not(s, "王试");
	stage_keys(s, "<Esc>");
	stage_expect(s, "30 人");
	stage_keys(s, "欧"); /* an ideograph begins a search by itself */
	stage_expect_not(s, "王试");
	stage_keys(s, "nqxs"); /* no commands while typing */
	stage_on(s, "roster");
	stage_keys(s, "<Esc>/");
	{
		char number[19];

		person_number(5, number);
		stage_keys(s, number + 14);
		stage_expect(s, number + 14);
	}
}

static void roster__marks_and_preview(void **state)
{
	struct stage *s = *state;

	stage_people(s, 14);
	stage_login(s, "clerk");
	stage_keys(s, "r  ");
	stage_expect(s, "已标记 2 人");
	stage_keys(s, "*");
	stage_expect(s, "已标记 14 人");
	stage_keys(s, "x");
	stage_on(s, "acts");
	stage_expect(s, "不能办 14 人");
	stage_keys(s, "<F2>");
	stage_on(s, "acts");
	stage_expect(s, "没有能办的人");
	stage_keys(s, "<Esc>");
	stage_on(s, "roster");
	stage_expect(s, "已标记 14 人");
	stage_keys(s, "*");
	stage_expect_not(s, "已标记");
}

static void roster__more_than_ten_need_a_word(void **state)
{
	struct stage *s = *state;

	stage_people(s, 12);
	stage_login(s, "clerk");
	stage_keys(s, "r*s");
	stage_on(s, "acts");
	if (stage_shows(s, "能办 0 人"))
		stage_keys(s, "<Esc>w"); /* where submission is no step of its own, withdrawing is */
	stage_expect(s, "能办 12 人");
	stage_keys(s, "<F2>");
	stage_on(s, "dialog");
	stage_keys(s, "<Tab><Tab><Enter>");
	stage_on(s, "dialog");
	stage_expect(s, "请先键入");
}

/* --- the file --- */

static void person__reveals_for_thirty_seconds(void **state)
{
	struct stage *s = *state;
	char number[19];

	stage_people(s, 1);
	person_number(1, number);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>");
	stage_on(s, "person");
	stage_expect_not(s, number);
	for (int i = 0; i < 12; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), "证件号码"))
			break;
		stage_keys(s, "<Down>");
	}
	stage_keys(s, "v");
	stage_on(s, "dialog");
	stage_keys(s, "<Enter><Enter>"); /* without a reason: no */
	stage_expect_not(s, number);
	stage_keys(s, "核对<Enter><Enter>");
	stage_on(s, "person");
	stage_expect(s, number);
	stage_tick(s, 31000);
	stage_expect_not(s, number);
}

static void person__amends(void **state)
{
	struct stage *s = *state;

	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>m");
	stage_on(s, "register");
	stage_expect(s, "修改资料");
	stage_to_field(s, "手机号码");
	stage_keys(s, "<F6>13800009999<F2>");
	stage_on(s, "person");
	stage_expect(s, "已修改 1 项");
	stage_expect(s, "9999");
}

/* What was carried over or taken as usual when the record was made is the person's own when it is changed. */
static void person__own_values_bear_no_mark(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_card(s, 41);
	stage_fill_work(s);
	stage_save(s);
	stage_card(s, 42);
	type_phone(s);
	stage_keys(s, "<F2>");
	stage_on(s, "home");
	stage_card(s, 42);
	stage_on(s, "person");
	stage_keys(s, "m");
	stage_on(s, "register");
	stage_expect_not(s, "沿用");
	stage_expect_not(s, "默认");
}

/* What is typed while a button has the focus is meant for the field. */
static void dialog__typing_goes_to_the_field(void **state)
{
	struct stage *s = *state;

	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter><Down><Down><Down><Down>v");
	stage_on(s, "dialog");
	stage_expect(s, "原因 ____");
	stage_keys(s, "<Tab>核对");
	stage_expect(s, "原因 核对____");
	stage_keys(s, "<Enter><Enter>");
	stage_on(s, "person");
	stage_expect(s, "30 秒后隐藏");
}

static void person__what_can_be_done(void **state)
{
	struct stage *s = *state;

	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>p");
	stage_on(s, "possible");
	stage_expect(s, "不能");
}

/* --- teams, upload, messages, help, cards --- */

#define NEW_CREDIT_CODE "91110199MA0000AY1Y"

static void teams__adding_one(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	stage_keys(s, "t");
	stage_on(s, "teams");
	stage_expect(s, "木工一班");
	stage_keys(s, "a");
	stage_on(s, "site_form");
	stage_keys(s, "<F2>");
	stage_on(s, "site_form");
	stage_expect(s, "请填写");
	stage_keys(s, "青禾<Tab>油漆班<F2>");
	stage_on(s, "teams");
	expect_focus(s, "油漆班"); /* what comes next is meant for it */
	stage_keys(s, "e<Tab><Enter>");
	expect_focus(s, "油漆班");
	expect_focus(s, "已进场");
	stage_keys(s, "c");
	stage_on(s, "participants");
	stage_expect(s, "青禾试劳有限公司");
	stage_keys(s, "a12345<F2>");
	stage_on(s, "site_form");
}

/* What was typed into a short form outlives a refusal, Esc and a kill (U6); a refusal leaves no half of a company behind. */
static void teams__drafts_of_the_short_forms(void **state)
{
	struct stage *s = *state;
	struct draft_row rows[8];
	size_t n = 0;

	stage_login(s, "clerk");
	stage_keys(s, "ta青禾<Tab>油漆班<Esc>");
	stage_on(s, "teams");
	stage_expect(s, "留作草稿");
	stage_keys(s, "<Esc>");
	stage_expect(s, "草稿");
	stage_keys(s, "ca");
	stage_on(s, "site_form");
	stage_keys(s, "91110199MA00000Y1X<Tab>"); /* a wrong check character is told at saving, and kept */
	stage_keys(s, "新远试建有限公司<Tab>");
	stage_tick(s, 1500);
	OK(desk_draft_list(s->site.d, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 2);
	/* as after kill -9 */
	stage_drop_ui(s);
	desk_logout(s->site.d);
	stage_start_ui(s);
	stage_keys(s, "clerk<Tab>" PASSWORD "<Enter><Enter>");
	stage_on(s, "drafts");
	stage_expect(s, "新增班组");
	stage_expect(s, "新增单位");
	stage_keys(s, "<Esc>ta");
	stage_expect(s, "青禾试劳有限公司");
	stage_expect(s, "油漆班");
	stage_expect(s, "普通工人"); /* as usual: nobody has to say so */
	stage_keys(s, "<F2>");
	stage_on(s, "teams");
	stage_expect(s, "油漆班");
	stage_keys(s, "<Esc>ca");
	stage_expect(s, "新远试建有限公司");
	stage_keys(s, "<F2>");
	stage_on(s, "site_form");
	stage_to_field(s, "参建类型");
	stage_keys(s, "<F4><Enter>");
	stage_to_field(s, "项目经理电话");
	stage_keys(s, "12");
	stage_to_field(s, "统一信用代码");
	stage_keys(s, "<F6>" NEW_CREDIT_CODE "<F2>");
	stage_on(s, "site_form");
	stage_expect(s, "项目经理电话不对");
	expect_focus(s, "项目经理电话");
	stage_expect(s, NEW_CREDIT_CODE);
	stage_keys(s, "<F6>13800004100<F2>");
	stage_on(s, "participants");
	stage_expect(s, "新远试建有限公司");
	OK(desk_draft_list(s->site.d, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 0);
	/* known by its code: its name stands there by itself */
	stage_keys(s, "a" NEW_CREDIT_CODE "<Tab>");
	stage_expect(s, "已在企业库里");
	expect_focus(s, "单位名称");
	stage_expect(s, "新远试建有限公司");
}

static void upload__shows_what_waits(void **state)
{
	struct stage *s = *state;

	stage_people(s, 2);
	stage_login(s, "clerk");
	stage_keys(s, "u");
	stage_on(s, "upload");
	stage_expect(s, "没有办完的");
	stage_keys(s, "<Enter>");
	stage_on(s, "outbox");
	stage_expect(s, "操作编号");
	stage_keys(s, "<Esc>ff");
	stage_expect(s, "全部");
	stage_keys(s, "n");
	stage_on(s, "upload");
	stage_keys(s, "<Esc>m");
	stage_on(s, "messages");
}

static void cards__place_and_remove(void **state)
{
	struct stage *s = *state;
	char line[100] = "";

	stage_login(s, "clerk");
	stage_keys(s, "<F9>");
	stage_on(s, "cards");
	stage_keys(s, "<Down><Enter>");
	assert_true(read(s->control[0], line, sizeof(line) - 1) > 0);
	assert_string_equal(line, "place li\n");
	stage_keys(s, "<C-k>");
	stage_expect(s, "在读卡器上");
	/* another card: the first one is taken off, the second one waits until the reader has noticed */
	memset(line, 0, sizeof(line));
	stage_keys(s, "<Up><Enter>");
	assert_true(read(s->control[0], line, sizeof(line) - 1) > 0);
	assert_string_equal(line, "remove\n");
	memset(line, 0, sizeof(line));
	assert_int_equal(read(s->control[0], line, sizeof(line) - 1), -1);
	ui_card_event(s->ui, &(struct card_event){.kind = CARD_EVENT_CARD_GONE});
	assert_true(read(s->control[0], line, sizeof(line) - 1) > 0);
	assert_string_equal(line, "place zhang\n");
	stage_keys(s, "<F9>");
	memset(line, 0, sizeof(line));
	stage_keys(s, "<Del>");
	assert_true(read(s->control[0], line, sizeof(line) - 1) > 0);
	assert_string_equal(line, "remove\n");
}

static void reader__says_why_a_card_failed(void **state)
{
	struct stage *s = *state;
	struct card_event ev = {.kind = CARD_EVENT_FAILED, .cause = ERR_CARD_REMOVED, .detail = "after 3 of 256 bytes"};

	stage_login(s, "clerk");
	ui_card_event(s->ui, &ev);
	stage_paint(s);
	stage_expect(s, "读卡中途身份证被拿开");
	stage_expect(s, "读卡失败");
	stage_keys(s, "<F1>");
	stage_expect(s, "after 3 of 256 bytes"); /* the detail, on demand */
}

/* The file's own lists: each opens, is typed into, and says what was recorded; what stops is told at once on the file. */
static void person__training_marks_and_the_same_person(void **state)
{
	struct stage *s = *state;

	stage_people(s, 2);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>");
	stage_on(s, "person");
	stage_keys(s, "t");
	stage_on(s, "training");
	stage_expect(s, "基本安全培训");
	stage_keys(s, "a");
	stage_on(s, "dossier_form");
	stage_keys(s, "三级教育（班组级）<Tab>2026-11-20<Tab>4<F2>");
	stage_on(s, "training");
	stage_expect(s, "三级教育（班组级）");
	stage_keys(s, "<Esc>b");
	stage_on(s, "marks");
	stage_keys(s, "a多次不戴安全帽<Tab>2027-06-30<F2>");
	stage_on(s, "marks");
	stage_expect(s, "2027-06-30");
	stage_expect(s, "多次不戴安全帽");
	stage_keys(s, "o");
	stage_keys(s, "已谈话<Enter><Enter>");
	stage_expect(s, "无权"); /* a clerk may not let pass */
	stage_keys(s, "<Esc><Esc><Enter>");
	stage_on(s, "person");
	stage_expect(s, "有不宜录用标记");
	stage_keys(s, "h");
	stage_on(s, "work");
	stage_expect(s, "书面申请");
	stage_keys(s, "<Esc>u");
	stage_on(s, "alike");
	stage_expect(s, "没有疑似同一人的档案");
	stage_keys(s, "<Esc>q");
	stage_on(s, "certificates");
	stage_keys(s, "a");
	stage_keys(s, "建筑电工<Tab>试A01234567<Tab>2026-12-31<Tab>虚构省住建厅<F2>");
	stage_on(s, "certificates");
	stage_expect(s, "快到期");
	stage_expect_not(s, "试A0123");
}

/* U6: what was typed into a file's form stays, for this person; another person's form knows nothing of it. */
static void dossier_form__keeps_what_was_typed(void **state)
{
	struct stage *s = *state;
	struct draft_row rows[4];
	size_t n;

	stage_people(s, 2);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>ba多次不戴安全帽<Tab>2027-06<Esc>");
	stage_on(s, "marks");
	stage_expect(s, "留作草稿");
	stage_keys(s, "<Esc><Esc><Down><Enter>ba");
	stage_on(s, "dossier_form");
	stage_expect_not(s, "多次不戴安全帽");
	/* as after kill -9 */
	stage_drop_ui(s);
	desk_logout(s->site.d);
	stage_start_ui(s);
	stage_keys(s, "clerk<Tab>" PASSWORD "<Enter><Enter>");
	stage_on(s, "drafts");
	stage_expect(s, "不宜录用标记");
	stage_keys(s, "<Enter>");
	stage_on(s, "dossier_form");
	stage_expect(s, "多次不戴安全帽");
	stage_expect(s, "2027-06");
	stage_keys(s, "<F2>");
	stage_on(s, "dossier_form"); /* no day: kept, and said */
	stage_expect(s, "应为日期");
	stage_keys(s, "<F6>2027-06-30<F2>");
	stage_expect(s, "已记录");
	OK(desk_draft_list(s->site.d, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 0);
}

/* S4: a certificate's number whole, with a reason, for 30 seconds. */
static void certificates__shown_whole_for_a_while(void **state)
{
	struct stage *s = *state;

	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>qa建筑电工<Tab>试A01234567<Tab>2026-12-31<F2>");
	stage_on(s, "certificates");
	stage_expect_not(s, "试A01234567");
	stage_keys(s, "v核对证书<Enter><Enter>");
	stage_on(s, "certificates");
	stage_expect(s, "试A01234567");
	stage_tick(s, 29000);
	stage_expect(s, "试A01234567");
	stage_tick(s, 31000);
	stage_expect_not(s, "试A01234567");
}

/* U11: one lesson for all who are marked: said before, written at once, taken back at once. */
static void roster__one_lesson_for_many(void **state)
{
	struct stage *s = *state;

	stage_people(s, 3);
	stage_login(s, "clerk");
	stage_keys(s, "r  b");
	stage_on(s, "dossier_form");
	stage_expect(s, "2 人一起");
	stage_keys(s, "三级教育（班组级）<Tab>2026-11-20<Tab>4<F2>");
	stage_on(s, "dialog");
	stage_expect(s, "为 2 人登记同一次培训");
	stage_keys(s, "<Esc>");
	stage_on(s, "dossier_form"); /* nothing was written, nothing lost */
	stage_keys(s, "<F2><Tab><Enter>");
	stage_on(s, "roster");
	stage_expect(s, "已记录");
	stage_keys(s, "b三级教育（班组级）<Tab>2026-11-20<F2>");
	stage_on(s, "dossier_form");
	stage_expect(s, "这一天已有同种培训记录"); /* for all of them */
	stage_keys(s, "<Esc>z");
	stage_on(s, "undo");
	stage_expect(s, "安全培训");
	stage_keys(s, "<F2><Tab><Enter>");
	stage_expect(s, "已撤销");
	stage_keys(s, "<Esc><Esc><Home><Enter>t");
	stage_on(s, "training");
	stage_expect(s, "基本安全培训");
	stage_expect_not(s, "三级教育（班组级）");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, opened, closed)
	const struct CMUnitTest tests[] = {
		T(login__hides_the_password_and_says_what_is_wrong), T(manual__asks_what_the_document_bears), T(lock__keeps_the_form), T(lock__comes_by_itself),
		T(person__training_marks_and_the_same_person),
		T(dossier_form__keeps_what_was_typed),
		T(certificates__shown_whole_for_a_while),
		T(roster__one_lesson_for_many),
		T(quit__asks_and_says_what_is_unsent), T(quit__switches_the_account), T(register__from_a_card), T(register__findings_beside_the_field),
		T(register__the_company_follows_the_team), T(register__the_star_says_what_the_check_says), T(register__the_star_elsewhere),
		T(register__the_whole_hint), T(register__keys_of_the_form), T(card__of_a_known_person_names_the_step),
		T(register__a_card_in_the_middle_waits), T(register__waiting_card_opens_after_saving),
		T(draft__from_the_first_key), T(draft__in_the_middle_of_a_choice), T(draft__others_are_named), T(roster__search_as_you_type), T(roster__marks_and_preview),
		T(roster__more_than_ten_need_a_word), T(person__reveals_for_thirty_seconds), T(person__amends), T(person__what_can_be_done),
		T(person__own_values_bear_no_mark), T(dialog__typing_goes_to_the_field),
		T(teams__adding_one), T(teams__drafts_of_the_short_forms), T(upload__shows_what_waits), T(cards__place_and_remove), T(reader__says_why_a_card_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
