/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/audit.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk_private.h"
#include "domain/lifecycle.h"
#include "store/account.h"
#include "store/company.h"
#include "store/person.h"
#include "store/post.h"
#include "store/site.h"

#define SEES_ALL                                                                                             \
	(ROLE_AUDITOR | ROLE_ADMINISTRATOR | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)

/* What is no event of a life cycle. tests/desk/audit_words.sh holds the list against the sources. */
static const struct {
	const char *action, *word;
} actions[] = {
	{"login", N_("登录")},
	{"init", N_("建立数据")},
	{"open", N_("打开全部资料")},
	{"reveal", N_("显示完整号码")},
	{"register", N_("登记")},
	{"amend", N_("修改资料")},
	{"change", N_("按平台变更")},
	{"merge_fields", N_("合并平台改动")},
	{"choose", N_("选定不一致的值")},
	{"assign_team", N_("分配班组")},
	{"training", N_("安全培训")},
	{"certificate", N_("资格证书")},
	{"mark", N_("不宜录用标记")},
	{"merge", N_("合并档案")},
	{"unmerge", N_("取消合并")},
	{"absence", N_("缺勤报备")},
	{"outage", N_("设备离线报备")},
	{"filing_remove", N_("取消报备")},
	{"undo", N_("撤销")},
	{"leader", N_("指定班组长")},
	{"worker_code", N_("发工人码")},
	{"book_add", N_("登记簿登记")},
	{"book_amend", N_("登记簿更正")},
	{"book_remove", N_("登记簿删除")},
	{"clock", N_("打卡")},
	{"photo", N_("放入照片")},
	{"evidence_add", N_("补充印证材料")},
	{"photo_open", N_("查看照片")},
	{"company_add", N_("添加单位")},
	{"participant_add", N_("添加参建单位")},
	{"team_add", N_("添加班组")},
	{"team_edit", N_("修改班组")},
	{"team_delete", N_("删除班组")},
	{"participant_delete", N_("删除参建单位")},
	{"sheet_add", N_("填写单位或项目资料")},
	{"sheet_amend", N_("修改单位或项目资料")},
	{"retry", N_("重新上传")},
	{"give_up", N_("放弃被退回的")},
	{"retry_all", N_("全部重新上传")},
	{"send_now", N_("立即上传一条")},
	{"by_hand", N_("平台页面已办")},
	{"take_over", N_("接管上传")},
	{"move_box", N_("换电脑接着上传")},
	{"reverse_there", N_("撤销平台上多出的记录")},
	{"unattended", N_("允许无人值守上传")},
	{"unattended_end", N_("停止无人值守上传")},
	{"setting", N_("更改设置")},
	{"backup", N_("备份")},
	{"keep", N_("更改保存期限")},
	{"settled", N_("登记工资结清日")},
	{"erase", N_("清除到期资料")},
	{"rekey", N_("更换数据密钥")},
	{"rekey_done", N_("数据密钥更换完成")},
	{"person_whole", N_("导出本人全部资料")},
	{"import", N_("导入")},
	{"export", N_("导出")},
	{"device_add", N_("登记设备")},
	{"device_edit", N_("修改设备登记")},
	{"device_allow", N_("允许设备接入")},
	{"device_forbid", N_("停止设备接入")},
	{"device_withdraw", N_("撤下设备")},
	{"collected_take", N_("采用设备采集的人员")},
	{"collected_drop", N_("不采用设备采集的人员")},
	{"account_add", N_("添加帐号")},
	{"account_disable", N_("停用帐号")},
	{"account_enable", N_("启用帐号")},
	{"password", N_("更改口令")},
	{"password_reset", N_("为他人重设口令")},
	{"lend", N_("授权")},
	{"loan_end", N_("收回授权")},
	{"recover", N_("凭恢复码重设口令")},
};

const char *desk_audit_action(size_t i, const char **word)
{
	if (i >= ARRAY_LEN(actions))
		return NULL;
	*word = _(actions[i].word);
	return actions[i].action;
}

