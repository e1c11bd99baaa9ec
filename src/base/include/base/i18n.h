/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Language. The strings in the source are Chinese; English comes from the gettext catalogue and is complete (DESIGN 10).
 *
 * i18n_init() sets the locale (falling back to C.UTF-8 when setlocale fails or is not UTF-8) and chooses the language: the setting
 * (SHIMING_LANG=zh|en) if any, else LANG's prefix (zh, C and POSIX: Chinese; en: English; other: English). Because gettext does
 * not translate under C.UTF-8, LANGUAGE is not enough: the catalogue is read by our own small reader of .mo files, which needs no
 * installed locale. `_()` therefore never depends on the machine's locales.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

enum language { LANGUAGE_ZH, LANGUAGE_EN };

void i18n_init(const char *setting);  /* NULL: from the environment */
enum language i18n_language(void);

/* Where no translation is known the msgid itself is returned. The catalogue is compiled in (src/po), so a build tree, an installed
 * program and a machine without locales behave the same. format_arg: the compiler checks formats through the translation. */
const char *i18n_text(const char *msgid) __attribute__((format_arg(1)));
const char *i18n_ptext(const char *context, const char *msgid) __attribute__((format_arg(2)));

#define _(s) i18n_text(s)
#define N_(s) s                       /* marks a string of a static table for the catalogue */
#define P_(context, s) i18n_ptext(context, s)

#endif
