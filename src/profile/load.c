/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From files to struct profile. common.json first, the region over it; every fault is reported with its place and reading goes on, so
 * that whoever writes a profile sees them all at once.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "profile_data.h"

#define FORMAT 1
#define FILES 2 /* common and the region */

static const char *const form_names[FORM_COUNT] = {
	[FORM_REGISTER] = "register", [FORM_MANUAL] = "manual",   [FORM_ENTER] = "enter",
	[FORM_EXIT] = "exit",         [FORM_TEAM] = "team",       [FORM_COMPANY] = "company",
	[FORM_PARTICIPANT] = "participant",
};

struct file {
	char name[64]; /* without its directory: what a fault's place begins with */
	struct buf text;
	cJSON *root;
};

/* Where an entry came from: what can only be judged when all is read is reported there. */
struct origin {
	const struct file *file;
	const cJSON *node;
};

struct loader {
	struct profile *p;
	struct fault_sink *sink;
	const char *dir;
	struct file file[FILES];
	const struct file *now; /* the one being read */
	char source[SOURCES_MAX][32];
	size_t sources;
	struct origin required[FORM_COUNT][FIELD_COUNT];
	struct origin defaults[FIELD_COUNT];
	struct origin rules[RULES_MAX];
	struct origin step[EVENT_COUNT];
	struct origin date[EVENT_COUNT];
};

/* --- faults ------------------------------------------------------------------------------------------------------------- */

static struct profile_fault *next_fault(struct fault_sink *sink)
{
	static struct profile_fault beyond;

	return sink->n++ < sink->cap ? &sink->fault[sink->n - 1] : &beyond;
}

static bool fault_at(struct loader *l, const struct file *file, const cJSON *node, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static bool fault_at(struct loader *l, const struct file *file, const cJSON *node, const char *fmt, ...)
{
	struct profile_fault *f = next_fault(l->sink);
	char place[140];
	va_list ap;

	place_of(file->root, node, file->text.data, file->text.len, place, sizeof(place));
	text_format(f->place, sizeof(f->place), "%s:%s", file->name, place);
	va_start(ap, fmt);
	text_vformat(f->reason, sizeof(f->reason), fmt, ap);
	va_end(ap);
	return false;
}
#define fault(l, node, ...) fault_at(l, (l)->now, node, __VA_ARGS__)

/* --- small readers -------------------------------------------------------------------------------------------------------- */

static bool only_keys(struct loader *l, const cJSON *object, const char *const *keys, size_t n)
{
	const cJSON *item;
	bool good = true;

	if (!cJSON_IsObject(object))
		return fault(l, object, "%s", _("这里应是一个对象 { … }"));
	cJSON_ArrayForEach(item, object) {
		bool found = false;

		for (size_t i = 0; i < n && !found; i++)
			found = strcmp(keys[i], item->string) == 0;
		if (!found)
			good = fault(l, item, _("不认识的键“%s”"), item->string);
	}
	return good;
}

static const char *text_member(struct loader *l, const cJSON *object, const char *key, size_t max)
{
	const cJSON *item = json_get(object, key);

	if (!item) {
		fault(l, object, _("缺少“%s”"), key);
		return NULL;
	}
	if (!cJSON_IsString(item) || !*item->valuestring) {
		fault(l, item, _("“%s”应是文字"), key);
		return NULL;
	}
	if (strlen(item->valuestring) >= max) {
		fault(l, item, _("“%s”太长"), key);
		return NULL;
	}
	return item->valuestring;
}

static bool bool_member(struct loader *l, const cJSON *object, const char *key, bool *out)
{
	const cJSON *item = json_get(object, key);

	if (!item)
		return true;
	if (!cJSON_IsBool(item))
		return fault(l, item, _("“%s”应是 true 或 false"), key);
	*out = cJSON_IsTrue(item);
	return true;
}

/* "KEY place": the document must be listed, the place must be there. */
static const char *source_member(struct loader *l, const cJSON *object)
{
	const char *source = text_member(l, object, "source", SOURCE_TEXT);
	size_t n = source ? strcspn(source, " ") : 0;
	char document[SOURCE_TEXT];

	if (!source)
		return NULL;
	for (size_t i = 0; i < l->sources; i++)
		if (strlen(l->source[i]) == n && strncmp(l->source[i], source, n) == 0) {
			if (source[n] && source[n + 1])
				return source;
			fault(l, json_get(object, "source"), "%s", _("来源只有文件，没有写明在文件何处"));
			return NULL;
		}
	text_copy(document, sizeof(document), source);
	document[n] = '\0'; /* before a blank or at the end: never inside a character */
	fault(l, json_get(object, "source"), _("来源文件“%s”没有列在 sources 中"), document);
	return NULL;
}

/* A rule: an object with these keys and a source. */
static bool rule_object(struct loader *l, const cJSON *object, const char *const *keys, size_t n)
{
	bool good = only_keys(l, object, keys, n);

	return cJSON_IsObject(object) && source_member(l, object) && good;
}

static bool field_named(struct loader *l, const cJSON *node, const char *name, enum field_id *out)
{
	const struct field *f = field_by_name(name);

	if (!f)
		return fault(l, node, _("没有“%s”这个字段"), name);
	*out = f->id;
	return true;
}

static bool event_named(struct loader *l, const cJSON *node, enum event *out)
{
	return event_parse(node->string, out) || fault(l, node, _("没有“%s”这个事件"), node->string);
}

/* --- sections --------------------------------------------------------------------------------------------------------------- */

static void take_sources(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section) {
		if (!cJSON_IsString(item) || !*item->valuestring)
			fault(l, item, "%s", _("来源文件要写明标题"));
		else if (l->sources == SOURCES_MAX || strlen(item->string) >= sizeof(l->source[0]) || strchr(item->string, ' ') ||
			 !*item->string)
			fault(l, item, "%s", _("来源文件的代号不合适，或来源太多"));
		else
			text_copy(l->source[l->sources++], sizeof(l->source[0]), item->string);
	}
}

