/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, user, setting. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/accounts.h"

#define SECRET_MAX 1024
#define ACCOUNTS 200
#define LOANS 64

/* "clerk,project_manager" */
static int roles_of(const char *text, unsigned *out, struct err *e)
{
	char copy[256], *rest = copy, *word;
	unsigned roles = 0;
	enum role role;

	if (!text_copy(copy, sizeof(copy), text))
		return err_set(e, ERR_USAGE, "--roles");
	while ((word = strsep(&rest, ","))) {
		if (!role_parse(word, &role) || role == ROLE_RUNNER)
			return err_set(e, ERR_USAGE, _("没有“%s”这种角色"), word);
		roles |= role;
	}
	*out = roles;
	return 0;
}

static int need(const struct cli *c, const char *name, const char **out, struct err *e)
{
	*out = opt(c, name);
	return *out && **out ? 0 : err_set(e, ERR_USAGE, _("缺少 --%s"), name);
}

/* --- init ------------------------------------------------------------------------------------------------------------------- */

static void say_recovery_code(const struct cli *c, const char *code)
{
	if (c->json) {
		printf("{\"data\":\"%s\",\"recovery_code\":\"%s\"}\n", c->dir, code);
		return;
	}
	printf(_("数据目录已建立：%s\n\n恢复码：%s\n\n请抄写并由单位保管。忘记口令时只能凭它找回，程序不会再显示第二次。\n"), c->dir, code);
}

int run_init(struct cli *c, struct err *e)
{
	struct desk_init init = {.dir = c->dir, .project_code = opt(c, "project-code"), .display = opt(c, "display"), .roles = ROLE_CLERK};
	char password[SECRET_MAX], code[RECOVERY_CODE_TEXT];
	int ret;

	init.project_name = c->project;
	init.account = opt(c, "account") ? opt(c, "account") : c->user;
	if (need(c, "profile", &init.profile, e) || need(c, "project", &init.project_name, e))
		return -1;
	if (!init.account || !*init.account)
		return err_set(e, ERR_USAGE, _("缺少 --%s"), "account");
	if (opt(c, "roles") && roles_of(opt(c, "roles"), &init.roles, e))
		return -1;
	if (ask_new_password(c->password_file, password, sizeof(password), e))
		return -1;
	init.password = password;
	ret = desk_init(&init, code, e);
	wipe(password, sizeof(password));
	if (ret == 0)
		say_recovery_code(c, code);
	wipe(code, sizeof(code));
	return ret;
}

/* --- user ---------------------------------------------------------------------------------------------------------------------- */

static void add_roles(cJSON *o, unsigned roles)
{
	cJSON *names = cJSON_AddArrayToObject(o, "roles");
	char words[256] = "";

	for (unsigned bit = 1; bit < ROLE_RUNNER; bit <<= 1) {
		size_t used = strlen(words);

		if (!(roles & bit))
			continue;
		cJSON_AddItemToArray(names, cJSON_CreateString(role_name((enum role)bit)));
		text_format(words + used, sizeof(words) - used, "%s%s", used ? _("、") : "", role_word((enum role)bit));
	}
	cJSON_AddStringToObject(o, "roles_word", words);
}

static cJSON *account_json(const struct account_row *r)
{
	cJSON *o = cJSON_CreateObject();

	add_roles(o, r->roles);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "display", r->display);
	cJSON_AddBoolToObject(o, "disabled", r->disabled);
	cJSON_AddStringToObject(o, "state_word", r->disabled ? _("已停用") : _("可用"));
	return o;
}

int run_user_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"name", N_("帐号"), 16}, {"display", N_("姓名"), 12}, {"state_word", N_("状态"), 8}, {"roles_word", N_("角色"), 30}};
	struct account_row *rows = calloc(ACCOUNTS, sizeof(*rows));
	struct listing l;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "accounts");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = desk_account_list(c->desk, rows, ACCOUNTS, &n, e);
	for (size_t i = 0; ret == 0 && i < n && i < ACCOUNTS; i++)
		ret = list_add(&l, account_json(&rows[i]), e);
	list_end(&l);
	free(rows);
	return ret;
}

static int say_done(const struct cli *c, const char *words)
{
	if (c->json)
		printf("{\"account\":\"%s\",\"done\":true}\n", c->argc ? c->argv[0] : c->user);
	else
		printf("%s\n", words);
	return 0;
}

int run_user_add(struct cli *c, struct err *e)
{
	struct account_new new = {.name = c->argv[0], .display = opt(c, "display")};
	char password[SECRET_MAX];
	const char *roles;
	int ret;

	if (need(c, "roles", &roles, e) || roles_of(roles, &new.roles, e))
		return -1;
	if (ask_new_password(opt(c, "new-password-file"), password, sizeof(password), e))
		return -1;
	new.password = password;
	ret = desk_account_add(c->desk, &new, e);
	wipe(password, sizeof(password));
	return ret ? -1 : say_done(c, _("帐号已建立"));
}

int run_user_disable(struct cli *c, struct err *e)
{
	return desk_account_disable(c->desk, c->argv[0], true, e) ? -1 : say_done(c, _("已停用该帐号"));
}

int run_user_enable(struct cli *c, struct err *e)
{
	return desk_account_disable(c->desk, c->argv[0], false, e) ? -1 : say_done(c, _("帐号已启用"));
}

