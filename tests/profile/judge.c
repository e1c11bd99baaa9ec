/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a line of a case may say stands in the table of verbs at the foot. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check.h"
#include "desk/desk_site.h"
#include "guard.h"
#include "plan.h"

#include "case_file.h"
#include "judge.h"

#define FAIL(c, ...) fail_at(c, __VA_ARGS__)

struct course {
	struct case_line *line;
	char region[32];
	struct profile *p;
	char head[64]; /* of the case that is being judged */
	size_t cases, said;
	/* guards */
	struct situation situation;
	/* records */
	struct record record;
	bool recording;
	date_t completion;
	/* a desk */
	struct site site;
	bool open;
	int64_t person;
	unsigned hired;
	struct platform *platform;
};

static void fail_at(const struct course *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));
static void fail_at(const struct course *c, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	text_vformat(what, sizeof(what), fmt, ap);
	va_end(ap);
	print_error("%s:%d (%s): %s\n", c->line->file, c->line->number, c->head, what);
	fail();
	abort();
}

static const char *word(const struct course *c, size_t i)
{
	if (i >= c->line->words)
		FAIL(c, "too few words");
	return c->line->word[i];
}

static const char *rest(const struct course *c, size_t i)
{
	word(c, i);
	return c->line->rest[i];
}

/* --- names
 * -------------------------------------------------------------------------------------------------------------------
 */

static enum field_id field_of(const struct course *c, const char *name)
{
	const struct field *f = field_by_name(name);

	if (!f)
		FAIL(c, "no field %s", name);
	return f->id;
}

static enum event event_of(const struct course *c, const char *name)
{
	enum event e;

	if (!event_parse(name, &e))
		FAIL(c, "no event %s", name);
	return e;
}

static enum form form_of(const struct course *c, const char *name)
{
	static const char *const names[] = {[FORM_REGISTER] = "register",
					    [FORM_MANUAL] = "manual",
					    [FORM_ENTER] = "enter",
					    [FORM_EXIT] = "exit"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum form)i;
	FAIL(c, "no form %s", name);
}

static enum cycle cycle_of(const struct course *c, const char *name)
{
	for (int i = 0; i < CYCLE_COUNT; i++)
		if (strcmp(cycle_name((enum cycle)i), name) == 0)
			return (enum cycle)i;
	FAIL(c, "no cycle %s", name);
}

static int state_of(const struct course *c, enum cycle cycle, const char *name)
{
	int state;

	if (!state_parse(cycle, name, &state))
		FAIL(c, "no state %s", name);
	return state;
}

/* --- what the profile says
 * ------------------------------------------------------------------------------------------------------ */

static void required(struct course *c, bool must)
{
	enum form form = form_of(c, word(c, 1));

	for (size_t i = 2; i < c->line->words; i++) {
		enum field_id f = field_of(c, word(c, i));

		if (profile_required(c->p, form, f) != must)
			FAIL(c, "%s is %srequired", word(c, i), must ? "not " : "");
		if (must && !*profile_required_source(c->p, form, f))
			FAIL(c, "%s has no source", word(c, i));
	}
}

static void say_required(struct course *c)
{
	required(c, true);
}

static void say_optional(struct course *c)
{
	required(c, false);
}

static void say_offered(struct course *c)
{
	enum form form = form_of(c, word(c, 1));

	for (size_t i = 2; i < c->line->words; i++)
		if (!profile_offers(c->p, form, field_of(c, word(c, i))))
			FAIL(c, "%s is not offered", word(c, i));
}

static void say_default(struct course *c)
{
	const char *value = profile_default(c->p, field_of(c, word(c, 1)));

	if (strcmp(value ? value : "-", word(c, 2)))
		FAIL(c, "the default is %s", value ? value : "-");
}