/* Before any map is filled. */
static void drop_code(struct table *t, size_t i)
{
	t->n--;
	memmove(&t->code[i], &t->code[i + 1], (t->n - i) * sizeof(*t->code));
}

static bool listed(const cJSON *array, const char *text)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, array) {
		if (cJSON_IsString(item) && strcmp(item->valuestring, text) == 0)
			return true;
	}
	return false;
}

static bool take_only(struct loader *l, struct table *t, const cJSON *only)
{
	const cJSON *item;
	bool good = true;

	if (!only)
		return true;
	if (!cJSON_IsArray(only) || cJSON_GetArraySize(only) == 0)
		return fault(l, only, "%s", _("only 应是代码的列表"));
	cJSON_ArrayForEach(item, only) {
		if (!cJSON_IsString(item) || !table_code(t, item->valuestring))
			good = fault(l, item, "%s", _("表中没有这个代码"));
	}
	for (size_t i = t->n; good && i-- > 0;)
		if (!listed(only, t->code[i].code))
			drop_code(t, i);
	return good;
}

static struct code *code_of_member(struct loader *l, struct table *t, const cJSON *item)
{
	const struct code *c = table_code(t, item->string);

	if (!c)
		fault(l, item, _("表中没有代码“%s”"), item->string);
	else if (!cJSON_IsString(item))
		fault(l, item, "%s", _("这里应是文字"));
	else
		return &t->code[c - t->code];
	return NULL;
}

static bool take_words(struct loader *l, struct table *t, const cJSON *words)
{
	const cJSON *item;
	bool good = true;

	if (words && !cJSON_IsObject(words))
		return fault(l, words, "%s", _("words 应是 {代码: 名称}"));
	cJSON_ArrayForEach(item, words) {
		struct code *c = code_of_member(l, t, item);

		if (!c)
			good = false;
		else if (!*item->valuestring || !text_copy(c->name, sizeof(c->name), item->valuestring))
			good = fault(l, item, "%s", _("名称是空的或太长"));
		else
			text_copy(c->short_name, sizeof(c->short_name), c->name);
	}
	return good;
}

static bool set_wire(struct loader *l, struct wire_map *m, size_t i, const char *text)
{
	free(m->text[i]);
	m->text[i] = strdup(text);
	return m->text[i] || fault(l, l->now->root, "%s", err_sentence(ERR_MEMORY));
}

static bool take_send(struct loader *l, const struct table *t, struct wire_map *m, const cJSON *send)
{
	const char *what = cJSON_GetStringValue(send);
	bool good = true;

	if (!what || (strcmp(what, "code") && strcmp(what, "name") && strcmp(what, "short_name")))
		return fault(l, send, "%s", _("send 应是 code、name 或 short_name"));
	for (size_t i = 0; i < t->n; i++)
		good = set_wire(l, m, i, strcmp(what, "name") == 0   ? t->code[i].name
					 : strcmp(what, "code") == 0 ? t->code[i].code
								     : t->code[i].short_name) && good;
	return good;
}

static bool take_wire(struct loader *l, struct table *t, struct wire_map *m, const cJSON *wire)
{
	static const char *const keys[] = {"send", "map"};
	const cJSON *send, *map, *item;
	bool good;

	if (!wire)
		return true;
	send = json_get(wire, "send");
	map = json_get(wire, "map");
	good = only_keys(l, wire, keys, ARRAY_LEN(keys));
	if (send)
		good = take_send(l, t, m, send) && good;
	if (map && !cJSON_IsObject(map))
		return fault(l, map, "%s", _("map 应是 {代码: 上传的文字}"));
	cJSON_ArrayForEach(item, map) {
		struct code *c = code_of_member(l, t, item);

		good = c && set_wire(l, m, (size_t)(c - t->code), item->valuestring) && good;
	}
	return good;
}

/* "dialects": {DIALECT: {send, map}}: what one dialect sends differently. */
static bool take_dialects(struct loader *l, struct table *t, const cJSON *dialects)
{
	const cJSON *item;
	bool good = true;

	if (dialects && !cJSON_IsObject(dialects))
		return fault(l, dialects, "%s", _("这里应是一个对象 { … }"));
	cJSON_ArrayForEach(item, dialects) {
		struct wire_map *m = dialect_known(item->string) ? table_map(t, item->string) : NULL;

		if (!m)
			good = fault(l, item, _("没有“%s”这种上传方式"), item->string);
		else
			good = take_wire(l, t, m, item) && good;
	}
	return good;
}

static bool read_table(struct loader *l, struct table *t, const cJSON *entry)
{
	const char *file = text_member(l, entry, "file", 64);
	struct table_fault wrong = {0};
	char path[PATH_MAX];

	if (!file)
		return false;
	if (strchr(file, '/') || *file == '.')
		return fault(l, json_get(entry, "file"), "%s", _("只写 codes 目录中的文件名"));
	if (!text_format(path, sizeof(path), "%s/codes/%s", l->dir, file) || table_read(t, path, &wrong))
		return wrong.line ? fault(l, json_get(entry, "file"), _("codes/%s 第 %zu 行：%s"), file, wrong.line, wrong.reason)
				  : fault(l, json_get(entry, "file"), "codes/%s: %s", file, wrong.reason);
	return take_only(l, t, json_get(entry, "only")) && take_words(l, t, json_get(entry, "words")) &&
	       take_wire(l, t, &t->map[0], json_get(entry, "wire")) && take_dialects(l, t, json_get(entry, "dialects"));
}

/* What an entry does not say of the wire stays as the table that it replaces has it, code by code. */
static bool inherit_map(struct loader *l, const struct table *old, size_t from, struct table *t, struct wire_map *to)
{
	bool good = true;

	for (size_t i = 0; i < t->n; i++) {
		const struct code *c = table_code(old, t->code[i].code);
		const char *text = c ? old->map[from].text[c - old->code] : NULL;

		if (text)
			good = set_wire(l, to, i, text) && good;
	}
	return good;
}

