/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "elsewhere.h"

#include <sodium.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "errand.h"
#include "folk.h"
#include "wire_read.h"

#define HASH_TEXT 65

/* --- work on other sites ----------------------------------------------------------------------------- */

static void put(char *to, size_t size, const char *from)
{
	text_copy(to, size, from ? from : "");
}

static date_t day(const char *text)
{
	date_t on = DATE_NONE;

	return text && date_parse(text, &on) ? on : DATE_NONE;
}

/* In words; a code that this region's table lacks stays as it came. */
static void trade_word(const struct desk *d, const char *wire, char *out, size_t size)
{
	const struct field *f = field_get(F_TRADE);
	char code[64];

	if (wire && wire_read(d, f, wire, code, sizeof(code)))
		put(out, size, desk_code_word(d, f->codes, code));
	else
		put(out, size, wire);
}

bool work_of_change(const struct desk *d, const struct change_work *from, struct db_work *out)
{
	*out = (struct db_work){.entered_on = day(from->entered), .exited_on = day(from->exited)};
	if (!from->uid || !uid_valid(from->uid) || !from->project || !from->project[0])
		return false;
	put(out->uid, sizeof(out->uid), from->uid);
	put(out->project, sizeof(out->project), from->project);
	put(out->status, sizeof(out->status), from->status);
	put(out->contractor, sizeof(out->contractor), from->contractor);
	put(out->team, sizeof(out->team), from->team);
	trade_word(d, from->trade, out->trade, sizeof(out->trade));
	return true;
}

void work_elsewhere(const struct db_work *w, struct work_row *out)
{
	int state;

	*out = (struct work_row){
		.id = -w->id, .entered_on = w->entered_on, .exited_on = w->exited_on, .elsewhere = true};
	text_copy(out->project, sizeof(out->project), w->project);
	text_copy(out->place, sizeof(out->place), w->place);
	text_copy(out->status, sizeof(out->status), w->status);
	text_copy(out->contractor, sizeof(out->contractor), w->contractor);
	text_copy(out->team, sizeof(out->team), w->team);
	text_copy(out->trade, sizeof(out->trade), w->trade);
	if (state_parse(CYCLE_ASSIGNMENT, w->status, &state))
		text_format(out->state, sizeof(out->state), _("平台：%s"), state_word(CYCLE_ASSIGNMENT, state));
	else
		text_copy(out->state, sizeof(out->state), _("平台记录"));
}

/* --- asking ------------------------------------------------------------------------------------------ */

static bool may_ask(struct desk *d)
{
	char url[1024] = "", token[600] = "";
	bool may;

	may = d->unshared != d->project.id && !strcmp(profile_text(d->profile, "upload.dialect", "native"), "native") &&
	      !desk_setting_get(d, "platform.url", url, sizeof(url), NULL) && url[0] &&
	      !desk_setting_get(d, "platform.token", token, sizeof(token), NULL) && token[0];
	wipe(token, sizeof(token));
	return may;
}

int desk_elsewhere_ask(struct desk *d, const char *number, struct errand **out, struct err *e)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[HASH_TEXT];

	if (desk_may_in_project(d, 0, e) || desk_may(d, 0, true, e))
		return -1;
	if (!may_ask(d))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "no platform that shares");
	crypto_hash_sha256(hash, (const unsigned char *)number, strlen(number));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	return desk_errand_start(d, ERRAND_LOOK_UP, hex, out, e);
}

/* --- the answer -------------------------------------------------------------------------------------- */

static int take_field(struct desk *d, const cJSON *value, struct record *r, struct err *e)
{
	const struct field *f = field_by_wire("person.add", value->string);
	char wire[512] = "", text[512];

	if (!f || folk_part_of(f->id) != PART_PERSON)
		return 0;
	if (cJSON_IsNumber(value))
		text_format(wire, sizeof(wire), "%lld", (long long)value->valuedouble);
	else if (!cJSON_IsString(value) || !text_copy(wire, sizeof(wire), value->valuestring))
		return 0;
	if (text_chars(wire) > f->max_chars * 4 || !wire_read(d, f, wire, text, sizeof(text)))
		return 0;
	return record_set(r, f->id, text, ORIGIN_PLATFORM) ? err_set(e, ERR_MEMORY, "field") : 0;
}

static void take_work(struct desk *d, const cJSON *from, struct elsewhere *out)
{
	const struct change_work said = {.uid = json_string(from, "uid"),
					 .project = json_string(from, "projectName"),
					 .contractor = json_string(from, "contractor"),
					 .team = json_string(from, "team"),
					 .trade = json_string(from, "workType"),
					 .status = json_string(from, "status"),
					 .entered = json_string(from, "enteredOn"),
					 .exited = json_string(from, "exitedOn")};
	struct db_work w;

	if (out->n < ELSEWHERE_WORKS && work_of_change(d, &said, &w))
		work_elsewhere(&w, &out->work[out->n++]);
}

static int take_answer(struct errand *r, struct elsewhere *out, struct err *e)
{
	const cJSON *said = json_get(r->answer, "person"), *one,
		    *person = cJSON_IsObject(said) ? said : NULL; /* what a list holds has no names */

	out->known = json_bool(r->answer, "known", false);
	cJSON_ArrayForEach(one, person)
		if (take_field(r->desk, one, &out->record, e))
			return -1;
	cJSON_ArrayForEach(one, json_get(r->answer, "history"))
		take_work(r->desk, one, out);
	return 1;
}

int desk_elsewhere_read(struct errand *r, struct elsewhere *out, struct err *e)
{
	struct errand_result result;
	int got = desk_errand_read(r, &result, e);

	if (!got)
		return 0;
	*out = (struct elsewhere){.known = false};
	record_init(&out->record);
	if (got < 0)
		return -1;
	if (!strcmp(result.cause, "unshared"))
		r->desk->unshared = r->desk->project.id;
	if (result.trouble)
		return err_set(e, result.trouble, "%s", result.detail);
	return take_answer(r, out, e);
}

void desk_elsewhere_release(struct elsewhere *x)
{
	record_release(&x->record);
	wipe(x->work, sizeof(x->work));
}
