/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/lifecycle.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/*
 * Who may (I6: SH-OP three to nine, CD 3.1-3.3). The clerk (劳资专管员) is the general contractor's own hand on the site (JM-N 四(八)):
 * he hires, assigns, lets in and out, but confirms nothing (E3). The subcontractor's clerk assigns only. An account may hold
 * several roles: a subcontractor's clerk who also hires holds company_hr as well.
 */
#define HIRE (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)
#define COMPANY (ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)
#define ASSIGN (HIRE | ROLE_PROJECT_MANAGER | ROLE_SUBCONTRACTOR_CLERK)
#define CONFIRM ROLE_PROJECT_MANAGER
#define GATE (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_SITE_OPERATOR)
#define SITE (HIRE | ROLE_PROJECT_MANAGER)
#define MESSAGE_ONLY 0u

#define ENTRY_GUARDS                                                                                         \
	(GUARD_EMPLOYMENT_REGISTERED | GUARD_TEAM_ENTERED | GUARD_PARTICIPANT_ENTERED | GUARD_TEAM_CONFIRMED |   \
	 GUARD_CONTRACT | GUARD_TRAINING | GUARD_CERTIFICATE | GUARD_NOT_BARRED | GUARD_AGE |                 \
	 GUARD_CARD_VALID | GUARD_DATE | GUARD_PROJECT_OPEN)

/* from, event, to, roles, guards, by message, upload */
#define E(f, ev, t, r, g, m, u)                                                                              \
	{.cycle = CYCLE_EMPLOYMENT, .from = EMPLOYMENT_##f, .event = EVENT_##ev, .to = EMPLOYMENT_##t,       \
	 .roles = (r), .guards = (g), .by_message = (m), .upload = (u)}
