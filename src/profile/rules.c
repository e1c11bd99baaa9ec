/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "profile_data.h"

static const char *const leaving[] = {"consent", "recorded", "with_exit", NULL};
static const char *const dialects[] = {"native", "open_api", "device", NULL};
static const char *const xor_scopes[] = {"content", "frame", NULL};
static const char *const device_texts[] = {"utf8", "gb18030", "utf16le", NULL};
static const char *const validities[] = {"compact", "print", "iso", NULL};
static const char *const digests[] = {"sha256", "md5", NULL};
static const char *const times[] = {"compact", "ms", "stamp", NULL}; /* 20261120163000, milliseconds, 2026-11-20 16:30:00 */
static const char *const managers[] = {"here", "elsewhere", NULL};
static const char *const presence[] = {"exit", "attendance", NULL};
static const char *const rounding[] = {"up", "down", NULL};

static const struct rule rules[] = {
	{"limits.min_age", RULE_NUMBER, 14, 30, NULL},
	{"limits.max_age_male", RULE_NUMBER, 40, 120, NULL},
	{"limits.max_age_female", RULE_NUMBER, 40, 120, NULL},
	{"limits.training_days", RULE_NUMBER, 1, 3660, NULL},
	{"limits.max_open_assignments", RULE_NUMBER, 0, 100, NULL}, /* 0: no limit */
	{"limits.hold_seconds", RULE_NUMBER, 0, 86400, NULL},
	{"limits.keep_facts_years", RULE_NUMBER, 0, 30, NULL},    /* S8: after completion and settlement */
	{"limits.keep_pictures_years", RULE_NUMBER, 0, 30, NULL}, /* S8: attendance pictures */
	{"notice", RULE_TEXT, 0, 0, NULL},			  /* L6: what a person is told when he registers */
	{"limits.photo_base64", RULE_NUMBER, 2048, 1048576, NULL}, /* characters */
	{"upload.batch_items", RULE_NUMBER, 1, 500, NULL},
	{"upload.batch_bytes", RULE_NUMBER, 4096, 4194304, NULL},
	{"upload.dialect", RULE_TEXT, 0, 0, dialects},
	{"upload.result_seconds", RULE_NUMBER, 0, 3600, NULL}, /* how often a result that comes later is asked for */
	/* the open.api: what differs from place to place */
	{"upload.path", RULE_TEXT, 0, 0, NULL},
	{"upload.version", RULE_TEXT, 0, 0, NULL},
	{"upload.digest", RULE_TEXT, 0, 0, digests},
	{"upload.keep_case", RULE_FLAG, 0, 1, NULL}, /* the signed text is not lower-cased */
	{"upload.time", RULE_TEXT, 0, 0, times},
	{"upload.image_prefix", RULE_TEXT, 0, 0, NULL},
	{"upload.pace_ms", RULE_NUMBER, 0, 60000, NULL}, /* between two calls of one method */
	/* the device protocol: what JM-3 leaves open */
	{"device.xor_scope", RULE_TEXT, 0, 0, xor_scopes},
	{"device.text", RULE_TEXT, 0, 0, device_texts},
	{"device.validity", RULE_TEXT, 0, 0, validities},
	{"device.nation_digits", RULE_NUMBER, 1, 4, NULL},
	{"device.recollect", RULE_NUMBER, 0, 1, NULL},
	{"device.pad", RULE_NUMBER, 0, 32, NULL},
	{"upload.plain", RULE_FLAG, 0, 1, NULL},	 /* http may be switched on (DESIGN 9) */
	{"required.company.short_name", RULE_FLAG, 0, 1, NULL}, /* B3, B4: what the sheets require (domain/particulars.h) */
	{"required.company.area_code", RULE_FLAG, 0, 1, NULL},
	{"required.company.registered_on", RULE_FLAG, 0, 1, NULL},
	{"required.participant.manager_name", RULE_FLAG, 0, 1, NULL},
	{"required.participant.manager_phone", RULE_FLAG, 0, 1, NULL},
	{"required.project.kind", RULE_FLAG, 0, 1, NULL},
	{"required.project.levy_code", RULE_FLAG, 0, 1, NULL},
	{"under_age", RULE_SEVERITY, 0, 0, NULL},
	{"over_age", RULE_SEVERITY, 0, 0, NULL},
	{"expired_card", RULE_SEVERITY, 0, 0, NULL},
	{"no_contract", RULE_SEVERITY, 0, 0, NULL},
	{"no_training", RULE_SEVERITY, 0, 0, NULL},
	/* hiring and leaving */
	{"leaving", RULE_TEXT, 0, 0, leaving},	    /* D11 */
	{"leaving_past", RULE_SEVERITY, 0, 0, NULL}, /* D11: a date of leaving that is not later than today */
	{"limits.leave_answer_hours", RULE_NUMBER, 0, 720, NULL}, /* D6: then the person may finish alone; 0: nothing falls due */
	{"managers", RULE_TEXT, 0, 0, managers},		  /* D13: registered here, or known and read-only */
	{"manager_exits_first", RULE_FLAG, 0, 1, NULL},		  /* D7 */
	{"app_registration", RULE_SEVERITY, 0, 0, NULL},	  /* D12: hiring somebody not yet registered in the city's app */
	{"limits.app_registration_days", RULE_NUMBER, 0, 90, NULL}, /* D12: working days; 0: there is no such registration */
	{"limits.base_wage", RULE_NUMBER, 0, 10000000, NULL},	    /* D3: fen a month; 0: none */
	{"temporary_by_day", RULE_SEVERITY, 0, 0, NULL},	    /* D3: a temporary hand who is not paid by the day */
	{"limits.performance_times", RULE_NUMBER, 0, 12, NULL},	    /* D3: at least so often a year; 0: none */
	{"contract_past_completion", RULE_SEVERITY, 0, 0, NULL},    /* D3: the contract ends before the works do */
	{"main_trade_one", RULE_FLAG, 0, 1, NULL},		    /* D5 */
	{"do_not_hire", RULE_SEVERITY, 0, 0, NULL},		    /* L3 */
	{"certificate_missing", RULE_SEVERITY, 0, 0, NULL},	    /* L2 */
	{"certificate_lapsed", RULE_SEVERITY, 0, 0, NULL},
	{"limits.certificate_warn_days", RULE_NUMBER, 0, 365, NULL},
	/* confirming, entering, leaving the site */
	{"confirm.general_again", RULE_FLAG, 0, 1, NULL}, /* E3 */
	{"exit.offered", RULE_FLAG, 0, 1, NULL},	  /* E6: an exit is offered, nobody has to make it */
	{"presence", RULE_TEXT, 0, 0, presence},	  /* E6: who is present: whoever has not exited, or by attendance */
	{"limits.mismatch_days", RULE_NUMBER, 0, 90, NULL}, /* F7: from a foreign clock-in to the automatic exit; 0: none */
	/* teams */
	{"teams.management_automatic", RULE_FLAG, 0, 1, NULL}, /* C2 */
	{"teams.association", RULE_FLAG, 0, 1, NULL},	       /* C4 */
	{"limits.association_days", RULE_NUMBER, 1, 365, NULL}, /* C7: only where teams.association holds */
	{"limits.association_credit_days", RULE_NUMBER, 1, 365, NULL},
	/* project */
	{"limits.complete_percent", RULE_NUMBER, 0, 100, NULL}, /* G2 */
	{"project.identifiers", RULE_FLAG, 0, 1, NULL},		/* B9: registry, levy and contract numbers */
	{"project_unregistered", RULE_SEVERITY, 0, 0, NULL},	/* B9: no registry number yet */
	{"manager_differs", RULE_SEVERITY, 0, 0, NULL},		/* B9: project manager here and in the province's contract */
	/* persons */
	{"others_by_general", RULE_SEVERITY, 0, 0, NULL}, /* A10 */
	{"same_person", RULE_SEVERITY, 0, 0, NULL},	  /* A6: an unmerged namesake born the same day, or the same phone */
	{"history.older", RULE_TEXT, 0, 0, NULL},	  /* A12: how records older than the system are asked for */
	/* clocking on and off (F1): by what means it may be done */
	{"clock.worker_code", RULE_FLAG, 0, 1, NULL}, /* the worker's code is scanned by the site */
	{"clock.site_code", RULE_FLAG, 0, 1, NULL},   /* the site's code is scanned by the worker */
	{"clock.face", RULE_FLAG, 0, 1, NULL},	      /* at a device */
	{"clock.card", RULE_FLAG, 0, 1, NULL},	      /* at the desk */
	{"clock.device", RULE_FLAG, 0, 1, NULL},      /* at a device, otherwise than by face */
	{"limits.shift_hours", RULE_NUMBER, 1, 36, NULL}, /* F1: the longest shift; all of it belongs to the day it began */
	{"limits.break_hours", RULE_NUMBER, 1, 12, NULL}, /* a shorter break ends no shift */
	{"limits.clock_again_seconds", RULE_NUMBER, 0, 3600, NULL}, /* at the desk: the same again within these is one */
	{"devices.direct", RULE_FLAG, 0, 1, NULL},    /* H2: devices speak to the platform themselves, not to the site box */
	{"limits.device_silent_days", RULE_NUMBER, 0, 30, NULL}, /* H4: a breach from this day on; 0: none */
	/* key posts and alarms (F3, F4, F6) */
	{"limits.smart_area", RULE_NUMBER, 0, 1000000, NULL},	  /* square metres from which a building site is a smart one; 0: no such kind */
	{"limits.smart_cost", RULE_NUMBER, 0, 100000000, NULL},	  /* yuan, for municipal works and railways */
	{"limits.post_percent", RULE_NUMBER, 0, 100, NULL},	  /* of the days that count; 0: no post attendance */
	{"limits.post_grace_days", RULE_NUMBER, 0, 90, NULL},
	{"limits.supervisor_absent_days", RULE_NUMBER, 0, 31, NULL}, /* in a row, the chief supervisor's alarm; 0: none */
	{"limits.match_percent", RULE_NUMBER, 0, 100, NULL},	  /* F6: paid people with attendance; 0: no such alarm */
	{"limits.match_day", RULE_NUMBER, 0, 28, NULL},		  /* of the month after, when the real figure is taken */
	{"limits.alarms_to_credit", RULE_NUMBER, 0, 12, NULL},	  /* so many alarms cost credit; 0: none */
	{"limits.alarm_share", RULE_NUMBER, 0, 12, NULL},	  /* or alarms in one month of so many of the contract period */
	{"duty.watched", RULE_FLAG, 0, 1, NULL},		  /* F10: manager, chief supervisor, safety officer, technical head on duty */
	{"limits.duty_percent", RULE_NUMBER, 0, 100, NULL},	  /* F10: of the month's days; 0: unset */
	{"posts.absence_spans", RULE_FLAG, 0, 1, NULL},		  /* F5: absence is filed for more than the day itself */
	{"posts.evening_sync", RULE_FLAG, 0, 1, NULL},		  /* F3: who registers today is known to the platform's posts tomorrow */
	{"alarm_rounding", RULE_TEXT, 0, 0, rounding},		  /* of the days needed */
};
_Static_assert(ARRAY_LEN(rules) <= RULES_MAX, "struct profile holds one value a rule");

bool dialect_known(const char *name)
{
	for (size_t i = 0; dialects[i]; i++)
		if (strcmp(dialects[i], name) == 0)
			return true;
	return false;
}

size_t rule_count(void)
{
	return ARRAY_LEN(rules);
}

const struct rule *rule_at(size_t i)
{
	return &rules[i];
}

int rule_index(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].key, key) == 0)
			return (int)i;
	return -1;
}

static const char *const severities[] = {
	[SEVERITY_NONE] = "none", [SEVERITY_WARN] = "warn", [SEVERITY_BLOCK] = "block"};

bool severity_parse(const char *word, enum severity *out)
{
	for (size_t i = 0; i < ARRAY_LEN(severities); i++)
		if (strcmp(severities[i], word) == 0) {
			*out = (enum severity)i;
			return true;
		}
	return false;
}

const char *severity_word(enum severity s)
{
	return severities[s];
}

bool prompt_action_known(const char *action)
{
	static const char *const known[] = {"none", "roster",	    "amend",  "confirm", "enter",   "exit",
					    "teams", "participants", "upload", "retry",	 "messages",
					    "posts",	    "certificates", "wages", "project"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], action) == 0)
			return true;
	return false;
}
