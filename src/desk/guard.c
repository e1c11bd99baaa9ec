/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "plan.h"

void verdict_refuse(struct verdict *v, const char *why, const char *would)
{
	v->can = false;
	text_copy(v->why, sizeof(v->why), why);
	text_copy(v->would, sizeof(v->would), would);
}

void verdict_warn(struct verdict *v, const char *sentence)
{
	char all[sizeof(v->warning)];

	if (v->warning[0])
		text_format(all, sizeof(all), _("%s；%s"), v->warning, sentence);
	else
		text_copy(all, sizeof(all), sentence);
	text_copy(v->warning, sizeof(v->warning), all);
}

/* As the profile says: refuse, warn, or let pass. */
static bool by_severity(const struct situation *s, const char *rule, struct verdict *v, const char *why,
			const char *would)
{
	enum severity severity = profile_severity(s->profile, rule);

	if (severity == SEVERITY_BLOCK) {
		verdict_refuse(v, why, would);
		return false;
	}
	if (severity == SEVERITY_WARN)
		verdict_warn(v, why);
	return true;
}

enum leaving guard_leaving(const struct profile *p)
{
	const char *word = profile_text(p, "leaving", "recorded");

	return strcmp(word, "consent") == 0	? LEAVING_CONSENT
	       : strcmp(word, "with_exit") == 0 ? LEAVING_WITH_EXIT
						: LEAVING_RECORDED;
}

bool guard_managers_elsewhere(const struct profile *p)
{
	return strcmp(profile_text(p, "managers", "here"), "elsewhere") == 0;
}

static bool employment_registered(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];
	enum event next;

	switch (s->employment) {
	case EMPLOYMENT_REGISTERED:
	case EMPLOYMENT_LEAVING:
	case EMPLOYMENT_DISMISSING:
	case EMPLOYMENT_LEAVING_ON:
		return true;
	default:
		break;
	}
	text_format(why, sizeof(why), _("用工登记还没有完成（%s）"),
		    state_word(CYCLE_EMPLOYMENT, s->employment));
	next = plan_next(CYCLE_EMPLOYMENT, s->employment);
	if (s->employment == EMPLOYMENT_OFFERED)
		verdict_refuse(v, why, _("等本人在手机上同意聘用，结果会自动送达"));
	else if (s->employment == EMPLOYMENT_PROCESSING)
		verdict_refuse(v, why, _("平台正在办理，不必重复登记，等结果送达"));
	else if (next == EVENT_REGISTER)
		verdict_refuse(v, why, _("先办理用工登记"));
	else
		verdict_refuse(v, why, _("先重新登记聘用"));
	return false;
}

const char *guard_way_out(const struct profile *p)
{
	switch (guard_leaving(p)) {
	case LEAVING_CONSENT:
		return _("请原单位办理离职；原单位不办的，本人可在手机上申请离职，24 小时后自行完成");
	case LEAVING_WITH_EXIT:
		return _("请原单位先办理退场");
	case LEAVING_RECORDED:
		break;
	}
	return _("请原单位登记离职，到离职之日再办");
}

static bool one_employer(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->elsewhere[0])
		return true;
	text_format(why, sizeof(why), _("在%s尚未离职"), s->elsewhere);
	verdict_refuse(v, why, guard_way_out(s->profile));
	return false;
}

static bool team_entered(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (s->team_site == SITE_ENTERED)
		return true;
	if (!s->has_team) {
		verdict_refuse(v, _("还没有分配班组"), _("先分配班组"));
		return false;
	}
	text_format(why, sizeof(why), _("班组“%s”%s"), s->team, state_word(CYCLE_TEAM_SITE, s->team_site));
	verdict_refuse(v, why, s->team_site == SITE_EXITED ? _("改分到在场的班组") : _("先办理班组进场"));
	return false;
}

static bool participant_entered(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (s->participant_site == SITE_ENTERED)
		return true;
	text_format(why, sizeof(why), _("参建单位“%s”%s"), s->company,
		    state_word(CYCLE_PARTICIPANT, s->participant_site));
	verdict_refuse(v, why,
		       s->participant_site == SITE_EXITED ? _("改由在场的参建单位办理")
							  : _("先办理参建单位进场"));
	return false;
}