static bool inherit(struct loader *l, const cJSON *entry, struct table *t)
{
	const struct table *old = profile_table(l->p, t->name);
	bool good = true;

	if (!old)
		return true;
	if (!json_get(entry, "wire"))
		good = inherit_map(l, old, 0, t, &t->map[0]);
	for (size_t m = 1; m < old->maps && !json_get(entry, "dialects"); m++) {
		struct wire_map *to = table_map(t, old->map[m].dialect);

		good = to && inherit_map(l, old, m, t, to) && good;
	}
	return good;
}

static void keep_table(struct loader *l, const cJSON *entry, const struct table *t)
{
	struct profile *p = l->p;

	for (size_t i = 0; i < p->tables; i++)
		if (strcmp(p->table[i].name, t->name) == 0) {
			table_release(&p->table[i]);
			p->table[i] = *t;
			return;
		}
	if (p->tables == TABLES_MAX) {
		struct table spare = *t;

		fault(l, entry, "%s", _("代码表太多"));
		table_release(&spare);
		return;
	}
	p->table[p->tables++] = *t;
}

static void take_table(struct loader *l, const cJSON *entry)
{
	static const char *const keys[] = {"file", "only", "words", "wire", "dialects", "source"};
	struct table t = {0};

	if (!rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return;
	if (!text_copy(t.name, sizeof(t.name), entry->string) || !read_table(l, &t, entry) || !inherit(l, entry, &t)) {
		table_release(&t);
		return;
	}
	keep_table(l, entry, &t);
}

static void take_tables(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section)
		take_table(l, item);
}

static void take_offer(struct loader *l, enum form form, const cJSON *offer)
{
	bool offered[FIELD_COUNT] = {false};
	const cJSON *item;
	enum field_id id = FIELD_COUNT;

	if (!cJSON_IsArray(offer)) {
		fault(l, offer, "%s", _("offer 应是字段的列表"));
		return;
	}
	cJSON_ArrayForEach(item, offer) {
		if (!cJSON_IsString(item))
			fault(l, item, "%s", _("这里应是字段名"));
		else if (!field_named(l, item, item->valuestring, &id))
			continue;
		else if (offered[id])
			fault(l, item, _("字段“%s”写了两次"), item->valuestring);
		else
			offered[id] = true;
	}
	memcpy(l->p->form[form].offered, offered, sizeof(offered));
}

static void take_requirement(struct loader *l, enum form form, const cJSON *entry)
{
	static const char *const keys[] = {"required", "source"};
	struct requirement r = {0};
	enum field_id id = FIELD_COUNT;

	if (!field_named(l, entry, entry->string, &id) || !rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return;
	if (!json_get(entry, "required")) {
		fault(l, entry, _("缺少“%s”"), "required");
		return;
	}
	if (!bool_member(l, entry, "required", &r.required))
		return;
	text_copy(r.source, sizeof(r.source), json_string(entry, "source"));
	l->p->form[form].field[id] = r;
	l->required[form][id] = (struct origin){l->now, entry};
}

static void take_form(struct loader *l, const cJSON *entry)
{
	static const char *const keys[] = {"offer", "required", "source"};
	const cJSON *offer = json_get(entry, "offer"), *required = json_get(entry, "required"), *item;
	size_t form = 0;

	while (form < FORM_COUNT && strcmp(form_names[form], entry->string))
		form++;
	if (form == FORM_COUNT) {
		fault(l, entry, _("没有“%s”这种表单"), entry->string);
		return;
	}
	rule_object(l, entry, keys, ARRAY_LEN(keys));
	if (offer)
		take_offer(l, (enum form)form, offer);
	if (required && !cJSON_IsObject(required))
		fault(l, required, "%s", _("这里应是一个对象 { … }"));
	else
		cJSON_ArrayForEach(item, required)
			take_requirement(l, (enum form)form, item);
}

static void take_forms(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section)
		take_form(l, item);
}

static void take_defaults(struct loader *l, const cJSON *section)
{
	static const char *const keys[] = {"value", "source"};
	const cJSON *item;
	enum field_id id = FIELD_COUNT;

	cJSON_ArrayForEach(item, section) {
		const char *value;

		if (!field_named(l, item, item->string, &id) || !rule_object(l, item, keys, ARRAY_LEN(keys)))
			continue;
		value = text_member(l, item, "value", VALUE_TEXT);
		if (!value)
			continue;
		l->p->by_default[id].set = true;
		text_copy(l->p->by_default[id].value, VALUE_TEXT, value);
		l->defaults[id] = (struct origin){l->now, item};
	}
}

static bool take_authority(struct loader *l, const cJSON *entry, enum authority *out)
{
	const char *word;

	if (!json_get(entry, "authority"))
		return true;
	word = text_member(l, entry, "authority", 16);
	if (!word)
		return false;
	if (strcmp(word, "desk") && strcmp(word, "platform"))
		return fault(l, json_get(entry, "authority"), "%s", _("authority 应是 desk 或 platform"));
	*out = strcmp(word, "desk") ? AUTHORITY_PLATFORM : AUTHORITY_DESK;
	return true;
}

static void take_step(struct loader *l, const cJSON *entry)
{
	static const char *const keys[] = {"own", "report", "authority", "source"};
	enum authority authority = AUTHORITY_DESK;
	bool own = true, report = false;
	enum event event;

	if (!event_named(l, entry, &event) || !rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return;
	if (!bool_member(l, entry, "own", &own) || !bool_member(l, entry, "report", &report) ||
	    !take_authority(l, entry, &authority))
		return;
	if (!own && !lifecycle_may_leave_out(event)) {
		fault(l, entry, _("步骤“%s”不能省去"), event_name(event));
		return;
	}
	if (own && report) {
		fault(l, entry, "%s", _("report 只用于省去的步骤"));
		return;
	}
	l->p->step[event].left_out = !own;
	l->p->step[event].report = report;
	l->p->step[event].authority = authority;
	l->step[event] = (struct origin){l->now, entry};
}

static void take_steps(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section)
		take_step(l, item);
}

