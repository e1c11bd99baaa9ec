/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-fill DIR N [PROFILE]: a data directory with N people, through the desk like anybody's, many to a transaction.
 * A directory that holds N already is left as it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "bench.h"
#include "desk/site.h"
#include "people.h"

#define GROUP 2000
#define TEAMS 40

static char participant[UID_TEXT], team[TEAMS][UID_TEXT];

static int make_site(struct desk *d, struct err *e)
{
	const struct code *types;
	struct company_new company = { .credit_code = "91990101MA0XMXB23L", .name = "青禾建筑劳务有限公司", .short_name = "青禾劳务",
		.area_code = "990101", .registered_on = "2015-06-01" };
	struct participant_new p = { .manager_name = "孙练工", .manager_phone = "13800000002" };
	char company_uid[UID_TEXT], name[64];

	if (!profile_codes(desk_profile(d), "participant_types", &types))
		return err_set(e, ERR_PROFILE, "no participant_types");
	p.type = types[0].code;
	if (desk_company_add(d, &company, company_uid, e) != 0)
		return -1;
	p.company_uid = company_uid;
	if (desk_participant_add(d, &p, participant, e) != 0 ||
	    desk_participant_act(d, participant, EVENT_SITE_ENTER, DATE_NONE, e) != 0)
		return -1;
	for (int i = 0; i < TEAMS; i++) {
		snprintf(name, sizeof(name), "第%d班组", i + 1);
		if (desk_team_add(d, &(struct team_new){ .name = name, .kind = "worker", .participant_uid = participant }, team[i], e) != 0 ||
		    desk_team_act(d, team[i], EVENT_SITE_ENTER, DATE_NONE, e) != 0)
			return -1;
	}
	return 0;
}

static int register_one(struct desk *d, unsigned i, struct err *e)
{
	static struct findings findings;
	struct bench_person who;
	struct registered done;
	struct record r;
	int rc;

	bench_person(&who, i);
	record_init(&r);
	rc = bench_record(&r, desk_profile(d), &who, i, participant, team[i % TEAMS]);
	if (rc == 0)
		rc = desk_register(d, &r, &findings, &done, e);
	if (rc != 0 && e->code == ERR_FINDINGS)
		for (size_t k = 0; k < findings.n; k++)
			fprintf(stderr, "  %s: %s\n", field_get(findings.item[k].field)->name, findings.item[k].sentence);
	record_release(&r);
	return rc;
}

static int register_all(struct desk *d, unsigned n, struct err *e)
{
	double begin = bench_ms();

	for (unsigned i = 0; i < n;) {
		if (desk_group_begin(d, e) != 0)
			return -1;
		for (unsigned end = i + GROUP < n ? i + GROUP : n; i < end; i++)
			if (register_one(d, i, e) != 0)
				return -1;
		if (desk_group_end(d, true, e) != 0)
			return -1;
		if (i % 20000 == 0)
			fprintf(stderr, "  %u of %u, %.0f a second\n", i, n, i / (bench_ms() - begin) * 1000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct desk_init init = { .profile = "national", .project_name = "Bench", .project_code = "BENCH-1", .account = BENCH_ACCOUNT,
		.display = "劳资员", .password = BENCH_PASSWORD, .roles = ROLE_CLERK };
	char recovery[RECOVERY_CODE_TEXT];
	struct desk *d = NULL;
	struct err e = { 0 };
	int rc = 1;

	if ((argc != 3 && argc != 4) || atoi(argv[2]) <= 0) {
		fprintf(stderr, "usage: bench-fill DIR N [PROFILE]\n");
		return 2;
	}
	if (argc == 4)
		init.profile = argv[3];
	i18n_init("zh");
	init.dir = argv[1];
	if (desk_init(&init, recovery, &e) == 0 && desk_open(&d, &(struct desk_options){ .dir = argv[1], .checkpoint = true }, &e) == 0 &&
	    desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, &e) == 0 && make_site(d, &e) == 0 &&
	    register_all(d, (unsigned)atoi(argv[2]), &e) == 0)
		rc = 0;
	if (rc != 0)
		fprintf(stderr, "bench-fill: %s: %s\n", err_name(e.code), e.detail);
	desk_close(d);
	return rc;
}
