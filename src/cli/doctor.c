/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor: what is wrong with this machine, in plain words, and what to type to mend it (U15). Works without a data directory and without an
 * account; says nothing of anybody's data (S9). One check is one row of the table at the end.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/child.h"
#include "base/dates.h"
#include "base/confine.h"
#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/card_socket.h"
#include "desk/commands.h"
#include "desk/upkeep.h"
#include "desk/upload.h"
#include "domain/id_card.h"
#include "profile/profile.h"
#include "report.h"

#define ASK_MS 5000 /* the way to the clerk's own PC may be slow */
#define MIB (1024 * 1024)
#define DISK_FEW (200LL * MIB)
#define DISK_TOO_FEW (20LL * MIB)
#define BUILT_IN 2026 /* no clock of ours can be right before this */

enum health { HEALTH_GOOD, HEALTH_NOTE, HEALTH_BAD, HEALTH_SKIPPED };

struct check {
	enum health health;
	enum err_code code; /* where it is an error of ours */
	char found[320]; /* what is */
	char cure[640];  /* what to do or type; "" when there is nothing to do */
};

struct examination {
	struct cli *cli;
	struct err opened; /* why the data directory could not be opened; ERR_NONE: it is open */
};

#define SAY(c, h, f, ...)                                                                                    \
	do {                                                                                                 \
		(c)->health = (h);                                                                           \
		text_format((c)->found, sizeof((c)->found), (f), __VA_ARGS__);                               \
	} while (0)
#define CURE(c, f, ...) text_format((c)->cure, sizeof((c)->cure), (f), __VA_ARGS__)

static void say_error(struct check *c, enum health health, const struct err *e)
{
	if (*e->detail)
		SAY(c, health, _("%s（%s）"), err_sentence(e->code), e->detail);
	else
		SAY(c, health, "%s", err_sentence(e->code));
	CURE(c, "%s", err_advice(e->code));
	c->code = e->code;
}

/* --- the program's own parts ---------------------------------------------------------------------------------------------- */

static void check_helpers(struct examination *x, struct check *c)
{
	static const char *const names[] = {"shiming-reader", "shiming-sync", "shiming-gateway", "shiming-picture"};
	char path[4096], missing[128] = "";
	struct err e;

	(void)x;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (child_helper_path(names[i], path, sizeof(path), &e))
			text_format(missing + strlen(missing), sizeof(missing) - strlen(missing), "%s%s", *missing ? " " : "", names[i]);
	if (!*missing) {
		SAY(c, HEALTH_GOOD, "%s", _("都在"));
		return;
	}
	SAY(c, HEALTH_BAD, _("缺少 %s"), missing);
	CURE(c, "%s", "sudo apt install --reinstall shiming");
}

static void check_profiles(struct examination *x, struct check *c)
{
	char names[64][32], dir[4096] = "";
	int n;
	struct err e = {0};

	(void)x;
	if (profile_directory(dir, sizeof(dir), &e)) {
		say_error(c, HEALTH_BAD, &e);
		return;
	}
	n = profile_list(NULL, names, ARRAY_LEN(names));
	SAY(c, n ? HEALTH_GOOD : HEALTH_BAD, _("%d 个，在 %s"), n, dir);
	for (int i = 0; i < n; i++) {
		struct profile *p = NULL;

		if (profile_load(&p, NULL, names[i], &e)) {
			say_error(c, HEALTH_BAD, &e);
			CURE(c, "shiming profile check %s/%s.json", dir, names[i]);
		}
		profile_free(p);
	}
}

/* --- cards -------------------------------------------------------------------------------------------------------------------- */

static bool answers(const char *path, int *why)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good;

	if (fd < 0 || !text_copy(name.sun_path, sizeof(name.sun_path), path)) {
		*why = errno;
		if (fd >= 0)
			close(fd);
		return false;
	}
	good = connect(fd, (struct sockaddr *)&name, sizeof(name)) == 0;
	*why = errno;
	close(fd);
	return good;
}

static void say_protocol(struct check *c, const struct card_socket *s, const struct card_protocol *p)
{
	const char *releases = card_protocol_releases(p);

	if (*releases)
		SAY(c, HEALTH_GOOD, _("正在运行（%s，协议 %d:%d，pcsc-lite %s）"), s->path, p->major, p->minor, releases);
	else
		SAY(c, HEALTH_GOOD, _("正在运行（%s，协议 %d:%d）"), s->path, p->major, p->minor);
}

