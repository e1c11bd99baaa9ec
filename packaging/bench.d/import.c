/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-import DIR N [alone]: a roster of N new people from a csv table into a new data directory (P8), as the command line does it; beside it
 * another clerk writes every 20 ms, and how long that one waits is the second row (P7).
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "bench.h"
#include "clerk.h"
#include "desk/import.h"
#include "desk/site.h"
#include "people.h"

#define HEADINGS                                                                                                                                      \
	"姓名,身份证号,性别,民族,出生年月,家庭住址,联系电话,人员类型,工种,用工单位,班组,合同类型,合同开始日期,合同结束日期,计酬方式,工资(元)," \
	"银行卡号,安全教育日期\n"

static int make_site(struct desk *d, struct err *e)
{
	struct company_new company = { .credit_code = "91990101MA0XMXB23L", .name = "青禾建筑劳务有限公司", .short_name = "青禾劳务",
		.area_code = "990101", .registered_on = "2015-06-01" };
	struct participant_new p = { .manager_name = "孙练工", .manager_phone = "13800000002", .type = "006" };
	char company_uid[UID_TEXT], participant[UID_TEXT], team[UID_TEXT];

	p.company_uid = company_uid;
	return desk_company_add(d, &company, company_uid, e) || desk_participant_add(d, &p, participant, e) ||
			       desk_participant_act(d, participant, EVENT_SITE_ENTER, DATE_NONE, e) ||
			       desk_team_add(d, &(struct team_new){ .name = "木工一班", .kind = "worker", .participant_uid = participant }, team, e) ||
			       desk_team_act(d, team, EVENT_SITE_ENTER, DATE_NONE, e)
		       ? -1
		       : 0;
}

static int write_table(const char *path, unsigned n)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return -1;
	fputs(HEADINGS, f);
	for (unsigned i = 0; i < n; i++) {
		struct bench_person who;

		bench_person(&who, i);
		fprintf(f,
			"%s,%s,,汉,,某省某市某区练习路一百二十三号,%s,建筑工人,木工,青禾劳务,木工一班,固定期限合同,2026/11/20,2028年12月31日,按月,"
			"6500,62220%014u,2026-11-19\n",
			who.name, who.number, who.phone, i * 7 + 100);
	}
	return fclose(f);
}

static int import_all(struct desk *d, const char *table, double *ms, struct err *e)
{
	double start = bench_ms();
	struct import *i = NULL;
	bool over = false;
	int rc = desk_import_open(d, &(struct import_options){ .path = table }, &i, e);

	while (!rc && !over) {
		struct pollfd p = { .fd = desk_import_fd(i), .events = POLLIN };

		poll(&p, 1, -1);
		rc = desk_import_step(i, &over, e);
	}
	*ms = bench_ms() - start;
	if (!rc && desk_import_counts(i)->n[IMPORT_NEW] != desk_import_counts(i)->rows)
		rc = err_set(e, ERR_INTERNAL, "%lu rows refused", desk_import_counts(i)->n[IMPORT_REFUSED]);
	desk_import_close(i);
	return rc;
}

static int measure(const char *dir, const char *table, bool alone, struct waits *w, double *ms, struct err *e)
{
	struct desk *d = clerk_begin(dir, true, e);
	pid_t other = 0;
	int rc = -1;

	if (!d)
		return -1;
	if (!alone)
		other = clerk_start(dir, w, e);
	if (other >= 0)
		rc = import_all(d, table, ms, e);
	if (other > 0 && clerk_stop(other, w, rc ? NULL : e))
		rc = -1;
	desk_close(d);
	return rc;
}

int main(int argc, char **argv)
{
	struct desk_init init = { .profile = "national", .project_name = "Bench", .project_code = "BENCH-1", .account = BENCH_ACCOUNT,
		.display = "劳资员", .password = BENCH_PASSWORD, .roles = ROLE_CLERK };
	struct waits *w = clerk_waits();
	char recovery[RECOVERY_CODE_TEXT], table[4096], promise[80];
	struct desk *d = NULL;
	struct err e = { 0 };
	double ms = 0;
	bool alone = argc == 4 && !strcmp(argv[3], "alone");
	int rc = 1;

	if ((argc != 3 && !alone) || atoi(argv[2]) <= 0 || !w) {
		fprintf(stderr, "usage: bench-import DIR N [alone]\n");
		return 2;
	}
	i18n_init("zh");
	init.dir = argv[1];
	snprintf(table, sizeof(table), "%s.csv", argv[1]);
	if (write_table(table, (unsigned)atoi(argv[2])) == 0 && desk_init(&init, recovery, &e) == 0 && (d = clerk_begin(argv[1], true, &e)) &&
	    make_site(d, &e) == 0)
		rc = 0;
	desk_close(d);
	if (rc == 0)
		rc = measure(argv[1], table, alone, w, &ms, &e) ? 1 : 0;
	if (rc != 0) {
		fprintf(stderr, "bench-import: %s: %s\n", err_name(e.code), e.detail);
		return rc;
	}
	snprintf(promise, sizeof(promise), "5,000 rows ≤ 5 s (P8): %.1f a second", atoi(argv[2]) / ms * 1000);
	bench_row("roster imported, ms", &ms, 1, promise);
	if (!alone)
		bench_row("another clerk's write meanwhile (P7)", w->ms, w->n, "most ≤ 100 ms");
	return 0;
}
