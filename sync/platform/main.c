/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shiming-platform: the reference platform. */
#include <argp.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "platform/certs.h"
#include "platform/control.h"
#include "platform/people.h"

#define STORE "platform.db"
#define TOKENS 64
#define PATH_BYTES 4096
#define EXPORT_MOST (1u << 30)

const char *argp_program_version = "shiming-platform 0.1.0";

enum {
	OPT_TOKEN = 256,
	OPT_TOKENS,
	OPT_READY,
	OPT_CONSENT,
	OPT_CONFIRM,
	OPT_FAULT,
	OPT_LIFELINE,
	OPT_BODY,
	OPT_SHARE,
	OPT_LEFT_OUT,
	OPT_CONSENT_KNOWN,
	OPT_LISTEN,
	OPT_APP,
	OPT_APP_DELAY,
	OPT_APP_PACE,
	OPT_APP_PHOTO,
	OPT_DEVICE,
	OPT_DEVICE_PORT,
	OPT_PAGE
};

struct arguments {
	char *word[8];
	size_t words;
	const char *dir, *listen, *tokens_file;
	const char *token[TOKENS];
	size_t tokens;
	const char *app[OPEN_API_APPS], *device[DEVICES_MOST];
	size_t apps, devices;
	int device_port;
	const char *fault[FAULT_RULES];
	size_t faults;
	enum event left_out[EVENT_COUNT];
	size_t left;
	int port, ready_fd;
	long consent_s, confirm_s, page_s, body_max, app_delay_ms, app_pace_ms;
	bool lifeline, app_photo, share, consent_known;
};

static const struct argp_option options[] = {
	{"dir", 'd', "DIR", 0, "where certificates and store lie", 0},
	{"port", 'p', "PORT", 0, "serve: port; 0 chooses one", 0},
	{"listen", OPT_LISTEN, "ADDRESS", 0, "serve: IPv4 address (127.0.0.1)", 0},
	{"ready-fd", OPT_READY, "N", 0,
	 "serve: the port is written to this descriptor, as one line, once it listens", 0},
	{"token", OPT_TOKEN, "BOX=TOKEN", 0,
	 "serve: a box (its uid, or a label until it first speaks) and its token; for trying out: other "
	 "users can see it",
	 0},
	{"tokens", OPT_TOKENS, "FILE", 0, "serve: such lines from a file", 0},
	{"consent-after", OPT_CONSENT, "S", 0, "serve: workers agree after so many seconds", 0},
	{"confirm-after", OPT_CONFIRM, "S", 0, "serve: other units confirm after so many seconds", 0},
	{"left-out", OPT_LEFT_OUT, "EVENT", 0,
	 "serve: a step the boxes' profiles leave out (consent, register, done, submit, confirm)", 0},
	{"consent-known", OPT_CONSENT_KNOWN, 0, 0, "serve: who is registered has agreed, although nobody said so here", 0},
	{"share", OPT_SHARE, 0, 0, "serve: what one box's people are known by and where they worked is told to the others", 0},
	{"max-body", OPT_BODY, "BYTES", 0, "serve: longest request, unpacked", 0},
	{"fault", OPT_FAULT, "RULE", 0,
	 "serve: a fault for tests: [post|lookup|changes|box|attachment|any:]NAME[=ARG][@FIRST[-LAST]][%PERCENT]", 0},
	{"open-api", OPT_APP, "APPID=SECRET", 0, "serve: an account of the open.api at /open.api; for trying out", 0},
	{"open-api-delay", OPT_APP_DELAY, "MS", 0, "serve: what the open.api accepts is judged so much later (1000)", 0},
	{"open-api-pace", OPT_APP_PACE, "MS", 0, "serve: least time between two calls of one open.api method (1000)", 0},
	{"device", OPT_DEVICE, "MAKER/DEVICE", 0, "serve: an attendance device that may log in (plain TCP, loopback or site network)", 0},
	{"device-port", OPT_DEVICE_PORT, "PORT", 0, "serve: port for devices; 0 chooses one, told by status", 0},
	{"page-after", OPT_PAGE, "S", 0, "serve: people whom devices have collected are entered after so many seconds, as on the platform's page", 0},
	{"open-api-photo", OPT_APP_PHOTO, 0, 0, "serve: the open.api refuses workers without a photograph", 0},
	{"lifeline", OPT_LIFELINE, 0, 0, "serve: end with stdin, take commands there, die with the parent",
	 0},
	{0},
};

static long number(struct argp_state *state, const char *name, const char *arg, long most)
{
	if (!text_is_digits(arg) || strlen(arg) > 9 || atol(arg) > most)
		argp_error(state, "%s: a number up to %ld", name, most);
	return atol(arg);
}