/* What lies where ssh forwards to, and why it is not used. */
static void check_forward(struct examination *x, struct check *c)
{
	struct card_socket s;

	(void)x;
	card_socket_find(&s);
	switch (s.forward) {
	case CARD_FORWARD_NONE:
		SAY(c, HEALTH_GOOD, "%s", s.place == CARD_SOCKET_IS_GIVEN ? _("没有查看：环境变量 PCSCLITE_CSOCK_NAME 另有指定")
									  : _("没有；读卡器接在本机时不需要"));
		break;
	case CARD_FORWARD_LISTENING:
		SAY(c, HEALTH_GOOD, _("采用您电脑上的读卡服务（%s）"), s.forwarded);
		break;
	case CARD_FORWARD_STALE:
		SAY(c, HEALTH_BAD, _("%s 是上次登录留下的，已没有人接听"), s.forwarded);
		CURE(c, _("退出登录，再从您的电脑重新 ssh 登录；先删除它：rm %s；服务器的 sshd 应有 StreamLocalBindUnlink yes"), s.forwarded);
		break;
	case CARD_FORWARD_FOREIGN:
		SAY(c, HEALTH_BAD, _("%s 属主是 %u、权限是 %06o，不是您本人独有目录里的套接字，没有采用"), s.forwarded, (unsigned)s.owner,
		    s.mode);
		CURE(c, _("ls -ld %s；目录应属于您、权限 0700；请 IT 人员删除不属于您的文件后重新 ssh 登录"), s.forwarded);
		break;
	case CARD_FORWARD_OPEN:
		SAY(c, HEALTH_BAD, _("%s 权限是 %04o，别人也能使用您的读卡器，没有采用"), s.forwarded, s.mode & 07777);
		CURE(c, _("chmod 600 %s；服务器的 sshd 应有 StreamLocalBindMask 0177"), s.forwarded);
		break;
	case CARD_FORWARD_DENIED:
		SAY(c, HEALTH_BAD, _("%s 权限是 %04o，您自己打不开"), s.forwarded, s.mode & 07777);
		CURE(c, _("chmod 600 %s；服务器的 sshd 应有 StreamLocalBindMask 0177"), s.forwarded);
		break;
	}
}

static void say_no_service(struct check *c, const struct card_socket *s, const struct err *e)
{
	if (s->place == CARD_SOCKET_IS_FORWARD) {
		SAY(c, HEALTH_BAD, "%s", err_sentence(card_socket_cause(s, ERR_CARD_SERVICE)));
		CURE(c, "%s", err_advice(card_socket_cause(s, ERR_CARD_SERVICE)));
	} else if (e->code == ERR_NO_PERMISSION) {
		SAY(c, HEALTH_BAD, _("系统不允许本会话使用（%s）"), s->path);
		CURE(c, "%s", _("请 IT 人员安装 shiming 的 polkit 规则，或在本机桌面会话中使用"));
	} else if (access("/usr/sbin/pcscd", X_OK)) {
		SAY(c, HEALTH_BAD, "%s", _("没有安装"));
		CURE(c, "%s", "sudo apt install pcscd");
	} else {
		SAY(c, HEALTH_BAD, _("没有运行（%s）"), s->path);
		CURE(c, "%s", "sudo systemctl enable --now pcscd.socket");
	}
}

static void check_pcscd(struct examination *x, struct check *c)
{
	struct card_protocol p;
	struct card_socket s;
	struct err e = {0};

	(void)x;
	card_socket_find(&s);
	if (card_socket_ask(&s, ASK_MS, &p, &e))
		say_no_service(c, &s, &e);
	else
		say_protocol(c, &s, &p);
}

struct seen {
	int usable, plain;
	struct err trouble; /* of the first that has one, with its name */
};

static void see_reader(void *arg, const struct card_event *ev)
{
	struct seen *s = arg;

	if (ev->reader_kind == CARD_READER_PLAIN)
		s->plain++;
	else if (!ev->cause)
		s->usable++;
	else if (!s->trouble.code)
		err_set(&s->trouble, ev->cause, "%s", ev->reader);
}