static void take_date(struct loader *l, const cJSON *entry, enum event event, enum date_rule rule)
{
	l->p->date[event] = rule;
	l->date[event] = (struct origin){l->now, entry};
}

static void take_dates(struct loader *l, const cJSON *section)
{
	static const char *const keys[] = {"rule", "source"};
	const cJSON *item;
	enum event event;

	cJSON_ArrayForEach(item, section) {
		const char *rule;

		if (!event_named(l, item, &event) || !rule_object(l, item, keys, ARRAY_LEN(keys)))
			continue;
		rule = text_member(l, item, "rule", 16);
		if (!rule)
			continue;
		if (strcmp(rule, "moment") && strcmp(rule, "settable"))
			fault(l, json_get(item, "rule"), "%s", _("rule 应是 moment 或 settable"));
		else
			take_date(l, item, event, strcmp(rule, "moment") ? DATE_RULE_SETTABLE : DATE_RULE_MOMENT);
	}
}

static bool take_number(struct loader *l, const struct rule *rule, const cJSON *entry, struct rule_value *v)
{
	const cJSON *value = json_get(entry, "value");
	struct err none;

	if (json_need_int(entry, "value", &v->number, &none))
		return fault(l, value, "%s", _("这里应是整数"));
	if (v->number < rule->min || v->number > rule->max)
		return fault(l, value, _("应在 %lld 与 %lld 之间"), (long long)rule->min, (long long)rule->max);
	return true;
}

static bool take_word(struct loader *l, const struct rule *rule, const cJSON *value, struct rule_value *v)
{
	const char *word = cJSON_GetStringValue(value);

	if (!rule->words) /* a sentence */
		return (word && *word && text_copy(v->text, sizeof(v->text), word)) || fault(l, value, "%s", _("这里应是一句话，不能太长"));
	for (size_t i = 0; word && rule->words[i]; i++)
		if (strcmp(rule->words[i], word) == 0)
			return text_copy(v->text, sizeof(v->text), word);
	return fault(l, value, _("“%s”没有这种取值"), rule->key);
}

static bool take_severity(struct loader *l, const cJSON *value, struct rule_value *v)
{
	const char *word = cJSON_GetStringValue(value);
	enum severity severity;

	if (!word || !severity_parse(word, &severity))
		return fault(l, value, "%s", _("应是 none、warn 或 block"));
	v->number = severity;
	return true;
}

static bool take_rule_value(struct loader *l, const struct rule *rule, const cJSON *entry, struct rule_value *v)
{
	const cJSON *value = json_get(entry, "value");

	if (!value)
		return fault(l, entry, _("缺少“%s”"), "value");
	switch (rule->kind) {
	case RULE_NUMBER:
		return take_number(l, rule, entry, v);
	case RULE_TEXT:
		return take_word(l, rule, value, v);
	case RULE_SEVERITY:
		return take_severity(l, value, v);
	case RULE_FLAG:
		break;
	}
	v->number = cJSON_IsTrue(value);
	return cJSON_IsBool(value) || fault(l, value, _("“%s”应是 true 或 false"), "value");
}

/* From which day a number holds: a floor of wages is decreed anew from time to time. */
static bool take_since(struct loader *l, const struct rule *rule, const cJSON *entry, date_t *out)
{
	const char *day;

	if (!json_get(entry, "since"))
		return true;
	if (rule->kind != RULE_NUMBER)
		return fault(l, json_get(entry, "since"), "%s", _("只有数值可以注明起始日期"));
	day = text_member(l, entry, "since", 16);
	if (!day)
		return false;
	if (!date_parse(day, out) || *out == DATE_LONG_TERM)
		return fault(l, json_get(entry, "since"), "%s", _("应是日期，如 2026-03-08"));
	return true;
}

static void take_rules(struct loader *l, const cJSON *section)
{
	static const char *const keys[] = {"value", "since", "source"};
	const cJSON *item;

	cJSON_ArrayForEach(item, section) {
		int i = rule_index(item->string);
		struct rule_value v = {.set = true, .since = DATE_NONE};

		if (i < 0)
			fault(l, item, _("没有“%s”这条规则"), item->string);
		else if (rule_object(l, item, keys, ARRAY_LEN(keys)) && take_rule_value(l, rule_at((size_t)i), item, &v) &&
			 take_since(l, rule_at((size_t)i), item, &v.since)) {
			text_copy(v.source, sizeof(v.source), json_string(item, "source"));
			l->p->rule[i] = v;
		}
		if (i >= 0)
			l->rules[i] = (struct origin){l->now, item};
	}
}

static bool take_count(struct loader *l, const cJSON *entry, const char *key, int *out)
{
	const cJSON *item = json_get(entry, key);
	int64_t n = 0;
	struct err none;

	if (!item)
		return true;
	if (json_need_int(entry, key, &n, &none) || n < 0 || n > 99)
		return fault(l, item, _("应在 %lld 与 %lld 之间"), 0LL, 99LL);
	*out = (int)n;
	return true;
}

static bool take_certificates(struct loader *l, const cJSON *list, struct post *out)
{
	const cJSON *item;

	if (list && !cJSON_IsArray(list))
		return fault(l, list, "%s", _("这里应是列表 [ … ]"));
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) || !profile_code(l->p, "post_certificates", item->valuestring))
			return fault(l, item, "%s", _("表中没有这个代码"));
		if (out->certificates == POST_CERTIFICATES)
			return fault(l, item, "%s", _("证书太多"));
		text_copy(out->certificate[out->certificates++], sizeof(out->certificate[0]), item->valuestring);
	}
	return true;
}

static void keep_post(struct loader *l, const cJSON *entry, const struct post *post)
{
	struct profile *p = l->p;
	size_t i = 0;

	while (i < p->posts && strcmp(p->post[i].code, post->code))
		i++;
	if (i == POSTS_MAX)
		fault(l, entry, "%s", _("岗位太多"));
	else
		p->post[i] = *post;
	if (i == p->posts && i < POSTS_MAX)
		p->posts++;
}

