/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first account, logging in, accounts and passwords (QUALITY S2, S3). What derives a key from a password
 * runs outside transactions. */
#include <string.h>

#include "base/text.h"
#include "desk/accounts.h"
#include "desk_private.h"
#include "store/account.h"
#include "store/delegation.h"
#include "store/site.h"
#include "store/vault.h"

/* --- init -------------------------------------------------------------------------------------------- */

static int init_rows(struct desk *d, const struct desk_init *init, const struct db_secret *secret, char *code,
		     struct err *e)
{
	struct db_project project = {.status = "running"};
	struct db_account account = {.roles = init->roles};
	int64_t id;

	text_copy(project.name, sizeof(project.name), init->project_name);
	text_copy(project.code, sizeof(project.code), init->project_code ? init->project_code : "");
	text_copy(project.profile, sizeof(project.profile), init->profile);
	text_copy(account.name, sizeof(account.name), init->account);
	text_copy(account.display, sizeof(account.display),
		  init->display && init->display[0] ? init->display : init->account);
	if (db_vault_create(d->store, code, e) || db_project_insert(d->store, &project, &d->project.id, e) ||
	    db_account_insert(d->store, &account, secret, &id, e))
		return -1;
	d->session.account = id;
	text_copy(d->session.display, sizeof(d->session.display), account.display);
	return desk_audit(
		d, &(struct audit_entry){.action = "init", .object = "account", .uid = init->account}, e);
}

static bool init_complete(const struct desk_init *init)
{
	return init->dir && init->profile && init->project_name && init->project_name[0] && init->account &&
	       init->account[0] && init->password && (init->roles & ROLE_CLERK);
}

int desk_init(const struct desk_init *init, char recovery_code[RECOVERY_CODE_TEXT], struct err *e)
{
	struct store_options options = {.dir = init->dir, .file = DESK_FILE, .checkpoint = true};
	struct db_secret secret = {.passes = 0};
	char code[RECOVERY_TEXT] = "";
	struct profile *profile = NULL;
	struct desk d = {.store = NULL};
	int rc = -1;

	_Static_assert(RECOVERY_CODE_TEXT >= RECOVERY_TEXT, "room for the recovery code");
	if (!init_complete(init))
		return err_set(e, ERR_USAGE,
			       "init needs profile, project, account, password and the clerk's role");
	if (profile_load(&profile, init->profile_dir, init->profile, e) ||
	    db_password_strong(init->password, e))
		goto out;
	if (store_create(&d.store, &options, e) || db_secret_new(&secret, init->password, init->kdf_mib, e))
		goto out;
	if (store_begin(d.store, e) || store_end(d.store, init_rows(&d, init, &secret, code, e), e) ||
	    store_publish(d.store, e))
		goto out;
	text_copy(recovery_code, RECOVERY_CODE_TEXT, code);
	rc = 0;
out:
	wipe(code, sizeof(code));
	db_secret_wipe(&secret);
	store_close(d.store);
	profile_free(profile);
	return rc;
}

/* --- session ----------------------------------------------------------------------------------------- */

static void session_of(const struct db_account *a, struct session *s)
{
	*s = (struct session){
		.account = a->id, .roles = a->roles, .has_key = a->has_key, .participant = a->participant, .lent_until = DATE_NONE};
	text_copy(s->name, sizeof(s->name), a->name);
	text_copy(s->display, sizeof(s->display), a->display);
}

/* A login that failed is on record too, unchained until somebody with a key comes (store/audit.h). Its own
 * failure hides nothing. */
static void audit_refusal(struct desk *d, const char *name, enum err_code code)
{
	struct db_audit row = {.account = 0};

	text_copy(row.action, sizeof(row.action), "login");
	text_copy(row.object, sizeof(row.object), "account");
	text_copy(row.object_uid, sizeof(row.object_uid), name);
	text_copy(row.result, sizeof(row.result), err_name(code));
	if (store_begin(d->store, NULL) == 0)
		store_end(d->store, db_audit_append(d->store, &row, NULL), NULL);
}