static void check_readers(struct examination *x, struct check *c)
{
	struct err e = {0};
	struct seen s = {0};
	int n = card_readers(see_reader, &s, &e);

	(void)x;
	if (n < 0 && e.code == ERR_CARD_VERSION) {
		SAY(c, HEALTH_BAD, "%s", err_sentence(e.code));
		CURE(c, "%s", _("在两台电脑上都运行 dpkg -l pcscd libpcsclite1 比较版本；pcsc-lite 2.3 与更早的版本互不相认，都升级到同一版 Debian"));
	} else if (n < 0) {
		say_error(c, HEALTH_BAD, &e);
	} else if (s.usable) {
		SAY(c, HEALTH_GOOD, _("找到 %d 个可读身份证的"), s.usable);
	} else if (s.trouble.code) {
		say_error(c, HEALTH_BAD, &s.trouble);
	} else if (s.plain) {
		SAY(c, HEALTH_BAD, "%s", err_sentence(ERR_CARD_NO_MODULE));
		CURE(c, "%s", err_advice(ERR_CARD_NO_MODULE));
	} else {
		SAY(c, HEALTH_NOTE, "%s", err_sentence(ERR_CARD_NO_READER));
		CURE(c, "%s", _("插好读卡器；串口读卡器要在 /etc/reader.conf.d 中登记；USB 读卡器可用 lsusb 看是否有 0400:c35a"));
	}
}

/* --- machine ------------------------------------------------------------------------------------------------------------------- */

static void check_clock(struct examination *x, struct check *c)
{
	struct timex t = {0};
	char now[STAMP_TEXT];
	int year, month, day, state;

	(void)x;
	stamp_format(clock_now_ms(), now);
	date_to_ymd(date_today(), &year, &month, &day);
	state = adjtimex(&t);
	if (year < BUILT_IN || year > BUILT_IN + 30) {
		SAY(c, HEALTH_BAD, _("系统时间是 %s，明显不对"), now);
		CURE(c, "%s", "sudo timedatectl set-ntp true");
	} else if (state < 0 || (t.status & STA_UNSYNC)) {
		SAY(c, HEALTH_NOTE, _("系统时间是 %s（北京时间），没有与网络对时"), now);
		CURE(c, "%s", _("核对钟点；能上网时：sudo timedatectl set-ntp true"));
	} else {
		SAY(c, HEALTH_GOOD, _("%s（北京时间），已对时"), now);
	}
}

/* The nearest directory above that exists: where the data would be made. */
static void existing(const char *dir, char *out, size_t size)
{
	struct stat st;
	char *slash;

	text_copy(out, size, dir);
	while (*out && stat(out, &st) && (slash = strrchr(out, '/')))
		*slash = '\0';
	if (!*out)
		text_copy(out, size, "/");
}

static void check_disk(struct examination *x, struct check *c)
{
	char dir[4096];
	struct statvfs v;
	long long left;

	existing(x->cli->dir, dir, sizeof(dir));
	if (statvfs(dir, &v)) {
		SAY(c, HEALTH_BAD, "%s: %s", dir, strerror(errno));
		return;
	}
	left = (long long)v.f_bavail * (long long)v.f_frsize;
	SAY(c, left < DISK_TOO_FEW ? HEALTH_BAD : left < DISK_FEW ? HEALTH_NOTE : HEALTH_GOOD, _("%s 还有 %lld MiB"), dir, left / MIB);
	if (left < DISK_FEW)
		CURE(c, "%s", _("清理磁盘，至少留出 200 MiB：du -xh / | sort -h | tail"));
	if (v.f_flag & ST_RDONLY) {
		SAY(c, HEALTH_BAD, _("%s 是只读的"), dir);
		CURE(c, _("检查磁盘：dmesg | tail；恢复后：sudo mount -o remount,rw %s"), dir);
	}
}

/* --- data ----------------------------------------------------------------------------------------------------------------------- */

static void cure_modes(const struct examination *x, struct check *c)
{
	struct passwd *me = getpwuid(getuid());

	if (getegid() != getgid())
		CURE(c, "sudo chown :shiming %s && sudo chmod 2770 %s && sudo chmod 0660 %s/" DESK_FILE, x->cli->dir, x->cli->dir,
		     x->cli->dir);
	else
		CURE(c, "sudo chown -R %s %s && chmod 700 %s && chmod 600 %s/" DESK_FILE "*", me ? me->pw_name : "$USER", x->cli->dir,
		     x->cli->dir, x->cli->dir);
}

/* Whoever owns the directory gets at the sealed file past the program. */
static bool owned_by_a_clerk(const struct examination *x)
{
	struct stat st;

	return getegid() != getgid() && !stat(x->cli->dir, &st) && st.st_uid != 0;
}