static void add(struct argp_state *state, const char **list, size_t *n, size_t most, const char *arg)
{
	if (*n == most)
		argp_error(state, "too many: %s", arg);
	else
		list[(*n)++] = arg;
}

static error_t take_word(struct arguments *a, char *arg, struct argp_state *state)
{
	if (a->words == ARRAY_LEN(a->word))
		argp_error(state, "too many words");
	else
		a->word[a->words++] = arg;
	return 0;
}

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'd':
		a->dir = arg;
		break;
	case 'p':
		a->port = (int)number(state, "--port", arg, 65535);
		break;
	case OPT_LISTEN:
		a->listen = arg;
		break;
	case OPT_READY:
		a->ready_fd = (int)number(state, "--ready-fd", arg, 65535);
		break;
	case OPT_TOKEN:
		add(state, a->token, &a->tokens, TOKENS, arg);
		break;
	case OPT_TOKENS:
		a->tokens_file = arg;
		break;
	case OPT_CONSENT:
		a->consent_s = number(state, "--consent-after", arg, 100000000);
		break;
	case OPT_CONFIRM:
		a->confirm_s = number(state, "--confirm-after", arg, 100000000);
		break;
	case OPT_PAGE:
		a->page_s = number(state, "--page-after", arg, 100000000);
		break;
	case OPT_SHARE:
		a->share = true;
		break;
	case OPT_BODY:
		a->body_max = number(state, "--max-body", arg, 64 << 20);
		break;
	case OPT_FAULT:
		add(state, a->fault, &a->faults, FAULT_RULES, arg);
		break;
	case OPT_APP:
		add(state, a->app, &a->apps, OPEN_API_APPS, arg);
		break;
	case OPT_APP_DELAY:
		a->app_delay_ms = number(state, "--open-api-delay", arg, 3600000);
		break;
	case OPT_APP_PACE:
		a->app_pace_ms = number(state, "--open-api-pace", arg, 3600000);
		break;
	case OPT_DEVICE:
		add(state, a->device, &a->devices, DEVICES_MOST, arg);
		break;
	case OPT_DEVICE_PORT:
		a->device_port = (int)number(state, "--device-port", arg, 65535);
		break;
	case OPT_APP_PHOTO:
		a->app_photo = true;
		break;
	case OPT_LIFELINE:
		a->lifeline = true;
		break;
	case OPT_CONSENT_KNOWN:
		a->consent_known = true;
		break;
	case OPT_LEFT_OUT:
		if (a->left == EVENT_COUNT || !event_parse(arg, &a->left_out[a->left]) ||
		    !lifecycle_may_leave_out(a->left_out[a->left]))
			argp_error(state, "%s is no step that can be left out", arg);
		else
			a->left++;
		break;
	case ARGP_KEY_ARG:
		return take_word(a, arg, state);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int path_in(const char *dir, const char *name, char *out, struct err *e)
{
	return text_format(out, PATH_BYTES, "%s/%s", dir, name) ? 0 : err_set(e, ERR_TOO_LARGE, "%s", dir);
}

static int open_store(const struct arguments *a, bool make, struct pstore **out, struct err *e)
{
	char path[PATH_BYTES];

	if (!a->dir)
		return err_set(e, ERR_USAGE, "--dir is needed");
	if (path_in(a->dir, STORE, path, e))
		return -1;
	if (!make && access(path, R_OK | W_OK))
		return err_errno(e, path);
	return pstore_open(out, path, e);
}

/* --- serve --- */

static int put_token(struct pstore *s, const char *line, struct err *e)
{
	const char *equals = strchr(line, '=');
	unsigned char hash[PSTORE_HASH];
	char label[PSTORE_LABEL];

	if (!equals || equals == line || !equals[1] || (size_t)(equals - line) >= sizeof(label))
		return err_set(e, ERR_USAGE, "a token is BOX=TOKEN");
	memcpy(label, line, (size_t)(equals - line));
	label[equals - line] = '\0';
	crypto_hash_sha256(hash, (const unsigned char *)equals + 1, strlen(equals + 1));
	return pstore_token_put(s, label, hash, e);
}

static int put_tokens(struct pstore *s, const struct arguments *a, struct err *e)
{
	struct buf file, line;
	int last = 0;

	for (size_t i = 0; !last && i < a->tokens; i++)
		last = put_token(s, a->token[i], e);
	if (last || !a->tokens_file)
		return last;
	buf_init(&file, 1u << 20);
	buf_init(&line, 4096);
	last = io_read_file(a->tokens_file, 1u << 20, &file, e);
	buf_adds(&file, "\n");
	while (!last && io_take_line(&file, &line)) {
		if (line.len && line.data[0] != '#')
			last = put_token(s, line.data, e);
	}
	buf_wipe_release(&file);
	buf_wipe_release(&line);
	return last;
}

