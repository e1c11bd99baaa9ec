/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one file that knows libcurl. Its codes become ours here (outcomes[]). */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/dates.h"
#include "base/text.h"
#include "sync/http.h"

#define CONNECT_TIMEOUT_MS 15000
#define STALLED_BYTES 16L   /* fewer bytes a second than this … */
#define STALLED_SECONDS 30L /* … for so long: the line is dead */
#define HEAD_MAX 65536

struct http {
	CURL *curl;
	struct curl_slist *head_json, *head_gzip, *head_get, *head_form, *head_piece; /* piece: of the last PATCH */
	char *base_url, *token; /* wiped */
	struct http_options options;
	struct http_stats stats;
	bool given_up;
};

/* The request body as it travels. No seek function is given to curl on purpose: a POST whose body has begun
 * to leave cannot be rewound, so curl cannot repeat it by itself on a fresh connection; the runner looks its
 * outcome up first. */
struct upload {
	const char *data;
	size_t n, at;
};
struct download {
	struct http_answer *a;
	size_t head_bytes;
	bool too_large;
};

static size_t give_body(char *to, size_t size, size_t items, void *arg)
{
	struct upload *u = arg;
	size_t n = u->n - u->at;

	if (n > size * items)
		n = size * items;
	memcpy(to, u->data + u->at, n);
	u->at += n;
	return n;
}

static size_t take_body(char *data, size_t size, size_t items, void *arg)
{
	struct download *d = arg;

	if (buf_add(&d->a->body, data, size * items)) {
		d->too_large = true;
		return 0;
	}
	return size * items;
}

#define YEAR_10000 253402300800 /* seconds: curl takes any year that an int holds */

/* 0: no date. */
static int64_t date_in_ms(const char *text)
{
	time_t at = curl_getdate(text, NULL);

	return at > 0 && at < YEAR_10000 ? (int64_t)at * 1000 : 0;
}

static void take_retry_after(struct http_answer *a, const char *value, size_t n)
{
	char text[64];
	int64_t at;

	if (n >= sizeof(text))
		return;
	memcpy(text, value, n);
	text[n] = '\0';
	text_trim(text);
	if (text_is_digits(text) && strlen(text) < 9) {
		a->retry_after_ms = strtoll(text, NULL, 10) * 1000;
		return;
	}
	at = date_in_ms(text);
	if (at > clock_now_ms())
		a->retry_after_ms = at - clock_now_ms();
}

static void take_date(struct http_answer *a, const char *value, size_t n)
{
	char text[64];

	if (n >= sizeof(text))
		return;
	memcpy(text, value, n);
	text[n] = '\0';
	a->date_ms = date_in_ms(text);
}

static void take_offset(struct http_answer *a, const char *value, size_t n)
{
	char text[24];

	if (n >= sizeof(text))
		return;
	memcpy(text, value, n);
	text[n] = '\0';
	text_trim(text);
	if (text_is_digits(text) && strlen(text) < 16)
		a->offset = strtoll(text, NULL, 10);
}

static const struct {
	const char *name;
	void (*take)(struct http_answer *a, const char *value, size_t n);
} heads[] = {{"retry-after:", take_retry_after}, {"date:", take_date}, {"upload-offset:", take_offset}};

void http_read_head(struct http_answer *a, const char *line, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		size_t name = strlen(heads[i].name);

		if (n > name && !strncasecmp(line, heads[i].name, name))
			heads[i].take(a, line + name, n - name);
	}
}

static size_t take_head(char *data, size_t size, size_t items, void *arg)
{
	struct download *d = arg;
	size_t n = size * items;

	d->head_bytes += n;
	if (d->head_bytes > HEAD_MAX) {
		d->too_large = true;
		return 0;
	}
	http_read_head(d->a, data, n);
	return n;
}

static int ask_go_on(void *arg, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
	struct http *h = arg;

	(void)dt, (void)dn, (void)ut, (void)un;
	h->given_up = h->options.go_on && !h->options.go_on(h->options.go_on_arg);
	return h->given_up;
}

/* --- setting up --- */

