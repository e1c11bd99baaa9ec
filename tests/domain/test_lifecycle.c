/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every cell of (cycle, state, event) against a table written a second time, by hand, from DESIGN 6 and REQUIREMENTS C, D, E, I6.
 * A line: cycle, states from (| between), event, state to, who (c clerk, p project manager, o site operator, s subcontractor's clerk,
 * h company HR, l legal representative, - only a message), m when a message may, guards (, between), upload. What stands on no line is
 * forbidden.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/lifecycle.h"

static const char *const lines[] = {
	"employment none offer offered chl - one_employer,age,not_barred,app employment.offer",
	"employment offered consent accepted - m - -",
	"employment offered refuse refused - m - -",
	"employment offered withdraw_offer withdrawn chl - - employment.withdraw_offer",
	"employment accepted register processing chl - complete,app employment.register",
	"employment processing done registered - m - -",
	"employment processing register_refused accepted - m - -",
	"employment registered ask_leave leaving - m - -",
	"employment leaving agree_leave left hl - - employment.agree_leave",
	"employment leaving finish_leave left - m - -",
	"employment registered dismiss dismissing hl - leaving,manager_exited employment.dismiss",
	"employment dismissing consent_dismissal dismissed - m - -",
	"employment registered record_leaving leaving_on chl - leaving,date employment.record_leaving",
	"employment leaving_on leaving_day left chl m leaving_day employment.leaving_day",
	"employment leaving|dismissing take_back registered hl m - employment.take_back",
	"employment leaving_on take_back registered chl m - employment.take_back",
	"employment accepted|processing|registered|leaving|dismissing|leaving_on died ended chl m - employment.died",
	"employment accepted|processing|registered|leaving|dismissing|leaving_on contract_ended ended chl m - employment.contract_ended",
	"contract none contract_draft drafted chl - - -",
	"contract none|drafted contract_sign in_force chl - - contract.add",
	"contract drafted contract_terminate terminated chl - - -",
	"contract in_force contract_end ended chl m date contract.end",
	"contract in_force contract_terminate terminated chl m date contract.terminate",
	"app none app_apply processing chl m date -",
	"app none|processing app_done done chl m date -",
	"app processing app_fail none chl m date -",
	"assignment none draft drafted cphls - one_open_assignment,project_open -",
	"assignment drafted|returned submit submitted cphls - employment_registered,team_confirmed,project_open assignment.submit",
	"assignment submitted|accepted return returned p m receiving_manager assignment.return",
	"assignment submitted accept accepted p m receiving_manager -",
	"assignment accepted confirm confirmed p m employment_registered,receiving_manager,project_open assignment.confirm",
	"assignment confirmed enter on_site cpo - employment_registered,team_entered,participant_entered,contract,training,certificate,not_barred,age,"
	"card_valid,team_confirmed,date,project_open assignment.enter",
	"assignment on_site exit exited cpo m date assignment.exit",
	"assignment drafted withdraw withdrawn cphls - - -",
	"assignment submitted|returned|accepted|confirmed withdraw withdrawn cphls - - assignment.withdraw",
	"assignment drafted|submitted|returned|accepted|confirmed employment_ended withdrawn - m - -",
	"assignment on_site employment_ended exited - m - -",
	"assignment on_site works_completed exited cp m date assignment.exit",
	"assignment on_site mismatch exited - m - -",
	"team none set_own own cphl - - -",
	"team own|unbound associate requested cphl - associations,not_management_team,partner,evidence,date team.associate",
	"team requested association_confirmed associated s m partners_clerk team.confirm_association",
	"team requested association_refused own s m partners_clerk team.refuse_association",
	"team associated unbind unbound cphl m evidence,date team.unbind",
	"team unbound set_own own cphl - - team.set_own",
	"team_site none add not_entered cphl - - team.add",
	"team_site not_entered site_enter entered cpo - participant_entered,not_management_team,project_open,date team.enter",
	"team_site entered site_exit exited cpo - team_empty,not_management_team,date team.exit",
	"participant none add not_entered cphl - - participant.add",
	"participant not_entered site_enter entered cpo - project_open,date participant.enter",
	"participant entered site_exit exited cpo - teams_out,date participant.exit",
	"project none prepare preparing cphl m - -",
	"project preparing start running cphl m date -",
	"project running stop stopped cphl m date -",
	"project stopped resume running cphl m date -",
	"project running|stopped complete completed cphl m date -",
	"project completed end_supervision supervision_ended cphl m date -",
	"application none|refused apply applied cphl m - -",
	"application applied approve approved cphl m - -",
	"application applied turn_down refused cphl m - -",
	"post none|vacant|filled post_fill filled cphl - post,date post.fill",
	"post filled post_vacate vacant cphl m date post.vacate",
	"post none|vacant post_propose nominated cphl - post,date -",
	"post filled post_propose replacing cphl - post,date -",
	"post nominated|replacing post_approve filled cphl m date -",
	"post nominated post_turn_down vacant cphl m date -",
	"post replacing post_turn_down filled cphl m date -",
	"alarm none alarm_raise raised cphl m date -",
	"alarm raised alarm_withdraw withdrawn cphl m date -",
	"alarm raised alarm_count counted cphl m date -",
	"alarm raised|counted alarm_deduct deducted cphl m date -",
	"alarm deducted alarm_appeal appealed cphl m date -",
	"alarm appealed alarm_void void cphl m date -",
	"alarm appealed alarm_uphold upheld cphl m date -",
	"push none|done|failed|withdrawn push waiting - m - -",
	"push waiting push_done done - m - -",
	"push waiting push_fail failed - m - -",
	"push waiting|done|failed push_withdraw withdrawn - m - -",
};

