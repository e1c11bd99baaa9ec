/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/practice.h"

#include <argp.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/desk.h"
#include "domain/lifecycle.h"
#include "practice_dir.h"
#include "practice_door.h"
#include "practice_services.h"
#include "practice_site.h"
#include "profile/profile.h"

#define CONSENT_SECONDS "4" /* long enough to see the state wait for it, short enough to wait */
#define HOLD_SECONDS "3"
#define POLL_SECONDS "3"
#define RUNNER_MS 2000

struct practice {
	struct practice_dirs dirs;
	struct practice_services services;
	struct practice_door door;
	char account[80]; /* of the open.api, for the platform */
	char gateway[32]; /* 127.0.0.1:PORT */
	bool direct;      /* the region has devices speak to the platform themselves: none comes here */
	char notice[1024];
};

/* The platform answers for any region: it is told which steps this one leaves out. */
static int platform_arguments(struct practice *practice, const char **argv, size_t cap, struct err *e)
{
	struct profile *p = NULL;
	size_t n = 0;

	if (profile_load(&p, NULL, practice->door.profile, e) != 0)
		return -1;
	practice->direct = profile_flag(p, "devices.direct", false);
	argv[n++] = "--consent-after";
	argv[n++] = CONSENT_SECONDS;
	argv[n++] = "--consent-known"; /* the weeks behind the site are older than this platform */
	for (int event = EVENT_NONE + 1; event < EVENT_COUNT && n + 3 <= cap; event++)
		if (lifecycle_may_leave_out((enum event)event) && !profile_has_step(p, (enum event)event) &&
		    !profile_reports(p, (enum event)event)) {
			argv[n++] = "--left-out";
			argv[n++] = event_name((enum event)event);
		}
	argv[n] = NULL;
	practice_door_arguments(&practice->door, practice->account, sizeof(practice->account), argv, cap, &n);
	profile_free(p);
	return 0;
}

static int make_site(struct practice *p, struct err *e)
{
	struct practice_site site = { .dir = p->dirs.data, .profile = p->door.profile,
		.token = p->door.speaks == DIALECT_OPEN_API ? p->door.secret : p->dirs.token,
		.admin_password = p->dirs.admin, .hold_seconds = HOLD_SECONDS, .poll_seconds = POLL_SECONDS, .weeks = true };

	return practice_site_make(&site, e) != 0 ? -1 : practice_dirs_made(&p->dirs, e);
}

static int connect_site(struct practice *p, struct err *e)
{
	struct practice_places at = { .url = p->services.url, .ca_file = p->services.ca_file, .gateway = p->direct ? "" : p->gateway,
		.device = p->door.speaks == DIALECT_DEVICE };
	char address[40];
	int port;

	if (at.device) {
		if (practice_platform_device_port(&p->services, &port, e) != 0)
			return -1;
		text_format(address, sizeof(address), "tcp://127.0.0.1:%d", port);
		at.url = address;
	}
	if (practice_gateway_address(p->gateway, sizeof(p->gateway), e) != 0 || practice_site_connect(p->dirs.data, p->dirs.admin, &at, e) != 0)
		return -1;
	return p->direct ? 0 : practice_device_start(&p->services, p->gateway, PRACTICE_DEVICE, e);
}

static void write_notice(struct practice *p)
{
	size_t n = 0;

	n += (size_t)snprintf(p->notice, sizeof(p->notice), "%s\n", _("练习工地：人员、证件、单位都是虚构的，不会碰到真实数据。"));
	for (size_t i = 0; i < practice_accounts_n && n < sizeof(p->notice); i++)
		n += (size_t)snprintf(p->notice + n, sizeof(p->notice) - n, _("%s：帐号 %s，口令 %s\n"), _(practice_accounts[i].display),
			practice_accounts[i].name, PRACTICE_PASSWORD);
}

/* A helper that has gone must not take us along when we write to it. */
static void ignore_broken_pipes(void)
{
	signal(SIGPIPE, SIG_IGN);
}