static void free_heads(struct curl_slist *list)
{
	for (struct curl_slist *l = list; l; l = l->next)
		wipe(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

static int add_bearer(struct http *h, struct curl_slist **list)
{
	char bearer[600];
	bool fits = text_format(bearer, sizeof(bearer), "Authorization: Bearer %s", h->options.token);

	*list = fits ? curl_slist_append(NULL, bearer) : NULL;
	wipe(bearer, sizeof(bearer));
	return *list ? 0 : -1;
}

static int add_heads(struct http *h, struct curl_slist **list, const char *const *lines)
{
	struct curl_slist *more;

	*list = NULL;
	if (!h->options.anonymous && add_bearer(h, list))
		return -1;
	for (; *lines; lines++) {
		more = curl_slist_append(*list, *lines);
		if (!more)
			return -1;
		*list = more;
	}
	return 0;
}

static int set_heads(struct http *h)
{
	static const char *const get[] = {"Accept: application/json", NULL};
	static const char *const json[] = {"Accept: application/json", "Content-Type: application/json",
					   "Expect:", NULL};
	static const char *const gzip[] = {"Accept: application/json", "Content-Type: application/json",
					   "Content-Encoding: gzip", "Expect:", NULL};

	static const char *const form[] = {"Accept: application/json",
					   "Content-Type: application/x-www-form-urlencoded",
					   "Expect:", NULL};

	return add_heads(h, &h->head_get, get) || add_heads(h, &h->head_form, form) ||
			       add_heads(h, &h->head_json, json) || add_heads(h, &h->head_gzip, gzip)
		       ? -1
		       : 0;
}

static int set_options(struct http *h)
{
	const struct http_options *o = &h->options;
	CURL *c = h->curl;
	CURLcode bad = CURLE_OK;

	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, o->plain ? "https,http" : "https");
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (o->ca_file && *o->ca_file) {
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, o->ca_file);
		bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	bad |= curl_easy_setopt(c, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
	bad |= curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	bad |= curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, o->timeout_ms ? o->timeout_ms : (long)HTTP_TIMEOUT_MS);
	bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, STALLED_BYTES);
	bad |= curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, STALLED_SECONDS);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_head);
	bad |= curl_easy_setopt(c, CURLOPT_READFUNCTION, give_body);
	bad |= curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, ask_go_on);
	bad |= curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
	return bad == CURLE_OK ? 0 : -1;
}

/* "https://host…"; "http://host…" only where plain transport is allowed. */
static bool url_fits(const struct http_options *o)
{
	const char *url = o->base_url ? o->base_url : "";
	size_t scheme = !strncasecmp(url, "https://", 8)	      ? 8
			: o->plain && !strncasecmp(url, "http://", 7) ? 7
								      : 0;

	return scheme && url[scheme] && !strpbrk(url, " \t\r\n?#@");
}

int http_open(struct http **out, const struct http_options *options, struct err *e)
{
	struct http *h;
	size_t n;

	if (!url_fits(options))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "the address is not https://host[:port]");
	if (!options->anonymous && (!options->token || !*options->token || strpbrk(options->token, "\r\n")))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "no token");
	h = calloc(1, sizeof(*h));
	if (!h)
		return err_set(e, ERR_MEMORY, "http");
	h->options = *options;
	h->base_url = strdup(options->base_url);
	h->token = strdup(options->token ? options->token : "");
	h->curl = curl_global_init(CURL_GLOBAL_DEFAULT) ? NULL : curl_easy_init();
	if (!h->base_url || !h->token || !h->curl || set_options(h) || set_heads(h)) {
		http_close(h);
		return err_set(e, ERR_MEMORY, "libcurl");
	}
	for (n = strlen(h->base_url); n && h->base_url[n - 1] == '/'; n--)
		h->base_url[n - 1] = '\0';
	h->options.base_url = h->options.ca_file = NULL; /* the caller's; curl has copies */
	h->options.token = h->token;
	*out = h;
	return 0;
}

void http_close(struct http *h)
{
	if (!h)
		return;
	curl_easy_cleanup(h->curl);
	free_heads(h->head_get);
	free_heads(h->head_json);
	free_heads(h->head_gzip);
	free_heads(h->head_form);
	free_heads(h->head_piece);
	if (h->token)
		wipe(h->token, strlen(h->token));
	free(h->token);
	free(h->base_url);
	free(h);
}

struct http_stats http_stats(const struct http *h)
{
	return h->stats;
}