static void say_step(struct course *c)
{
	enum event e = event_of(c, word(c, 1));
	const char *is = !profile_has_step(c->p, e) ? (profile_reports(c->p, e) ? "reported" : "left-out")
			 : profile_authority(c->p, e) == AUTHORITY_PLATFORM ? "platform"
									    : "desk";

	if (strcmp(is, word(c, 2)))
		FAIL(c, "the step is %s", is);
}

static void say_date(struct course *c)
{
	const char *is =
		profile_date_rule(c->p, event_of(c, word(c, 1))) == DATE_RULE_MOMENT ? "moment" : "settable";

	if (strcmp(is, word(c, 2)))
		FAIL(c, "the date is %s", is);
}

static void say_rule(struct course *c)
{
	struct rule_view r;

	for (size_t i = 0; profile_rule_at(c->p, i, &r); i++) {
		if (strcmp(r.key, word(c, 1)))
			continue;
		if (strcmp(r.value, rest(c, 2)) || !*r.source)
			FAIL(c, "%s is %s [%s]", r.key, r.value, r.source);
		return;
	}
	FAIL(c, "no rule %s", word(c, 1));
}

static void say_word(struct course *c)
{
	const struct code *code = profile_code(c->p, word(c, 1), word(c, 2));

	if (strcmp(code ? code->name : "-", rest(c, 3)))
		FAIL(c, "the word is %s", code ? code->name : "-");
}

static void say_wire(struct course *c)
{
	const char *sent = profile_dialect_code(c->p, word(c, 1), word(c, 2), word(c, 3));

	if (strcmp(*sent ? sent : "-", word(c, 4)))
		FAIL(c, "%s is sent", sent);
}

static void say_post(struct course *c)
{
	const struct post *post = profile_post(c->p, word(c, 1));

	if (!post)
		FAIL(c, "no key post");
	if (post->count != atoi(word(c, 2)) || post->outside != atoi(word(c, 3)) ||
	    post->locked != (strcmp(word(c, 4), "locked") == 0))
		FAIL(c, "%d, outside %d, %s", post->count, post->outside, post->locked ? "locked" : "set");
	if (post->certificates != c->line->words - 5)
		FAIL(c, "%zu certificates", post->certificates);
	for (size_t i = 0; i < post->certificates; i++)
		if (strcmp(post->certificate[i], word(c, 5 + i)))
			FAIL(c, "certificate %s", post->certificate[i]);
}

static void say_prompt(struct course *c)
{
	const struct prompt *prompt = profile_prompt(c->p, rest(c, 2));

	if (!prompt)
		FAIL(c, "nothing is said of it");
	if (strcmp(prompt->action, word(c, 1)))
		FAIL(c, "the action is %s", prompt->action);
	assert_true(*prompt->cause && *prompt->remedy && *prompt->source);
}

/* --- what the life cycles let happen
 * ---------------------------------------------------------------------------------------------- */

static void roles(struct course *c, bool may)
{
	enum cycle cycle = cycle_of(c, word(c, 1));
	const struct transition *row =
		lifecycle_find(cycle, state_of(c, cycle, word(c, 2)), event_of(c, word(c, 3)));

	for (size_t i = 4; i < c->line->words; i++) {
		enum role role;

		if (!role_parse(word(c, i), &role))
			FAIL(c, "no role %s", word(c, i));
		if (((row ? row->roles : 0) & role ? true : false) != may)
			FAIL(c, "%s %s", word(c, i), may ? "may not" : "may");
	}
}

static void say_may(struct course *c)
{
	roles(c, true);
}

static void say_may_not(struct course *c)
{
	roles(c, false);
}

static enum plan_source source_of(const struct course *c, const char *name)
{
	if (strcmp(name, "desk") && strcmp(name, "message"))
		FAIL(c, "desk or message");
	return *name == 'd' ? PLAN_DESK : PLAN_MESSAGE;
}

static bool plan_of(const struct course *c, enum cycle cycle, struct plan *plan)
{
	struct plan_request r = {.profile = c->p,
				 .cycle = cycle,
				 .state = state_of(c, cycle, word(c, 2)),
				 .event = event_of(c, word(c, 3)),
				 .source = source_of(c, word(c, 4))};

	return plan_event(&r, plan);
}