int practice_open(struct practice **out, const struct practice_options *options, struct err *e)
{
	const char *arguments[48];
	char name[sizeof(((struct practice_dirs *)0)->profile)] = "";
	struct practice *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_MEMORY, "practice");
	p->dirs.lock = -1;
	ignore_broken_pipes();
	if (!practice_door_name(options->profile, options->door, name, sizeof(name))) {
		practice_close(p);
		return err_set(e, ERR_USAGE, "%s", options->door ? options->door : options->profile);
	}
	if (practice_dirs_open(&p->dirs, options->dir, name[0] ? name : NULL, options->fresh, e) != 0 || practice_door_open(&p->door, &p->dirs, e) != 0 ||
	    platform_arguments(p, arguments, ARRAY_LEN(arguments), e) != 0 ||
	    practice_services_init(&p->services, p->dirs.runtime, e) != 0 ||
	    practice_cards_start(&p->services, NULL, e) != 0 ||
	    practice_platform_start(&p->services, p->dirs.platform, p->dirs.token, arguments, e) != 0 ||
	    (!p->dirs.made && make_site(p, e) != 0) ||
	    connect_site(p, e) != 0) {
		practice_close(p);
		return -1;
	}
	/* Nobody reads the module's answers from here on: it must not wait for a reader of them. */
	close(p->services.module.out);
	p->services.module.out = -1;
	write_notice(p);
	*out = p;
	return 0;
}

/* Runner and gateway are nobody's child, so that another session may keep it. Here there is no other: who listens on its socket is told to end,
 * and it is waited for. Killed with the rest of us it ends by itself when its last session has gone. */
static int connect_helper(const struct practice *p, const char *name, struct ucred *who)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	socklen_t n = sizeof(*who);
	int dir = open(p->dirs.data, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1, rc = -1;

	if (dir < 0)
		return -1;
	text_format(to.sun_path, sizeof(to.sun_path), "/proc/self/fd/%d/%s", dir, name);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &n) == 0)
		rc = 0;
	if (fd >= 0)
		close(fd);
	close(dir);
	return rc;
}

static void end_helper(const struct practice *p, const char *name)
{
	int64_t until = clock_steady_ms() + RUNNER_MS;
	struct ucred who;

	while (p->dirs.data[0] && connect_helper(p, name, &who) == 0 && clock_steady_ms() < until) {
		if (who.uid == geteuid() && who.pid > 1 && who.pid != getpid())
			kill(who.pid, SIGTERM);
		poll(NULL, 0, 10);
	}
}

void practice_close(struct practice *p)
{
	if (!p)
		return;
	if (p->services.runtime) { /* the lock is ours: nobody else's helpers can be there */
		end_helper(p, DESK_SOCKET);
		end_helper(p, DESK_GATEWAY_SOCKET);
	}
	practice_services_stop(&p->services);
	practice_dirs_close(&p->dirs);
	free(p);
}

const char *practice_dir(const struct practice *p)
{
	return p->dirs.dir;
}

const char *practice_data_dir(const struct practice *p)
{
	return p->dirs.data;
}

const char *practice_notice(const struct practice *p)
{
	return p->notice;
}

int practice_card_control(const struct practice *p)
{
	return p->services.module.in;
}

const struct practice_card *practice_cards(const struct practice *p, size_t *n)
{
	*n = p->services.n_cards;
	return p->services.card;
}

/* --- the subcommand ------------------------------------------------------------------------------------------------------------------- */

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct practice_options *o = state->input;

	switch (key) {
	case 'd':
		o->dir = arg;
		return 0;
	case 'p':
		o->profile = arg;
		return 0;
	case 'o':
		o->door = arg;
		return 0;
	case 'f':
		o->fresh = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int practice_command(int argc, char **argv, practice_screens open_screens)
{
	const struct argp_option options[] = {
		{ "dir", 'd', "DIR", 0, _("练习目录（默认 ~/.local/state/shiming/practice/地区）"), 0 },
		{ "profile", 'p', "NAME", 0, _("地区规则（默认 national）"), 0 },
		{ "door", 'o', "DIALECT", 0, _("练习平台的另一种接口：native、open_api（国家标准接口）、device（设备直连）；默认按地区规则"), 0 },
		{ "fresh", 'f', NULL, 0, _("从头开始：丢弃以前的练习内容"), 0 },
		{ 0 },
	};
	const struct argp parser = { .options = options, .parser = take_option,
		.doc = _("在虚构的工地上练习全部工作：本机的参考平台、模拟的读卡器、虚构的人员。离开时全部结束。") };
	struct practice_options o = { 0 };
	struct practice *p = NULL;
	struct err e = { 0 };
	int rc;

	argp_err_exit_status = 2;
	if (argp_parse(&parser, argc, argv, 0, NULL, &o) != 0)
		return 2;
	rc = practice_open(&p, &o, &e);
	if (rc == 0)
		rc = open_screens(p, &e);
	practice_close(p);
	if (rc == 0)
		return 0;
	fprintf(stderr, "shiming practice: %s（%s）\n%s\n", err_sentence(e.code), e.detail, err_advice(e.code));
	return err_exit_status(e.code);
}