static void check_data(struct examination *x, struct check *c)
{
	const struct err *e = &x->opened;

	if (e->code == ERR_NONE && owned_by_a_clerk(x)) {
		SAY(c, HEALTH_NOTE, _("%s 属于一个普通帐号，他能绕过程序拷走加密的数据文件"), x->cli->dir);
		CURE(c, "sudo chown root:shiming %s && sudo chmod 2770 %s", x->cli->dir, x->cli->dir);
		return;
	}
	if (e->code == ERR_NONE) {
		SAY(c, HEALTH_GOOD, _("%s，权限正确"), x->cli->dir);
		return;
	}
	say_error(c, e->code == ERR_NO_DATA ? HEALTH_NOTE : HEALTH_BAD, e);
	if (e->code == ERR_NO_DATA)
		CURE(c, "%s", _("shiming init --profile national --project 项目名称 --account 帐号"));
	else if (e->code == ERR_DATA_MODE || e->code == ERR_NO_PERMISSION)
		cure_modes(x, c);
}

static void check_file(struct examination *x, struct check *c)
{
	struct err e = {0};

	if (x->opened.code) {
		SAY(c, HEALTH_SKIPPED, "%s", _("没有打开数据目录"));
		return;
	}
	if (desk_check_file(x->cli->desk, &e))
		say_error(c, HEALTH_BAD, &e);
	else
		SAY(c, HEALTH_GOOD, "%s", _("逐页检查通过"));
}

#define OLD_HOURS 26 /* no working day without one */

static void say_place(struct check *c, const struct backup_place *p)
{
	char stamp[STAMP_TEXT];
	int64_t hours = (clock_now_ms() - p->made_ms) / 3600000;

	stamp_format(p->made_ms, stamp);
	SAY(c, hours > OLD_HOURS ? HEALTH_NOTE : HEALTH_GOOD, _("最近一份 %.16s，共 %zu 份，在 %s"), stamp, p->n, p->dir);
	if (hours > OLD_HOURS)
		CURE(c, "%s", _("已有一天多没有新备份：有新记录时上传程序每小时做一份；确认它在运行、磁盘有空间"));
}

/* What R16 promises; a damaged file is when it matters most, so it asks for no open file. */
static void check_backups(struct examination *x, struct check *c)
{
	struct backup_place *p = calloc(BACKUP_PLACES, sizeof(*p));
	char second[4096] = "";

	if (!x->opened.code)
		desk_setting_get(x->cli->desk, "backup.dir", second, sizeof(second), NULL);
	if (!p) {
		SAY(c, HEALTH_SKIPPED, "%s", err_sentence(ERR_MEMORY));
		return;
	}
	desk_backups_seen(x->cli->dir, second, p);
	if (second[0] && !p[1].there) {
		SAY(c, HEALTH_BAD, _("第二处 %s 不在"), second);
		CURE(c, "%s", err_advice(ERR_BACKUP_PLACE));
	} else if (p[1].made_ms) {
		say_place(c, &p[1]);
	} else if (p[0].made_ms) {
		say_place(c, &p[0]);
		if (!*c->cure)
			CURE(c, "%s", _("备份都在同一块磁盘上；另设一处：shiming setting backup.dir 第二块磁盘或U盘的目录"));
	} else {
		SAY(c, HEALTH_NOTE, "%s", _("还没有备份"));
		CURE(c, "%s", _("上传程序运行时每小时自动备份；也可以现在备份：shiming backup 文件"));
	}
	if (x->opened.code == ERR_DATA_DAMAGED && p[0].newest[0])
		CURE(c, _("保留原文件，另建目录恢复：shiming --data 新目录 restore %s"), p[0].newest);
	free(p);
}

static void check_runner(struct examination *x, struct check *c)
{
	char path[4200];
	struct stat st;
	int why = 0;

	if (x->opened.code) {
		SAY(c, HEALTH_SKIPPED, "%s", _("没有打开数据目录"));
		return;
	}
	text_format(path, sizeof(path), "%s/" DESK_SOCKET, x->cli->dir);
	if (stat(path, &st))
		SAY(c, HEALTH_GOOD, "%s", _("没有运行；有人打开程序时会自动启动"));
	else if (answers(path, &why))
		SAY(c, HEALTH_GOOD, "%s", _("正在运行"));
	else
		SAY(c, HEALTH_GOOD, "%s", _("没有运行；上次意外结束，下次会自动接上"));
}

