/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/dialect.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct dialect *const dialects[] = {&dialect_native, &dialect_open_api, &dialect_device};

const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(dialects); i++) {
		if (!strcmp(dialects[i]->name, name))
			return dialects[i];
	}
	return NULL;
}

void request_init(struct request *q)
{
	*q = (struct request){.method = "GET"};
	buf_init(&q->path, 8192);
	buf_init(&q->body, REQUEST_MAX);
}

void request_release(struct request *q)
{
	buf_release(&q->path);
	buf_wipe_release(&q->body);
}

void answers_init(struct answers *a)
{
	*a = (struct answers){0};
}

void answers_release(struct answers *a)
{
	free(a->item);
	free(a->absent);
	cJSON_Delete(a->doc);
	*a = (struct answers){0};
}

int answers_for(struct answers *a, const char *const *ops, size_t n, struct err *e)
{
	a->item = calloc(n + 1, sizeof(*a->item));
	a->absent = calloc(n + 1, sizeof(*a->absent));
	if (!a->item || !a->absent)
		return err_set(e, ERR_MEMORY, "answers of %zu operations", n);
	a->n = n;
	for (size_t i = 0; i < n; i++)
		a->item[i] = (struct answer){.op = ops[i], .kind = ANSWER_UNKNOWN};
	return 0;
}

void changes_init(struct changes *c)
{
	*c = (struct changes){0};
}

void changes_release(struct changes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free((void *)c->item[i].field);
	free(c->item);
	cJSON_Delete(c->doc);
	*c = (struct changes){0};
}

int dialect_path(const struct dialect_at *at, const char *setting, char *out, size_t size, struct err *e)
{
	char name[4096];
	bool inside;

	if (desk_setting_get(at->desk, setting, name, sizeof(name), e))
		return -1;
	inside = *name && *name != '/';
	if (!text_format(out, size, "%s%s%s", inside ? at->dir : "", inside ? "/" : "", name))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "%s is too long", setting);
	return 0;
}
