/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "sync/http.h"

void http_answer_init(struct http_answer *a)
{
	*a = (struct http_answer){.offset = -1, .cause = ""};
	buf_init(&a->body, HTTP_ANSWER_MAX);
}

void http_answer_release(struct http_answer *a)
{
	buf_wipe_release(&a->body);
	*a = (struct http_answer){0};
}

/* First row that holds wins. A refusal at the door (401, 403, 407, 413, 429, 503, 511, a login page) comes
 * from something that did not pass the request on; other 5xx may come from a front whose back did act. */
static const struct {
	int from, to;
	enum fate fate;
	enum err_code trouble;
} fates[] = {
	{200, 299, FATE_READ, ERR_NONE},
	{300, 399, FATE_NOT_SENT, ERR_NET_REDIRECT},
	{400, 400, FATE_SPLIT, ERR_NONE},
	{401, 401, FATE_NOT_SENT, ERR_NET_UNAUTHORIZED},
	{403, 403, FATE_NOT_SENT, ERR_NET_REFUSED},
	{404, 404, FATE_ABSENT, ERR_NONE},
	{407, 407, FATE_NOT_SENT, ERR_NET_PROXY},
	{413, 413, FATE_SPLIT, ERR_NONE},
	{422, 422, FATE_SPLIT, ERR_NONE},
	{429, 429, FATE_NOT_SENT, ERR_NET_SLOW_DOWN},
	{503, 503, FATE_NOT_SENT, ERR_NET_SERVER},
	{511, 511, FATE_NOT_SENT, ERR_NET_LOGIN},
	{500, 599, FATE_UNKNOWN, ERR_NET_SERVER},
	{0, 9999, FATE_UNKNOWN, ERR_NET_ANSWER},
};

static bool is_json(const struct http_answer *a)
{
	return !strcmp(a->content_type, "application/json");
}

static bool is_page(const struct http_answer *a)
{
	size_t i = 0;

	if (!strncmp(a->content_type, "text/html", 9) || !strcmp(a->content_type, "application/xhtml+xml"))
		return true;
	while (i < a->body.len && strchr(" \t\r\n\xEF\xBB\xBF", a->body.data[i]))
		i++;
	return i < a->body.len && a->body.data[i] == '<';
}

enum fate http_fate(const struct http_answer *a, enum err_code *trouble)
{
	size_t i = 0;

	while (i < ARRAY_LEN(fates) - 1 && (a->status < fates[i].from || a->status > fates[i].to))
		i++;
	*trouble = fates[i].trouble;
	if (fates[i].trouble != ERR_NONE || a->status == 413 || is_json(a))
		return fates[i].fate;
	/* the platform speaks JSON only: a page is somebody else's, anything else cannot be read */
	*trouble = is_page(a) ? ERR_NET_PORTAL : ERR_NET_ANSWER;
	return *trouble == ERR_NET_PORTAL ? FATE_NOT_SENT : FATE_UNKNOWN;
}