struct cell {
	char cycle[16], from[96], event[24], to[24], who[8], message[4], guards[160], upload[32];
};

static struct cell read_line(const char *line)
{
	struct cell c = {0};

	assert_int_equal(sscanf(line, "%15s %95s %23s %23s %7s %3s %159s %31s", c.cycle, c.from, c.event, c.to, c.who, c.message,
				c.guards, c.upload),
			 8);
	return c;
}

/* Is `word` one of the words of `list`? */
static bool among(const char *word, const char *list, char between)
{
	size_t n = strlen(word);

	for (const char *s = list; s; s = strchr(s, between) ? strchr(s, between) + 1 : NULL)
		if (strncmp(s, word, n) == 0 && (s[n] == between || s[n] == '\0'))
			return true;
	return false;
}

static unsigned roles_of(const char *who)
{
	static const struct {
		char letter;
		unsigned role;
	} letters[] = {{'c', ROLE_CLERK}, {'p', ROLE_PROJECT_MANAGER}, {'o', ROLE_SITE_OPERATOR},
		       {'s', ROLE_SUBCONTRACTOR_CLERK}, {'h', ROLE_COMPANY_HR}, {'l', ROLE_LEGAL_REPRESENTATIVE}};
	unsigned roles = 0;

	for (; *who; who++)
		for (size_t i = 0; i < ARRAY_LEN(letters); i++)
			roles |= letters[i].letter == *who ? letters[i].role : 0;
	return roles;
}

static bool find_line(enum cycle c, int state, enum event e, struct cell *out)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct cell cell = read_line(lines[i]);

		if (!strcmp(cell.cycle, cycle_name(c)) && !strcmp(cell.event, event_name(e)) &&
		    among(state_name(c, state), cell.from, '|')) {
			*out = cell;
			return true;
		}
	}
	return false;
}

static void assert_guards(unsigned guards, const char *names)
{
	size_t n = 0, expected = strcmp(names, "-") ? 1 : 0;

	for (const char *s = names; expected && *s; s++)
		expected += *s == ',';
	for (unsigned bit = 1; bit && bit <= guards; bit <<= 1)
		if (guards & bit) {
			assert_true(among(guard_name((enum guard)bit), names, ','));
			n++;
		}
	assert_int_equal(n, expected);
}