/* The state that is reached and, in order, what is uploaded. */
static void say_moves(struct course *c)
{
	enum cycle cycle = cycle_of(c, word(c, 1));
	struct plan plan = {0};
	size_t at = 6;

	if (!plan_of(c, cycle, &plan))
		FAIL(c, "it is forbidden");
	if (plan.end_state != state_of(c, cycle, word(c, 5)))
		FAIL(c, "it ends as %s", state_name(cycle, plan.end_state));
	for (size_t i = 0; i < plan.n; i++)
		if (plan.step[i].upload && strcmp(plan.step[i].upload, word(c, at++)))
			FAIL(c, "%s is uploaded", plan.step[i].upload);
	if (at != c->line->words)
		FAIL(c, "%s is not uploaded", word(c, at));
}

static void say_forbids(struct course *c)
{
	struct plan plan;

	if (plan_of(c, cycle_of(c, word(c, 1)), &plan))
		FAIL(c, "it is allowed");
}

/* --- guards
 * ------------------------------------------------------------------------------------------------------------------------
 */

static void set_situation(struct course *c, const char *key, const char *value)
{
	struct situation *s = &c->situation;
	const struct {
		const char *key;
		bool *to;
	} flags[] = {{"team", &s->has_team},
		     {"contract", &s->has_contract},
		     {"manager", &s->manager},
		     {"on_site", &s->on_site},
		     {"receiver", &s->receiving_manager},
		     {"on_any_site", &s->on_any_site}};
	const struct {
		const char *key;
		date_t *to;
	} days[] = {{"on", &s->on},
		    {"trained", &s->trained_on},
		    {"valid_to", &s->valid_to},
		    {"not_before", &s->not_before}};

	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (strcmp(flags[i].key, key) == 0) {
			*flags[i].to = strcmp(value, "yes") == 0;
			return;
		}
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		if (strcmp(days[i].key, key) == 0) {
			*days[i].to = strcmp(value, "none") ? s->today + atoi(value) : DATE_NONE;
			return;
		}
	if (strcmp(key, "employment") == 0)
		s->employment = (enum employment_state)state_of(c, CYCLE_EMPLOYMENT, value);
	else if (strcmp(key, "relation") == 0)
		s->relation = (enum team_state)state_of(c, CYCLE_TEAM, value);
	else if (strcmp(key, "team_site") == 0)
		s->team_site = (enum site_state)state_of(c, CYCLE_TEAM_SITE, value);
	else if (strcmp(key, "participant_site") == 0)
		s->participant_site = (enum site_state)state_of(c, CYCLE_PARTICIPANT, value);
	else if (strcmp(key, "kind") == 0)
		text_copy(s->team_kind, sizeof(s->team_kind), value);
	else if (strcmp(key, "elsewhere") == 0)
		text_copy(s->elsewhere, sizeof(s->elsewhere), value);
	else if (strcmp(key, "age") == 0)
		s->age = atoi(value);
	else if (strcmp(key, "open") == 0)
		s->open_assignments = atoi(value);
	else if (strcmp(key, "people") == 0)
		s->people_on_site = atoi(value);
	else
		FAIL(c, "no such fact: %s", key);
}

/* Somebody for whom everything is in order; a case says what is not. */
static void situation_begin(struct course *c)
{
	c->situation = (struct situation){.profile = c->p,
					  .today = date_today(),
					  .on = DATE_NONE,
					  .employment = EMPLOYMENT_REGISTERED,
					  .has_team = true,
					  .team = "试验班组",
					  .company = "试验单位",
					  .team_kind = "worker",
					  .relation = TEAM_OWN,
					  .team_site = SITE_ENTERED,
					  .participant_site = SITE_ENTERED,
					  .has_contract = true,
					  .trained_on = date_today(),
					  .valid_to = DATE_NONE,
					  .not_before = DATE_NONE,
					  .age = 30,
					  .receiver = "试验总包"};
}

