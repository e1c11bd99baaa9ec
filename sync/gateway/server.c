/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gateway/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define READ_BYTES 65536
#define EVENTS 64

struct gateway_line {
	int fd;
	uint32_t address;
	struct conversation talk;
	int64_t heard_wall_ms, saved_wall_ms;
};

/* --- listening --------------------------------------------------------------------------------------- */

void gateway_init(struct gateway *g, struct desk *d)
{
	*g = (struct gateway){.desk = d, .ops = &gateway_desk_ops, .listen_fd = -1, .epoll_fd = -1};
}

/* Loopback, 10/8, 172.16/12, 192.168/16: the protocol is plain and its log-in has no secret. */
static bool is_near(struct in_addr a)
{
	uint32_t n = ntohl(a.s_addr);

	return n >> 24 == 127 || n >> 24 == 10 || n >> 20 == 0xAC1 || n >> 16 == 0xC0A8;
}

static int address_of(const char *at, struct sockaddr_in *out, struct err *e)
{
	char host[INET_ADDRSTRLEN];
	const char *colon = strrchr(at, ':');

	*out = (struct sockaddr_in){.sin_family = AF_INET};
	if (!colon || (size_t)(colon - at) >= sizeof(host) || !text_is_digits(colon + 1) || strlen(colon + 1) > 5 || atoi(colon + 1) > 65535)
		return err_set(e, ERR_GATEWAY_ADDRESS, "%s", at);
	memcpy(host, at, (size_t)(colon - at));
	host[colon - at] = '\0';
	out->sin_port = htons((uint16_t)atoi(colon + 1));
	if (inet_pton(AF_INET, host, &out->sin_addr) != 1 || !is_near(out->sin_addr))
		return err_set(e, ERR_GATEWAY_ADDRESS, "%s", at);
	return 0;
}

static int watch(struct gateway *g, int op, int fd, uint32_t events, void *who)
{
	struct epoll_event ev = {.events = events, .data.ptr = who};

	return epoll_ctl(g->epoll_fd, op, fd, &ev);
}

int gateway_listen(struct gateway *g, const char *at, struct err *e)
{
	struct sockaddr_in to;
	socklen_t size = sizeof(to);
	int yes = 1;

	if (address_of(at, &to, e))
		return -1;
	g->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	g->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (g->epoll_fd < 0 || g->listen_fd < 0 || setsockopt(g->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
	    bind(g->listen_fd, (struct sockaddr *)&to, sizeof(to)) || listen(g->listen_fd, 128) ||
	    getsockname(g->listen_fd, (struct sockaddr *)&to, &size) || watch(g, EPOLL_CTL_ADD, g->listen_fd, EPOLLIN, NULL))
		return err_errno(e, at);
	g->port = ntohs(to.sin_port);
	return 0;
}

/* --- lines ------------------------------------------------------------------------------------------- */

static void hang_up(struct gateway *g, size_t i)
{
	struct gateway_line *l = g->line[i];

	close(l->fd); /* leaves the epoll set by itself */
	conversation_release(&l->talk);
	free(l);
	g->line[i] = g->line[--g->n];
}

static size_t from_address(const struct gateway *g, uint32_t address)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->line[i]->address == address;
	return n;
}

static bool add_line(struct gateway *g, int fd, uint32_t address)
{
	struct gateway_line *l = g->n < GATEWAY_LINES && from_address(g, address) < GATEWAY_PER_ADDRESS ? calloc(1, sizeof(*l)) : NULL;
	int yes = 1;

	if (!l)
		return false;
	*l = (struct gateway_line){.fd = fd, .address = address};
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) || watch(g, EPOLL_CTL_ADD, fd, EPOLLIN, l)) {
		free(l);
		return false;
	}
	conversation_init(&l->talk, clock_steady_ms());
	g->line[g->n++] = l;
	return true;
}

static void greet(struct gateway *g)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	int fd;

	while ((fd = accept4(g->listen_fd, (struct sockaddr *)&from, &size, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		size = sizeof(from);
		if (!add_line(g, fd, from.sin_addr.s_addr)) {
			log_write(LOG_WRN, "a device's line was refused: too many");
			close(fd);
		}
	}
}

static void hear(struct gateway_line *l)
{
	char chunk[READ_BYTES];
	size_t room = conversation_room(&l->talk);
	ssize_t n;

	if (!room)
		return;
	n = recv(l->fd, chunk, room < sizeof(chunk) ? room : sizeof(chunk), 0);
	if (n > 0)
		conversation_take(&l->talk, chunk, (size_t)n, clock_steady_ms());
	else if (!n || (errno != EAGAIN && errno != EINTR))
		l->talk.over = true;
	if (n > 0)
		wipe(chunk, (size_t)n);
}

/* Also where nothing was to be said: then the line is read from again. */
static void say(struct gateway *g, struct gateway_line *l)
{
	struct conversation *c = &l->talk;
	ssize_t n;

	while (c->out.len && !c->over) {
		n = send(l->fd, c->out.data + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
		if (n > 0)
			conversation_sent(c, (size_t)n);
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			c->over = true;
	}
	if (!c->over && watch(g, EPOLL_CTL_MOD, l->fd, c->out.len ? EPOLLOUT : EPOLLIN, l))
		c->over = true;
}

/* --- answering --------------------------------------------------------------------------------------- */

/* H5: the device whose newest line this is has no other. */
static void only_one(struct gateway *g, const struct gateway_line *now)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->line[i] != now && g->line[i]->talk.device.id == now->talk.device.id)
			g->line[i]->talk.over = true;
}