/* The connection is a setting behind the login: looked at when an account is named. */
static void check_platform(struct examination *x, struct check *c)
{
	struct line_state line;
	char url[512] = "", ca[512] = "";
	struct err e = {0};

	if (x->opened.code || !desk_session(x->cli->desk)->account) {
		SAY(c, HEALTH_SKIPPED, "%s", _("需要登录才能查看"));
		CURE(c, "%s", x->opened.code ? "" : _("shiming doctor --user 帐号"));
		return;
	}
	if (desk_setting_get(x->cli->desk, "platform.url", url, sizeof(url), &e) ||
	    desk_setting_get(x->cli->desk, "platform.ca_file", ca, sizeof(ca), &e) || desk_line_state(x->cli->desk, &line, &e)) {
		say_error(c, HEALTH_BAD, &e);
	} else if (!*url) {
		SAY(c, HEALTH_NOTE, "%s", err_sentence(ERR_NET_NOT_CONFIGURED));
		CURE(c, "%s", _("shiming setting platform.url https://平台地址；shiming setting platform.token --value-file 文件"));
	} else if (*ca && access(ca, R_OK)) {
		SAY(c, HEALTH_BAD, _("读不到平台证书 %s"), ca);
		CURE(c, "%s", _("核对 platform.ca_file 的路径和权限"));
	} else if (line.trouble) {
		SAY(c, HEALTH_NOTE, _("%s：%s"), url, err_sentence(line.trouble));
		CURE(c, "%s", err_advice(line.trouble));
	} else if (desk_plain_allowed(x->cli->desk)) {
		SAY(c, HEALTH_NOTE, _("%s：已开启明文传输，途中任何人都能看到人员信息"), url);
		CURE(c, "%s", _("平台改用 https 后由系统管理员关闭：shiming setting platform.plain \"\""));
	} else {
		SAY(c, HEALTH_GOOD, "%s", url);
	}
}

/* --- commands of others --------------------------------------------------------------------------------------------------------------- */

/* Its program is there and can be run; a path with blanks, which stands in quotes, is not looked at. */
static bool can_run(const char *command)
{
	char path[COMMAND_TEXT];

	text_format(path, sizeof(path), "%.*s", (int)strcspn(command, " \t"), command);
	return path[0] == '"' || (path[0] == '/' && access(path, X_OK) == 0);
}

static const char *command_word(const char *command)
{
	return !command[0] ? _("未设置") : can_run(command) ? _("已设置") : _("无法运行");
}

static void check_commands(struct examination *x, struct check *c)
{
	struct commands found;
	struct err e = {0};

	(void)x;
	if (commands_load(&found, &e)) {
		say_error(c, HEALTH_BAD, &e);
		return;
	}
	SAY(c, HEALTH_GOOD, _("摄像头：%s；证件照片解码：%s"), command_word(found.camera), command_word(found.decoder));
	if (found.camera[0] && !can_run(found.camera))
		CURE(c, "%s", err_advice(ERR_CAMERA_MISSING));
	else if (found.decoder[0] && !can_run(found.decoder))
		CURE(c, "%s", err_advice(ERR_PICTURE_DECODER_MISSING));
	if (*c->cure)
		c->health = HEALTH_BAD;
}

/* --- foreign files ------------------------------------------------------------------------------------------------------------------- */

static void check_isolation(struct examination *x, struct check *c)
{
	(void)x;
	if (confine_possible() && confine_files_possible()) {
		SAY(c, HEALTH_GOOD, "%s", _("表格、图片、读卡、设备和上传各由不能启动程序、只碰该碰的进程处理（seccomp、landlock）"));
		return;
	}
	if (confine_possible()) {
		SAY(c, HEALTH_NOTE, "%s", _("内核没有 landlock：读卡、制表、设备接入和上传的进程不能启动程序，但能打开自己有权的文件"));
		CURE(c, "%s", _("用发行版自带的内核，启动参数 lsm= 里保留 landlock"));
		return;
	}
	SAY(c, HEALTH_NOTE, "%s", _("内核没有 seccomp：解析表格、图片、卡、设备报文和平台答复的进程只有内存、时间和文件数的限制"));
	CURE(c, "%s", _("用发行版自带的内核；在容器里的，请管理员放开 seccomp"));
}