static void pairs(struct course *c, size_t from,
		  void (*set)(struct course *c, const char *key, const char *value))
{
	for (size_t i = from; i < c->line->words; i++) {
		char *equals = strchr(c->line->word[i], '=');

		if (!equals)
			FAIL(c, "KEY=VALUE: %s", c->line->word[i]);
		*equals = '\0';
		set(c, c->line->word[i], equals + 1);
		*equals = '=';
	}
}

static void say_given(struct course *c)
{
	pairs(c, 1, set_situation);
}

/* guard CYCLE STATE EVENT pass|warn|refuse [a part of what is said] */
static void say_guard(struct course *c)
{
	enum cycle cycle = cycle_of(c, word(c, 1));
	const struct transition *row =
		lifecycle_find(cycle, state_of(c, cycle, word(c, 2)), event_of(c, word(c, 3)));
	struct verdict v = {0};
	const char *is;

	if (!row)
		FAIL(c, "it is forbidden");
	c->situation.event = row->event;
	is = !guards_pass(row, &c->situation, &v) ? "refuse" : v.warning[0] ? "warn" : "pass";
	if (strcmp(is, word(c, 4)))
		FAIL(c, "%s: %s %s %s", is, v.why, v.would, v.warning);
	if (c->line->words > 5 && !strstr(v.why, rest(c, 5)) && !strstr(v.would, rest(c, 5)) &&
	    !strstr(v.warning, rest(c, 5)))
		FAIL(c, "said is: %s %s %s", v.why, v.would, v.warning);
}

/* --- records
 * -------------------------------------------------------------------------------------------------------------------------
 */

static const struct site nowhere = {.contractor = "018f0000-0000-7000-8000-00000000000a",
				    .labour = "018f0000-0000-7000-8000-00000000000b",
				    .team = "018f0000-0000-7000-8000-00000000000c",
				    .office = "018f0000-0000-7000-8000-00000000000d"};

static void record_put(struct course *c, const char *key, const char *value)
{
	if (strcmp(key, "completion") == 0) {
		if (!date_parse(value, &c->completion))
			FAIL(c, "no date: %s", value);
		return;
	}
	assert_int_equal(record_set(&c->record, field_of(c, key), value, ORIGIN_TYPED), 0);
}

/* record card|typed FIELD=VALUE… : a good record with these changes; completion=DATE is the project's. */
static void say_record(struct course *c)
{
	bool card = strcmp(word(c, 1), "card") == 0;

	if (c->recording)
		record_release(&c->record);
	person_record(&nowhere, &c->record, 1, card);
	person_fill(c->p, &c->record);
	c->recording = true;
	c->completion = DATE_NONE;
	pairs(c, 2, record_put);
}

/* finds FIELD RULE none|warn|block */
static void say_finds(struct course *c)
{
	struct check_context ctx = {.profile = c->p,
				    .today = date_today(),
				    .completion = c->completion,
				    .team_known = true,
				    .company_known = true,
				    .team_kind = "worker",
				    .team_company = nowhere.labour};
	static const char *const words[] = {
		[SEVERITY_NONE] = "none", [SEVERITY_WARN] = "warn", [SEVERITY_BLOCK] = "block"};
	enum severity worst = SEVERITY_NONE;
	struct findings f;

	if (!c->recording)
		FAIL(c, "no record");
	check_record(&ctx, &c->record, &f);
	for (size_t i = 0; i < f.n; i++)
		if (f.item[i].field == field_of(c, word(c, 1)) && strcmp(f.item[i].rule, word(c, 2)) == 0 &&
		    f.item[i].severity > worst)
			worst = f.item[i].severity;
	if (strcmp(words[worst], word(c, 3)))
		FAIL(c, "it is %s", words[worst]);
}

/* --- a desk
 * ----------------------------------------------------------------------------------------------------------------------------
 */