static const char *action_word(const char *action)
{
	enum event event;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (!strcmp(actions[i].action, action))
			return _(actions[i].word);
	return event_parse(action, &event) ? event_word(event) : action;
}

static void about_person(struct desk *d, const char *uid, char *out, size_t size)
{
	struct db_person p;

	if (db_person_by_uid(d->store, uid, &p, NULL) == 0)
		text_copy(out, size, p.name);
}

static void about_team(struct desk *d, const char *uid, char *out, size_t size)
{
	struct db_team t;

	if (db_team_by_uid(d->store, uid, &t, NULL) == 0)
		text_copy(out, size, t.name);
}

static void about_company(struct desk *d, const char *uid, char *out, size_t size)
{
	struct db_company c;

	if (db_company_by_uid(d->store, uid, &c, NULL) == 0)
		text_copy(out, size, c.name);
}

static void about_participant(struct desk *d, const char *uid, char *out, size_t size)
{
	struct db_participant p;

	if (db_participant_by_uid(d->store, uid, &p, NULL) == 0)
		text_copy(out, size, p.company_name);
}

static void about_post(struct desk *d, const char *uid, char *out, size_t size)
{
	struct db_post p;

	if (d->profile && db_post_by_uid(d->store, uid, &p, NULL) == 0)
		text_copy(out, size, desk_code_word(d, "trades", p.post));
}

static void about_itself(struct desk *d, const char *uid, char *out, size_t size)
{
	(void)d;
	text_copy(out, size, uid);
}

static const struct {
	const char *object;
	void (*name)(struct desk *d, const char *uid, char *out, size_t size);
} objects[] = {
	{"person", about_person}, {"team", about_team},       {"team_site", about_team},  {"company", about_company},
	{"participant", about_participant}, {"post", about_post}, {"account", about_itself}, {"setting", about_itself},
};

static void row_out(struct desk *d, const struct db_audit *a, struct audit_row *r)
{
	enum err_code code;

	*r = (struct audit_row){.id = a->id, .at_ms = a->at_ms, .account = a->account, .project = a->project};
	text_copy(r->who, sizeof(r->who), strcmp(a->who, role_name(ROLE_RUNNER)) ? a->who : role_word(ROLE_RUNNER));
	text_copy(r->action, sizeof(r->action), a->action);
	text_copy(r->action_word, sizeof(r->action_word), action_word(a->action));
	text_copy(r->object, sizeof(r->object), a->object);
	text_copy(r->object_uid, sizeof(r->object_uid), a->object_uid);
	text_copy(r->result, sizeof(r->result), a->result);
	text_copy(r->result_word, sizeof(r->result_word), err_parse(a->result, &code) ? err_sentence(code) : _("完成"));
	text_copy(r->detail, sizeof(r->detail), a->detail);
	text_copy(r->note, sizeof(r->note), a->note);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		if (!strcmp(objects[i].object, a->object))
			objects[i].name(d, a->object_uid, r->about, sizeof(r->about));
}

static int begin_at(struct desk *d, const struct audit_query *q, int64_t *before, struct err *e)
{
	*before = q->before;
	if (q->before || q->day == DATE_NONE)
		return 0;
	return db_audit_before(d->store, date_begin_ms(q->day + 1), before, e);
}

int desk_audit_list(struct desk *d, const struct audit_query *q, struct audit_row *rows, size_t cap, size_t *n, struct err *e)
{
	bool all = d->session.roles & SEES_ALL;
	struct db_audit_filter f = {.account = all ? q->account : d->session.account,
				    .action = q->action[0] ? q->action : NULL,
				    .object_uid = q->object_uid[0] ? q->object_uid : NULL};
	struct db_audit page[16];
	size_t count = 0, got;

	if (desk_may(d, 0, false, e) || begin_at(d, q, &f.before, e))
		return -1;
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_audit_find(d->store, &f, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			row_out(d, &page[i], &rows[count++]);
		if (got)
			f.before = page[got - 1].id;
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}