static int catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL); /* before any thread: they inherit it */
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int set_up(struct server *s, const struct arguments *a, struct err *e)
{
	if (a->body_max)
		s->body_max = (size_t)a->body_max;
	for (size_t i = 0; i < a->left; i++)
		s->office.left_out[a->left_out[i]] = true;
	s->office.share = a->share;
	s->office.consent_known = a->consent_known;
	for (size_t i = 0; i < a->faults; i++) {
		if (faults_add(&s->faults, a->fault[i], e))
			return -1;
	}
	s->open_api.delay_ms = a->app_delay_ms;
	s->open_api.pace_ms = a->app_pace_ms;
	s->open_api.photo = a->app_photo;
	for (size_t i = 0; i < a->devices; i++) {
		if (device_door_add(&s->devices, a->device[i], e))
			return -1;
	}
	for (size_t i = 0; i < a->apps; i++) {
		if (open_api_door_app(&s->open_api, a->app[i], e))
			return -1;
	}
	return put_tokens(s->office.store, a, e);
}

static int start(struct server *s, const struct arguments *a, struct err *e)
{
	char key[PATH_BYTES], certificate[PATH_BYTES], line[16];
	struct server_options o = {
		.listen = a->listen, .port = a->port, .key_file = key, .certificate_file = certificate};
	int port;

	if (path_in(a->dir, CERTS_KEY, key, e) || path_in(a->dir, CERTS_SERVER, certificate, e) ||
	    server_start(s, &o, &port, e))
		return -1;
	if (a->devices && device_door_start(&s->devices, a->listen, a->device_port, e))
		return -1;
	text_format(line, sizeof(line), "%d\n", port);
	return a->ready_fd >= 0 ? io_write_all(a->ready_fd, line, strlen(line), e) : 0;
}

static int do_serve(const struct arguments *a, struct err *e)
{
	struct control c = {.lifeline = a->lifeline,
			    .consent_after_ms = a->consent_s < 0 ? -1 : a->consent_s * 1000,
			    .confirm_after_ms = a->confirm_s < 0 ? -1 : a->confirm_s * 1000,
			    .page_after_ms = a->page_s < 0 ? -1 : a->page_s * 1000,
			    .signal_fd = catch_signals()};
	struct pstore *store = NULL;
	struct server s;
	int last;

	if (a->lifeline)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (open_store(a, true, &store, e) || server_init(&s, store, e)) {
		pstore_close(store);
		return -1;
	}
	c.server = &s;
	last = set_up(&s, a, e) || start(&s, a, e) || control_run(&c, a->dir, e) ? -1 : 0;
	server_stop(&s);
	pstore_close(store);
	return last;
}

/* --- the small ones --- */

static int do_certs(const struct arguments *a, struct err *e)
{
	const char *dir = a->words > 1 ? a->word[1] : a->dir;

	if (!dir)
		return err_set(e, ERR_USAGE, "certs DIR [NAME…]");
	if (mkdir(dir, 0700) && access(dir, W_OK))
		return err_errno(e, dir);
	return certs_make(dir, (const char *const *)&a->word[2], a->words > 2 ? a->words - 2 : 0, e);
}

static int print_lines(struct pstore *s,
		       int (*fill)(struct pstore *, const char *, struct buf *, struct err *),
		       const char *what, struct err *e)
{
	struct buf out;
	int last;

	buf_init(&out, EXPORT_MOST);
	last = fill(s, what, &out, e);
	if (!last && out.len)
		last = io_write_all(STDOUT_FILENO, out.data, out.len, e);
	buf_wipe_release(&out);
	return last;
}

static int fill_status(struct pstore *s, const char *what, struct buf *out, struct err *e)
{
	(void)what;
	return pstore_status(s, out, e);
}

static int do_status(const struct arguments *a, struct err *e)
{
	struct pstore *s = NULL;
	int last = open_store(a, false, &s, e);

	last = last ? last : print_lines(s, fill_status, "", e);
	pstore_close(s);
	return last;
}

static int do_export(const struct arguments *a, struct err *e)
{
	struct pstore *s = NULL;
	int last = open_store(a, false, &s, e);

	last = last ? last : print_lines(s, pstore_export, a->words > 1 ? a->word[1] : "", e);
	pstore_close(s);
	return last;
}

/* --- a company's own: codes, accounts, backup --- */