static void desk_begin(struct course *c)
{
	if (c->open)
		return;
	site_make(&c->site, c->region);
	site_login(&c->site, "manager");
	OK(desk_account_add(c->site.d,
			    &(struct account_new){.name = "hr",
						  .display = "人事丙",
						  .password = PASSWORD,
						  .roles = ROLE_COMPANY_HR,
						  .kdf_mib = 8},
			    E));
	site_login(&c->site, "clerk");
	c->platform = calloc(1, sizeof(*c->platform));
	assert_non_null(c->platform);
	c->open = true;
	c->hired = 0;
}

static void desk_end(struct course *c)
{
	if (!c->open)
		return;
	site_drop(&c->site);
	free(c->platform);
	c->open = false;
}

/* hire [FIELD=VALUE…]: the next invented person, with a card */
static void say_hire(struct course *c)
{
	struct registered done;
	struct findings f;
	struct err e = {ERR_NONE};

	desk_begin(c);
	if (c->recording)
		record_release(&c->record);
	person_record(&c->site, &c->record, ++c->hired, true);
	c->recording = true;
	pairs(c, 1, record_put);
	person_fill(c->p, &c->record);
	if (desk_register(c->site.d, &c->record, &f, &done, &e))
		FAIL(c, "%s: %s: %s", err_name(e.code), e.detail, f.n ? f.item[0].sentence : "");
	c->person = done.person;
}

static void say_employment(struct course *c)
{
	enum employment_state is = person_employment(&c->site, c->person, NULL);

	if ((int)is != state_of(c, CYCLE_EMPLOYMENT, word(c, 1)))
		FAIL(c, "the employment is %s", state_name(CYCLE_EMPLOYMENT, (int)is));
}

static void say_assignment(struct course *c)
{
	enum assignment_state is = person_assignment(&c->site, c->person, NULL);

	if ((int)is != state_of(c, CYCLE_ASSIGNMENT, word(c, 1)))
		FAIL(c, "the assignment is %s", state_name(CYCLE_ASSIGNMENT, (int)is));
}

/* act EVENT [DAYS from today] */
static size_t act(struct course *c, struct verdict *v)
{
	struct act a = {.event = event_of(c, word(c, 1)),
			.persons = &c->person,
			.n = 1,
			.on = DATE_NONE,
			.note = "试验"};
	size_t done = 0;

	if (c->line->words > 2)
		a.on = date_today() + atoi(word(c, 2));
	OK(desk_act(c->site.d, &a, v, &done, E));
	return done;
}

static void say_does(struct course *c)
{
	struct verdict v;

	if (act(c, &v) != 1)
		FAIL(c, "%s; %s", v.why, v.would);
}

/* cannot EVENT DAYS a part of what is said */
static void say_cannot(struct course *c)
{
	struct verdict v;

	if (act(c, &v))
		FAIL(c, "it was done");
	if (!strstr(v.why, rest(c, 3)) && !strstr(v.would, rest(c, 3)))
		FAIL(c, "said is: %s; %s", v.why, v.would);
}

static void say_login(struct course *c)
{
	desk_begin(c);
	site_login(&c->site, word(c, 1));
}

/* comes CYCLE.EVENT: the platform's message about this person's employment or assignment */
static void say_comes(struct course *c)
{
	char uid[UID_TEXT];

	if (strncmp(word(c, 1), "employment.", 11) == 0)
		person_employment(&c->site, c->person, uid);
	else
		person_assignment(&c->site, c->person, uid);
	clock_add(1000);
	change_arrives(&c->site, word(c, 1), uid, APPLIED);
}

/* sent KIND TIMES: everything goes out and is accepted; so often this kind was among it. The site's own rows
 * are sent too. */
static void say_sent(struct course *c)
{
	site_drain(&c->site, c->platform, NULL);
	if (platform_count(c->platform, word(c, 1)) != (size_t)atoi(word(c, 2)))
		FAIL(c, "sent %zu times", platform_count(c->platform, word(c, 1)));
}