static int first_project(struct desk *d, struct err *e)
{
	struct db_project row;
	size_t n;

	if (db_project_list(d->store, 0, &row, 1, &n, e))
		return -1;
	return n ? desk_load_project(d, row.id, e) : 0;
}

static int login_done(struct desk *d, const struct db_account *a, struct err *e)
{
	int rc;

	session_of(a, &d->session);
	if (desk_refresh_loans(d, e) || store_begin(d->store, e))
		return -1;
	rc = db_login_done(d->store, a->id, e);
	if (!rc)
		rc = desk_audit(
			d, &(struct audit_entry){.action = "login", .object = "account", .uid = a->name}, e);
	return store_end(d->store, rc, e);
}

int desk_login(struct desk *d, const char *account, const char *password, struct err *e)
{
	struct db_account a;
	struct err own = {ERR_NONE};

	desk_logout(d);
	if (db_login(d->store, account, password, &a, &own)) {
		if (own.code == ERR_LOGIN || own.code == ERR_ACCOUNT_LOCKED ||
		    own.code == ERR_ACCOUNT_DISABLED)
			audit_refusal(d, account, own.code);
		return err_set(e, own.code, "%s", own.detail);
	}
	if (login_done(d, &a, e) || first_project(d, e)) {
		desk_logout(d);
		return -1;
	}
	return 0;
}

void desk_logout(struct desk *d)
{
	vault_lock(store_vault(d->store));
	wipe(&d->session, sizeof(d->session));
	profile_free(d->profile);
	d->profile = NULL;
	d->project = (struct project){.id = 0};
}

int desk_password_check(struct desk *d, const char *password, struct err *e)
{
	if (!d->session.account)
		return err_set(e, ERR_NO_SESSION, NULL);
	return db_password_check(d->store, d->session.account, password, e);
}

int desk_export_key(struct desk *d, unsigned char key[DESK_KEY_BYTES], struct err *e)
{
	_Static_assert(DESK_KEY_BYTES == VAULT_KEY_BYTES, "one key");
	return desk_may(d, 0, true, e) ? -1 : vault_export_key(store_vault(d->store), key, e);
}

static int runner_session(struct desk *d, struct err *e)
{
	d->session = (struct session){.roles = ROLE_RUNNER, .has_key = true};
	text_copy(d->session.name, sizeof(d->session.name), role_name(ROLE_RUNNER));
	text_copy(d->session.display, sizeof(d->session.display), role_name(ROLE_RUNNER));
	if (first_project(d, e)) {
		desk_logout(d);
		return -1;
	}
	return 0;
}

int desk_adopt_key(struct desk *d, const unsigned char key[DESK_KEY_BYTES], struct err *e)
{
	desk_logout(d);
	return vault_adopt_key(d->store, key, e) ? -1 : runner_session(d, e);
}

/* --- the unattended runner --------------------------------------------------------------------------- */

#define MAY_LEAVE_UNATTENDED (ROLE_CLERK | ROLE_PROJECT_MANAGER)

static int audit_unattended(struct desk *d, const char *action, struct err *e)
{
	return desk_audit(d, &(struct audit_entry){.action = action, .object = "box", .uid = d->session.name}, e);
}

int desk_unattended_make(struct desk *d, unsigned char secret[DESK_KEY_BYTES], struct err *e)
{
	int last;

	if (desk_may(d, MAY_LEAVE_UNATTENDED, true, e) || store_begin(d->store, e))
		return -1;
	last = db_unattended_make(d->store, secret, e) || audit_unattended(d, "unattended", e) ? -1 : 0;
	last = store_end(d->store, last, e);
	if (last)
		wipe(secret, DESK_KEY_BYTES);
	return last;
}

int desk_unattended_end(struct desk *d, struct err *e)
{
	int last;

	if (desk_may(d, MAY_LEAVE_UNATTENDED | ROLE_ADMINISTRATOR, false, e) || store_begin(d->store, e))
		return -1;
	last = db_unattended_end(d->store, e) || audit_unattended(d, "unattended_end", e) ? -1 : 0;
	return store_end(d->store, last, e);
}

