/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_services.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"

#define PLATFORM "shiming-platform"
#define MODULE "shiming-samv-sim"
#define DEVICE "shiming-device-sim"
#define PUNCH_SECONDS "15"
#define READY_MS 15000
#define STOP_MS 2000
#define LINE_MAX_BYTES 4096
#define STATUS_MAX_BYTES 65536
#define READER_NAME "Practice ID reader"

/* --- words from a helper ----------------------------------------------------------------------------------------------------------- */

/* The next line of its stdout into `line` (reset first). ERR_HELPER_DIED: it ended, or said nothing in time. */
static int next_line(struct child *c, struct buf *in, struct buf *line, const char *who, struct err *e)
{
	int64_t until = clock_steady_ms() + READY_MS;

	while (!io_take_line(in, line)) {
		struct pollfd p = { .fd = c->out, .events = POLLIN };
		int64_t left = until - clock_steady_ms();

		if (left <= 0)
			return err_set(e, ERR_HELPER_DIED, "%s: no answer in time", who);
		if (poll(&p, 1, (int)left) < 0 && errno != EINTR)
			return err_errno(e, who);
		if (p.revents && io_fill(c->out, in) < 0 && in->len == 0)
			return err_set(e, ERR_HELPER_DIED, "%s: ended; see services.log", who);
	}
	return 0;
}

static int start(struct practice_services *s, struct child *c, const char *const *argv, struct err *e)
{
	struct child_spec spec = { .argv = argv, .want_stdin = true, .want_stdout = true, .stderr_fd = s->log, .new_session = true };

	return child_start(c, &spec, e);
}

/* argv, then the caller's own: bounded, NULL-terminated. */
static void append(const char **argv, size_t cap, size_t n, const char *const *extra)
{
	for (; extra && *extra && n + 1 < cap; extra++)
		argv[n++] = *extra;
	argv[n] = NULL;
}

/* --- the platform -------------------------------------------------------------------------------------------------------------------- */

static int run_to_end(struct practice_services *s, const char *const *argv, struct err *e)
{
	struct child c = CHILD_NONE;
	struct buf in, line;
	int rc = -1;

	buf_init(&in, LINE_MAX_BYTES);
	buf_init(&line, LINE_MAX_BYTES);
	if (start(s, &c, argv, e) != 0)
		goto out;
	while (next_line(&c, &in, &line, argv[0], NULL) == 0)
		; /* what it says is for people */
	rc = child_wait(&c, READY_MS) && c.status == 0 ? 0 : err_set(e, ERR_HELPER_DIED, "%s %s failed; see services.log", argv[0], argv[1]);
out:
	child_release(&c);
	buf_release(&in);
	buf_release(&line);
	return rc;
}

static int write_token(const char *path, const char *token, struct err *e)
{
	char line[128];
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600), rc;

	if (fd < 0)
		return err_errno(e, path);
	text_format(line, sizeof(line), "practice=%s\n", token);
	rc = io_write_all(fd, line, strlen(line), e);
	wipe(line, sizeof(line));
	close(fd);
	return rc;
}

static int platform_ready(struct practice_services *s, struct err *e)
{
	struct buf in, line;
	int rc;

	buf_init(&in, LINE_MAX_BYTES);
	buf_init(&line, LINE_MAX_BYTES);
	rc = next_line(&s->platform, &in, &line, PLATFORM, e);
	if (rc == 0 && (!line.data || (s->port = atoi(line.data)) <= 0))
		rc = err_set(e, ERR_HELPER_DIED, PLATFORM ": no port");
	if (rc == 0)
		text_format(s->url, sizeof(s->url), "https://127.0.0.1:%d", s->port);
	buf_release(&in);
	buf_release(&line);
	return rc;
}

int practice_platform_start(struct practice_services *s, const char *dir, const char *token, const char *const *extra, struct err *e)
{
	const char *const certs[] = { PLATFORM, "certs", dir, NULL };
	char tokens[160], port[16];
	const char *argv[64] = { PLATFORM, "serve", "--dir", dir, "--port", port, "--tokens", tokens, "--ready-fd", "1", "--lifeline" };

	if (!s->ca_file[0]) {
		if (run_to_end(s, certs, e) != 0)
			return -1;
		text_format(s->ca_file, sizeof(s->ca_file), "%s/ca.pem", dir);
	}
	text_format(tokens, sizeof(tokens), "%s/tokens", s->runtime);
	text_format(port, sizeof(port), "%d", s->port);
	append(argv, ARRAY_LEN(argv), 11, extra);
	if (setenv("SHIMING_WITNESS", dir, 0)) /* beside the made-up platform, and gone with it */
		return err_errno(e, "SHIMING_WITNESS");
	if (write_token(tokens, token, e) != 0 || start(s, &s->platform, argv, e) != 0)
		return -1;
	if (platform_ready(s, e) == 0)
		return 0;
	child_release(&s->platform);
	return -1;
}

int practice_platform_device_port(struct practice_services *s, int *port, struct err *e)
{
	static const char ask[] = "status\n";
	struct buf in, line;
	cJSON *said = NULL;
	int rc;

	*port = 0;
	buf_init(&in, STATUS_MAX_BYTES);
	buf_init(&line, STATUS_MAX_BYTES);
	rc = io_write_all(s->platform.in, ask, strlen(ask), e) || next_line(&s->platform, &in, &line, PLATFORM, e) ||
			     json_parse(&said, line.data ? line.data : "", line.len, STATUS_MAX_BYTES, e)
		     ? -1
		     : 0;
	if (!rc)
		*port = (int)json_int(said, "device_port", 0);
	if (!rc && *port <= 0)
		rc = err_set(e, ERR_HELPER_DIED, PLATFORM ": no port for devices");
	cJSON_Delete(said);
	buf_release(&in);
	buf_release(&line);
	return rc;
}