/* --- the table
 * ---------------------------------------------------------------------------------------------------------------------------
 */

static const struct verb {
	const char *word;
	void (*say)(struct course *c);
	bool judges; /* it can fail: a case has at least one of these */
} verbs[] = {
	{"required", say_required, true}, /* required FORM FIELD… */
	{"optional", say_optional, true}, /* optional FORM FIELD… */
	{"offered", say_offered, true},	  /* offered FORM FIELD… */
	{"default", say_default, true},	  /* default FIELD VALUE|- */
	{"step", say_step, true},	  /* step EVENT desk|platform|left-out|reported */
	{"date", say_date, true},	  /* date EVENT moment|settable */
	{"rule", say_rule, true},	  /* rule KEY VALUE */
	{"word", say_word, true},	  /* word TABLE CODE NAME|- */
	{"wire", say_wire, true},	  /* wire DIALECT TABLE CODE SENT|- */
	{"post", say_post, true},	  /* post CODE COUNT OUTSIDE locked|set CERTIFICATE… */
	{"prompt", say_prompt, true},	  /* prompt ACTION the platform's words */
	{"may", say_may, true},		  /* may CYCLE STATE EVENT ROLE… */
	{"may-not", say_may_not, true},	  /* the same, forbidden */
	{"moves", say_moves, true},	  /* moves CYCLE STATE EVENT desk|message END UPLOAD… */
	{"forbids", say_forbids, true},	  /* forbids CYCLE STATE EVENT desk|message */
	{"given", say_given, false},	  /* given KEY=VALUE…, for guard */
	{"guard", say_guard, true},	  /* guard CYCLE STATE EVENT pass|warn|refuse [PART] */
	{"record", say_record, false},	  /* record card|typed FIELD=VALUE… */
	{"finds", say_finds, true},	  /* finds FIELD RULE none|warn|block */
	{"hire", say_hire, true},	  /* hire [FIELD=VALUE…], at a desk of this region */
	{"login", say_login, false},	  /* login clerk|manager|hr */
	{"does", say_does, true},	  /* does EVENT [DAYS] */
	{"cannot", say_cannot, true},	  /* cannot EVENT DAYS PART */
	{"comes", say_comes, true},	  /* comes employment.EVENT|assignment.EVENT */
	{"employment", say_employment, true},
	{"assignment", say_assignment, true},
	{"sent", say_sent, true}, /* sent KIND TIMES */
};

static void case_end(struct course *c)
{
	if (c->cases && !c->said)
		fail_msg("%s: the case says nothing that could be wrong", c->head);
	desk_end(c);
	if (c->recording)
		record_release(&c->record);
	c->recording = false;
}

static void take_line(struct case_line *line, void *arg)
{
	struct course *c = arg;

	c->line = line;
	if (line->head) {
		case_end(c);
		c->cases++;
		c->said = 0;
		text_copy(c->head, sizeof(c->head), line->at.id);
		situation_begin(c);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verbs[i].word, line->word[0]) == 0) {
			verbs[i].say(c);
			c->said += verbs[i].judges;
			return;
		}
	FAIL(c, "no such verb: %s", line->word[0]);
}

size_t judge_cases(const char *profiles, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct course *c = calloc(1, sizeof(*c));
	struct err e = {0};
	size_t n;

	assert_non_null(c);
	site_profiles = profiles;
	clock_fix_ms(CLOCK_START);
	text_copy(c->region, sizeof(c->region), slash ? slash + 1 : path);
	c->region[strcspn(c->region, ".")] = '\0';
	if (profile_load(&c->p, profiles, c->region, &e))
		fail_msg("%s: %s", c->region, e.detail);
	case_file_read(path, take_line, c);
	case_end(c);
	n = c->cases;
	profile_free(c->p);
	clock_fix_ms(0);
	free(c);
	return n;
}