static void take_post(struct loader *l, const cJSON *entry)
{
	static const char *const keys[] = {"count", "outside", "certificates", "locked", "supervision", "source"};
	struct post post = {.count = 1};

	if (!rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return;
	if (!profile_code(l->p, "trades", entry->string)) {
		fault(l, entry, _("表中没有代码“%s”"), entry->string);
		return;
	}
	if (!take_count(l, entry, "count", &post.count))
		return;
	post.outside = post.count;
	if (!take_count(l, entry, "outside", &post.outside) || !bool_member(l, entry, "locked", &post.locked) ||
	    !bool_member(l, entry, "supervision", &post.supervision) ||
	    !take_certificates(l, json_get(entry, "certificates"), &post))
		return;
	text_copy(post.code, sizeof(post.code), entry->string);
	text_copy(post.source, sizeof(post.source), json_string(entry, "source"));
	keep_post(l, entry, &post);
}

static void take_posts(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section)
		take_post(l, item);
}

/* --- books ------------------------------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	enum particular_kind kind;
} book_kinds[] = {{"text", PARTICULAR_TEXT}, {"name", PARTICULAR_NAME},	{"code", PARTICULAR_CODE},   {"number", PARTICULAR_NUMBER},
		  {"amount", PARTICULAR_AMOUNT}, {"date", PARTICULAR_DATE}, {"phone", PARTICULAR_PHONE}, {"yes_no", PARTICULAR_YES_NO}};

static bool book_kind(struct loader *l, const cJSON *item, struct book_field *out)
{
	const char *said = text_member(l, item, "kind", 16);

	for (size_t i = 0; said && i < ARRAY_LEN(book_kinds); i++)
		if (!strcmp(book_kinds[i].name, said)) {
			out->kind = book_kinds[i].kind;
			return true;
		}
	return said ? fault(l, json_get(item, "kind"), _("没有“%s”这种字段"), said) : false;
}

/* An optional text of at most `size` bytes. */
static bool book_text(struct loader *l, const cJSON *item, const char *key, char *out, size_t size)
{
	const char *said = json_get(item, key) ? text_member(l, item, key, size) : "";

	if (said)
		text_copy(out, size, said);
	return said != NULL;
}

static bool book_also(struct loader *l, const cJSON *list, struct book_field *out)
{
	const cJSON *item;
	size_t n = 0;

	if (list && !cJSON_IsArray(list))
		return fault(l, list, "%s", _("这里应是列表 [ … ]"));
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) || n == BOOK_ALSO || !text_copy(out->also[n], sizeof(out->also[0]), item->valuestring))
			return fault(l, item, "%s", _("文字太多或太长"));
		n++;
	}
	return true;
}

static bool book_field(struct loader *l, const cJSON *item, struct book *b)
{
	static const char *const keys[] = {"name", "label", "kind", "help", "codes", "max", "required", "fixed", "fill", "also", "list", "find"};
	struct book_field f = {.max_chars = 60};
	const char *name, *label;
	enum field_id from;

	if (!cJSON_IsObject(item) || !only_keys(l, item, keys, ARRAY_LEN(keys)))
		return cJSON_IsObject(item) ? false : fault(l, item, "%s", _("这里应是一个对象 { … }"));
	name = text_member(l, item, "name", sizeof(f.name));
	label = text_member(l, item, "label", sizeof(f.label));
	if (!name || !label || !book_kind(l, item, &f) || !book_text(l, item, "help", f.help, sizeof(f.help)) ||
	    !book_text(l, item, "codes", f.codes, sizeof(f.codes)) || !book_text(l, item, "fill", f.fill, sizeof(f.fill)) ||
	    !book_also(l, json_get(item, "also"), &f) || !bool_member(l, item, "required", &f.required) ||
	    !bool_member(l, item, "fixed", &f.fixed) ||
	    !bool_member(l, item, "find", &f.find))
		return false;
	text_copy(f.name, sizeof(f.name), name);
	text_copy(f.label, sizeof(f.label), label);
	if (f.fill[0] && !field_named(l, json_get(item, "fill"), f.fill, &from))
		return false;
	if ((f.kind == PARTICULAR_CODE) != (f.codes[0] != '\0') || (f.codes[0] && !profile_table(l->p, f.codes)))
		return fault(l, item, _("代码字段要写明 codes，并且要有这张表"));
	f.max_chars = (unsigned)json_int(item, "max", 60);
	f.list = (int)json_int(item, "list", 0);
	f.find = f.find || f.list;
	if (f.max_chars < 1 || f.max_chars > 160 || f.list < 0 || f.list > 60)
		return fault(l, item, "%s", _("max 应在 1 与 160 之间，list 在 0 与 60 之间"));
	for (size_t i = 0; i < b->n; i++)
		if (!strcmp(b->field[i].name, f.name))
			return fault(l, item, _("“%s”重复"), f.name);
	if (b->n == BOOK_FIELDS)
		return fault(l, item, "%s", _("字段太多"));
	b->field[b->n++] = f;
	return true;
}

static bool book_key(struct loader *l, const cJSON *list, struct book *b)
{
	const cJSON *item;

	if (list && !cJSON_IsArray(list))
		return fault(l, list, "%s", _("这里应是列表 [ … ]"));
	cJSON_ArrayForEach(item, list) {
		size_t i = 0;

		while (i < b->n && cJSON_IsString(item) && strcmp(b->field[i].name, item->valuestring))
			i++;
		if (!cJSON_IsString(item) || i == b->n || !b->field[i].required)
			return fault(l, item, "%s", _("key 里只能是本登记簿必填的字段"));
		b->field[i].key = true;
	}
	return true;
}

static const struct {
	const char *name;
	enum particular_kind kind;
	bool needed;
} training_parts[BOOK_TRAINED_PARTS] = {[BOOK_TRAINED_ON] = {"on", PARTICULAR_DATE, true},	   [BOOK_TRAINED_KIND] = {"kind", PARTICULAR_CODE, true},
					[BOOK_TRAINED_HOURS] = {"hours", PARTICULAR_AMOUNT, false}, [BOOK_TRAINED_NAME] = {"name", PARTICULAR_TEXT, false},
					[BOOK_TRAINED_TRAINER] = {"trainer", PARTICULAR_NAME, false}, [BOOK_TRAINED_PLACE] = {"place", PARTICULAR_TEXT, false}};