static bool contract(const struct situation *s, struct verdict *v)
{
	return s->has_contract ||
	       by_severity(s, "no_contract", v, _("没有劳动合同或书面用工协议"),
			   s->contract_dated ? _("先补录合同类型") : _("先补录合同起止日期"));
}

bool training_over(const struct situation *s)
{
	int64_t days = profile_number(s->profile, "limits.training_days", 365);
	date_t since = s->worked_on != DATE_NONE && s->worked_on > s->trained_on ? s->worked_on : s->trained_on;

	return s->today - since > days;
}

static bool training(const struct situation *s, struct verdict *v)
{
	if (s->trained_on == DATE_NONE)
		return by_severity(s, "no_training", v, _("没有安全培训记录"),
				   _("先完成三级安全教育并填写培训日期"));
	if (training_over(s) && !s->on_site)
		return by_severity(s, "no_training", v, _("安全培训已超过有效期"),
				   _("重新培训并填写新的培训日期"));
	return true;
}

static bool age(const struct situation *s, struct verdict *v)
{
	int min = (int)profile_number(s->profile, "limits.min_age", 16);

	return s->age < 0 || s->age >= min ||
	       by_severity(s, "under_age", v, _("未达到最低用工年龄"), _("不得招用；请核对证件"));
}

static bool card_valid(const struct situation *s, struct verdict *v)
{
	return s->valid_to == DATE_NONE || s->valid_to >= s->today ||
	       by_severity(s, "expired_card", v, _("证件已过有效期"), _("本人换证后重新读卡"));
}

static bool certificate(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->certificate[0])
		return true;
	if (s->certificate_to == DATE_NONE) {
		text_format(why, sizeof(why), _("没有“%s”资格证书"), s->certificate);
		return by_severity(s, "certificate_missing", v, why, _("先在档案里登记资格证书"));
	}
	if (s->certificate_to >= s->today)
		return true;
	text_format(why, sizeof(why), _("“%s”资格证书已过有效期"), s->certificate);
	return by_severity(s, "certificate_lapsed", v, why, _("延期复核后登记新的有效期"));
}

static bool not_barred(const struct situation *s, struct verdict *v)
{
	if (!s->barred[0])
		return true;
	if (s->let_pass) {
		verdict_warn(v, s->barred);
		return true;
	}
	return by_severity(s, "do_not_hire", v, s->barred, _("由项目经理或企业在档案的标记页写明理由后放行"));
}

static bool receiving_manager(const struct situation *s, struct verdict *v)
{
	char would[sizeof(v->would)];

	if (s->receiving_manager)
		return true;
	text_format(would, sizeof(would), _("由%s的项目经理登录确认"), s->receiver);
	verdict_refuse(v, _("只有接收单位的项目经理可以确认"), would);
	return false;
}

static bool team_confirmed(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (s->relation == TEAM_OWN || s->relation == TEAM_ASSOCIATED)
		return true;
	if (!s->has_team) {
		verdict_refuse(v, _("还没有分配班组"), _("先分配班组"));
		return false;
	}
	text_format(why, sizeof(why), _("班组“%s”与劳务单位的关联未确认（%s）"), s->team,
		    state_word(CYCLE_TEAM, s->relation));
	verdict_refuse(v, why, _("等劳务单位确认关联，或改为本单位班组"));
	return false;
}

static bool team_empty(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->people_on_site)
		return true;
	text_format(why, sizeof(why), _("还有 %d 人在场"), (int)s->people_on_site);
	verdict_refuse(v, why, _("先为这些人办理退场，可成批办理"));
	return false;
}

static bool teams_out(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->teams_on_site)
		return team_empty(s, v);
	text_format(why, sizeof(why), _("还有 %d 个班组在场"), (int)s->teams_on_site);
	verdict_refuse(v, why, _("先办理班组退场"));
	return false;
}

static bool not_management_team(const struct situation *s, struct verdict *v)
{
	if (strcmp(s->team_kind, "management"))
		return true;
	verdict_refuse(v, _("管理班组随参建单位自动产生，不办进退场和关联"), _("办理参建单位的进退场"));
	return false;
}

