/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON of any bytes: refused with a place, or taken, and then its own text is taken again and reads the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

static void fail(const char *what)
{
	fprintf(stderr, "fuzz_json: %s\n", what);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *tree = NULL, *again = NULL;
	struct err e = {0};
	char *text, *second;

	if (json_parse(&tree, (const char *)data, size, 65536, &e)) {
		if (e.code != ERR_JSON || tree || !text_valid(e.detail, strlen(e.detail)))
			fail("refused without saying so");
		return 0;
	}
	text = json_text(tree);
	if (!text || strpbrk(text, "\r\n"))
		fail("no text");
	/* a number may print longer than it was written, hence the room */
	if (json_parse(&again, text, strlen(text), 1 << 20, &e))
		fail(e.detail);
	second = json_text(again);
	if (!second || strcmp(text, second))
		fail("reads differently the second time");
	free(text);
	free(second);
	cJSON_Delete(tree);
	cJSON_Delete(again);
	return 0;
}
