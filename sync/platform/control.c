/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

#define PEERS 8
#define TICK_MS 200
#define STATUS_MOST (1u << 20)

/* --- commands --- */

struct words {
	char *word[5];
	size_t n;
}; /* the last one takes the rest of the line */

static struct words split(char *line)
{
	struct words w = {0};

	while (w.n < ARRAY_LEN(w.word)) {
		line += strspn(line, " \t");
		if (!*line)
			break;
		w.word[w.n++] = line;
		if (w.n == ARRAY_LEN(w.word))
			break;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
	return w;
}

static int decide_all(struct server *s, bool by_person, cJSON *answer, struct err *e)
{
	size_t n = 0, some = 0;
	int last;

	do {
		last = office_decide_due(&s->office, by_person, INT64_MAX, &some, e);
		n += some;
	} while (!last && some);
	cJSON_AddNumberToObject(answer, "decided", (double)n);
	return last;
}

static int decide_one(struct server *s, const char *uid, enum event event, const char *on, const char *note,
		      struct err *e)
{
	bool by_person = event == EVENT_CONSENT || event == EVENT_REFUSE || event == EVENT_ASK_LEAVE ||
			 event == EVENT_FINISH_LEAVE || event == EVENT_CONSENT_DISMISSAL;

	return office_decide(&s->office, uid, event, on, by_person ? "本人" : "平台", note, e);
}

static int say_consent(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	return strcmp(w->word[1], "all") ? decide_one(s, w->word[1], EVENT_CONSENT, NULL, NULL, e)
					 : decide_all(s, true, answer, e);
}

static int say_refuse(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	(void)answer;
	return decide_one(s, w->word[1], EVENT_REFUSE, NULL, NULL, e);
}

static int say_confirm(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	return strcmp(w->word[1], "all") ? decide_one(s, w->word[1], EVENT_CONFIRM, NULL, NULL, e)
					 : decide_all(s, false, answer, e);
}

static int say_return(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	(void)answer;
	return decide_one(s, w->word[1], EVENT_RETURN, NULL, w->n > 2 ? w->word[2] : NULL, e);
}

static int say_decide(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	enum event event;
	date_t day;

	(void)answer;
	if (w->n < 3 || !event_parse(w->word[2], &event))
		return err_set(e, ERR_USAGE, "decide UID EVENT [DATE] [NOTE]");
	if (w->n > 3 && !date_parse(w->word[3], &day))
		return err_set(e, ERR_USAGE, "%s is no date", w->word[3]);
	return decide_one(s, w->word[1], event, w->n > 3 ? w->word[3] : NULL, w->n > 4 ? w->word[4] : NULL,
			  e);
}

/* offer UID CODE LEVY NAME: a filed project for the box that the record UID came from; "-": no such number */
static int say_offer(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	cJSON *body = cJSON_CreateObject();
	char uid[UID_TEXT];
	int last;

	cJSON_AddStringToObject(body, "name", w->word[4]);
	if (strcmp(w->word[2], "-"))
		cJSON_AddStringToObject(body, "projectCode", w->word[2]);
	if (strcmp(w->word[3], "-"))
		cJSON_AddStringToObject(body, "levyCode", w->word[3]);
	last = office_offer(&s->office, w->word[1], body, uid, e);
	if (!last)
		cJSON_AddStringToObject(answer, "uid", uid);
	cJSON_Delete(body);
	return last;
}

/* The value may hold blanks; none at all empties the field. */
static int say_change(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	char value[CONTROL_LINE] = "";

	(void)answer;
	text_format(value, sizeof(value), "%s%s%s", w->n > 3 ? w->word[3] : "", w->n > 4 ? " " : "",
		    w->n > 4 ? w->word[4] : "");
	return office_change_field(&s->office, w->word[1], w->word[2], value, "平台", e);
}

static int say_fault(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	(void)answer;
	return faults_add(&s->faults, w->word[1], e);
}

static int say_no_faults(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	(void)w, (void)answer, (void)e;
	faults_init(&s->faults);
	return 0;
}

static int say_judge(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	size_t n;

	(void)w;
	if (open_api_door_judge(&s->open_api, true, &n, e))
		return -1;
	cJSON_AddNumberToObject(answer, "judged", (double)n);
	return 0;
}

static int say_page(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	size_t n;

	(void)w;
	if (device_door_page(&s->devices, clock_now_ms(), &n, e))
		return -1;
	cJSON_AddNumberToObject(answer, "entered", (double)n);
	return 0;
}

static int say_status(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	cJSON *list = cJSON_AddArrayToObject(answer, "store");
	struct buf lines, line;
	int last;

	(void)w;
	buf_init(&lines, STATUS_MOST);
	buf_init(&line, STATUS_MOST);
	last = pstore_status(s->office.store, &lines, e);
	while (!last && io_take_line(&lines, &line))
		cJSON_AddItemToArray(list, cJSON_CreateRaw(line.data));
	cJSON_AddNumberToObject(answer, "device_port", s->devices.port);
	cJSON_AddNumberToObject(answer, "requests", (double)s->requests);
	cJSON_AddNumberToObject(answer, "bytes_in", (double)s->bytes_in);
	cJSON_AddNumberToObject(answer, "bytes_out", (double)s->bytes_out);
	buf_release(&lines);
	buf_release(&line);
	return last;
}

static const struct {
	const char *name;
	size_t words; /* at least, the name with them */
	int (*say)(struct server *s, const struct words *w, cJSON *answer, struct err *e);
} commands[] = {
	{"consent", 2, say_consent},	 {"refuse", 2, say_refuse}, {"confirm", 2, say_confirm},
	{"return", 2, say_return},	 {"decide", 3, say_decide}, {"fault", 2, say_fault},
	{"offer", 5, say_offer},
	{"no-faults", 1, say_no_faults}, {"status", 1, say_status}, {"judge", 1, say_judge},
	{"change", 3, say_change},	 {"page", 1, say_page},
};

static int say(struct server *s, const struct words *w, cJSON *answer, struct err *e)
{
	for (size_t i = 0; w->n && i < ARRAY_LEN(commands); i++) {
		if (!strcmp(commands[i].name, w->word[0]))
			return w->n < commands[i].words
				       ? err_set(e, ERR_USAGE, "%s needs more words", w->word[0])
				       : commands[i].say(s, w, answer, e);
	}
	return err_set(e, ERR_USAGE, "unknown command");
}

void control_say(struct server *s, const char *line, struct buf *answer)
{
	char copy[CONTROL_LINE];
	bool whole = text_copy(copy, sizeof(copy), line);
	struct words w = split(copy);
	cJSON *made = cJSON_CreateObject();
	struct err e = {0};
	char *text;
	int last;

	pthread_mutex_lock(&s->lock);
	last = whole ? say(s, &w, made, &e) : err_set(&e, ERR_USAGE, "line too long");
	pthread_mutex_unlock(&s->lock);
	cJSON_AddBoolToObject(made, "ok", !last);
	if (last) {
		cJSON_AddStringToObject(made, "error", err_name(e.code));
		cJSON_AddStringToObject(made, "detail", e.detail);
	}
	text = json_text(made);
	cJSON_Delete(made);
	buf_adds(answer, text ? text : "{\"ok\":false}");
	buf_adds(answer, "\n");
	cJSON_free(text);
}

/* --- the loop --- */

struct peer {
	int in, out;
	struct buf lines;
};

struct loop {
	struct control *control;
	int dir_fd, listen_fd;
	struct peer peer[PEERS];
	size_t n;
};

static bool control_address(int dir_fd, struct sockaddr_un *to)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	return text_format(to->sun_path, sizeof(to->sun_path), "/proc/self/fd/%d/" CONTROL_SOCKET, dir_fd);
}