int run_user_reset(struct cli *c, struct err *e)
{
	char password[SECRET_MAX];
	int ret;

	if (ask_new_password(opt(c, "new-password-file"), password, sizeof(password), e))
		return -1;
	ret = desk_account_password(c->desk, c->argv[0], password, e);
	wipe(password, sizeof(password));
	return ret ? -1 : say_done(c, _("口令已重设，请当面告诉本人"));
}

int run_user_lend(struct cli *c, struct err *e)
{
	const char *roles;
	unsigned bits;
	date_t until = DATE_NONE;

	if (need(c, "roles", &roles, e) || roles_of(roles, &bits, e) || opt_date(c, "until", &until, e))
		return -1;
	return desk_lend(c->desk, c->argv[0], bits, until, e) ? -1 : say_done(c, _("已授权，对方下次登录起有效"));
}

static cJSON *loan_json(const struct loan *r)
{
	cJSON *o = cJSON_CreateObject();
	char day[DATE_TEXT];

	add_roles(o, r->roles);
	date_format(r->until, day);
	cJSON_AddNumberToObject(o, "loan", (double)r->id);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "by", r->by_name);
	cJSON_AddStringToObject(o, "until", day);
	return o;
}

int run_user_loans(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"loan", N_("编号"), 6}, {"name", N_("帐号"), 16}, {"by", N_("授权人"), 16}, {"roles_word", N_("角色"), 20}, {"until", N_("最后一天"), 10}};
	struct loan rows[LOANS];
	struct listing l;
	size_t n = 0;
	int ret;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = desk_loan_list(c->desk, rows, LOANS, &n, e);
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = list_add(&l, loan_json(&rows[i]), e);
	list_end(&l);
	return ret;
}

int run_user_takeback(struct cli *c, struct err *e)
{
	char *end;
	long long id = strtoll(c->argv[0], &end, 10);

	if (*end || id <= 0)
		return err_set(e, ERR_USAGE, "%s", c->argv[0]);
	return desk_loan_end(c->desk, id, e) ? -1 : say_done(c, _("授权已收回"));
}

/* One's own with the old password, or anybody's with the recovery code. */
static int change_own(struct cli *c, char *old, char *new, struct err *e)
{
	if (!c->user || !*c->user)
		return err_set(e, ERR_USAGE, "%s", _("请用 --user 或 SHIMING_USER 指定帐号"));
	if (ask_secret(c->password_file, _("原口令："), old, SECRET_MAX, e) || desk_login(c->desk, c->user, old, e) ||
	    ask_new_password(opt(c, "new-password-file"), new, SECRET_MAX, e))
		return -1;
	return desk_password_change(c->desk, old, new, e);
}

static int recover(struct cli *c, char *code, char *new, struct err *e)
{
	if (!c->user || !*c->user)
		return err_set(e, ERR_USAGE, "%s", _("请用 --user 或 SHIMING_USER 指定帐号"));
	if (ask_secret(opt(c, "recovery-file"), _("恢复码："), code, SECRET_MAX, e) ||
	    ask_new_password(opt(c, "new-password-file"), new, SECRET_MAX, e))
		return -1;
	return desk_password_recover(c->desk, code, c->user, new, e);
}

int run_user_passwd(struct cli *c, struct err *e)
{
	bool by_code = opt(c, "recovery") || opt(c, "recovery-file");
	char first[SECRET_MAX], new[SECRET_MAX];
	int ret = by_code ? recover(c, first, new, e) : change_own(c, first, new, e);

	wipe(first, sizeof(first));
	wipe(new, sizeof(new));
	return ret ? -1 : say_done(c, _("口令已更改"));
}

/* --- setting ------------------------------------------------------------------------------------------------------------------------ */

static bool secret_setting(const char *name)
{
	return strcmp(name, "platform.token") == 0 || strcmp(name, "platform.corp_secret") == 0 ||
	       strcmp(name, SETTING_WAGE_ACCOUNT) == 0;
}

static int show_setting(struct cli *c, struct err *e)
{
	char value[4096];
	cJSON *o;
	int ret = desk_setting_get(c->desk, c->argv[0], value, sizeof(value), e);

	if (ret == 0 && secret_setting(c->argv[0]) && *value)
		text_copy(value, sizeof(value), _("（已设置，不显示）"));
	if (ret == 0 && !c->json)
		printf("%s\n", value);
	if (ret == 0 && c->json) {
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, c->argv[0], value);
		ret = print_object(o, e);
	}
	wipe(value, sizeof(value));
	return ret;
}

int run_setting(struct cli *c, struct err *e)
{
	const char *name = c->argv[0], *file = opt(c, "value-file");
	char secret[SECRET_MAX];
	int ret;

	if (c->argc == 1 && !file)
		return show_setting(c, e);
	if (c->argc == 2 && secret_setting(name))
		return err_set(e, ERR_USAGE, "%s", _("令牌不能写在命令行上，请用 --value-file"));
	if (file && ask_secret(file, "", secret, sizeof(secret), e))
		return -1;
	ret = desk_setting_set(c->desk, name, file ? secret : c->argv[1], e);
	wipe(secret, sizeof(secret));
	return ret ? -1 : say_done(c, _("已保存"));
}
