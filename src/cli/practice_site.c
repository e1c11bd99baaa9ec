/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_site.h"

#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/desk.h"
#include "desk/device.h"
#include "desk/site.h"
#include "practice_door.h"
#include "practice_weeks.h"

#define KDF_MIB 16 /* an invented site guards nothing; logging in must not keep a newcomer waiting on a small machine */
#define ADMIN "practice-admin"

const struct practice_account practice_accounts[] = {
	{ "clerk", N_("劳资员"), ROLE_CLERK },
	{ "manager", N_("项目经理"), ROLE_PROJECT_MANAGER },
	{ "company", N_("企业人事"), ROLE_COMPANY_HR }, /* agrees to leaving, dismisses */
};
const size_t practice_accounts_n = ARRAY_LEN(practice_accounts);

/* Credit codes are formed and checked as GB 32100 says; their district 990101 does not exist. `type` is a word of the profile's own
 * table of participant types, since its codes are the region's. */
static const struct { const char *code, *name, *short_name, *type, *manager, *phone; } companies[] = {
	{ "91990101MA0XMXA19G", "云溪建设集团有限公司（练习）", "云溪建设", "总承包", "钱练总", "13800000001" },
	{ "91990101MA0XMXB23L", "青禾建筑劳务有限公司（练习）", "青禾劳务", "劳务", "孙练工", "13800000002" },
	{ "91990101MA0XMXC38T", "明衡工程监理有限公司（练习）", "明衡监理", "监理", "李练理", "13800000003" },
};
#define CONTRACTOR 0
#define LABOUR 1

static const struct { int company; const char *name, *kind; } teams[] = {
	{ LABOUR, "木工一班", "worker" },
	{ LABOUR, "钢筋一班", "worker" },
	{ LABOUR, "架子工班", "worker" },
	{ LABOUR, "砌筑班", "worker" },
	{ CONTRACTOR, "后勤保洁组", "other" },
};

/* The project's own participant may be there already. 0 with *found false: it is not. */
static int find_participant(struct desk *d, const char *code, struct participant_row *out, bool *found, struct err *e)
{
	struct participant_row rows[16];
	size_t n = 0;

	*found = false;
	if (desk_participant_list(d, rows, ARRAY_LEN(rows), &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n && !*found; i++)
		if (strcmp(rows[i].credit_code, code) == 0) {
			*out = rows[i];
			*found = true;
		}
	return 0;
}

static const char *participant_type(const struct profile *p, const char *word)
{
	const struct code *codes;
	size_t n = profile_codes(p, "participant_types", &codes);

	for (size_t i = 0; i < n; i++)
		if (strstr(codes[i].name, word))
			return codes[i].code;
	return NULL;
}

static int add_participant(struct desk *d, size_t i, char uid[UID_TEXT], struct err *e)
{
	struct company_new company = { .credit_code = companies[i].code, .name = companies[i].name,
		.short_name = companies[i].short_name, .area_code = "990101", .registered_on = "2015-06-01" };
	struct participant_new participant = { .type = participant_type(desk_profile(d), companies[i].type),
		.manager_name = companies[i].manager, .manager_phone = companies[i].phone };
	char company_uid[UID_TEXT];

	if (!participant.type)
		return err_set(e, ERR_PROFILE, "participant_types has no %s", companies[i].type);
	if (desk_company_add(d, &company, company_uid, e) != 0)
		return -1;
	participant.company_uid = company_uid;
	return desk_participant_add(d, &participant, uid, e);
}

static int add_participants(struct desk *d, char uids[][UID_TEXT], struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(companies); i++) {
		struct participant_row row;
		bool found;

		if (find_participant(d, companies[i].code, &row, &found, e) != 0)
			return -1;
		if (found)
			memcpy(uids[i], row.uid, UID_TEXT);
		else if (add_participant(d, i, uids[i], e) != 0)
			return -1;
		if ((!found || row.state == SITE_NOT_ENTERED) &&
		    desk_participant_act(d, uids[i], EVENT_SITE_ENTER, DATE_NONE, e) != 0)
			return -1;
	}
	return 0;
}

/* Our own teams and those the profile makes by itself (C2): all of them are on the site from the first day. */
static int enter_teams(struct desk *d, struct err *e)
{
	struct team_row rows[32];
	size_t n = 0;

	if (desk_team_list(d, rows, ARRAY_LEN(rows), &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].state == SITE_NOT_ENTERED && desk_team_act(d, rows[i].uid, EVENT_SITE_ENTER, DATE_NONE, e) != 0)
			return -1;
	return 0;
}

static int add_teams(struct desk *d, char uids[][UID_TEXT], struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(teams); i++) {
		struct team_new team = { .name = teams[i].name, .kind = teams[i].kind, .participant_uid = uids[teams[i].company] };
		char uid[UID_TEXT];

		if (desk_team_add(d, &team, uid, e) != 0)
			return -1;
	}
	return enter_teams(d, e);
}