static int open_socket(struct loop *l, const char *dir, struct err *e)
{
	struct sockaddr_un at;
	mode_t mask;
	int bad;

	l->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir_fd < 0)
		return err_errno(e, dir);
	l->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->listen_fd < 0)
		return err_errno(e, "socket");
	unlinkat(l->dir_fd, CONTROL_SOCKET, 0);
	mask = umask(0177);
	bad = !control_address(l->dir_fd, &at) || bind(l->listen_fd, (struct sockaddr *)&at, sizeof(at)) ||
	      listen(l->listen_fd, PEERS);
	umask(mask);
	return bad ? err_errno(e, CONTROL_SOCKET) : 0;
}

static void add_peer(struct loop *l, int in, int out)
{
	struct peer *p = &l->peer[l->n++];

	*p = (struct peer){.in = in, .out = out};
	buf_init(&p->lines, CONTROL_LINE * 4);
}

static void drop_peer(struct loop *l, size_t i)
{
	if (l->peer[i].in > STDERR_FILENO)
		close(l->peer[i].in);
	buf_release(&l->peer[i].lines);
	l->peer[i] = l->peer[--l->n];
}

static void take_peers(struct loop *l)
{
	int fd;

	while ((fd = accept4(l->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (l->n < PEERS)
			add_peer(l, fd, fd);
		else
			close(fd);
	}
}

/* False: gone. */
static bool serve_peer(struct loop *l, struct peer *p)
{
	struct buf line, answer;
	bool stays = io_fill(p->in, &p->lines) >= 0;

	buf_init(&line, CONTROL_LINE);
	buf_init(&answer, STATUS_MOST * 2);
	while (stays && io_take_line(&p->lines, &line)) {
		buf_reset(&answer);
		control_say(l->control->server, line.data ? line.data : "", &answer);
		stays = !io_write_all(p->out, answer.data, answer.len, NULL);
	}
	buf_release(&line);
	buf_release(&answer);
	return stays;
}

static void let_time_pass(struct control *c)
{
	struct server *s = c->server;
	int64_t now = clock_now_ms();
	struct err e = {0};
	size_t n;

	pthread_mutex_lock(&s->lock);
	if ((c->consent_after_ms >= 0 &&
	     office_decide_due(&s->office, true, now - c->consent_after_ms, &n, &e)) ||
	    (c->confirm_after_ms >= 0 &&
	     office_decide_due(&s->office, false, now - c->confirm_after_ms, &n, &e)) ||
	    (c->page_after_ms >= 0 && device_door_page(&s->devices, now - c->page_after_ms, &n, &e)))
		log_err("decisions that fall due", &e);
	pthread_mutex_unlock(&s->lock);
}

/* False: the end. */
static bool turn(struct loop *l)
{
	const struct control *c = l->control;
	bool timers = c->consent_after_ms >= 0 || c->confirm_after_ms >= 0 || c->page_after_ms >= 0, stays = true;
	struct pollfd p[PEERS + 2];
	size_t n = l->n;

	for (size_t i = 0; i < n; i++)
		p[i] = (struct pollfd){.fd = l->peer[i].in, .events = POLLIN};
	p[n] = (struct pollfd){.fd = l->listen_fd, .events = POLLIN};
	p[n + 1] = (struct pollfd){.fd = l->control->signal_fd, .events = POLLIN};
	if (poll(p, (nfds_t)n + 2, timers ? TICK_MS : -1) < 0)
		return errno == EINTR;
	if (timers)
		let_time_pass(l->control);
	for (size_t i = n; i-- > 0;) {
		if (!p[i].revents || serve_peer(l, &l->peer[i]))
			continue;
		stays = stays && l->peer[i].in != STDIN_FILENO; /* the lifeline is cut */
		drop_peer(l, i);
	}
	if (p[n].revents)
		take_peers(l);
	return stays && !p[n + 1].revents;
}

int control_run(struct control *c, const char *dir, struct err *e)
{
	struct loop l = {.control = c, .dir_fd = -1, .listen_fd = -1};
	int last = open_socket(&l, dir, e);

	if (!last && c->lifeline)
		add_peer(&l, STDIN_FILENO, STDOUT_FILENO);
	while (!last && turn(&l))
		;
	while (l.n)
		drop_peer(&l, l.n - 1);
	if (l.listen_fd >= 0) {
		unlinkat(l.dir_fd, CONTROL_SOCKET, 0);
		close(l.listen_fd);
	}
	if (l.dir_fd >= 0)
		close(l.dir_fd);
	return last;
}

int control_send(const char *dir, const char *line, struct buf *answer, bool *ok, struct err *e)
{
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1, last = -1;
	struct sockaddr_un at;
	struct buf in;
	cJSON *doc;

	buf_init(&in, STATUS_MOST * 2);
	if (dir_fd < 0) {
		err_errno(e, dir);
		goto out;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !control_address(dir_fd, &at) || connect(fd, (struct sockaddr *)&at, sizeof(at))) {
		err_set(e, ERR_NOT_FOUND, "no platform is running on %s", dir);
		goto out;
	}
	if (io_write_all(fd, line, strlen(line), e) || io_write_all(fd, "\n", 1, e))
		goto out;
	while (io_fill(fd, &in) > 0 && !io_take_line(&in, answer))
		;
	if (!answer->len || json_parse(&doc, answer->data, answer->len, STATUS_MOST * 2, e))
		goto out;
	*ok = json_bool(doc, "ok", false);
	cJSON_Delete(doc);
	last = 0;
out:
	if (last && e && !e->code)
		err_set(e, ERR_HELPER_DIED, "no answer");
	buf_release(&in);
	if (fd >= 0)
		close(fd);
	if (dir_fd >= 0)
		close(dir_fd);
	return last;
}
