/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/device.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define DAY_MS 86400000LL

static const struct device_word kinds[] = {
	{"attendance", N_("考勤设备")},
	{"collecting", N_("采集设备")},
};
static const struct device_word methods[] = {
	{"gate", N_("闸机通道")},
	{"wall", N_("壁挂或立柱")},
	{"handheld", N_("手持")},
};
static const struct device_word biometrics[] = {
	{"face", N_("人脸")},
	{"fingerprint", N_("指纹")},
	{"palm", N_("掌纹掌静脉")},
	{"iris", N_("虹膜")},
	{"none", N_("不识别生物特征")},
};
static const struct device_word ways[] = {
	{"in", N_("进场方向")},
	{"out", N_("出场方向")},
};

static const struct {
	const struct device_word *row;
	size_t n;
	bool needed;
} lists[DEVICE_LISTS] = {
	[DEVICE_KINDS] = {kinds, ARRAY_LEN(kinds), true},
	[DEVICE_METHODS] = {methods, ARRAY_LEN(methods), false},
	[DEVICE_BIOMETRICS] = {biometrics, ARRAY_LEN(biometrics), false},
	[DEVICE_WAYS] = {ways, ARRAY_LEN(ways), false},
};

size_t device_words(enum device_list_of list, const struct device_word **out)
{
	*out = lists[list].row;
	return lists[list].n;
}

const char *device_word(enum device_list_of list, const char *name)
{
	for (size_t i = 0; i < lists[list].n; i++)
		if (strcmp(lists[list].row[i].name, name) == 0)
			return _(lists[list].row[i].word);
	return name;
}

bool device_word_read(enum device_list_of list, const char *typed, const char **name)
{
	for (size_t i = 0; i < lists[list].n; i++) {
		const struct device_word *w = &lists[list].row[i];

		if (strcmp(w->name, typed) == 0 || strcmp(w->word, typed) == 0 || strcmp(_(w->word), typed) == 0) {
			*name = w->name;
			return true;
		}
	}
	*name = "";
	return !*typed && !lists[list].needed;
}

static bool plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

bool device_serial_read(const char *typed, char out[DEVICE_SERIAL])
{
	char text[3 * DEVICE_SERIAL];

	if (!text_copy(text, sizeof(text), typed))
		return false;
	text_narrow(text);
	text_trim(text);
	for (const char *s = text; *s; s++)
		if (!plain(*s))
			return false;
	return text[0] && text_copy(out, DEVICE_SERIAL, text);
}

bool device_maker_read(const char *typed, char out[DEVICE_MAKER])
{
	char text[DEVICE_SERIAL];

	out[0] = '\0';
	if (!*typed)
		return true;
	return device_serial_read(typed, text) && strlen(text) == DEVICE_MAKER - 1 && text_copy(out, DEVICE_MAKER, text);
}

enum device_silence device_silence_of(int64_t last_ms, int64_t now_ms, int64_t breach_days)
{
	int64_t days = now_ms > last_ms ? (now_ms - last_ms) / DAY_MS : 0;

	if (breach_days > 0 && days >= breach_days)
		return DEVICE_BREACH;
	return days >= 1 ? DEVICE_SILENT : DEVICE_HEARD;
}

static const struct device_word silences[] = {
	[DEVICE_HEARD] = {"heard", N_("在线")},
	[DEVICE_SILENT] = {"silent", N_("离线一天")},
	[DEVICE_BREACH] = {"breach", N_("离线超限")},
};

const char *device_silence_name(enum device_silence s)
{
	return silences[s].name;
}

const char *device_silence_word(enum device_silence s)
{
	return _(silences[s].word);
}