static int do_enrol(const struct arguments *a, struct err *e)
{
	char code[ENROL_CODE];
	struct pstore *s = NULL;
	int last;

	if (a->words < 2)
		return err_set(e, ERR_USAGE, "enrol --dir DIR LABEL");
	last = open_store(a, true, &s, e) || people_enrol_code(s, a->word[1], code, e) ? -1 : 0;
	if (!last)
		printf("%s\n", code);
	pstore_close(s);
	return last;
}

/* The password: one line of stdin. */
static int do_account(const struct arguments *a, struct err *e)
{
	char password[256];
	struct pstore *s = NULL;
	int last;

	if (a->words < 2)
		return err_set(e, ERR_USAGE, "account --dir DIR NAME < PASSWORD");
	if (!fgets(password, sizeof(password), stdin))
		return err_set(e, ERR_USAGE, "the password is one line of standard input");
	password[strcspn(password, "\r\n")] = '\0';
	last = open_store(a, true, &s, e) || people_account(s, a->word[1], password, e) ? -1 : 0;
	wipe(password, sizeof(password));
	pstore_close(s);
	return last;
}

static int do_backup(const struct arguments *a, struct err *e)
{
	struct pstore *s = NULL;
	int last;

	if (a->words < 2)
		return err_set(e, ERR_USAGE, "backup --dir DIR FILE");
	if (!access(a->word[1], F_OK))
		return err_set(e, ERR_DATA_EXISTS, "%s", a->word[1]);
	last = open_store(a, false, &s, e) || pstore_backup(s, a->word[1], e) ? -1 : 0;
	pstore_close(s);
	return last;
}

static int do_control(const struct arguments *a, struct err *e)
{
	struct buf line, answer;
	bool ok = false;
	int last;

	if (!a->dir || a->words < 2)
		return err_set(e, ERR_USAGE, "control --dir DIR COMMAND…");
	buf_init(&line, CONTROL_LINE);
	buf_init(&answer, 4u << 20);
	for (size_t i = 1; i < a->words; i++)
		buf_addf(&line, "%s%s", i > 1 ? " " : "", a->word[i]);
	last = line.failed ? err_set(e, ERR_TOO_LARGE, "command")
			   : control_send(a->dir, line.data, &answer, &ok, e);
	if (!last) {
		printf("%s\n", answer.data);
		last = ok ? 0 : err_set(e, ERR_FORBIDDEN, "see the answer");
	}
	buf_release(&line);
	buf_release(&answer);
	return last;
}

static const struct {
	const char *name, *help;
	int (*run)(const struct arguments *a, struct err *e);
} commands[] = {
	{"serve", "answer boxes over HTTPS", do_serve},
	{"certs", "a fresh authority and a server certificate", do_certs},
	{"status", "counts, one JSON object a line", do_status},
	{"export", "every record, or those of one entity, one JSON object a line", do_export},
	{"enrol", "a one-time code for a box, good for a day", do_enrol},
	{"account", "an account for confirming; its password from standard input", do_account},
	{"backup", "a whole copy into a new file, while boxes are served", do_backup},
	{"control", "a decision or a question to the running platform", do_control},
};

int main(int argc, char **argv)
{
	static const struct argp parser = {
		.options = options,
		.parser = take_option,
		.args_doc = "serve --dir DIR\ncerts DIR [NAME…]\nstatus --dir DIR\nexport --dir DIR "
			    "[ENTITY]\nenrol --dir DIR LABEL\naccount --dir DIR NAME\nbackup --dir DIR FILE\ncontrol --dir DIR COMMAND…",
		.doc = "The reference platform of shiming."};
	struct arguments a = {.listen = "127.0.0.1", .ready_fd = -1, .consent_s = -1, .confirm_s = -1, .page_s = -1, .app_delay_ms = 1000, .app_pace_ms = 1000};
	struct err e = {0};
	int last = -1;

	i18n_init(NULL);
	clock_init();
	argp_err_exit_status = 2;
	if (argp_parse(&parser, argc, argv, 0, NULL, &a) || sodium_init() < 0)
		return 2;
	log_open("shiming-platform", STDERR_FILENO, LOG_WRN);
	err_set(&e, ERR_USAGE, "%s", a.words ? a.word[0] : "no command");
	for (size_t i = 0; a.words && i < ARRAY_LEN(commands); i++) {
		if (!strcmp(commands[i].name, a.word[0])) {
			err_clear(&e);
			last = commands[i].run(&a, &e);
			break;
		}
	}
	if (!last)
		return 0;
	fprintf(stderr, "shiming-platform: %s（%s）\n", err_sentence(e.code), e.detail);
	return err_exit_status(e.code);
}
