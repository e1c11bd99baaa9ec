/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the card reader as JSON lines, both ways. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/id_card.h"

static const char *const kind_names[CARD_EVENT_COUNT] = {
	[CARD_EVENT_NONE] = "none",
	[CARD_EVENT_READER] = "reader",
	[CARD_EVENT_READER_GONE] = "reader-gone",
	[CARD_EVENT_CARD] = "card",
	[CARD_EVENT_READING] = "reading",
	[CARD_EVENT_READ] = "read",
	[CARD_EVENT_SAME] = "same",
	[CARD_EVENT_FAILED] = "failed",
	[CARD_EVENT_CARD_GONE] = "card-gone",
	[CARD_EVENT_TROUBLE] = "trouble",
};

static const char *const reader_kind_names[] = {
	[CARD_READER_UNKNOWN] = "unknown",
	[CARD_READER_SAMV] = "samv",
	[CARD_READER_PAGES] = "pages",
	[CARD_READER_PLAIN] = "plain",
};

const char *card_event_kind_name(enum card_event_kind kind)
{
	return kind_names[(unsigned)kind < CARD_EVENT_COUNT ? kind : CARD_EVENT_NONE];
}

const char *card_reader_kind_name(enum card_reader_kind kind)
{
	return reader_kind_names[(size_t)kind < ARRAY_LEN(reader_kind_names) ? kind : CARD_READER_UNKNOWN];
}

static int name_index(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

static bool cause_from_name(const char *name, enum err_code *out)
{
	for (int code = 0; code < ERR_CODE_COUNT; code++) {
		if (strcmp(err_name((enum err_code)code), name) == 0) {
			*out = (enum err_code)code;
			return true;
		}
	}
	return false;
}

static bool add_if_set(cJSON *json, const char *key, const char *text)
{
	return !*text || cJSON_AddStringToObject(json, key, text);
}

static bool fill(cJSON *json, const struct card_event *ev)
{
	if (!cJSON_AddStringToObject(json, "event", card_event_kind_name(ev->kind)) ||
	    !cJSON_AddNumberToObject(json, "at", (double)ev->at) || !add_if_set(json, "reader", ev->reader))
		return false;
	if (ev->reader_kind != CARD_READER_UNKNOWN &&
	    !cJSON_AddStringToObject(json, "reader_kind", card_reader_kind_name(ev->reader_kind)))
		return false;
	if (ev->cause != ERR_NONE && !cJSON_AddStringToObject(json, "cause", err_name(ev->cause)))
		return false;
	return add_if_set(json, "detail", ev->detail) && add_if_set(json, "module", ev->module);
}

static bool fill_card(cJSON *json, const struct card_event *ev)
{
	cJSON *card;

	if (ev->kind != CARD_EVENT_READ)
		return true;
	card = id_card_to_json(&ev->card);
	if (card && cJSON_AddItemToObject(json, "card", card))
		return true;
	cJSON_Delete(card);
	return false;
}

int card_event_write(const struct card_event *ev, struct buf *out)
{
	cJSON *json = cJSON_CreateObject();
	char *text = NULL;
	int rc = -1;

	buf_reset(out);
	if (!json || !fill(json, ev) || !fill_card(json, ev))
		goto out;
	text = json_text(json);
	if (text)
		rc = buf_adds(out, text);
out:
	if (text)
		wipe(text, strlen(text));
	free(text);
	cJSON_Delete(json);
	return rc;
}

/* An optional text that must fit. */
static int get_text(char *out, size_t size, const cJSON *json, const char *key, struct err *e)
{
	const cJSON *item = json_get(json, key);

	if (!item)
		return 0;
	if (!cJSON_IsString(item) || !text_copy(out, size, item->valuestring))
		return err_set(e, ERR_JSON, "event: %s is no text or too long", key);
	return 0;
}

static int get_kinds(struct card_event *ev, const cJSON *json, struct err *e)
{
	const char *name, *reader_kind = json_string(json, "reader_kind"), *cause = json_string(json, "cause");
	int i;

	if (json_need_string(json, "event", &name, e) < 0)
		return -1;
	i = name_index(kind_names, ARRAY_LEN(kind_names), name);
	if (i <= CARD_EVENT_NONE)
		return err_set(e, ERR_JSON, "event: unknown event");
	ev->kind = (enum card_event_kind)i;
	i = reader_kind ? name_index(reader_kind_names, ARRAY_LEN(reader_kind_names), reader_kind) : 0;
	if (i < 0)
		return err_set(e, ERR_JSON, "event: unknown reader_kind");
	ev->reader_kind = (enum card_reader_kind)i;
	if (cause && !cause_from_name(cause, &ev->cause))
		return err_set(e, ERR_JSON, "event: unknown cause");
	return 0;
}

static int get_event(struct card_event *ev, const cJSON *json, struct err *e)
{
	if (get_kinds(ev, json, e) < 0)
		return -1;
	if (get_text(ev->reader, sizeof(ev->reader), json, "reader", e) < 0 ||
	    get_text(ev->detail, sizeof(ev->detail), json, "detail", e) < 0 ||
	    get_text(ev->module, sizeof(ev->module), json, "module", e) < 0)
		return -1;
	ev->at = json_int(json, "at", 0);
	if (ev->kind != CARD_EVENT_READ)
		return 0;
	if (!cJSON_IsObject(json_get(json, "card")))
		return err_set(e, ERR_JSON, "event: read without a card");
	return id_card_from_json(&ev->card, json_get(json, "card"), e);
}

int card_event_parse(struct card_event *ev, const char *line, size_t n, struct err *e)
{
	struct card_event got = { .kind = CARD_EVENT_NONE };
	cJSON *json = NULL;
	int rc = -1;

	if (json_parse(&json, line, n, CARD_EVENT_LINE, e) < 0)
		return -1;
	if (!cJSON_IsObject(json))
		err_set(e, ERR_JSON, "event: no object");
	else
		rc = get_event(&got, json, e);
	if (rc == 0)
		*ev = got;
	card_event_wipe(&got);
	cJSON_Delete(json);
	return rc;
}

void card_event_wipe(struct card_event *ev)
{
	wipe(ev, sizeof(*ev));
}
