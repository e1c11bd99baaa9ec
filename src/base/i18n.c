/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mo.h"

extern const unsigned char po_en_mo[]; /* src/po, written at build time */
extern const size_t po_en_mo_size;

static enum language language = LANGUAGE_ZH;

/* Only LC_CTYPE: numbers, dates and sorting are ours and must not change with the machine. */
static void set_locale(void)
{
	static const char *const choices[] = {"", "C.UTF-8", "C.utf8", "en_US.UTF-8"};

	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		if (setlocale(LC_CTYPE, choices[i]) && !strcmp(nl_langinfo(CODESET), "UTF-8"))
			return;
	}
	setlocale(LC_CTYPE, "C");
}

/* The locale's name as setlocale() would choose it for messages. */
static const char *messages_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

static bool names_language(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return !strncmp(name, prefix, n) && (!name[n] || strchr("_.@-", name[n]));
}

static enum language choose(const char *name)
{
	static const char *const chinese[] = {"zh", "C", "POSIX"};

	for (size_t i = 0; i < ARRAY_LEN(chinese); i++) {
		if (names_language(name, chinese[i]))
			return LANGUAGE_ZH;
	}
	return LANGUAGE_EN;
}

void i18n_init(const char *setting)
{
	set_locale();
	if (!setting || !*setting)
		setting = getenv("SHIMING_LANG");
	language = choose(setting && *setting ? setting : messages_locale());
}

enum language i18n_language(void)
{
	return language;
}

const char *i18n_ptext(const char *context, const char *msgid)
{
	const char *found = NULL;

	if (language == LANGUAGE_EN && *msgid)
		found = mo_find(po_en_mo, po_en_mo_size, context, msgid);
	return found ? found : msgid;
}

const char *i18n_text(const char *msgid)
{
	return i18n_ptext(NULL, msgid);
}
