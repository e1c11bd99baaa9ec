/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms of keeping, a person's own data as a file, backups: keys in, screen and files out. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/audit.h"
#include "desk/project.h"
#include "desk/terms.h"
#include "desk/upkeep.h"

#define YEAR_MS (366 * 24 * 3600 * 1000LL)

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open(s, "xterm-256color");
	stage_people(s, 3);
	setenv("HOME", s->site.dir, 1);
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void go_to(struct stage *s, const char *word)
{
	char named[100];
	int row, col;

	text_format(named, sizeof(named), "▶ %s", word); /* other rows may speak of it */
	stage_keys(s, "o");
	for (int i = 0; i < 80; i++) {
		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), named)) {
			stage_keys(s, "<Enter>");
			return;
		}
		stage_keys(s, "<Down>");
	}
	fail_msg("not in the menu: %s", word);
}

static void file_named(const struct stage *s, const char *name, char path[400])
{
	text_format(path, 400, "%s/%s", s->site.dir, name);
}

static int64_t due(struct stage *s)
{
	struct term t[TERM_KINDS];

	OK(desk_terms(s->site.d, t, E));
	return t[TERM_FACTS].n;
}

static void terms__settled_and_kept_longer(void **state)
{
	struct stage *s = *state;
	struct term t[TERM_KINDS];

	stage_login(s, "manager");
	go_to(s, "保存期限");
	stage_on(s, "terms");
	stage_expect(s, "还没有起算");
	stage_assert_cursor(s);
	stage_assert_footer(s);
	stage_keys(s, "x"); /* nothing is due: said, not asked */
	stage_on(s, "terms");
	stage_expect(s, "没有什么要清除");
	stage_keys(s, "j2026-13-40<Tab><Tab><Enter>");
	stage_expect(s, "日期不对");
	stage_keys(s, "j<Enter><Enter>"); /* with nothing typed the safe button has the focus */
	stage_expect_not(s, "2026-11-01");
	stage_keys(s, "j2026-11-01<Tab><Tab><Enter>");
	stage_expect(s, "2026-11-01");
	stage_keys(s, "y2<Tab><Tab><Enter>");
	stage_expect(s, "至少保存 3 年");
	stage_keys(s, "y5<Tab><Tab><Enter>");
	stage_expect(s, "5 年");
	OK(desk_terms(s->site.d, t, E));
	assert_int_equal(t[TERM_FACTS].years, 5);
}

static void terms__a_clerk_may_look_only(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	go_to(s, "保存期限");
	stage_keys(s, "y9<Tab><Tab><Enter>");
	stage_expect(s, err_sentence(ERR_NOT_PERMITTED));
	stage_expect_not(s, "9 年");
}

static void terms__erased_with_the_word_only(void **state)
{
	struct stage *s = *state;
	struct audit_row rows[2];
	size_t n;

	site_login(&s->site, "manager");
	OK(desk_project_act(s->site.d, EVENT_COMPLETE, DATE_NONE, E));
	OK(desk_term_settled(s->site.d, date_today(), E));
	desk_logout(s->site.d);
	clock_add(4 * YEAR_MS);
	stage_login(s, "manager");
	go_to(s, "保存期限");
	stage_expect(s, "3 人到期");
	stage_keys(s, "x");
	stage_on(s, "dialog");
	stage_expect(s, "3 人");
	stage_keys(s, "<Tab><Tab><Enter>"); /* without the word */
	assert_int_equal(due(s), 3);
	stage_keys(s, "<Esc>");
	stage_on(s, "terms");
	stage_keys(s, "x清除资料<Tab><Tab><Enter>");
	stage_on(s, "erasures");
	stage_expect(s, "已清除");
	stage_expect(s, "3 人");
	assert_int_equal(due(s), 0);
	OK(desk_audit_list(s->site.d, &(struct audit_query){.day = DATE_NONE, .action = "erase"}, rows, 2, &n, E));
	assert_int_equal(n, 1);
	stage_keys(s, "<Esc>");
	stage_on(s, "terms");
	stage_expect(s, "没有到期的");
}