static const struct transition employment[] = {
	E(NONE, OFFER, OFFERED, HIRE, GUARD_ONE_EMPLOYER | GUARD_AGE | GUARD_NOT_BARRED | GUARD_APP, false, "employment.offer"),
	E(OFFERED, CONSENT, ACCEPTED, MESSAGE_ONLY, 0, true, NULL),
	E(OFFERED, REFUSE, REFUSED, MESSAGE_ONLY, 0, true, NULL),
	E(OFFERED, WITHDRAW_OFFER, WITHDRAWN, HIRE, 0, false, "employment.withdraw_offer"),
	E(ACCEPTED, REGISTER, PROCESSING, HIRE, GUARD_COMPLETE | GUARD_APP, false, "employment.register"),
	E(PROCESSING, DONE, REGISTERED, MESSAGE_ONLY, 0, true, NULL),
	E(PROCESSING, REGISTER_REFUSED, ACCEPTED, MESSAGE_ONLY, 0, true, NULL),
	E(REGISTERED, ASK_LEAVE, LEAVING, MESSAGE_ONLY, 0, true, NULL),
	E(LEAVING, AGREE_LEAVE, LEFT, COMPANY, 0, false, "employment.agree_leave"),
	E(LEAVING, FINISH_LEAVE, LEFT, MESSAGE_ONLY, 0, true, NULL),
	E(REGISTERED, DISMISS, DISMISSING, COMPANY, GUARD_LEAVING | GUARD_MANAGER_EXITED, false, "employment.dismiss"),
	E(DISMISSING, CONSENT_DISMISSAL, DISMISSED, MESSAGE_ONLY, 0, true, NULL),
	E(REGISTERED, RECORD_LEAVING, LEAVING_ON, HIRE, GUARD_LEAVING | GUARD_DATE, false, "employment.record_leaving"),
	E(LEAVING_ON, LEAVING_DAY, LEFT, HIRE, GUARD_LEAVING_DAY, true, "employment.leaving_day"),
	/* Taken back by whoever began it, refused by the other side: the same event, the actor tells which. */
	E(LEAVING, TAKE_BACK, REGISTERED, COMPANY, 0, true, "employment.take_back"),
	E(DISMISSING, TAKE_BACK, REGISTERED, COMPANY, 0, true, "employment.take_back"),
	E(LEAVING_ON, TAKE_BACK, REGISTERED, HIRE, 0, true, "employment.take_back"),
	E(ACCEPTED, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(PROCESSING, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(REGISTERED, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(LEAVING, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(DISMISSING, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(LEAVING_ON, DIED, ENDED, HIRE, 0, true, "employment.died"),
	E(ACCEPTED, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
	E(PROCESSING, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
	E(REGISTERED, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
	E(LEAVING, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
	E(DISMISSING, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
	E(LEAVING_ON, CONTRACT_ENDED, ENDED, HIRE, 0, true, "employment.contract_ended"),
};
#undef E

#define A(f, ev, t, r, g, m, u)                                                                              \
	{.cycle = CYCLE_ASSIGNMENT, .from = ASSIGNMENT_##f, .event = EVENT_##ev, .to = ASSIGNMENT_##t,       \
	 .roles = (r), .guards = (g), .by_message = (m), .upload = (u)}
static const struct transition assignment[] = {
	A(NONE, DRAFT, DRAFTED, ASSIGN, GUARD_ONE_OPEN_ASSIGNMENT | GUARD_PROJECT_OPEN, false, NULL),
	A(DRAFTED, SUBMIT, SUBMITTED, ASSIGN, GUARD_EMPLOYMENT_REGISTERED | GUARD_TEAM_CONFIRMED | GUARD_PROJECT_OPEN, false,
	  "assignment.submit"),
	A(RETURNED, SUBMIT, SUBMITTED, ASSIGN, GUARD_EMPLOYMENT_REGISTERED | GUARD_TEAM_CONFIRMED | GUARD_PROJECT_OPEN, false,
	  "assignment.submit"),
	A(SUBMITTED, RETURN, RETURNED, CONFIRM, GUARD_RECEIVING_MANAGER, true, "assignment.return"),
	A(SUBMITTED, ACCEPT, ACCEPTED, CONFIRM, GUARD_RECEIVING_MANAGER, true, NULL),
	/* Where accepting is no step of its own the assignment waits in `accepted`: the manager must be able to return it there too. */
	A(ACCEPTED, RETURN, RETURNED, CONFIRM, GUARD_RECEIVING_MANAGER, true, "assignment.return"),
	A(ACCEPTED, CONFIRM, CONFIRMED, CONFIRM, GUARD_EMPLOYMENT_REGISTERED | GUARD_RECEIVING_MANAGER | GUARD_PROJECT_OPEN, true,
	  "assignment.confirm"),
	A(CONFIRMED, ENTER, ON_SITE, GATE, ENTRY_GUARDS, false, "assignment.enter"),
	A(ON_SITE, EXIT, EXITED, GATE, GUARD_DATE, true, "assignment.exit"),
	A(DRAFTED, WITHDRAW, WITHDRAWN, ASSIGN, 0, false, NULL),
	A(SUBMITTED, WITHDRAW, WITHDRAWN, ASSIGN, 0, false, "assignment.withdraw"),
	A(RETURNED, WITHDRAW, WITHDRAWN, ASSIGN, 0, false, "assignment.withdraw"),
	A(ACCEPTED, WITHDRAW, WITHDRAWN, ASSIGN, 0, false, "assignment.withdraw"),
	A(CONFIRMED, WITHDRAW, WITHDRAWN, ASSIGN, 0, false, "assignment.withdraw"),
	/* What follows from the employment's end (death included) is derived by the platform too: nothing of it is uploaded. */
	A(DRAFTED, EMPLOYMENT_ENDED, WITHDRAWN, MESSAGE_ONLY, 0, true, NULL),
	A(SUBMITTED, EMPLOYMENT_ENDED, WITHDRAWN, MESSAGE_ONLY, 0, true, NULL),
	A(RETURNED, EMPLOYMENT_ENDED, WITHDRAWN, MESSAGE_ONLY, 0, true, NULL),
	A(ACCEPTED, EMPLOYMENT_ENDED, WITHDRAWN, MESSAGE_ONLY, 0, true, NULL),
	A(CONFIRMED, EMPLOYMENT_ENDED, WITHDRAWN, MESSAGE_ONLY, 0, true, NULL),
	A(ON_SITE, EMPLOYMENT_ENDED, EXITED, MESSAGE_ONLY, 0, true, NULL),
	A(ON_SITE, WORKS_COMPLETED, EXITED, ROLE_CLERK | ROLE_PROJECT_MANAGER, GUARD_DATE, true, "assignment.exit"),
	A(ON_SITE, MISMATCH, EXITED, MESSAGE_ONLY, 0, true, NULL),
};
#undef A

/*
 * A team is the company's own or a labour subcontractor's (CD 3.2.8-3.3.1): asked for with the contract attached, answered by the
 * subcontractor, ended by the company alone with a paper attached. Set as the company's own at its making, which nobody need be told.
 */
#define ASK_PARTNER (GUARD_ASSOCIATIONS | GUARD_NOT_MANAGEMENT_TEAM | GUARD_PARTNER | GUARD_EVIDENCE | GUARD_DATE)
#define T(f, ev, t, r, g, m, u)                                                                              \
	{.cycle = CYCLE_TEAM, .from = TEAM_##f, .event = EVENT_##ev, .to = TEAM_##t, .roles = (r), .guards = (g), \
	 .by_message = (m), .upload = (u)}
static const struct transition team[] = {
	T(NONE, SET_OWN, OWN, SITE, 0, false, NULL),
	T(OWN, ASSOCIATE, REQUESTED, SITE, ASK_PARTNER, false, "team.associate"),
	T(REQUESTED, ASSOCIATION_CONFIRMED, ASSOCIATED, ROLE_SUBCONTRACTOR_CLERK, GUARD_PARTNERS_CLERK, true,
	  "team.confirm_association"),
	T(REQUESTED, ASSOCIATION_REFUSED, OWN, ROLE_SUBCONTRACTOR_CLERK, GUARD_PARTNERS_CLERK, true,
	  "team.refuse_association"),
	T(ASSOCIATED, UNBIND, UNBOUND, SITE, GUARD_EVIDENCE | GUARD_DATE, true, "team.unbind"),
	T(UNBOUND, ASSOCIATE, REQUESTED, SITE, ASK_PARTNER, false, "team.associate"),
	T(UNBOUND, SET_OWN, OWN, SITE, 0, false, "team.set_own"),
};
#undef T

#define S(c, f, ev, t, r, g, u)                                                                              \
	{.cycle = (c), .from = SITE_##f, .event = EVENT_##ev, .to = SITE_##t, .roles = (r), .guards = (g),   \
	 .by_message = false, .upload = (u)}
static const struct transition team_site[] = {
	S(CYCLE_TEAM_SITE, NONE, ADD, NOT_ENTERED, SITE, 0, "team.add"),
	S(CYCLE_TEAM_SITE, NOT_ENTERED, SITE_ENTER, ENTERED, GATE,
	  GUARD_PARTICIPANT_ENTERED | GUARD_NOT_MANAGEMENT_TEAM | GUARD_PROJECT_OPEN | GUARD_DATE, "team.enter"),
	S(CYCLE_TEAM_SITE, ENTERED, SITE_EXIT, EXITED, GATE,
	  GUARD_TEAM_EMPTY | GUARD_NOT_MANAGEMENT_TEAM | GUARD_DATE, "team.exit"),
};
static const struct transition participant[] = {
	S(CYCLE_PARTICIPANT, NONE, ADD, NOT_ENTERED, SITE, 0, "participant.add"),
	S(CYCLE_PARTICIPANT, NOT_ENTERED, SITE_ENTER, ENTERED, GATE, GUARD_PROJECT_OPEN | GUARD_DATE, "participant.enter"),
	S(CYCLE_PARTICIPANT, ENTERED, SITE_EXIT, EXITED, GATE, GUARD_TEAMS_OUT | GUARD_DATE, "participant.exit"),
};
#undef S

/* D9. What an employment's end does to its contracts follows from that event and is not uploaded (deed.c). */
#define C(f, ev, t, r, g, m, u)                                                                              \
	{.cycle = CYCLE_CONTRACT, .from = CONTRACT_##f, .event = EVENT_##ev, .to = CONTRACT_##t, .roles = (r), \
	 .guards = (g), .by_message = (m), .upload = (u)}
static const struct transition contract[] = {
	C(NONE, CONTRACT_DRAFT, DRAFTED, HIRE, 0, false, NULL),
	C(NONE, CONTRACT_SIGN, IN_FORCE, HIRE, 0, false, "contract.add"),
	C(DRAFTED, CONTRACT_SIGN, IN_FORCE, HIRE, 0, false, "contract.add"),
	C(DRAFTED, CONTRACT_TERMINATE, TERMINATED, HIRE, 0, false, NULL),
	C(IN_FORCE, CONTRACT_END, ENDED, HIRE, GUARD_DATE, true, "contract.end"),
	C(IN_FORCE, CONTRACT_TERMINATE, TERMINATED, HIRE, GUARD_DATE, true, "contract.terminate"),
};
#undef C

/* SH-OP 一: the person applies on the phone, the city's data centre takes them in batches. The clerk writes down what the person shows. */
#define P(f, ev, t)                                                                                          \
	{.cycle = CYCLE_APP, .from = APP_##f, .event = EVENT_##ev, .to = APP_##t, .roles = HIRE, .guards = GUARD_DATE, \
	 .by_message = true}
static const struct transition app[] = {
	P(NONE, APP_APPLY, PROCESSING),
	P(NONE, APP_DONE, DONE),
	P(PROCESSING, APP_DONE, DONE),
	P(PROCESSING, APP_FAIL, NONE),
};
#undef P

/* The platform keeps the project's status too, on a page of its own: changes arrive, none is sent (B1, B8: JM-1 2.1). */
#define P(c, f, ev, t, r, g)                                                                                 \
	{.cycle = CYCLE_##c, .from = c##_##f, .event = EVENT_##ev, .to = c##_##t, .roles = (r), .guards = (g), .by_message = true}
#define HEAD (ROLE_CLERK | ROLE_PROJECT_MANAGER | COMPANY)
static const struct transition project[] = {
	P(PROJECT, NONE, PREPARE, PREPARING, HEAD, 0),
	P(PROJECT, PREPARING, START, RUNNING, HEAD, GUARD_DATE),
	P(PROJECT, RUNNING, STOP, STOPPED, HEAD, GUARD_DATE),
	P(PROJECT, STOPPED, RESUME, RUNNING, HEAD, GUARD_DATE),
	P(PROJECT, RUNNING, COMPLETE, COMPLETED, HEAD, GUARD_DATE),
	P(PROJECT, STOPPED, COMPLETE, COMPLETED, HEAD, GUARD_DATE),
	P(PROJECT, COMPLETED, END_SUPERVISION, SUPERVISION_ENDED, HEAD, GUARD_DATE),
};
static const struct transition application[] = {
	P(APPLICATION, NONE, APPLY, APPLIED, HEAD, 0),
	P(APPLICATION, APPLIED, APPROVE, APPROVED, HEAD, 0),
	P(APPLICATION, APPLIED, TURN_DOWN, REFUSED, HEAD, 0),
	P(APPLICATION, REFUSED, APPLY, APPLIED, HEAD, 0),
};
#undef P

/*
 * F3 (CD 3.2.3–3.2.5): most posts are filled and changed here as the site goes; project manager and chief supervisor (and all of them where the
 * site is no smart one) are proposed in the credit system and stand only after its review, whose outcome arrives or is written down here.
 */
#define P(f, ev, t, g, m, u)                                                                                 \
	{.cycle = CYCLE_POST, .from = POST_##f, .event = EVENT_POST_##ev, .to = POST_##t, .roles = HEAD, .guards = (g), .by_message = (m), \
	 .upload = (u)}
static const struct transition post[] = {
	P(NONE, FILL, FILLED, GUARD_POST | GUARD_DATE, false, "post.fill"),
	P(VACANT, FILL, FILLED, GUARD_POST | GUARD_DATE, false, "post.fill"),
	P(FILLED, FILL, FILLED, GUARD_POST | GUARD_DATE, false, "post.fill"),
	P(FILLED, VACATE, VACANT, GUARD_DATE, true, "post.vacate"),
	P(NONE, PROPOSE, NOMINATED, GUARD_POST | GUARD_DATE, false, NULL),
	P(VACANT, PROPOSE, NOMINATED, GUARD_POST | GUARD_DATE, false, NULL),
	P(FILLED, PROPOSE, REPLACING, GUARD_POST | GUARD_DATE, false, NULL),
	P(NOMINATED, APPROVE, FILLED, GUARD_DATE, true, NULL),
	P(REPLACING, APPROVE, FILLED, GUARD_DATE, true, NULL),
	P(NOMINATED, TURN_DOWN, VACANT, GUARD_DATE, true, NULL),
	P(REPLACING, TURN_DOWN, FILLED, GUARD_DATE, true, NULL),
};
#undef P

/* An alarm is the platform's: it arrives, or is written down as it was seen on the platform's page. */
#define P(f, ev, t)                                                                                          \
	{.cycle = CYCLE_ALARM, .from = ALARM_##f, .event = EVENT_ALARM_##ev, .to = ALARM_##t, .roles = HEAD, .guards = GUARD_DATE, .by_message = true}
static const struct transition alarm[] = {
	P(NONE, RAISE, RAISED),	       P(RAISED, WITHDRAW, WITHDRAWN), P(RAISED, COUNT, COUNTED), P(RAISED, DEDUCT, DEDUCTED),
	P(COUNTED, DEDUCT, DEDUCTED),  P(DEDUCTED, APPEAL, APPEALED),  P(APPEALED, VOID, VOID),	  P(APPEALED, UPHOLD, UPHELD),
};
#undef P

/*
 * H3: nobody decides anything here: who is to be on a device follows from the assignment, what became of it from the device. A photograph that
 * changed, and somebody who comes back, wait anew.
 */
#define D(f, ev, t)                                                                                          \
	{.cycle = CYCLE_PUSH, .from = PUSH_##f, .event = EVENT_##ev, .to = PUSH_##t, .roles = MESSAGE_ONLY, .by_message = true}
static const struct transition push[] = {
	D(NONE, PUSH, WAITING),
	D(WAITING, PUSH_DONE, DONE),
	D(WAITING, PUSH_FAIL, FAILED),
	D(DONE, PUSH, WAITING),
	D(FAILED, PUSH, WAITING),
	D(WITHDRAWN, PUSH, WAITING),
	D(WAITING, PUSH_WITHDRAW, WITHDRAWN),
	D(DONE, PUSH_WITHDRAW, WITHDRAWN),
	D(FAILED, PUSH_WITHDRAW, WITHDRAWN),
};
#undef D

struct word {
	const char *name, *word;
};

static const struct word employment_states[EMPLOYMENT_STATE_COUNT] = {
	[EMPLOYMENT_NONE] = {"none", N_("未聘用")},
	[EMPLOYMENT_OFFERED] = {"offered", N_("待本人同意")},
	[EMPLOYMENT_REFUSED] = {"refused", N_("本人已拒绝")},
	[EMPLOYMENT_WITHDRAWN] = {"withdrawn", N_("聘用已撤回")},
	[EMPLOYMENT_ACCEPTED] = {"accepted", N_("本人已同意")},
	[EMPLOYMENT_PROCESSING] = {"processing", N_("登记处理中")},
	[EMPLOYMENT_REGISTERED] = {"registered", N_("已登记")},
	[EMPLOYMENT_LEAVING] = {"leaving", N_("申请离职")},
	[EMPLOYMENT_DISMISSING] = {"dismissing", N_("解聘中")},
	[EMPLOYMENT_LEAVING_ON] = {"leaving_on", N_("定期离职")},
	[EMPLOYMENT_LEFT] = {"left", N_("已离职")},
	[EMPLOYMENT_DISMISSED] = {"dismissed", N_("已解聘")},
	[EMPLOYMENT_ENDED] = {"ended", N_("用工已终止")},
};
static const struct word assignment_states[ASSIGNMENT_STATE_COUNT] = {
	[ASSIGNMENT_NONE] = {"none", N_("未分配")},
	[ASSIGNMENT_DRAFTED] = {"drafted", N_("待提交")},
	[ASSIGNMENT_SUBMITTED] = {"submitted", N_("待接收")},
	[ASSIGNMENT_RETURNED] = {"returned", N_("已退回")},
	[ASSIGNMENT_ACCEPTED] = {"accepted", N_("待确认")},
	[ASSIGNMENT_CONFIRMED] = {"confirmed", N_("待进场")},
	[ASSIGNMENT_ON_SITE] = {"on_site", N_("在场")},
	[ASSIGNMENT_EXITED] = {"exited", N_("已退场")},
	[ASSIGNMENT_WITHDRAWN] = {"withdrawn", N_("分配已撤回")},
};
static const struct word contract_states[CONTRACT_STATE_COUNT] = {
	[CONTRACT_NONE] = {"none", N_("没有合同")},
	[CONTRACT_DRAFTED] = {"drafted", N_("未签订")},
	[CONTRACT_IN_FORCE] = {"in_force", N_("在期")},
	[CONTRACT_ENDED] = {"ended", N_("到期终止")},
	[CONTRACT_TERMINATED] = {"terminated", N_("已解除")},
};
static const struct word app_states[APP_STATE_COUNT] = {
	[APP_NONE] = {"none", N_("未登记")},
	[APP_PROCESSING] = {"processing", N_("处理中")},
	[APP_DONE] = {"done", N_("已登记")},
};
static const struct word team_states[TEAM_STATE_COUNT] = {
	[TEAM_NONE] = {"none", N_("无")},
	[TEAM_OWN] = {"own", N_("本单位班组")},
	[TEAM_REQUESTED] = {"requested", N_("待对方确认关联")},
	[TEAM_ASSOCIATED] = {"associated", N_("已关联")},
	[TEAM_UNBOUND] = {"unbound", N_("已解绑")},
};
static const struct word site_states[SITE_STATE_COUNT] = {
	[SITE_NONE] = {"none", N_("无")},
	[SITE_NOT_ENTERED] = {"not_entered", N_("未进场")},
	[SITE_ENTERED] = {"entered", N_("已进场")},
	[SITE_EXITED] = {"exited", N_("已退场")},
};
static const struct word project_states[PROJECT_STATE_COUNT] = {
	[PROJECT_NONE] = {"none", N_("无")},
	[PROJECT_PREPARING] = {"preparing", N_("筹备")},
	[PROJECT_RUNNING] = {"running", N_("在建")},
	[PROJECT_STOPPED] = {"stopped", N_("停工")},
	[PROJECT_COMPLETED] = {"completed", N_("竣工")},
	[PROJECT_SUPERVISION_ENDED] = {"supervision_ended", N_("终止监督")},
};
static const struct word application_states[APPLICATION_STATE_COUNT] = {
	[APPLICATION_NONE] = {"none", N_("未申报")},
	[APPLICATION_APPLIED] = {"applied", N_("待审核")},
	[APPLICATION_APPROVED] = {"approved", N_("审核通过")},
	[APPLICATION_REFUSED] = {"refused", N_("审核不通过")},
};
static const struct word post_states[POST_STATE_COUNT] = {
	[POST_NONE] = {"none", N_("未设置")},
	[POST_VACANT] = {"vacant", N_("空缺")},
	[POST_FILLED] = {"filled", N_("在岗")},
	[POST_NOMINATED] = {"nominated", N_("待审核")},
	[POST_REPLACING] = {"replacing", N_("变更待审核")},
};
static const struct word alarm_states[ALARM_STATE_COUNT] = {
	[ALARM_NONE] = {"none", N_("无")},
	[ALARM_RAISED] = {"raised", N_("已预警")},
	[ALARM_WITHDRAWN] = {"withdrawn", N_("预警已取消")},
	[ALARM_COUNTED] = {"counted", N_("已计次")},
	[ALARM_DEDUCTED] = {"deducted", N_("已扣分")},
	[ALARM_APPEALED] = {"appealed", N_("异议中")},
	[ALARM_VOID] = {"void", N_("扣分已取消")},
	[ALARM_UPHELD] = {"upheld", N_("维持扣分")},
};
static const struct word push_states[PUSH_STATE_COUNT] = {
	[PUSH_NONE] = {"none", N_("不下发")},
	[PUSH_WAITING] = {"waiting", N_("待下发")},
	[PUSH_DONE] = {"done", N_("已下发")},
	[PUSH_FAILED] = {"failed", N_("下发失败")},
	[PUSH_WITHDRAWN] = {"withdrawn", N_("已撤下")},
};

static const struct {
	const char *name;
	const struct transition *rows;
	size_t n;
	const struct word *states;
	int state_count;
} cycles[CYCLE_COUNT] = {
	[CYCLE_EMPLOYMENT] = {"employment", employment, ARRAY_LEN(employment), employment_states, EMPLOYMENT_STATE_COUNT},
	[CYCLE_ASSIGNMENT] = {"assignment", assignment, ARRAY_LEN(assignment), assignment_states, ASSIGNMENT_STATE_COUNT},
	[CYCLE_TEAM] = {"team", team, ARRAY_LEN(team), team_states, TEAM_STATE_COUNT},
	[CYCLE_TEAM_SITE] = {"team_site", team_site, ARRAY_LEN(team_site), site_states, SITE_STATE_COUNT},
	[CYCLE_PARTICIPANT] = {"participant", participant, ARRAY_LEN(participant), site_states, SITE_STATE_COUNT},
	[CYCLE_CONTRACT] = {"contract", contract, ARRAY_LEN(contract), contract_states, CONTRACT_STATE_COUNT},
	[CYCLE_APP] = {"app", app, ARRAY_LEN(app), app_states, APP_STATE_COUNT},
	[CYCLE_PROJECT] = {"project", project, ARRAY_LEN(project), project_states, PROJECT_STATE_COUNT},
	[CYCLE_APPLICATION] = {"application", application, ARRAY_LEN(application), application_states, APPLICATION_STATE_COUNT},
	[CYCLE_POST] = {"post", post, ARRAY_LEN(post), post_states, POST_STATE_COUNT},
	[CYCLE_ALARM] = {"alarm", alarm, ARRAY_LEN(alarm), alarm_states, ALARM_STATE_COUNT},
	[CYCLE_PUSH] = {"push", push, ARRAY_LEN(push), push_states, PUSH_STATE_COUNT},
};

static const struct {
	const char *name, *word;
	enum cycle cycle;
} events[EVENT_COUNT] = {
	[EVENT_NONE] = {"none", "", CYCLE_COUNT},
	[EVENT_OFFER] = {"offer", N_("聘用"), CYCLE_EMPLOYMENT},
	[EVENT_CONSENT] = {"consent", N_("本人同意"), CYCLE_EMPLOYMENT},
	[EVENT_REFUSE] = {"refuse", N_("本人拒绝"), CYCLE_EMPLOYMENT},
	[EVENT_WITHDRAW_OFFER] = {"withdraw_offer", N_("撤回聘用"), CYCLE_EMPLOYMENT},
	[EVENT_REGISTER] = {"register", N_("用工登记"), CYCLE_EMPLOYMENT},
	[EVENT_DONE] = {"done", N_("登记完成"), CYCLE_EMPLOYMENT},
	[EVENT_REGISTER_REFUSED] = {"register_refused", N_("登记被退回"), CYCLE_EMPLOYMENT},
	[EVENT_ASK_LEAVE] = {"ask_leave", N_("本人申请离职"), CYCLE_EMPLOYMENT},
	[EVENT_AGREE_LEAVE] = {"agree_leave", N_("同意离职"), CYCLE_EMPLOYMENT},
	[EVENT_FINISH_LEAVE] = {"finish_leave", N_("本人立即离职"), CYCLE_EMPLOYMENT},
	[EVENT_DISMISS] = {"dismiss", N_("解聘"), CYCLE_EMPLOYMENT},
	[EVENT_CONSENT_DISMISSAL] = {"consent_dismissal", N_("本人同意解聘"), CYCLE_EMPLOYMENT},
	[EVENT_RECORD_LEAVING] = {"record_leaving", N_("登记离职日期"), CYCLE_EMPLOYMENT},
	[EVENT_LEAVING_DAY] = {"leaving_day", N_("到期离职"), CYCLE_EMPLOYMENT},
	[EVENT_TAKE_BACK] = {"take_back", N_("取消离职或解聘"), CYCLE_EMPLOYMENT},
	[EVENT_DIED] = {"died", N_("死亡"), CYCLE_EMPLOYMENT},
	[EVENT_CONTRACT_ENDED] = {"contract_ended", N_("合同到期或终止"), CYCLE_EMPLOYMENT},
	[EVENT_DRAFT] = {"draft", N_("分配"), CYCLE_ASSIGNMENT},
	[EVENT_SUBMIT] = {"submit", N_("提交"), CYCLE_ASSIGNMENT},
	[EVENT_RETURN] = {"return", N_("退回"), CYCLE_ASSIGNMENT},
	[EVENT_ACCEPT] = {"accept", N_("接收"), CYCLE_ASSIGNMENT},
	[EVENT_CONFIRM] = {"confirm", N_("确认"), CYCLE_ASSIGNMENT},
	[EVENT_ENTER] = {"enter", N_("进场"), CYCLE_ASSIGNMENT},
	[EVENT_EXIT] = {"exit", N_("退场"), CYCLE_ASSIGNMENT},
	[EVENT_WITHDRAW] = {"withdraw", N_("撤回分配"), CYCLE_ASSIGNMENT},
	[EVENT_EMPLOYMENT_ENDED] = {"employment_ended", N_("用工终止"), CYCLE_ASSIGNMENT},
	[EVENT_WORKS_COMPLETED] = {"works_completed", N_("工程完工"), CYCLE_ASSIGNMENT},
	[EVENT_MISMATCH] = {"mismatch", N_("单位不符自动退场"), CYCLE_ASSIGNMENT},
	[EVENT_SET_OWN] = {"set_own", N_("设为本单位班组"), CYCLE_TEAM},
	[EVENT_ASSOCIATE] = {"associate", N_("申请关联"), CYCLE_TEAM},
	[EVENT_ASSOCIATION_CONFIRMED] = {"association_confirmed", N_("确认关联"), CYCLE_TEAM},
	[EVENT_ASSOCIATION_REFUSED] = {"association_refused", N_("拒绝关联"), CYCLE_TEAM},
	[EVENT_UNBIND] = {"unbind", N_("解除关联"), CYCLE_TEAM},
	[EVENT_ADD] = {"add", N_("添加"), CYCLE_TEAM_SITE},
	[EVENT_SITE_ENTER] = {"site_enter", N_("进场"), CYCLE_TEAM_SITE},
	[EVENT_SITE_EXIT] = {"site_exit", N_("退场"), CYCLE_TEAM_SITE},
	[EVENT_CONTRACT_DRAFT] = {"contract_draft", N_("草拟合同"), CYCLE_CONTRACT},
	[EVENT_CONTRACT_SIGN] = {"contract_sign", N_("签订合同"), CYCLE_CONTRACT},
	[EVENT_CONTRACT_END] = {"contract_end", N_("合同到期终止"), CYCLE_CONTRACT},
	[EVENT_CONTRACT_TERMINATE] = {"contract_terminate", N_("解除合同"), CYCLE_CONTRACT},
	[EVENT_APP_APPLY] = {"app_apply", N_("本人提交手机登记"), CYCLE_APP},
	[EVENT_APP_DONE] = {"app_done", N_("手机登记完成"), CYCLE_APP},
	[EVENT_APP_FAIL] = {"app_fail", N_("手机登记未通过"), CYCLE_APP},
	[EVENT_PREPARE] = {"prepare", N_("建立项目"), CYCLE_PROJECT},
	[EVENT_START] = {"start", N_("开工"), CYCLE_PROJECT},
	[EVENT_STOP] = {"stop", N_("停工"), CYCLE_PROJECT},
	[EVENT_RESUME] = {"resume", N_("复工"), CYCLE_PROJECT},
	[EVENT_COMPLETE] = {"complete", N_("竣工"), CYCLE_PROJECT},
	[EVENT_END_SUPERVISION] = {"end_supervision", N_("终止监督"), CYCLE_PROJECT},
	[EVENT_APPLY] = {"apply", N_("申报"), CYCLE_APPLICATION},
	[EVENT_APPROVE] = {"approve", N_("审核通过"), CYCLE_APPLICATION},
	[EVENT_TURN_DOWN] = {"turn_down", N_("审核不通过"), CYCLE_APPLICATION},
	[EVENT_POST_FILL] = {"post_fill", N_("设置岗位人员"), CYCLE_POST},
	[EVENT_POST_PROPOSE] = {"post_propose", N_("提交岗位审核"), CYCLE_POST},
	[EVENT_POST_APPROVE] = {"post_approve", N_("岗位审核通过"), CYCLE_POST},
	[EVENT_POST_TURN_DOWN] = {"post_turn_down", N_("岗位审核不通过"), CYCLE_POST},
	[EVENT_POST_VACATE] = {"post_vacate", N_("撤下岗位人员"), CYCLE_POST},
	[EVENT_ALARM_RAISE] = {"alarm_raise", N_("产生预警"), CYCLE_ALARM},
	[EVENT_ALARM_WITHDRAW] = {"alarm_withdraw", N_("预警取消"), CYCLE_ALARM},
	[EVENT_ALARM_COUNT] = {"alarm_count", N_("预警计次"), CYCLE_ALARM},
	[EVENT_ALARM_DEDUCT] = {"alarm_deduct", N_("扣信用分"), CYCLE_ALARM},
	[EVENT_ALARM_APPEAL] = {"alarm_appeal", N_("提出异议"), CYCLE_ALARM},
	[EVENT_ALARM_VOID] = {"alarm_void", N_("取消扣分"), CYCLE_ALARM},
	[EVENT_ALARM_UPHOLD] = {"alarm_uphold", N_("维持扣分"), CYCLE_ALARM},
	[EVENT_PUSH] = {"push", N_("下发"), CYCLE_PUSH},
	[EVENT_PUSH_DONE] = {"push_done", N_("下发完成"), CYCLE_PUSH},
	[EVENT_PUSH_FAIL] = {"push_fail", N_("下发失败"), CYCLE_PUSH},
	[EVENT_PUSH_WITHDRAW] = {"push_withdraw", N_("撤下"), CYCLE_PUSH},
};

static const struct {
	enum guard guard;
	const char *name;
} guards[] = {
	{GUARD_EMPLOYMENT_REGISTERED, "employment_registered"},
	{GUARD_ONE_EMPLOYER, "one_employer"},
	{GUARD_TEAM_ENTERED, "team_entered"},
	{GUARD_PARTICIPANT_ENTERED, "participant_entered"},
	{GUARD_CONTRACT, "contract"},
	{GUARD_TRAINING, "training"},
	{GUARD_AGE, "age"},
	{GUARD_CARD_VALID, "card_valid"},
	{GUARD_RECEIVING_MANAGER, "receiving_manager"},
	{GUARD_TEAM_CONFIRMED, "team_confirmed"},
	{GUARD_TEAM_EMPTY, "team_empty"},
	{GUARD_TEAMS_OUT, "teams_out"},
	{GUARD_NOT_MANAGEMENT_TEAM, "not_management_team"},
	{GUARD_MANAGER_EXITED, "manager_exited"},
	{GUARD_DATE, "date"},
	{GUARD_ONE_OPEN_ASSIGNMENT, "one_open_assignment"},
	{GUARD_CERTIFICATE, "certificate"},
	{GUARD_NOT_BARRED, "not_barred"},
	{GUARD_LEAVING, "leaving"},
	{GUARD_LEAVING_DAY, "leaving_day"},
	{GUARD_COMPLETE, "complete"},
	{GUARD_APP, "app"},
	{GUARD_PROJECT_OPEN, "project_open"},
	{GUARD_ASSOCIATIONS, "associations"},
	{GUARD_PARTNER, "partner"},
	{GUARD_EVIDENCE, "evidence"},
	{GUARD_PARTNERS_CLERK, "partners_clerk"},
	{GUARD_POST, "post"},
};

/* The way forward, where there is one: what a left-out step is the middle of. */
static const struct {
	enum cycle cycle;
	int state;
	enum event event;
} forward[] = {
	{CYCLE_EMPLOYMENT, EMPLOYMENT_OFFERED, EVENT_CONSENT},    {CYCLE_EMPLOYMENT, EMPLOYMENT_ACCEPTED, EVENT_REGISTER},
	{CYCLE_EMPLOYMENT, EMPLOYMENT_PROCESSING, EVENT_DONE},    {CYCLE_ASSIGNMENT, ASSIGNMENT_DRAFTED, EVENT_SUBMIT},
	{CYCLE_ASSIGNMENT, ASSIGNMENT_SUBMITTED, EVENT_ACCEPT},   {CYCLE_ASSIGNMENT, ASSIGNMENT_ACCEPTED, EVENT_CONFIRM},
	{CYCLE_TEAM, TEAM_REQUESTED, EVENT_ASSOCIATION_CONFIRMED},
};

size_t lifecycle_rows(enum cycle c, const struct transition **rows)
{
	if ((unsigned)c >= CYCLE_COUNT)
		return 0;
	*rows = cycles[c].rows;
	return cycles[c].n;
}

const struct transition *lifecycle_find(enum cycle c, int state, enum event e)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(c, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].from == state && rows[i].event == e)
			return &rows[i];
	return NULL;
}

bool lifecycle_final(enum cycle c, int state)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(c, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].from == state)
			return false;
	return true;
}

enum event lifecycle_forward(enum cycle c, int state)
{
	for (size_t i = 0; i < ARRAY_LEN(forward); i++)
		if (forward[i].cycle == c && forward[i].state == state)
			return forward[i].event;
	return EVENT_NONE;
}

bool lifecycle_may_leave_out(enum event e)
{
	for (size_t i = 0; i < ARRAY_LEN(forward); i++)
		if (forward[i].event == e)
			return true;
	return false;
}

const char *cycle_name(enum cycle c)
{
	return (unsigned)c < CYCLE_COUNT ? cycles[c].name : "";
}

bool cycle_parse(const char *name, enum cycle *out)
{
	for (enum cycle c = 0; c < CYCLE_COUNT; c++)
		if (strcmp(cycle_name(c), name) == 0) {
			*out = c;
			return true;
		}
	return false;
}

int lifecycle_state_count(enum cycle c)
{
	return (unsigned)c < CYCLE_COUNT ? cycles[c].state_count : 0;
}

static const struct word *state_row(enum cycle c, int state)
{
	static const struct word nothing = {"", ""};

	return state >= 0 && state < lifecycle_state_count(c) ? &cycles[c].states[state] : &nothing;
}

const char *state_name(enum cycle c, int state)
{
	return state_row(c, state)->name;
}

const char *state_word(enum cycle c, int state)
{
	const char *word = state_row(c, state)->word;

	return *word ? _(word) : "";
}

bool state_parse(enum cycle c, const char *name, int *out)
{
	for (int i = 0; i < lifecycle_state_count(c); i++)
		if (strcmp(cycles[c].states[i].name, name) == 0) {
			*out = i;
			return true;
		}
	return false;
}

const char *event_name(enum event e)
{
	return (unsigned)e < EVENT_COUNT ? events[e].name : "";
}

const char *event_word(enum event e)
{
	return (unsigned)e < EVENT_COUNT && *events[e].word ? _(events[e].word) : "";
}

bool event_parse(const char *name, enum event *out)
{
	for (int i = EVENT_NONE + 1; i < EVENT_COUNT; i++)
		if (strcmp(events[i].name, name) == 0) {
			*out = (enum event)i;
			return true;
		}
	return false;
}

enum cycle event_cycle(enum event e)
{
	return (unsigned)e < EVENT_COUNT ? events[e].cycle : CYCLE_COUNT;
}

const char *guard_name(enum guard g)
{
	for (size_t i = 0; i < ARRAY_LEN(guards); i++)
		if (guards[i].guard == g)
			return guards[i].name;
	return "";
}