static bool training_part(struct loader *l, const cJSON *section, struct book *b, int part)
{
	const char *name = json_get(section, training_parts[part].name) ? text_member(l, section, training_parts[part].name, sizeof(b->field[0].name)) : NULL;
	size_t i = 0;

	b->training[part] = -1;
	if (!name)
		return !training_parts[part].needed || fault(l, section, _("缺少“%s”"), training_parts[part].name);
	while (i < b->n && strcmp(b->field[i].name, name))
		i++;
	if (i == b->n || b->field[i].kind != training_parts[part].kind || (training_parts[part].needed && !b->field[i].required) ||
	    (part == BOOK_TRAINED_KIND && strcmp(b->field[i].codes, "training_kinds")))
		return fault(l, json_get(section, training_parts[part].name), _("“%s”不是本登记簿里合适的字段"), name);
	b->training[part] = (int)i;
	return true;
}

/* I1: a session of a book about several people is training of each of them. */
static bool book_training(struct loader *l, const cJSON *section, struct book *b)
{
	static const char *const keys[] = {"on", "kind", "hours", "name", "trainer", "place"};

	if (!section)
		return true;
	if (!cJSON_IsObject(section) || !b->people)
		return fault(l, section, "%s", _("只有一条记多人的登记簿才能写 training，并且应是一个对象 { … }"));
	if (!only_keys(l, section, keys, ARRAY_LEN(keys)))
		return false;
	b->trains = true;
	for (int i = 0; i < BOOK_TRAINED_PARTS; i++)
		if (!training_part(l, section, b, i))
			return false;
	return true;
}

/* A region's book replaces the common one of that name whole. */
static void keep_book(struct loader *l, const cJSON *entry, const struct book *book)
{
	struct profile *p = l->p;
	struct book *more;
	size_t i = 0;

	while (i < p->books && strcmp(p->book[i].name, book->name))
		i++;
	more = i == p->books ? realloc(p->book, (p->books + 1) * sizeof(*more)) : p->book;
	if (!more) {
		fault(l, entry, "%s", _("内存不足"));
		return;
	}
	p->book = more;
	p->book[i] = *book;
	p->books += i == p->books;
}

static void take_book(struct loader *l, const cJSON *entry)
{
	static const char *const keys[] = {"title", "fields", "once", "people", "verified", "key", "print", "upload", "training", "source"};
	struct book b = {.n = 0};
	bool upload = true;
	const cJSON *item, *fields = json_get(entry, "fields");
	const char *title;

	if (!rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return;
	title = text_member(l, entry, "title", sizeof(b.title));
	if (!title || !bool_member(l, entry, "once", &b.once) || !bool_member(l, entry, "people", &b.people) ||
	    !bool_member(l, entry, "verified", &b.verified) || !bool_member(l, entry, "upload", &upload) ||
	    !book_text(l, entry, "print", b.print, sizeof(b.print)))
		return;
	if (!cJSON_IsArray(fields) || !fields->child || !text_copy(b.name, sizeof(b.name), entry->string)) {
		fault(l, entry, _("缺少“%s”"), "fields");
		return;
	}
	cJSON_ArrayForEach(item, fields)
		if (!book_field(l, item, &b))
			return;
	if (!book_key(l, json_get(entry, "key"), &b) || !book_training(l, json_get(entry, "training"), &b))
		return;
	b.here = !upload;
	text_copy(b.title, sizeof(b.title), title);
	text_copy(b.source, sizeof(b.source), json_string(entry, "source"));
	keep_book(l, entry, &b);
}

static void take_books(struct loader *l, const cJSON *section)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, section)
		take_book(l, item);
}

/* What is nothing but blanks would be found in every sentence. */
static bool blank(const char *text)
{
	return text[strspn(text, " \t\r\n\xE3\x80")] == '\0';
}

static bool take_also(struct loader *l, const cJSON *list, struct prompt *out)
{
	const cJSON *item;

	if (list && !cJSON_IsArray(list))
		return fault(l, list, "%s", _("这里应是列表 [ … ]"));
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) || blank(item->valuestring))
			return fault(l, item, "%s", _("这里应是文字"));
		if (out->alsos == PROMPT_ALSO || !text_copy(out->also[out->alsos], sizeof(out->also[0]), item->valuestring))
			return fault(l, item, "%s", _("文字太多或太长"));
		out->alsos++;
	}
	return true;
}

static bool take_prompt(struct loader *l, const cJSON *entry, struct prompt *out)
{
	static const char *const keys[] = {"match", "also", "cause", "remedy", "action", "source"};
	const struct {
		const char *key;
		char *to;
		size_t size;
	} texts[] = {{"match", out->match, sizeof(out->match)},    {"cause", out->cause, sizeof(out->cause)},
		     {"remedy", out->remedy, sizeof(out->remedy)}, {"action", out->action, sizeof(out->action)},
		     {"source", out->source, sizeof(out->source)}};

	if (!rule_object(l, entry, keys, ARRAY_LEN(keys)))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *text = text_member(l, entry, texts[i].key, texts[i].size);

		if (!text)
			return false;
		text_copy(texts[i].to, texts[i].size, text);
	}
	if (!take_also(l, json_get(entry, "also"), out))
		return false;
	if (blank(out->match))
		return fault(l, json_get(entry, "match"), _("“%s”应是文字"), "match");
	return prompt_action_known(out->action) || fault(l, json_get(entry, "action"), _("没有“%s”这种办法"), out->action);
}

/* The first that fits is told: what holds an earlier one's words would never be. Another file's are meant to stand back. */
static bool shadowed(struct loader *l, const cJSON *entry, const struct prompt *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (prompt_fits(&all[i], all[n].match)) {
			fault(l, json_get(entry, "match"), _("前面的“%s”已经合用，这一条找不到"), all[i].match);
			return true;
		}
	return false;
}