static void log_in(struct gateway *g, struct gateway_line *l, bool *stored)
{
	struct err e = {ERR_NONE};

	if (conversation_answer(&l->talk, g->desk, g->ops, clock_steady_ms(), stored, &e))
		log_err("log-in", &e);
	if (!l->talk.device.id)
		return;
	l->heard_wall_ms = clock_now_ms();
	only_one(g, l);
}

static int turn_to(struct gateway *g, int64_t project, struct err *e)
{
	const struct project *p = desk_project(g->desk);

	return p && p->id == project ? 0 : desk_project_use(g->desk, project, e);
}

/* One transaction's worth of one project's questions. More is left where the time is over. */
static int answer_some(struct gateway *g, int64_t project, bool *stored, struct err *e)
{
	int64_t began = clock_steady_ms();
	struct err own = {ERR_NONE};
	bool login;

	if (turn_to(g, project, e) || desk_group_begin(g->desk, e))
		return -1;
	for (size_t i = 0; i < g->n && clock_steady_ms() - began < GATEWAY_GROUP_MS; i++) {
		struct conversation *c = &g->line[i]->talk;

		if (c->device.project != project || !conversation_asks(c, &login) || login)
			continue;
		g->line[i]->heard_wall_ms = clock_now_ms();
		if (conversation_answer(c, g->desk, g->ops, clock_steady_ms(), stored, &own)) {
			log_err("device", &own);
			own = (struct err){ERR_NONE};
		}
	}
	return desk_group_end(g->desk, true, e);
}

/* What was not committed was not said. */
static void unsaid(struct gateway *g, int64_t project)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->line[i]->talk.device.project == project && g->line[i]->talk.out.len && !g->line[i]->talk.sent)
			g->line[i]->talk.over = true;
}

static int64_t who_asks(struct gateway *g)
{
	bool login;

	for (size_t i = 0; i < g->n; i++)
		if (conversation_asks(&g->line[i]->talk, &login) && !login)
			return g->line[i]->talk.device.project;
	return 0;
}

static void say_all(struct gateway *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->line[i]->talk.out.len)
			say(g, g->line[i]);
}

static int answer_all(struct gateway *g, bool *stored, struct err *e)
{
	struct err own = {ERR_NONE};
	int64_t project;
	bool login;

	for (size_t i = 0; i < g->n; i++)
		if (conversation_asks(&g->line[i]->talk, &login) && login)
			log_in(g, g->line[i], stored);
	while ((project = who_asks(g))) {
		own = (struct err){ERR_NONE};
		if (answer_some(g, project, stored, &own)) {
			log_err("devices", &own);
			unsaid(g, project);
			if (err_class_of(own.code) == ERR_CLASS_FATAL)
				return err_set(e, own.code, "%s", own.detail);
			break; /* the others ask again with the next turn */
		}
		say_all(g);
	}
	say_all(g);
	return 0;
}

/* --- who was heard ----------------------------------------------------------------------------------- */

static void save_heard(struct gateway *g)
{
	struct device_heard *heard = calloc(g->n + 1, sizeof(*heard));
	struct err e = {ERR_NONE};
	size_t n = 0;

	for (size_t i = 0; heard && i < g->n; i++) {
		struct gateway_line *l = g->line[i];

		if (l->talk.device.id && l->heard_wall_ms != l->saved_wall_ms)
			heard[n++] = (struct device_heard){l->talk.device.id, l->heard_wall_ms};
		l->saved_wall_ms = l->heard_wall_ms;
	}
	if (n && desk_gateway_heard(g->desk, heard, n, &e))
		log_err("devices heard", &e);
	free(heard);
	g->heard_saved_ms = clock_steady_ms();
}

static void sweep(struct gateway *g)
{
	int64_t now = clock_steady_ms();
	bool gone = false;

	for (size_t i = 0; i < g->n; i++) {
		g->line[i]->talk.over |= conversation_overdue(&g->line[i]->talk, now);
		gone |= g->line[i]->talk.over && g->line[i]->heard_wall_ms != g->line[i]->saved_wall_ms;
	}
	if (gone || now - g->heard_saved_ms >= GATEWAY_HEARD_MS)
		save_heard(g);
	for (size_t i = g->n; i-- > 0;)
		if (g->line[i]->talk.over)
			hang_up(g, i);
}

int gateway_turn(struct gateway *g, bool *stored, struct err *e)
{
	struct epoll_event events[EVENTS];
	int n;

	*stored = false;
	while ((n = epoll_wait(g->epoll_fd, events, EVENTS, 0)) > 0) {
		for (int i = 0; i < n; i++) {
			struct gateway_line *l = events[i].data.ptr;

			if (!l)
				greet(g);
			else if (events[i].events & EPOLLOUT)
				say(g, l);
			else
				hear(l);
		}
		if (answer_all(g, stored, e))
			return -1;
		sweep(g); /* before the next events: a line that is over is in none of them */
		if (n < EVENTS)
			break;
	}
	if (answer_all(g, stored, e)) /* what could not be stored a moment ago */
		return -1;
	sweep(g);
	return n < 0 && errno != EINTR ? err_errno(e, "epoll") : 0;
}

void gateway_release(struct gateway *g)
{
	if (g->n)
		save_heard(g);
	while (g->n)
		hang_up(g, g->n - 1);
	if (g->listen_fd >= 0)
		close(g->listen_fd);
	if (g->epoll_fd >= 0)
		close(g->epoll_fd);
	g->listen_fd = g->epoll_fd = -1;
}
