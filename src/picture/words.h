/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configured command as words: split at blanks, "…" keeps them, places filled in. No shell ever sees it. */
#ifndef PICTURE_WORDS_H
#define PICTURE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "picture/wlt.h"

struct place {
	const char *name, *value; /* "{in}", "/dev/shm/…/photo.wlt" */
	bool used;		  /* set by words_split() */
};

struct words {
	const char *argv[WLT_WORDS + 1]; /* NULL-terminated; points into text */
	char text[2 * WLT_COMMAND];
};

/* places: ends with a row without a name. ERR_PICTURE_NO_DECODER when there is no word,
 * ERR_PICTURE_DECODER_COMMAND when a quote is open, the program's path is not absolute, or it is too long. */
int words_split(const char *command, struct place *places, struct words *out, struct err *e);

#endif