static bool manager_exited(const struct situation *s, struct verdict *v)
{
	if (!s->manager || !s->on_any_site || !profile_flag(s->profile, "manager_exits_first", false))
		return true;
	verdict_refuse(v, _("管理人员还在场"), _("先办理退场，再解聘"));
	return false;
}

/* D11. What a region without the way says instead, and what is done there. */
static bool leaving_here(const struct situation *s, struct verdict *v)
{
	enum leaving way = guard_leaving(s->profile);
	bool dismissal = s->event == EVENT_DISMISS;

	if (way == (dismissal ? LEAVING_CONSENT : LEAVING_RECORDED))
		return true;
	if (way == LEAVING_WITH_EXIT)
		verdict_refuse(v, _("本地区退场即为离职，不另办离职或解聘"),
			       _("办理退场；劳动合同结束的，办理“合同到期或终止”"));
	else if (dismissal)
		verdict_refuse(v, _("本地区没有须本人同意的解聘手续"), _("登记离职日期"));
	else
		verdict_refuse(v, _("本地区离职须本人申请或同意，不能由单位登记"),
			       _("等本人在手机上申请离职，或由用人单位发起解聘"));
	return false;
}

static bool leaving_day(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)], on[DATE_TEXT];

	if (s->leaves_on == DATE_NONE || s->leaves_on <= s->today)
		return true;
	date_format(s->leaves_on, on);
	text_format(why, sizeof(why), _("离职日期是 %s，还没有到"), on);
	verdict_refuse(v, why, _("到那一天再办；不离职了可以取消"));
	return false;
}

static bool complete(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->missing[0])
		return true;
	text_format(why, sizeof(why), _("登记内容还没有填全：%s"), s->missing);
	verdict_refuse(v, why, _("打开此人，修改，补全后再办用工登记"));
	return false;
}

static bool app_registered(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (s->app == APP_DONE)
		return true;
	text_format(why, sizeof(why), _("本人的手机登记：%s"), state_word(CYCLE_APP, s->app));
	return by_severity(s, "app_registration", v, why,
			   s->app == APP_PROCESSING ? _("等平台批量处理，不必重复登记") : _("请本人先在手机上登记个人信息"));
}

/* D11: a day of leaving lies ahead; one that does not is for the region to allow. */
static bool leaving_date(const struct situation *s, struct verdict *v)
{
	if (s->on == DATE_NONE) {
		verdict_refuse(v, _("还没有填离职日期"), _("填写离职的那一天"));
		return false;
	}
	if (s->not_before != DATE_NONE && s->on < s->not_before) {
		verdict_refuse(v, _("日期早于前一手续的日期"), _("填写前一手续之日或以后的日期"));
		return false;
	}
	if (s->on > s->today)
		return true;
	if (profile_severity(s->profile, "leaving_past") == SEVERITY_BLOCK) {
		verdict_refuse(v, _("离职日期须在今天之后"), _("填写明天或以后的日期"));
		return false;
	}
	return by_severity(s, "leaving_past", v, _("离职日期不在今天之后，请保留印证材料"), "");
}

static bool date_allowed(const struct situation *s, struct verdict *v)
{
	if (s->event == EVENT_RECORD_LEAVING)
		return leaving_date(s, v);
	if (s->on == DATE_NONE || s->on == s->today)
		return true;
	if (profile_date_rule(s->profile, s->event) == DATE_RULE_MOMENT) {
		verdict_refuse(v, _("本地区以办理的时刻为准，日期不能另填"), _("不填日期，按今天办理"));
		return false;
	}
	if (s->on > s->today) {
		verdict_refuse(v, _("日期在今天之后"), _("填写今天或以前的日期"));
		return false;
	}
	if (s->not_before != DATE_NONE && s->on < s->not_before) {
		verdict_refuse(v, _("日期早于前一手续的日期"), _("填写前一手续之日或以后的日期"));
		return false;
	}
	return true;
}