static void walk_cell(enum cycle c, int state, enum event e)
{
	const struct transition *t = lifecycle_find(c, state, e);
	struct cell cell;

	if (!find_line(c, state, e, &cell)) {
		if (t)
			fail_msg("%s: %s in %s is not in the second table", cycle_name(c), event_name(e), state_name(c, state));
		return;
	}
	if (!t)
		fail_msg("%s: %s in %s is missing", cycle_name(c), event_name(e), state_name(c, state));
	assert_int_equal(t->cycle, c);
	assert_string_equal(state_name(c, t->to), cell.to);
	assert_int_equal(t->roles, roles_of(cell.who));
	assert_int_equal(t->by_message, cell.message[0] == 'm');
	assert_guards(t->guards, cell.guards);
	assert_string_equal(t->upload ? t->upload : "-", cell.upload);
}

static void test_every_cell(void **state)
{
	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++)
		for (int s = 0; s < lifecycle_state_count((enum cycle)c); s++)
			for (int e = 0; e < EVENT_COUNT; e++)
				walk_cell((enum cycle)c, s, (enum event)e);
}

/* Who may, cell by cell: every role that an account can hold, in every state, for every event; who stands on no line may nothing. */
static void test_every_role(void **state)
{
	size_t allowed = 0, cells = 0;

	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++)
		for (int s = 0; s < lifecycle_state_count((enum cycle)c); s++)
			for (int e = 0; e < EVENT_COUNT; e++)
				for (unsigned role = ROLE_CLERK; role <= ROLE_RUNNER; role <<= 1) {
					const struct transition *t = lifecycle_find((enum cycle)c, s, (enum event)e);
					struct cell cell;
					bool may = find_line((enum cycle)c, s, (enum event)e, &cell) && (roles_of(cell.who) & role);

					if (may != (t && (t->roles & role)))
						fail_msg("%s %s %s %s", cycle_name((enum cycle)c), state_name((enum cycle)c, s), event_name((enum event)e),
							 role_name((enum role)role));
					allowed += may;
					cells++;
				}
	assert_true(allowed > 200 && cells > 10 * allowed); /* most cells are forbidden ones */
}

/* Every row of ours is met by the walk: none twice, none with a state outside, none that nobody can fire. */
static void test_rows_are_cells(void **state)
{
	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++) {
		const struct transition *rows;
		size_t n = lifecycle_rows((enum cycle)c, &rows);

		assert_true(n > 0);
		for (size_t i = 0; i < n; i++) {
			assert_ptr_equal(lifecycle_find((enum cycle)c, rows[i].from, rows[i].event), &rows[i]);
			assert_true(rows[i].from < lifecycle_state_count((enum cycle)c));
			assert_true(rows[i].roles || rows[i].by_message);
			assert_false(rows[i].roles & (ROLE_ADMINISTRATOR | ROLE_AUDITOR | ROLE_RUNNER));
		}
	}
}

static void test_final_states(void **state)
{
	static const struct {
		enum cycle cycle;
		const char *names;
	} finals[] = {{CYCLE_EMPLOYMENT, "refused|withdrawn|left|dismissed|ended"},
		      {CYCLE_ASSIGNMENT, "exited|withdrawn"},
		      {CYCLE_TEAM, "-"},
		      {CYCLE_TEAM_SITE, "exited"},
		      {CYCLE_PARTICIPANT, "exited"},
		      {CYCLE_CONTRACT, "ended|terminated"},
		      {CYCLE_APP, "done"},
		      {CYCLE_PROJECT, "supervision_ended"},
		      {CYCLE_APPLICATION, "approved"},
		      {CYCLE_POST, "-"},
		      {CYCLE_ALARM, "withdrawn|void|upheld"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(finals); i++)
		for (int s = 0; s < lifecycle_state_count(finals[i].cycle); s++)
			assert_int_equal(lifecycle_final(finals[i].cycle, s),
					 among(state_name(finals[i].cycle, s), finals[i].names, '|'));
}

static void test_states_are_reached(void **state)
{
	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++) {
		bool reached[32] = {true};
		const struct transition *rows;
		size_t n = lifecycle_rows((enum cycle)c, &rows);

		for (int round = 0; round < 32; round++)
			for (size_t i = 0; i < n; i++)
				if (reached[rows[i].from])
					reached[rows[i].to] = true;
		for (int s = 0; s < lifecycle_state_count((enum cycle)c); s++)
			if (!reached[s])
				fail_msg("%s: %s is never reached", cycle_name((enum cycle)c), state_name((enum cycle)c, s));
	}
}