/* --- one call --- */

static const struct {
	CURLcode from;
	enum err_code code;
} outcomes[] = {
	{CURLE_PEER_FAILED_VERIFICATION, ERR_NET_TLS}, {CURLE_SSL_CONNECT_ERROR, ERR_NET_TLS},
	{CURLE_SSL_CERTPROBLEM, ERR_NET_TLS},	       {CURLE_SSL_CIPHER, ERR_NET_TLS},
	{CURLE_SSL_CACERT_BADFILE, ERR_NET_TLS},       {CURLE_SSL_ISSUER_ERROR, ERR_NET_TLS},
	{CURLE_SSL_INVALIDCERTSTATUS, ERR_NET_TLS},    {CURLE_SSL_ENGINE_INITFAILED, ERR_NET_TLS},
	{CURLE_USE_SSL_FAILED, ERR_NET_TLS},	       {CURLE_UNSUPPORTED_PROTOCOL, ERR_NET_NOT_CONFIGURED},
	{CURLE_URL_MALFORMAT, ERR_NET_NOT_CONFIGURED}, {CURLE_OUT_OF_MEMORY, ERR_MEMORY},
	{CURLE_BAD_CONTENT_ENCODING, ERR_NET_ANSWER},  {CURLE_WEIRD_SERVER_REPLY, ERR_NET_ANSWER},
};

static const struct {
	CURLcode from;
	const char *cause;
} causes[] = {
	{CURLE_COULDNT_RESOLVE_HOST, "dns"},   {CURLE_COULDNT_RESOLVE_PROXY, "dns"}, {CURLE_COULDNT_CONNECT, "refused"},
	{CURLE_OPERATION_TIMEDOUT, "timeout"}, {CURLE_GOT_NOTHING, "cut"},	     {CURLE_RECV_ERROR, "cut"},
	{CURLE_SEND_ERROR, "cut"},	       {CURLE_PARTIAL_FILE, "cut"},
};

static const char *cause_of(CURLcode from, enum err_code code)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		if (causes[i].from == from)
			return causes[i].cause;
	}
	return code == ERR_NET_TLS ? "tls" : "";
}

static enum err_code code_of(CURLcode from)
{
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
		if (outcomes[i].from == from)
			return outcomes[i].code;
	}
	return ERR_NET_OFFLINE;
}

static int gzip_body(struct buf *out, const char *data, size_t n)
{
	z_stream z = {0};
	int last = -1;
	size_t room;
	char *packed = NULL;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	room = deflateBound(&z, n);
	packed = malloc(room);
	if (!packed)
		goto out;
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)packed;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		last = buf_add(out, packed, z.total_out);
out:
	if (packed)
		wipe(packed, room);
	free(packed);
	deflateEnd(&z);
	return last;
}

/* A piece of an attachment: bytes as they are, at their place. The list of heads is of this request only. */
static int set_piece(struct http *h, const struct http_request *q, struct upload *u)
{
	char at[48];
	const char *lines[] = {"Accept: application/json", "Content-Type: application/offset+octet-stream", at,
			       "Expect:", NULL};

	text_format(at, sizeof(at), "Upload-Offset: %lld", (long long)q->offset);
	free_heads(h->head_piece);
	h->head_piece = NULL;
	*u = (struct upload){.data = q->body, .n = q->body_bytes};
	curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, "PATCH");
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)u->n);
	curl_easy_setopt(h->curl, CURLOPT_READDATA, u);
	return add_heads(h, &h->head_piece, lines) ||
			       curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, h->head_piece) != CURLE_OK
		       ? -1
		       : 0;
}

/* Which head goes with the body, and the body as it travels. */
static int set_body(struct http *h, const struct http_request *q, struct buf *packed, struct upload *u)
{
	bool pack = !q->form && q->body_bytes > HTTP_GZIP_FROM;

	curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(h->curl, CURLOPT_NOBODY, 0L);
	if (!strcmp(q->method, "PATCH"))
		return set_piece(h, q, u);
	if (!q->body) {
		curl_easy_setopt(h->curl, CURLOPT_HTTPGET, 1L);
		if (!strcmp(q->method, "HEAD"))
			curl_easy_setopt(h->curl, CURLOPT_NOBODY, 1L);
		return curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, h->head_get) == CURLE_OK ? 0 : -1;
	}
	*u = (struct upload){.data = q->body, .n = q->body_bytes};
	if (pack) {
		if (gzip_body(packed, q->body, q->body_bytes))
			return -1;
		*u = (struct upload){.data = packed->data, .n = packed->len};
	}
	curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, NULL);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)u->n);
	curl_easy_setopt(h->curl, CURLOPT_READDATA, u);
	return curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER,
				q->form ? h->head_form
				: pack	? h->head_gzip
					: h->head_json) == CURLE_OK
		       ? 0
		       : -1;
}

