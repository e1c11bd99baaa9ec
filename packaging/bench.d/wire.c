/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define PACKET_MOST 2048
#define QUEUE 8192 /* packets on their way in one direction; more are lost, as in any router */

/* --- devices --- */

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Root of a namespace of one's own; where we are root already, that will do. */
static bool become_root(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (!uid)
		return true;
	if (unshare(CLONE_NEWUSER))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (!write_text("/proc/self/setgroups", "deny") || !write_text("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return write_text("/proc/self/gid_map", map);
}

static void address(struct ifreq *r, const char *text)
{
	struct sockaddr_in in = {.sin_family = AF_INET};

	inet_pton(AF_INET, text, &in.sin_addr);
	memcpy(&r->ifr_addr, &in, sizeof(in));
}

static bool up(int s, struct ifreq *r)
{
	if (ioctl(s, SIOCGIFFLAGS, r))
		return false;
	r->ifr_flags |= IFF_UP;
	return !ioctl(s, SIOCSIFFLAGS, r);
}

static bool bring_up(const char *own, const char *peer)
{
	struct ifreq lo = {.ifr_name = "lo"}, r = {.ifr_name = "wire"};
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool done;

	address(&r, own);
	done = s >= 0 && up(s, &lo) && !ioctl(s, SIOCSIFADDR, &r);
	address(&r, peer);
	done = done && !ioctl(s, SIOCSIFDSTADDR, &r) && up(s, &r);
	if (s >= 0)
		close(s);
	return done;
}

/* In the namespace that this process is in. -1: it cannot be. */
static int make_tun(const char *own, const char *peer)
{
	struct ifreq r = {.ifr_name = "wire", .ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 && !ioctl(fd, TUNSETIFF, &r) && bring_up(own, peer))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- the forwarder --- */

struct packet {
	double due;
	size_t n;
	unsigned char data[PACKET_MOST];
};
struct lane {
	int from, to;
	struct packet *ring;
	size_t first, n;
};

static uint64_t dice = 0x9E3779B97F4A7C15u;

static unsigned percent(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (unsigned)(dice >> 33) % 100;
}

static void take(struct lane *l, int delay_ms, int loss)
{
	for (;;) {
		unsigned char beyond[PACKET_MOST];
		struct packet *p = l->n < QUEUE ? &l->ring[(l->first + l->n) % QUEUE] : NULL;
		ssize_t got = read(l->from, p ? p->data : beyond, PACKET_MOST);

		if (got <= 0)
			return;
		if (!p || percent() < (unsigned)loss)
			continue;
		p->n = (size_t)got;
		p->due = bench_ms() + delay_ms;
		l->n++;
	}
}

static void give(struct lane *l)
{
	for (; l->n && l->ring[l->first].due <= bench_ms(); l->n--) {
		const struct packet *p = &l->ring[l->first];

		if (write(l->to, p->data, p->n) < 0 && errno != EAGAIN)
			perror("wire");
		l->first = (l->first + 1) % QUEUE;
	}
}

static int until_due(const struct lane lanes[2])
{
	double wait = 1000, now = bench_ms();

	for (int i = 0; i < 2; i++)
		if (lanes[i].n && lanes[i].ring[lanes[i].first].due - now < wait)
			wait = lanes[i].ring[lanes[i].first].due - now;
	return wait < 0 ? 0 : (int)wait + 1;
}

static _Noreturn void forward(int here, int there, int delay_ms, int loss)
{
	struct lane lanes[2] = {{here, there, calloc(QUEUE, sizeof(struct packet)), 0, 0}, {there, here, calloc(QUEUE, sizeof(struct packet)), 0, 0}};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (lanes[0].ring && lanes[1].ring) {
		struct pollfd p[2] = {{.fd = here, .events = POLLIN}, {.fd = there, .events = POLLIN}};

		poll(p, 2, until_due(lanes));
		take(&lanes[0], delay_ms, loss);
		take(&lanes[1], delay_ms, loss);
		give(&lanes[0]);
		give(&lanes[1]);
	}
	_exit(1);
}

/* --- both sides --- */

static bool send_fd(int to, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
	struct iovec io = {&byte, 1};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &m, 0) == 1;
}

static int receive_fd(int from)
{
	char room[CMSG_SPACE(sizeof(int))] = {0}, byte;
	struct iovec io = {&byte, 1};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *c;
	int fd = -1;

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != 1 || !(c = CMSG_FIRSTHDR(&m)))
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static _Noreturn void be_far(int link, int go, void (*far_side)(void *arg), void *arg)
{
	char byte;
	int tun;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) || (tun = make_tun(WIRE_THERE, WIRE_HERE)) < 0 || !send_fd(link, tun))
		_exit(1);
	close(link);
	if (read(go, &byte, 1) == 1)
		far_side(arg);
	_exit(0);
}

static bool refused(const char *what)
{
	fprintf(stderr, "no line to measure over: %s (%s)\n", what, strerror(errno));
	return false;
}

bool wire_open(struct wire *w, int delay_ms, int loss_percent, void (*far_side)(void *arg), void *arg)
{
	int link[2], go[2], here, there;

	*w = (struct wire){.go = -1};
	if (!become_root() || unshare(CLONE_NEWNET))
		return refused("a network namespace");
	here = make_tun(WIRE_HERE, WIRE_THERE);
	if (here < 0)
		return refused("/dev/net/tun");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) || pipe2(go, O_CLOEXEC))
		return refused("a pipe");
	w->far = fork();
	if (!w->far)
		be_far(link[1], go[0], far_side, arg);
	close(link[1]);
	close(go[0]);
	w->go = go[1];
	there = w->far > 0 ? receive_fd(link[0]) : -1;
	close(link[0]);
	if (there < 0)
		return refused("the other side");
	w->forwarder = fork();
	if (!w->forwarder)
		forward(here, there, delay_ms, loss_percent);
	close(here);
	close(there);
	return w->forwarder > 0;
}

void wire_go(struct wire *w)
{
	if (write(w->go, "", 1) != 1)
		perror("wire");
}

void wire_close(struct wire *w)
{
	pid_t both[] = {w->forwarder, w->far};

	for (int i = 0; i < 2; i++) {
		if (both[i] > 0) {
			kill(both[i], SIGTERM);
			waitpid(both[i], NULL, 0);
		}
	}
	if (w->go >= 0)
		close(w->go);
}