static bool one_open_assignment(const struct situation *s, struct verdict *v)
{
	int64_t most = profile_number(s->profile, "limits.max_open_assignments", 0);
	char why[sizeof(v->why)];

	if (most <= 0 || s->open_assignments < most)
		return true;
	text_format(why, sizeof(why), _("已分配到 %d 个项目，达到本地区的上限"), (int)s->open_assignments);
	verdict_refuse(v, why, _("先在其他项目办理退场"));
	return false;
}

/*
 * B1: the duty ends with the supervision (JM-N 二(一)): in a completed project nobody enters any more, hence nobody is assigned, submitted or
 * confirmed either; whoever is there may still clock in and exit, leave and be dismissed. In a stopped one all of it goes on (B5).
 */
static bool project_open(const struct situation *s, struct verdict *v)
{
	bool enters = s->event == EVENT_ENTER || s->event == EVENT_SITE_ENTER;
	char why[sizeof(v->why)];

	if (s->project != PROJECT_COMPLETED && s->project != PROJECT_SUPERVISION_ENDED) {
		if (s->project == PROJECT_STOPPED && enters)
			verdict_warn(v, _("项目停工中：可以进场，停工期间不计考勤率"));
		return true;
	}
	text_format(why, sizeof(why), enters ? _("项目已“%s”，不能再进场") : _("项目已“%s”，不能再分配人员"), state_word(CYCLE_PROJECT, s->project));
	verdict_refuse(v, why, _("核对项目状态；仍在施工的，请先更正项目状态"));
	return false;
}

static bool associations(const struct situation *s, struct verdict *v)
{
	if (profile_flag(s->profile, "teams.association", false))
		return true;
	verdict_refuse(v, _("本地区没有班组与劳务单位关联的手续"), _("班组直接建在劳务分包单位名下"));
	return false;
}

static bool partner(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->partner) {
		verdict_refuse(v, _("企业库里没有这个全称的劳务单位"), _("按营业执照填写全称；没有的先加入企业库"));
		return false;
	}
	if (s->partner_on_platform)
		return true;
	text_format(why, sizeof(why), _("“%s”还没有登录过平台"), s->partner);
	verdict_refuse(v, why, _("请该单位先登录平台；登录后在企业资料中填“已登录平台”"));
	return false;
}

static bool evidence(const struct situation *s, struct verdict *v)
{
	if (s->evidence)
		return true;
	verdict_refuse(v, _("没有附件"), s->event == EVENT_UNBIND ? _("附上解除关联的材料（PDF、JPEG 或 PNG）")
								 : _("附上劳务合同（PDF、JPEG 或 PNG）"));
	return false;
}

static bool partners_clerk(const struct situation *s, struct verdict *v)
{
	char would[sizeof(v->would)];

	if (s->partners_clerk)
		return true;
	text_format(would, sizeof(would), _("由%s的帐号登录办理，或等平台送达对方的答复"),
		    s->partner ? s->partner : _("劳务单位"));
	verdict_refuse(v, _("只有被申请的劳务单位可以答复"), would);
	return false;
}

/* F3 (CD 3.2.4, 3.2.5): a locked post is proposed elsewhere and reviewed, another one is set at once. */
static bool way_to_post(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!s->post[0])
		verdict_refuse(v, _("本项目没有这个岗位"), _("从岗位列表中选"));
	else if (s->post_locked && s->event == EVENT_POST_FILL) {
		text_format(why, sizeof(why), _("%s由信用系统锁定，变更须审核"), s->post);
		verdict_refuse(v, why, _("先在信用系统提交变更，这里记“提交岗位审核”，通过后记“岗位审核通过”"));
	} else if (!s->post_locked && s->event == EVENT_POST_PROPOSE) {
		text_format(why, sizeof(why), _("%s的变更不用审核"), s->post);
		verdict_refuse(v, why, _("直接设置岗位人员"));
	}
	return v->can;
}