static void take_type(CURL *curl, struct http_answer *a)
{
	char *type = NULL;

	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	text_copy(a->content_type, sizeof(a->content_type), type ? type : "");
	a->content_type[strcspn(a->content_type, "; \t")] = '\0';
	for (char *c = a->content_type; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
}

static void count(struct http *h)
{
	curl_off_t up = 0, down = 0;
	long head_out = 0, head_in = 0, fresh = 0;

	curl_easy_getinfo(h->curl, CURLINFO_SIZE_UPLOAD_T, &up);
	curl_easy_getinfo(h->curl, CURLINFO_SIZE_DOWNLOAD_T, &down);
	curl_easy_getinfo(h->curl, CURLINFO_REQUEST_SIZE, &head_out);
	curl_easy_getinfo(h->curl, CURLINFO_HEADER_SIZE, &head_in);
	curl_easy_getinfo(h->curl, CURLINFO_NUM_CONNECTS, &fresh);
	h->stats.requests++;
	h->stats.connections += fresh;
	h->stats.bytes_out += head_out + up;
	h->stats.bytes_in += head_in + down;
}

static int failed(struct http *h, CURLcode bad, const struct download *d, struct http_answer *a,
		  struct err *e)
{
	long through_proxy = 0, head_out = 0;

	curl_easy_getinfo(h->curl, CURLINFO_HTTP_CONNECTCODE, &through_proxy);
	curl_easy_getinfo(h->curl, CURLINFO_REQUEST_SIZE, &head_out);
	a->status = 0;
	a->may_have_left = head_out > 0;
	a->cause = through_proxy == 407 ? "proxy" : cause_of(bad, code_of(bad));
	if (through_proxy >= 400) { /* the proxy refused the tunnel: nothing of ours went through it */
		a->may_have_left = false;
		return err_set(e, through_proxy == 407 ? ERR_NET_PROXY : ERR_NET_OFFLINE, "proxy answers %ld",
			       through_proxy);
	}
	if (d->too_large)
		return err_set(e, ERR_NET_ANSWER, "answer of more than %u bytes", HTTP_ANSWER_MAX);
	if (h->given_up)
		return err_set(e, ERR_NET_OFFLINE, "given up: the runner is ending");
	return err_set(e, code_of(bad), "%s", curl_easy_strerror(bad));
}

static int http_call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct http *h = self;
	struct download d = {.a = a};
	struct upload u = {0};
	struct buf packed, url;
	CURLcode bad;
	long status = 0;
	int last = -1;

	buf_init(&packed, q->body_bytes + 4096);
	buf_init(&url, 8192);
	h->given_up = false;
	a->may_have_left = false;
	a->date_ms = 0;
	a->offset = -1;
	a->cause = "";
	buf_reset(&a->body);
	buf_adds(&url, h->base_url);
	if (buf_adds(&url, q->path) || set_body(h, q, &packed, &u)) {
		err_set(e, ERR_MEMORY, "request of %zu bytes", q->body_bytes);
		goto out;
	}
	curl_easy_setopt(h->curl, CURLOPT_URL, url.data);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &d);
	curl_easy_setopt(h->curl, CURLOPT_HEADERDATA, &d);
	bad = curl_easy_perform(h->curl);
	count(h);
	if (bad != CURLE_OK) {
		last = failed(h, bad, &d, a, e);
		goto out;
	}
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	a->status = (int)status;
	a->may_have_left = true;
	take_type(h->curl, a);
	last = 0;
out:
	buf_wipe_release(&packed);
	buf_release(&url);
	return last;
}

struct transport http_transport(struct http *h)
{
	return (struct transport){.self = h, .call = http_call};
}