static void own_data__asks_why_and_never_overwrites(void **state)
{
	struct stage *s = *state;
	struct audit_row rows[2];
	struct stat st;
	char path[400];
	struct buf b;
	size_t n;

	stage_login(s, "clerk");
	go_to(s, "名册");
	stage_keys(s, "<Enter>y");
	stage_on(s, "own_data");
	stage_assert_cursor(s);
	stage_assert_footer(s);
	stage_keys(s, "<F2>");
	stage_expect(s, "请填写原因");
	stage_keys(s, "本人书面申请<Tab><F6>~/own.json<F2>");
	stage_on(s, "person");
	stage_expect(s, "本人的全部资料已写入");
	file_named(s, "own.json", path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	buf_init(&b, 16 << 20);
	OK(io_read_file(path, 16 << 20, &b, E));
	assert_non_null(memmem(b.data, b.len, "\"document\"", 10));
	buf_wipe_release(&b);
	OK(desk_audit_list(s->site.d, &(struct audit_query){.day = DATE_NONE, .action = "person_whole"}, rows, 2, &n, E));
	assert_int_equal(n, 1);
	stage_keys(s, "y再一次<Tab><F6>~/own.json<F2>"); /* it is there already: nothing is handed out, what was typed stands */
	stage_on(s, "own_data");
	stage_expect(s, "再一次");
	OK(desk_audit_list(s->site.d, &(struct audit_query){.day = DATE_NONE, .action = "person_whole"}, rows, 2, &n, E));
	assert_int_equal(n, 1);
	unlink(path);
}

static void backups__made_and_found_sound(void **state)
{
	struct stage *s = *state;
	struct backup b;
	char path[400];

	stage_login(s, "clerk");
	go_to(s, "备份与换电脑");
	stage_on(s, "backups");
	stage_expect(s, "还没有");
	stage_assert_cursor(s);
	stage_assert_footer(s);
	stage_keys(s, "c");
	stage_expect(s, "这里还没有备份");
	stage_keys(s, "b~/now.backup<Tab><Tab><Enter>");
	stage_expect(s, "已备份并读回核对");
	file_named(s, "now.backup", path);
	OK(desk_backup_check(s->site.d, path, &b, E));
	stage_keys(s, "b~/now.backup<Tab><Tab><Enter>");
	stage_expect(s, err_sentence(ERR_FILE_EXISTS));
	stage_keys(s, "d~/<Tab><Tab><Enter>");
	stage_expect(s, "已设第二处");
	stage_keys(s, "d<Tab><Tab><Enter>");
	stage_expect(s, "已取消第二处");
	unlink(path);
}

/* A manager replaces the key while a clerk is at work elsewhere; the code is not lost by one key. */
static void rekey__beside_the_work_of_others(void **state)
{
	struct stage *s = *state;
	struct desk *clerk = site_open_another(&s->site, "clerk");
	struct person_file file;
	struct roster_row row[4];
	struct roster_page page = {.row = row, .cap = 4};
	struct audit_row done[2];
	size_t n;

	stage_login(s, "manager");
	go_to(s, "帐号管理");
	stage_keys(s, "k<Tab><Tab><Enter>"); /* without the word */
	stage_on(s, "dialog");
	stage_expect(s, "请先键入");
	stage_keys(s, "<Esc>k更换密钥<Tab><Tab><Enter>");
	stage_on(s, "rekey");
	stage_expect(s, "新的恢复码");
	stage_assert_cursor(s);
	for (int i = 0; i < 200 && !stage_shows(s, "已换完"); i++)
		stage_tick(s, 10);
	stage_expect(s, "已换完");
	stage_keys(s, "<Esc>");
	stage_on(s, "dialog");
	stage_keys(s, "<Enter>");
	stage_on(s, "rekey");
	stage_keys(s, "<Esc><Tab><Enter>");
	stage_on(s, "accounts");
	OK(desk_audit_list(s->site.d, &(struct audit_query){.day = DATE_NONE, .action = "rekey_done"}, done, 2, &n, E));
	assert_int_equal(n, 1);
	OK(desk_roster(clerk, &(struct roster_query){.filter = ROSTER_ALL}, &page, E));
	assert_int_equal(page.n, 3);
	OK(desk_person_file(clerk, row[0].person, &file, E));
	assert_int_equal(strlen(row[0].tail), 4);
	OK(desk_draft_save_texts(clerk, "team", &(struct draft_text){"name", "钢筋二班"}, 1, E));
	desk_close(clerk);
}

static void rekey__not_by_a_clerk(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	go_to(s, "帐号管理");
	stage_keys(s, "k");
	stage_on(s, "accounts");
	stage_expect(s, err_sentence(ERR_NOT_PERMITTED));
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(terms__settled_and_kept_longer),
		STAGED(terms__a_clerk_may_look_only),
		STAGED(terms__erased_with_the_word_only),
		STAGED(own_data__asks_why_and_never_overwrites),
		STAGED(rekey__beside_the_work_of_others),
		STAGED(rekey__not_by_a_clerk),
		STAGED(backups__made_and_found_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
