/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a command: refused, or words with an absolute path first, all inside their room. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct place places[] = {{.name = "{in}", .value = "/run/a/photo.wlt"},
				 {.name = "{out}", .value = "/run/a/photo.bmp"},
				 {.name = NULL}};
	char *command = strndup((const char *)data, size);
	struct words w;
	struct err e = {0};
	size_t n = 0;

	if (!command)
		abort();
	if (!words_split(command, places, &w, &e)) {
		for (; w.argv[n]; n++) {
			if (n == WLT_WORDS || w.argv[n] < w.text ||
			    w.argv[n] + strlen(w.argv[n]) >= w.text + sizeof(w.text))
				abort();
		}
		if (!n || w.argv[0][0] != '/')
			abort();
	} else if (e.code != ERR_PICTURE_NO_DECODER && e.code != ERR_PICTURE_DECODER_COMMAND) {
		abort();
	}
	free(command);
	return 0;
}
