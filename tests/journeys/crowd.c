/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journeys/crowd.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "practice_site.h"

#define SAID 65536

static const char *const surnames[] = {"赵", "钱", "孙", "周", "吴", "郑", "王", "冯", "陈", "卫"};
static const char *const given[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

void crowd_number(unsigned i, char out[ID_NUMBER_TEXT])
{
	snprintf(out, ID_NUMBER_TEXT, "4404991980%02u%02u%03u", i % 12 + 1, i % 28 + 1, i % 500 * 2 + 1); /* odd: a man's */
	out[17] = id_number_check_digit(out);
	out[18] = '\0';
}

void crowd_name(unsigned i, char out[CROWD_NAME])
{
	snprintf(out, CROWD_NAME, "%s试%s%s", surnames[i % 10], given[i / 10 % 10], given[i / 100 % 10]);
}

void crowd_phone(unsigned i, char out[12])
{
	snprintf(out, 12, "1390000%04u", i % 10000);
}

void crowd_card(unsigned i, char out[20])
{
	snprintf(out, 20, "62220%014u", i * 7 + 100);
}

/* --- the command line -------------------------------------------------------------------------------------------------------------------- */

static void write_file(struct world *w, const char *name, char path[96], const char *text)
{
	FILE *f;

	snprintf(path, 96, "%s/%s", w->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

void crowd_command(struct world *w, const char *account, int status, const char *line, char *out, size_t size)
{
	const char *argv[48] = {BIN_DIR "/shiming"};
	char words[512], password[96], *rest = words;
	size_t n = 1;
	int is;

	assert_true(text_copy(words, sizeof(words), line));
	write_file(w, "password", password, PRACTICE_PASSWORD "\n");
	for (char *word; (word = strsep(&rest, " ")) && n < ARRAY_LEN(argv) - 7;)
		argv[n++] = word;
	argv[n++] = "--data";
	argv[n++] = w->data;
	argv[n++] = "--user";
	argv[n++] = account;
	argv[n++] = "--password-file";
	argv[n] = password;
	is = world_run(w, argv, out, size);
	if (is != status)
		fail_msg("%s: %d\n%s", line, is, out);
}

/* --- the sheet --------------------------------------------------------------------------------------------------------------------------- */

#define HEADINGS "姓名,身份证号,民族,家庭住址,发证机关,有效期起,有效期止,联系电话,工种,用工单位,班组名称,合同类型,合同开始日期,合同结束日期,用工形式,计酬方式,工资标准,开户行,银行卡号,安全培训日期\n"

static void put_row(char *sheet, size_t size, const struct crowd_row *r)
{
	size_t used = strlen(sheet);
	char today[DATE_TEXT], end[DATE_TEXT];

	date_format(date_today(), today);
	date_format(date_today() + 365, end);
	snprintf(sheet + used, size - used, "%s,%s,汉族,某省某县某镇试验村八组十二号,虚构市公安局示例分局,2020-02-02,2040-02-02,%s,%s,%s,%s,0,%s,%s,非临时,1,380,其他,%s,%s\n", r->name, r->number,
		 r->phone, r->trade, r->company, r->team, today, end, r->card ? r->card : "6222000000000000", today);
}

static void come(struct world *w, const char *sheet, char *said, size_t size)
{
	char path[96], line[160];

	write_file(w, "sheet.csv", path, sheet);
	snprintf(line, sizeof(line), "import roster %s --json", path);
	crowd_command(w, "clerk", 0, line, said, size);
}

void crowd_come(struct world *w, const struct crowd *c)
{
	static char sheet[SAID], said[SAID];
	char wanted[48];

	text_copy(sheet, sizeof(sheet), HEADINGS);
	for (unsigned i = c->first; i < c->first + c->n; i++) {
		char number[ID_NUMBER_TEXT], name[CROWD_NAME], phone[12], card[20];

		crowd_number(i, number);
		crowd_name(i, name);
		crowd_phone(i, phone);
		crowd_card(i, card);
		put_row(sheet, sizeof(sheet), &(struct crowd_row){name, number, phone, c->company, c->team, c->trade, card});
	}
	come(w, sheet, said, sizeof(said));
	snprintf(wanted, sizeof(wanted), "\"new\":%u,", c->n);
	if (!strstr(said, wanted))
		fail_msg("%s", said);
}

void crowd_row_come(struct world *w, const struct crowd_row *row, char verdict[16])
{
	static char sheet[2048], said[SAID];
	const char *at;

	text_copy(sheet, sizeof(sheet), HEADINGS);
	put_row(sheet, sizeof(sheet), row);
	come(w, sheet, said, sizeof(said));
	at = strstr(said, "\"outcome\":\"");
	if (!at || sscanf(at, "\"outcome\":\"%15[a-z]\"", verdict) != 1)
		fail_msg("%s", said);
}