static void check_gateway(struct examination *x, struct check *c)
{
	char path[4200], at[64] = "";
	int why = 0;

	if (x->opened.code != ERR_NONE || desk_setting_get(x->cli->desk, "gateway.listen", at, sizeof(at), NULL) || !at[0]) {
		SAY(c, x->opened.code ? HEALTH_SKIPPED : HEALTH_GOOD, "%s", _("没有设置设备接入"));
		return;
	}
	text_format(path, sizeof(path), "%s/" DESK_GATEWAY_SOCKET, x->cli->dir);
	if (answers(path, &why)) {
		SAY(c, HEALTH_GOOD, _("正在 %s 等设备接入"), at);
		return;
	}
	SAY(c, HEALTH_NOTE, _("设置了 %s，但设备接入程序没有运行"), at);
	CURE(c, "%s", _("有人登录时它自动运行；不运行时看数据目录里的 gateway.log；无人值守：sudo systemctl status shiming-gateway"));
}

/* --- the table ---------------------------------------------------------------------------------------------------------------------- */

/* What `fact` rows find goes into a support report as it stands; of the others, which name directories, addresses and accounts, the
 * verdict alone (S9). */
#define FACT true
static const struct {
	const char *name, *word;
	void (*check)(struct examination *x, struct check *c);
	bool fact;
} checks[] = {
	{"helpers", N_("辅助程序"), check_helpers, FACT}, {"profiles", N_("地区规则"), check_profiles},
	{"forward", N_("读卡转发"), check_forward}, {"pcscd", N_("读卡服务"), check_pcscd},
	{"readers", N_("读卡器"), check_readers},   {"clock", N_("时钟"), check_clock, FACT},         {"disk", N_("磁盘空间"), check_disk},
	{"data", N_("数据目录"), check_data},       {"database", N_("数据库"), check_file},
	{"backup", N_("备份"), check_backups},      {"runner", N_("上传程序"), check_runner},
	{"gateway", N_("设备接入"), check_gateway},
	{"platform", N_("平台连接"), check_platform}, {"commands", N_("外部命令"), check_commands},
	{"isolation", N_("外来文件"), check_isolation, FACT},
};

static const struct {
	const char *name, *word;
} healths[] = {
	[HEALTH_GOOD] = {"good", N_("正常")},
	[HEALTH_NOTE] = {"note", N_("注意")},
	[HEALTH_BAD] = {"bad", N_("有问题")},
	[HEALTH_SKIPPED] = {"skipped", N_("未查")},
};

static int print_check(struct cli *c, size_t i, const struct check *found, struct listing *l, struct err *e)
{
	cJSON *row;

	if (!c->json) {
		printf("%-*s", (int)strlen(_(checks[i].word)), _(checks[i].word));
		printf("%*s%s  ", text_width(_(checks[i].word)) < 18 ? 18 - text_width(_(checks[i].word)) : 1, "",
		       _(healths[found->health].word));
		print_text(stdout, found->found);
		fputs("\n", stdout);
		if (*found->cure)
			printf("    → %s\n", found->cure);
		return 0;
	}
	row = cJSON_CreateObject();
	cJSON_AddStringToObject(row, "check", checks[i].name);
	cJSON_AddStringToObject(row, "health", healths[found->health].name);
	cJSON_AddStringToObject(row, "found", found->found);
	cJSON_AddStringToObject(row, "cure", found->cure);
	return list_add(l, row, e);
}

static void open_data(struct examination *x)
{
	struct cli *c = x->cli;

	if (opt(c, "user") || c->password_file)
		ask_login(c, &x->opened);
	else
		ask_open(c, &x->opened);
	if (c->desk && x->opened.code) /* open, only not logged in: that is not the directory's fault */
		x->opened = (struct err){0};
}

int run_doctor(struct cli *c, struct err *e)
{
	struct examination x = {.cli = c};
	struct listing l = {0};
	struct report report;
	int bad = 0;

	report_begin(&report, opt(c, "report"));
	open_data(&x);
	if (c->json)
		list_begin(&l, c, NULL, 0);
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct check found = {.health = HEALTH_SKIPPED};

		checks[i].check(&x, &found);
		bad += found.health == HEALTH_BAD;
		report_add(&report, "check %s %s%s%s%s%s\n", checks[i].name, healths[found.health].name, found.code ? " " : "",
			   found.code ? err_name(found.code) : "", checks[i].fact ? ": " : "", checks[i].fact ? found.found : "");
		if (print_check(c, i, &found, &l, e)) {
			report_drop(&report);
			return -1;
		}
	}
	if (c->json)
		list_end(&l);
	if (report_end(&report, e))
		return -1;
	return bad > 0;
}