static int add_device(struct desk *d, struct err *e)
{
	struct device_new device = { .serial = PRACTICE_DEVICE, .place = _("练习用的虚拟设备"), .method = "gate", .biometric = "face", .way = "in" };
	char uid[UID_TEXT];

	return desk_device_add(d, &device, uid, e);
}

/* The clerk is alone at first and makes the manager, who makes practice's own account: from then on only managers may (S3). */
static int add_accounts(struct desk *d, const char *admin_password, struct err *e)
{
	const struct practice_account *m = &practice_accounts[1];
	struct account_new manager = { .name = m->name, .display = _(m->display), .password = PRACTICE_PASSWORD, .roles = m->roles,
		.kdf_mib = KDF_MIB };
	struct account_new admin = { .name = ADMIN, .display = _("练习程序"), .password = admin_password,
		.roles = ROLE_ADMINISTRATOR, .kdf_mib = KDF_MIB };

	if (desk_account_add(d, &manager, e) != 0 || desk_login(d, m->name, PRACTICE_PASSWORD, e) != 0)
		return -1;
	for (size_t i = 2; i < practice_accounts_n; i++) {
		struct account_new other = { .name = practice_accounts[i].name, .display = _(practice_accounts[i].display),
			.password = PRACTICE_PASSWORD, .roles = practice_accounts[i].roles, .kdf_mib = KDF_MIB };

		if (desk_account_add(d, &other, e))
			return -1;
	}
	return desk_account_add(d, &admin, e);
}

static int settings(struct desk *d, const struct practice_site *site, struct err *e)
{
	return desk_setting_set(d, "hold_seconds", site->hold_seconds, e) != 0 ||
		desk_setting_set(d, "platform.poll_seconds", site->poll_seconds, e) != 0 ||
		desk_setting_set(d, "platform.token", site->token, e) != 0 ? -1 : 0;
}

static int add_weeks(struct desk *d, const struct practice_site *site, char uids[][UID_TEXT], struct err *e)
{
	struct practice_weeks weeks = { .dir = site->dir, .contractor = uids[CONTRACTOR], .labour = uids[LABOUR], .device = PRACTICE_DEVICE };

	return desk_login(d, practice_accounts[0].name, PRACTICE_PASSWORD, e) != 0 ? -1 : practice_weeks_make(d, &weeks, e);
}

static int make_in(struct desk *d, const struct practice_site *site, struct err *e)
{
	char uids[ARRAY_LEN(companies)][UID_TEXT];

	if (desk_login(d, practice_accounts[0].name, PRACTICE_PASSWORD, e) != 0 || settings(d, site, e) != 0 || add_participants(d, uids, e) != 0 ||
	    add_teams(d, uids, e) != 0 || add_device(d, e) != 0 || add_accounts(d, site->admin_password, e) != 0)
		return -1;
	return site->weeks ? add_weeks(d, site, uids, e) : 0;
}

static int make(const struct practice_site *site, struct err *e)
{
	const struct practice_account *first = &practice_accounts[0];
	struct desk_init init = { .dir = site->dir, .profile = site->profile, .project_name = _("云溪花园一期（练习）"), .project_code = PRACTICE_PROJECT,
		.account = first->name, .display = _(first->display), .password = PRACTICE_PASSWORD, .roles = first->roles,
		.kdf_mib = KDF_MIB };
	char recovery[RECOVERY_CODE_TEXT];
	struct desk *d = NULL;
	int rc;

	if (desk_init(&init, recovery, e) != 0)
		return -1;
	wipe(recovery, sizeof(recovery));
	if (desk_open(&d, &(struct desk_options){ .dir = site->dir, .checkpoint = true }, e) != 0)
		return -1;
	rc = make_in(d, site, e);
	desk_close(d);
	return rc;
}

int practice_site_make(const struct practice_site *site, struct err *e)
{
	int rc;

	if (site->weeks)
		clock_fix_ms(practice_weeks_begin_ms());
	rc = make(site, e);
	clock_fix_ms(0);
	return rc;
}

/* The typed word is practice's own to type: nothing leaves this machine. */
static int as_device(struct desk *d, struct err *e)
{
	return desk_setting_set(d, "platform.plain", DESK_PLAIN_WORD, e) || desk_setting_set(d, "platform.device_maker", PRACTICE_MAKER, e) ||
			       desk_setting_set(d, "platform.device_id", PRACTICE_COLLECTOR, e)
		       ? -1
		       : 0;
}

int practice_site_connect(const char *dir, const char *admin_password, const struct practice_places *at, struct err *e)
{
	struct desk *d = NULL;
	int rc = -1;

	if (desk_open(&d, &(struct desk_options){ .dir = dir, .checkpoint = true }, e) != 0)
		return -1;
	if (desk_login(d, ADMIN, admin_password, e) == 0 && desk_setting_set(d, "platform.url", at->url, e) == 0 &&
	    desk_setting_set(d, "platform.ca_file", at->ca_file, e) == 0 && desk_setting_set(d, "gateway.listen", at->gateway, e) == 0 &&
	    (!at->device || as_device(d, e) == 0))
		rc = 0;
	desk_close(d);
	return rc;
}