/* The region is read after common.json and its prompts come first: they fit closer. */
static void take_prompts(struct loader *l, const cJSON *section)
{
	size_t own = (size_t)cJSON_GetArraySize(section), n = 0;
	struct profile *p = l->p;
	struct prompt *all;
	const cJSON *item;

	if (own + p->prompts > PROMPTS_MAX) {
		fault(l, section, "%s", _("提示太多"));
		return;
	}
	all = calloc(own + p->prompts + 1, sizeof(*all));
	if (!all) {
		fault(l, section, "%s", err_sentence(ERR_MEMORY));
		return;
	}
	cJSON_ArrayForEach(item, section) {
		if (take_prompt(l, item, &all[n]) && !shadowed(l, item, all, n))
			n++;
		else
			all[n] = (struct prompt){0};
	}
	if (p->prompts)
		memcpy(all + n, p->prompt, p->prompts * sizeof(*all));
	free(p->prompt);
	p->prompt = all;
	p->prompts += n;
	p->own_prompts = n;
}

/* In the order of reading: sources and tables are needed by what follows, in whatever order the file has them. */
static const struct {
	const char *key;
	bool array;
	void (*take)(struct loader *l, const cJSON *section);
} sections[] = {
	{"sources", false, take_sources}, {"tables", false, take_tables}, {"forms", false, take_forms},
	{"defaults", false, take_defaults}, {"steps", false, take_steps}, {"dates", false, take_dates},
	{"rules", false, take_rules},     {"posts", false, take_posts},   {"registers", false, take_books}, {"prompts", true, take_prompts},
};

/* --- a file -------------------------------------------------------------------------------------------------------------- */

static void take_head(struct loader *l, const struct file *f)
{
	char expected[64];
	const char *name = text_member(l, f->root, "name", sizeof(l->p->name));
	const char *title = text_member(l, f->root, "title", sizeof(l->p->title));

	if (json_int(f->root, "format", -1) != FORMAT)
		fault(l, json_get(f->root, "format") ? json_get(f->root, "format") : f->root, _("format 应是 %d"), FORMAT);
	if (!name || !title)
		return;
	text_copy(expected, sizeof(expected), f->name);
	if (strlen(expected) > 5)
		expected[strlen(expected) - 5] = '\0';
	if (strcmp(expected, name) != 0)
		fault(l, json_get(f->root, "name"), _("name 应与文件名一致（%s）"), expected);
	text_copy(l->p->name, sizeof(l->p->name), name);
	text_copy(l->p->title, sizeof(l->p->title), title);
}

static void take_file(struct loader *l, const struct file *f)
{
	static const char *const keys[] = {"format", "name",     "title", "sources", "tables", "forms",
					   "defaults", "steps", "dates", "rules",   "posts",  "registers", "prompts"};

	l->now = f;
	l->p->own_prompts = 0;
	if (!only_keys(l, f->root, keys, ARRAY_LEN(keys)) && !cJSON_IsObject(f->root))
		return;
	take_head(l, f);
	for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
		const cJSON *section = json_get(f->root, sections[i].key);

		if (!section)
			continue;
		if (sections[i].array ? !cJSON_IsArray(section) : !cJSON_IsObject(section))
			fault(l, section, "%s", sections[i].array ? _("这里应是列表 [ … ]") : _("这里应是一个对象 { … }"));
		else
			sections[i].take(l, section);
	}
}

/* -1: cannot be read. A file that is no JSON is a fault, and there is nothing more to say about it. */
static int open_file(struct loader *l, struct file *f, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	struct profile_fault *wrong;
	struct err why = {0};

	text_copy(f->name, sizeof(f->name), slash ? slash + 1 : path);
	if (io_read_file(path, FILE_MAX, &f->text, e))
		return -1;
	if (json_parse(&f->root, f->text.data ? f->text.data : "", f->text.len, FILE_MAX, &why) == 0)
		return 0;
	if (why.code == ERR_MEMORY)
		return err_set(e, ERR_MEMORY, "%s", f->name);
	wrong = next_fault(l->sink);
	text_copy(wrong->place, sizeof(wrong->place), f->name);
	text_format(wrong->reason, sizeof(wrong->reason), _("不是正确的 JSON：%s"), why.detail);
	return 0;
}

/* --- what only the whole can say ------------------------------------------------------------------------------------------ */

static void check_form(struct loader *l, enum form form)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct origin *o = &l->required[form][i];

		if (l->p->form[form].field[i].required && !l->p->form[form].offered[i])
			fault_at(l, o->file, o->node, _("必填字段“%s”不在 offer 中"), field_get((enum field_id)i)->name);
	}
}

static bool default_fits(const struct profile *p, const struct field *f, const char *value)
{
	date_t d;

	switch (f->kind) {
	case FIELD_DATE:
		return strcmp(value, "today") == 0 || date_parse(value, &d);
	case FIELD_CODE:
		return profile_code(p, f->codes, value) != NULL;
	case FIELD_YES_NO:
		return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
	case FIELD_MONEY:
	case FIELD_DIGITS:
		return text_is_digits(value);
	case FIELD_TEXT:
		return text_chars(value) <= f->max_chars;
	case FIELD_NAME:
	case FIELD_DOCUMENT:
	case FIELD_PHONE:
	case FIELD_COMPANY:
	case FIELD_TEAM:
	case FIELD_BANK_CARD:
		break;
	}
	return false; /* nobody's name or number is a default */
}

static bool offered_anywhere(const struct profile *p, int field)
{
	for (int form = 0; form < FORM_COUNT; form++)
		if (p->form[form].offered[field])
			return true;
	return false;
}

static void check_defaults(struct loader *l)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct origin *o = &l->defaults[i];

		if (l->p->by_default[i].set && !offered_anywhere(l->p, i))
			fault_at(l, o->file, o->node, _("“%s”有默认值，却不在任何表单中"), field_get((enum field_id)i)->name);
		else if (l->p->by_default[i].set && !default_fits(l->p, field_get((enum field_id)i), l->p->by_default[i].value))
			fault_at(l, o->file, o->node, _("“%s”不能有这样的默认值"), field_get((enum field_id)i)->name);
	}
}