static void test_left_out_steps(void **state)
{
	static const enum event expected[] = {EVENT_CONSENT, EVENT_REGISTER, EVENT_DONE, EVENT_SUBMIT, EVENT_ACCEPT, EVENT_CONFIRM,
					      EVENT_ASSOCIATION_CONFIRMED};
	size_t n = 0;

	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++)
		for (int s = 0; s < lifecycle_state_count((enum cycle)c); s++) {
			enum event e = lifecycle_forward((enum cycle)c, s);

			if (e == EVENT_NONE)
				continue;
			assert_true(n < ARRAY_LEN(expected));
			assert_int_equal(e, expected[n++]);
			assert_non_null(lifecycle_find((enum cycle)c, s, e));
			assert_true(lifecycle_may_leave_out(e));
		}
	assert_int_equal(n, ARRAY_LEN(expected));
	assert_false(lifecycle_may_leave_out(EVENT_ENTER));
	assert_false(lifecycle_may_leave_out(EVENT_OFFER));
}

static void test_names_round(void **state)
{
	int s;
	enum event e;
	enum role r;
	enum actor a;

	(void)state;
	for (int c = 0; c < CYCLE_COUNT; c++)
		for (int i = 0; i < lifecycle_state_count((enum cycle)c); i++) {
			assert_true(state_parse((enum cycle)c, state_name((enum cycle)c, i), &s));
			assert_int_equal(s, i);
			assert_true(*state_word((enum cycle)c, i));
		}
	for (int i = EVENT_NONE + 1; i < EVENT_COUNT; i++) {
		assert_true(event_parse(event_name((enum event)i), &e));
		assert_int_equal(e, i);
		assert_true(*event_word((enum event)i));
		assert_true(event_cycle((enum event)i) < CYCLE_COUNT);
	}
	for (unsigned bit = 1; bit <= ROLE_RUNNER; bit <<= 1) {
		assert_true(role_parse(role_name((enum role)bit), &r));
		assert_int_equal(r, bit);
		assert_true(*role_word((enum role)bit));
	}
	for (int i = ACTOR_COMPANY; i <= ACTOR_PLATFORM; i++) {
		assert_true(actor_parse(actor_name((enum actor)i), &a));
		assert_int_equal(a, i);
	}
	assert_false(state_parse(CYCLE_TEAM, "on_site", &s));
	assert_false(event_parse("", &e));
	assert_false(role_parse("root", &r));
	assert_false(actor_parse("", &a));
}

static void test_out_of_range(void **state)
{
	const struct transition *rows;

	(void)state;
	assert_int_equal(lifecycle_rows(CYCLE_COUNT, &rows), 0);
	assert_null(lifecycle_find((enum cycle)99, 0, EVENT_ENTER));
	assert_null(lifecycle_find(CYCLE_TEAM, -1, EVENT_SET_OWN));
	assert_string_equal(state_name(CYCLE_TEAM, 99), "");
	assert_string_equal(state_word(CYCLE_TEAM, -1), "");
	assert_string_equal(event_name((enum event)999), "");
	assert_string_equal(role_name((enum role)3), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cell),         cmocka_unit_test(test_every_role),
		cmocka_unit_test(test_rows_are_cells),
		cmocka_unit_test(test_final_states),       cmocka_unit_test(test_states_are_reached),
		cmocka_unit_test(test_left_out_steps),     cmocka_unit_test(test_names_round),
		cmocka_unit_test(test_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
