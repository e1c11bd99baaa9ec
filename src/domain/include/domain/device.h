/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attendance devices of a site (H4): what the register says of one, and when its silence is a warning and when a breach. Pure.
 *
 * The words are those of the application for a device (JM-2 2.4.2: kind, serial number, position, model) and of its collecting and biometric
 * methods.
 */
#ifndef DOMAIN_DEVICE_H
#define DOMAIN_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dates.h"

#define DEVICE_SERIAL 33 /* 32 characters and NUL: what the device logs in with (JM-3 1.2.1) */
#define DEVICE_MAKER 33	 /* 32 characters exactly, or none */

enum device_list_of { DEVICE_KINDS, DEVICE_METHODS, DEVICE_BIOMETRICS, DEVICE_WAYS, DEVICE_LISTS };
struct device_word { const char *name, *word; /* word: msgid */ };
/* attendance, collecting; fixed, handheld …; face, fingerprint …; which way people pass it. A name is stored and stands in --json. */
size_t device_words(enum device_list_of list, const struct device_word **out);
const char *device_word(enum device_list_of list, const char *name); /* translated; the name itself where it is none */
/* What was typed, a name or its word (in either language), as its name; false: it is none. "" is allowed but for the kind. */
bool device_word_read(enum device_list_of list, const char *typed, const char **name);

/* Letters and digits, - and _, 1 … 32 of them; blanks around are cut off. */
bool device_serial_read(const char *typed, char out[DEVICE_SERIAL]);
/* Exactly 32 letters or digits, or nothing (JM-3 1.2.1 厂家识别码). */
bool device_maker_read(const char *typed, char out[DEVICE_MAKER]);

enum device_silence { DEVICE_HEARD, DEVICE_SILENT /* warn: notify the supplier */, DEVICE_BREACH };
/*
 * last_ms: when it was last heard, or since when it is expected to speak. One whole day without a word is a warning; breach_days of them a
 * breach (limits.device_silent_days; 0: the region names none). A clock that stands before last_ms raises nothing.
 */
enum device_silence device_silence_of(int64_t last_ms, int64_t now_ms, int64_t breach_days);
const char *device_silence_name(enum device_silence s); /* "heard", "silent", "breach" */
const char *device_silence_word(enum device_silence s); /* translated */

#endif