/* Every field of codes that some form offers has its table. */
static void check_tables(struct loader *l, const struct file *last)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = field_get((enum field_id)i);

		if (offered_anywhere(l->p, i) && f->kind == FIELD_CODE && !profile_table(l->p, f->codes))
			fault_at(l, last, last->root, _("字段“%s”的代码表“%s”没有列在 tables 中"), f->name, f->codes);
	}
}

static void check_rules(struct loader *l, const struct file *last)
{
	for (size_t i = 0; i < rule_count(); i++)
		if (!l->p->rule[i].set && !l->rules[i].node)
			fault_at(l, last, last->root, _("没有写规则“%s”"), rule_at(i)->key);
}

/* Nobody here may ever fire it: it comes by message. */
static bool message_only(enum event e)
{
	const struct transition *rows;

	for (int c = 0; c < CYCLE_COUNT; c++) {
		size_t n = lifecycle_rows((enum cycle)c, &rows);

		for (size_t i = 0; i < n; i++)
			if (rows[i].event == e && rows[i].roles)
				return false;
	}
	return true;
}

/* A step that only a message can take must be the platform's; one that is left out is nobody's and has no date of its own. */
static void check_step(struct loader *l, enum event e)
{
	const struct origin *o = &l->step[e], *date = &l->date[e];
	bool left_out = l->p->step[e].left_out;

	if (o->node && left_out && l->p->step[e].authority == AUTHORITY_PLATFORM)
		fault_at(l, o->file, o->node, _("省去的步骤“%s”不能由平台办理"), event_name(e));
	if (o->node && !left_out && l->p->step[e].authority == AUTHORITY_DESK && message_only(e))
		fault_at(l, o->file, o->node, _("步骤“%s”在这里没有人能办，authority 应是 platform"), event_name(e));
	if (date->node && left_out)
		fault_at(l, date->file, date->node, _("省去的步骤“%s”没有自己的日期"), event_name(e));
}

/* What a step waits for at the platform, the platform must have heard of. */
static const struct {
	enum event waits, for_report;
} waiting[] = {{EVENT_DONE, EVENT_REGISTER}, {EVENT_ACCEPT, EVENT_SUBMIT}, {EVENT_CONFIRM, EVENT_SUBMIT}};

static void check_waiting(struct loader *l)
{
	for (size_t i = 0; i < ARRAY_LEN(waiting); i++) {
		enum event e = waiting[i].waits, before = waiting[i].for_report;
		const struct origin *o = &l->step[e];

		if (o->node && !l->p->step[e].left_out && l->p->step[e].authority == AUTHORITY_PLATFORM && !profile_reports(l->p, before))
			fault_at(l, o->file, o->node, _("平台办理“%s”，却不会得知“%s”"), event_name(e), event_name(before));
	}
}

static void check_steps(struct loader *l)
{
	for (int i = EVENT_NONE + 1; i < EVENT_COUNT; i++)
		check_step(l, (enum event)i);
	check_waiting(l);
}

/* --- rules that contradict one another --- */

static bool presence_can_be_seen(const struct profile *p)
{
	return strcmp(profile_text(p, "presence", ""), "attendance") || profile_flag(p, "clock.worker_code", false) ||
	       profile_flag(p, "clock.site_code", false) || profile_flag(p, "clock.face", false) || profile_flag(p, "clock.card", false);
}

static bool posts_are_named(const struct profile *p)
{
	return !profile_number(p, "limits.post_percent", 0) || p->posts;
}

static const struct {
	const char *key; /* the fault stands there */
	bool (*holds)(const struct profile *p);
	const char *otherwise;
} agreements[] = {
	{"presence", presence_can_be_seen, N_("以考勤认定在场，却不许任何打卡方式")},
	{"limits.post_percent", posts_are_named, N_("有岗位考勤率，却没有岗位")},
};

static void check_agreements(struct loader *l)
{
	for (size_t i = 0; i < ARRAY_LEN(agreements); i++) {
		const struct origin *o = &l->rules[rule_index(agreements[i].key)];

		if (o->node && !agreements[i].holds(l->p))
			fault_at(l, o->file, o->node, "%s", _(agreements[i].otherwise));
	}
}

static void check_whole(struct loader *l, const struct file *last)
{
	for (int form = 0; form < FORM_COUNT; form++)
		check_form(l, (enum form)form);
	check_defaults(l);
	check_tables(l, last);
	check_rules(l, last);
	check_steps(l);
	check_agreements(l);
}

int profile_read(struct profile *p, const char *dir, const char *path, struct fault_sink *sink, struct err *e)
{
	struct loader *l = calloc(1, sizeof(*l));
	char common[PATH_MAX];
	int files = path ? 2 : 1, ret = -1;

	if (!l)
		return err_set(e, ERR_MEMORY, "profile");
	*l = (struct loader){.p = p, .sink = sink, .dir = dir};
	for (int i = 0; i < FILES; i++)
		buf_init(&l->file[i].text, FILE_MAX);
	if (!text_format(common, sizeof(common), "%s/common.json", dir)) {
		err_set(e, ERR_NOT_FOUND, "profiles: the directory's name is too long");
		goto out;
	}
	if (open_file(l, &l->file[0], common, e) || (path && open_file(l, &l->file[1], path, e)))
		goto out;
	ret = 0;
	if (!l->file[0].root || (path && !l->file[1].root))
		goto out; /* no JSON: one fault is known, the rest would be noise */
	for (int i = 0; i < files; i++)
		take_file(l, &l->file[i]);
	if (path)
		check_whole(l, &l->file[files - 1]);
out:
	for (int i = 0; i < FILES; i++) {
		cJSON_Delete(l->file[i].root);
		buf_release(&l->file[i].text);
	}
	free(l);
	return ret;
}
