/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/helper.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"

#define LINE_MOST 16384

int helper_drop_group(void *unused)
{
	gid_t own = getgid();

	(void)unused;
	return setresgid(own, own, own);
}

void helper_tell(const struct err *e)
{
	cJSON *line = cJSON_CreateObject();
	char *text = NULL;
	struct buf out;

	buf_init(&out, 4096);
	if (line && cJSON_AddStringToObject(line, "error", err_name(e->code)) &&
	    cJSON_AddStringToObject(line, "detail", e->detail))
		text = json_text(line);
	if (text)
		buf_addf(&out, "%s\n", text);
	else
		buf_adds(&out, "{\"error\":\"ERR_MEMORY\",\"detail\":\"\"}\n");
	io_write_all(STDERR_FILENO, out.data, out.len, NULL);
	free(text);
	cJSON_Delete(line);
	buf_release(&out);
}

static enum err_code code_named(const char *name)
{
	for (int i = ERR_NONE + 1; name && i < ERR_CODE_COUNT; i++) {
		if (!strcmp(err_name((enum err_code)i), name))
			return (enum err_code)i;
	}
	return ERR_NONE;
}

bool helper_said(struct buf *said, struct err *e)
{
	enum err_code code = ERR_NONE;
	struct buf line;

	buf_init(&line, LINE_MOST);
	while (code == ERR_NONE && io_take_line(said, &line)) {
		const char *detail;
		cJSON *told = NULL;

		if (line.failed || json_parse(&told, line.data, line.len, LINE_MOST, NULL))
			continue;
		code = code_named(json_string(told, "error"));
		detail = json_string(told, "detail");
		if (code != ERR_NONE)
			err_set(e, code, "%s", detail ? detail : "");
		cJSON_Delete(told);
	}
	buf_release(&line);
	return code != ERR_NONE;
}