static bool key_post(const struct situation *s, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (!way_to_post(s, v))
		return false;
	if (!s->candidate_employed) {
		verdict_refuse(v, _("此人没有在本项目聘用"), _("先登记此人"));
		return false;
	}
	if (s->holds[0]) {
		text_format(why, sizeof(why), _("已任%s"), s->holds);
		verdict_refuse(v, why, _("先撤下原来的岗位"));
		return false;
	}
	if (s->lacks[0]) {
		text_format(why, sizeof(why), _("缺少证书：%s"), s->lacks);
		verdict_refuse(v, why, _("在档案的证书页登记证书；平台上由企业补全人员的证书"));
		return false;
	}
	if (s->candidate_manual)
		verdict_warn(v, _("此人是手工登记的，平台只认采集过身份证的人"));
	if (s->candidate_new)
		verdict_warn(v, _("今天才登记，平台晚上同步后才能选到此人"));
	return true;
}

/* In the order in which a clerk would mend them. */
static const struct {
	enum guard guard;
	bool (*pass)(const struct situation *s, struct verdict *v);
} guards[] = {
	{GUARD_PROJECT_OPEN, project_open},
	{GUARD_ASSOCIATIONS, associations},
	{GUARD_NOT_MANAGEMENT_TEAM, not_management_team},
	{GUARD_PARTNER, partner},
	{GUARD_EVIDENCE, evidence},
	{GUARD_PARTNERS_CLERK, partners_clerk},
	{GUARD_AGE, age},
	{GUARD_ONE_EMPLOYER, one_employer},
	{GUARD_LEAVING, leaving_here},
	{GUARD_APP, app_registered},
	{GUARD_COMPLETE, complete},
	{GUARD_EMPLOYMENT_REGISTERED, employment_registered},
	{GUARD_ONE_OPEN_ASSIGNMENT, one_open_assignment},
	{GUARD_CERTIFICATE, certificate},
	{GUARD_NOT_BARRED, not_barred},
	{GUARD_TEAM_CONFIRMED, team_confirmed},
	{GUARD_PARTICIPANT_ENTERED, participant_entered},
	{GUARD_TEAM_ENTERED, team_entered},
	{GUARD_CONTRACT, contract},
	{GUARD_TRAINING, training},
	{GUARD_CARD_VALID, card_valid},
	{GUARD_MANAGER_EXITED, manager_exited},
	{GUARD_TEAM_EMPTY, team_empty},
	{GUARD_TEAMS_OUT, teams_out},
	{GUARD_RECEIVING_MANAGER, receiving_manager},
	{GUARD_LEAVING_DAY, leaving_day},
	{GUARD_POST, key_post},
	{GUARD_DATE, date_allowed},
};

bool guards_pass(const struct transition *row, const struct situation *s, struct verdict *v)
{
	v->can = true;
	if (s->manager && (row->cycle == CYCLE_EMPLOYMENT || row->cycle == CYCLE_ASSIGNMENT) &&
	    guard_managers_elsewhere(s->profile)) {
		verdict_refuse(v, _("本地区的管理人员在另外的系统里办理，这里只能查看"), _("到那个系统办理"));
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(guards); i++)
		if ((row->guards & guards[i].guard) && !guards[i].pass(s, v))
			return false;
	return true;
}

void guard_no_row(enum cycle cycle, int state, enum event event, struct verdict *v)
{
	char why[sizeof(v->why)], would[sizeof(v->would)];
	enum event next = plan_next(cycle, state);

	if (state == 0) {
		text_format(why, sizeof(why), _("还没有%s的前一步手续"), event_word(event));
		verdict_refuse(v, why,
			       cycle == CYCLE_ASSIGNMENT ? _("先把此人分配到本项目的班组") : _("先登记"));
		return;
	}
	text_format(why, sizeof(why), _("现在是“%s”，不能%s"), state_word(cycle, state), event_word(event));
	if (lifecycle_final(cycle, state))
		text_copy(would, sizeof(would),
			  cycle == CYCLE_ASSIGNMENT ? _("再来须重新分配") : _("再来须重新登记"));
	else if (event == EVENT_REGISTER && state == EMPLOYMENT_PROCESSING) /* D10: nobody here can hurry it */
		text_copy(would, sizeof(would), _("平台正在办理，不必重复登记，等结果送达"));
	else if (next != EVENT_NONE && next != event)
		text_format(would, sizeof(would), _("下一步是“%s”"), event_word(next));
	else
		would[0] = '\0';
	verdict_refuse(v, why, would);
}