void practice_platform_stop(struct practice_services *s, bool gently)
{
	if (s->platform.pid > 0)
		child_stop(&s->platform, gently ? STOP_MS : 0);
	child_release(&s->platform);
}

/* --- the cards ------------------------------------------------------------------------------------------------------------------------ */

/* "card NAME<tab>Chinese<tab>English" */
static int take_card(struct practice_services *s, char *text)
{
	char *name = strsep(&text, "\t"), *zh = strsep(&text, "\t"), *en = strsep(&text, "\t");
	struct practice_card *card = &s->card[s->n_cards];

	if (!zh || !en || s->n_cards == PRACTICE_CARDS)
		return 0;
	card->name = strdup(name);
	card->label = strdup(i18n_language() == LANGUAGE_EN ? en : zh);
	s->n_cards++;
	return card->name && card->label ? 0 : -1;
}

/* What the module answers to one line, "card" lines kept; ends with "ok" or "error TEXT". */
static int tell(struct practice_services *s, const char *text, struct err *e)
{
	struct buf in, line;
	int rc = -1;

	buf_init(&in, 65536);
	buf_init(&line, LINE_MAX_BYTES);
	if (io_write_all(s->module.in, text, strlen(text), e) != 0 || io_write_all(s->module.in, "\n", 1, e) != 0)
		goto out;
	while ((rc = next_line(&s->module, &in, &line, MODULE, e)) == 0 && line.data) {
		if (strncmp(line.data, "error", 5) == 0)
			rc = err_set(e, ERR_USAGE, MODULE ": %s", line.data);
		else if (strncmp(line.data, "card ", 5) == 0 && take_card(s, line.data + 5) != 0)
			rc = err_set(e, ERR_MEMORY, "cards");
		if (rc != 0 || strcmp(line.data, "ok") == 0)
			break;
	}
out:
	buf_release(&in);
	buf_release(&line);
	return rc;
}

static int module_ready(struct practice_services *s, struct err *e)
{
	struct buf in, line;
	int rc;

	buf_init(&in, LINE_MAX_BYTES);
	buf_init(&line, LINE_MAX_BYTES);
	rc = next_line(&s->module, &in, &line, MODULE, e);
	if (rc == 0 && (!line.data || strncmp(line.data, "ready ", 6) != 0))
		rc = err_set(e, ERR_HELPER_DIED, MODULE ": not ready");
	buf_release(&in);
	buf_release(&line);
	return rc;
}

int practice_cards_start(struct practice_services *s, const char *const *extra, struct err *e)
{
	char link[96], device[112];
	const char *argv[16] = { MODULE, "--link", link };
	struct pcscd_device reader = { .name = READER_NAME, .device = device };

	text_format(link, sizeof(link), "%s/module", s->runtime);
	text_format(device, sizeof(device), "%s:samv", link);
	append(argv, ARRAY_LEN(argv), 3, extra);
	if (start(s, &s->module, argv, e) != 0 || module_ready(s, e) != 0 || tell(s, "list", e) != 0)
		return -1;
	if (pcscd_private_start(&s->pcscd, s->runtime, NULL, &reader, 1, s->log, e) != 0)
		return -1;
	return setenv("PCSCLITE_CSOCK_NAME", s->pcscd.socket, 1) == 0 ? 0 : err_errno(e, "PCSCLITE_CSOCK_NAME");
}

int practice_cards_tell(struct practice_services *s, const char *line, struct err *e)
{
	return tell(s, line, e);
}

/* --- the attendance device --------------------------------------------------------------------------------------------------------- */

int practice_gateway_address(char *out, size_t size, struct err *e)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) || getsockname(fd, (struct sockaddr *)&at, &n))
		rc = err_errno(e, "port");
	if (fd >= 0)
		close(fd);
	text_format(out, size, "127.0.0.1:%d", ntohs(at.sin_port));
	return rc;
}

int practice_device_start(struct practice_services *s, const char *gateway, const char *serial, struct err *e)
{
	const char *argv[] = { DEVICE, "--to", gateway, "--device", serial, "--punch-every", PUNCH_SECONDS, NULL };
	struct child_spec spec = { .argv = argv, .want_stdin = true, .stderr_fd = s->log, .new_session = true };

	return child_start(&s->device, &spec, e);
}

/* --- all ------------------------------------------------------------------------------------------------------------------------------ */

int practice_services_init(struct practice_services *s, const char *runtime, struct err *e)
{
	char path[128];

	*s = (struct practice_services){ .runtime = runtime, .platform = CHILD_NONE, .module = CHILD_NONE, .device = CHILD_NONE, .log = -1 };
	text_format(path, sizeof(path), "%s/services.log", runtime);
	s->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return s->log >= 0 ? 0 : err_errno(e, path);
}

void practice_services_stop(struct practice_services *s)
{
	if (!s->runtime)
		return;
	if (s->device.pid > 0)
		child_stop(&s->device, STOP_MS);
	child_release(&s->device);
	pcscd_private_stop(&s->pcscd);
	if (s->module.pid > 0)
		child_stop(&s->module, STOP_MS);
	child_release(&s->module);
	practice_platform_stop(s, true);
	for (size_t i = 0; i < s->n_cards; i++) {
		free((char *)(uintptr_t)s->card[i].name);
		free((char *)(uintptr_t)s->card[i].label);
	}
	if (s->log >= 0)
		close(s->log);
	*s = (struct practice_services){ .log = -1 };
}