bool desk_unattended_is(struct desk *d)
{
	bool on;

	return !db_unattended_is(d->store, &on, NULL) && on;
}

int desk_unattended_adopt(struct desk *d, const unsigned char secret[DESK_KEY_BYTES], struct err *e)
{
	desk_logout(d);
	return db_unattended_open(d->store, secret, e) ? -1 : runner_session(d, e);
}

/* --- accounts ---------------------------------------------------------------------------------------- */

/* Who makes accounts (I4): administrators, and those who delegate. */
#define LOANS_MOST 64
#define MANAGES_ACCOUNTS                                                                                     \
	(ROLE_ADMINISTRATOR | ROLE_PROJECT_MANAGER | ROLE_LEGAL_REPRESENTATIVE | ROLE_COMPANY_HR)

/* Until somebody holds one of those roles, the first account is alone and may make the others. */
int desk_may_manage_accounts(struct desk *d, struct err *e)
{
	struct db_account page[16];
	char after[64] = "";
	size_t n;

	if (desk_may(d, 0, false, e))
		return -1;
	if (d->session.roles & MANAGES_ACCOUNTS)
		return 0;
	if (desk_may(d, ROLE_CLERK, false, e))
		return -1;
	do {
		if (db_account_list(d->store, after, page, ARRAY_LEN(page), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (!page[i].disabled && (page[i].roles & MANAGES_ACCOUNTS))
				return err_set(e, ERR_NOT_PERMITTED,
					       "accounts are made by a manager or an administrator");
		if (n)
			text_copy(after, sizeof(after), page[n - 1].name);
	} while (n == ARRAY_LEN(page));
	return 0;
}

static int add_rows(struct desk *d, const struct account_new *a, const struct db_secret *secret,
		    struct err *e)
{
	struct db_account row = {.roles = a->roles, .participant = a->participant};
	int64_t id;

	text_copy(row.name, sizeof(row.name), a->name);
	text_copy(row.display, sizeof(row.display), a->display && a->display[0] ? a->display : a->name);
	if (db_account_insert(d->store, &row, secret, &id, e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = "account_add", .object = "account", .uid = a->name}, e);
}

int desk_account_add(struct desk *d, const struct account_new *a, struct err *e)
{
	struct db_secret secret = {.passes = 0};
	int rc = -1;

	if (!a->name || !a->name[0] || strlen(a->name) > 63 || !a->password || !a->roles ||
	    (a->roles & ROLE_RUNNER))
		return err_set(e, ERR_USAGE,
			       "an account needs a name of at most 63 bytes, a password and roles");
	/* S3: whoever looks after the system or the audit holds no key to people. */
	if ((a->roles & (ROLE_ADMINISTRATOR | ROLE_AUDITOR)) && (a->roles & ROLES_WITH_KEY))
		return err_set(e, ERR_USAGE, "administrator and auditor hold no other role");
	if (desk_may_manage_accounts(d, e) || ((a->roles & ROLES_WITH_KEY) && desk_may(d, 0, true, e)))
		return -1;
	if (db_secret_new(&secret, a->password, a->kdf_mib, e))
		goto out;
	if (store_begin(d->store, e) == 0)
		rc = store_end(d->store, add_rows(d, a, &secret, e), e);
out:
	db_secret_wipe(&secret);
	return rc;
}

/* Roles lent to an account that count today, and the last day of the first of them that ends. */
static int loans_of(struct desk *d, int64_t account, unsigned *roles, date_t *until, struct err *e)
{
	struct db_delegation rows[LOANS_MOST];
	size_t n;

	if (db_delegation_list(d->store, account, date_today(), rows, ARRAY_LEN(rows), &n, e))
		return -1;
	*roles = 0;
	*until = DATE_NONE;
	for (size_t i = 0; i < n; i++) {
		*roles |= rows[i].roles;
		if (*until == DATE_NONE || rows[i].until_on < *until)
			*until = rows[i].until_on;
	}
	return 0;
}

int desk_refresh_loans(struct desk *d, struct err *e)
{
	struct session *s = &d->session;
	unsigned own = s->roles & ~s->lent, lent;

	if (!s->account || loans_of(d, s->account, &lent, &s->lent_until, e))
		return s->account ? -1 : 0;
	s->lent = lent & ~own;
	s->roles = own | s->lent;
	return 0;
}

int desk_account_list(struct desk *d, struct account_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_account page[16];
	char after[64] = "";
	size_t count = 0, got;

	if (desk_may(d, 0, false, e))
		return -1;
	do {
		if (db_account_list(d->store, after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++, count++) {
			rows[count] = (struct account_row){
				.id = page[i].id, .roles = page[i].roles, .disabled = page[i].disabled};
			if (loans_of(d, page[i].id, &rows[count].lent, &rows[count].lent_until, e))
				return -1;
			text_copy(rows[count].name, sizeof(rows[count].name), page[i].name);
			text_copy(rows[count].display, sizeof(rows[count].display), page[i].display);
		}
		if (got)
			text_copy(after, sizeof(after), page[got - 1].name);
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

/* Whoever goes takes his loans with him, those he gave and those he has. */
static int end_loans_with(struct desk *d, int64_t account, struct err *e)
{
	struct db_delegation rows[LOANS_MOST];
	size_t n;

	if (db_delegation_list(d->store, 0, date_today(), rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((rows[i].account == account || rows[i].by_account == account) &&
		    db_delegation_end(d->store, rows[i].id, clock_now_ms(), e))
			return -1;
	return 0;
}

int desk_account_disable(struct desk *d, const char *name, bool disabled, struct err *e)
{
	struct db_account a;
	int rc;

	if (desk_may_manage_accounts(d, e) || db_account_find(d->store, name, &a, e))
		return -1;
	if (disabled && a.id == d->session.account)
		return err_set(e, ERR_FORBIDDEN, "an account does not disable itself");
	if (store_begin(d->store, e))
		return -1;
	rc = db_account_disable(d->store, a.id, disabled, e);
	if (!rc && disabled)
		rc = end_loans_with(d, a.id, e);
	if (!rc)
		rc = desk_audit(
			d,
			&(struct audit_entry){.action = disabled ? "account_disable" : "account_enable",
					      .object = "account",
					      .uid = a.name},
			e);
	return store_end(d->store, rc, e);
}

/* The new password becomes the account's wrap; the vault must be open far enough. */
static int put_password(struct desk *d, int64_t account, const char *name, const char *action,
			const char *password, struct err *e)
{
	struct db_secret secret = {.passes = 0};
	int rc = -1;

	if (db_account_reused(d->store, account, password, e) || db_secret_new(&secret, password, 0, e))
		goto out;
	if (store_begin(d->store, e))
		goto out;
	rc = db_account_put_secret(d->store, account, &secret, e);
	if (!rc)
		rc = desk_audit(d, &(struct audit_entry){.action = action, .object = "account", .uid = name},
				e);
	rc = store_end(d->store, rc, e);
out:
	db_secret_wipe(&secret);
	return rc;
}

int desk_password_change(struct desk *d, const char *old_password, const char *new_password, struct err *e)
{
	if (desk_password_check(d, old_password, e) || db_password_strong(new_password, e))
		return -1;
	return put_password(d, d->session.account, d->session.name, "password", new_password, e);
}

int desk_password_recover(struct desk *d, const char *recovery_code, const char *account,
			  const char *new_password, struct err *e)
{
	struct db_account a;
	int rc = -1;

	desk_logout(d);
	if (db_password_strong(new_password, e) || db_recover(d->store, recovery_code, e))
		return -1;
	if (db_account_find(d->store, account, &a, e) == 0)
		rc = put_password(d, a.id, a.name, "recover", new_password, e);
	vault_lock(store_vault(d->store));
	return rc;
}

int desk_account_password(struct desk *d, const char *name, const char *new_password, struct err *e)
{
	struct db_account a;

	if (desk_may_manage_accounts(d, e) || db_password_strong(new_password, e) || db_account_find(d->store, name, &a, e))
		return -1;
	if (a.id == d->session.account)
		return err_set(e, ERR_FORBIDDEN, "one's own password is changed with the old one");
	if (a.disabled)
		return err_set(e, ERR_ACCOUNT_DISABLED, "%s", a.name);
	if ((a.roles & ROLES_WITH_KEY) && desk_may(d, 0, true, e))
		return -1;
	return put_password(d, a.id, a.name, "password_reset", new_password, e);
}

/* --- lending ----------------------------------------------------------------------------------------- */

/* What may not be lent on: the roles that are the session's own. */
static unsigned own_roles(const struct desk *d)
{
	return d->session.roles & ~d->session.lent & ROLES_WITH_KEY;
}

static int judge_loan(struct desk *d, const struct db_account *to, unsigned roles, date_t until, struct err *e)
{
	if (!roles || (roles & ~own_roles(d)))
		return err_set(e, ERR_NOT_PERMITTED, "roles %x of %x", roles, own_roles(d));
	if (to->id == d->session.account || to->disabled || !to->has_key || (to->roles & roles) == roles)
		return err_set(e, ERR_FORBIDDEN, "%s", to->name);
	if (until == DATE_NONE || until < date_today() || until > date_today() + LEND_DAYS_MOST)
		return err_set(e, ERR_LOAN_DATE, NULL);
	return 0;
}

static void roles_text(unsigned roles, char *out, size_t size)
{
	*out = '\0';
	for (unsigned bit = 1; bit <= ROLE_LEGAL_REPRESENTATIVE; bit <<= 1)
		if (roles & bit) {
			if (*out)
				desk_append(out, size, " ");
			desk_append(out, size, role_name((enum role)bit));
		}
}

static int lend_rows(struct desk *d, const struct db_account *to, unsigned roles, date_t until, struct err *e)
{
	struct db_delegation row = {.account = to->id, .by_account = d->session.account, .roles = roles, .until_on = until};
	char detail[300], names[200], day[DATE_TEXT];
	int64_t id;

	date_format(until, day);
	roles_text(roles, names, sizeof(names));
	text_format(detail, sizeof(detail), "%s until %s", names, day);
	if (db_delegation_insert(d->store, &row, &id, e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "lend", .object = "account", .uid = to->name, .detail = detail}, e);
}

int desk_lend(struct desk *d, const char *name, unsigned roles, date_t until, struct err *e)
{
	struct db_account to;

	if (desk_may(d, 0, true, e) || db_account_find(d->store, name, &to, e) || judge_loan(d, &to, roles, until, e) ||
	    store_begin(d->store, e))
		return -1;
	return store_end(d->store, lend_rows(d, &to, roles, until, e), e);
}

int desk_loan_list(struct desk *d, struct loan *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_delegation page[LOANS_MOST];
	size_t got;

	if (desk_may(d, 0, false, e) ||
	    db_delegation_list(d->store, 0, date_today(), page, cap < ARRAY_LEN(page) ? cap : ARRAY_LEN(page), &got, e))
		return -1;
	for (size_t i = 0; i < got; i++) {
		rows[i] = (struct loan){.id = page[i].id, .roles = page[i].roles, .until = page[i].until_on,
					.mine = page[i].by_account == d->session.account};
		text_copy(rows[i].name, sizeof(rows[i].name), page[i].name);
		text_copy(rows[i].by_name, sizeof(rows[i].by_name), page[i].by_name);
	}
	*n = got;
	return 0;
}

static int end_rows(struct desk *d, const struct db_delegation *row, struct err *e)
{
	char names[200];

	roles_text(row->roles, names, sizeof(names));
	if (db_delegation_end(d->store, row->id, clock_now_ms(), e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "loan_end", .object = "account", .uid = row->name, .detail = names}, e);
}

int desk_loan_end(struct desk *d, int64_t id, struct err *e)
{
	struct db_delegation row;

	if (desk_may(d, 0, false, e) || db_delegation_get(d->store, id, &row, e))
		return -1;
	if (row.by_account != d->session.account && desk_may_manage_accounts(d, e))
		return -1;
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, end_rows(d, &row, e), e);
}
