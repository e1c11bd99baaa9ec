/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "commands.h"
#include "desk/upkeep.h"
#include "options.h"

#define USUAL_DIR ".local/share/shiming"

static const char *given(const struct cli *c, const char *name, const char *variable)
{
	const char *value = opt(c, name);

	return value ? value : variable ? getenv(variable) : NULL;
}

static void usual_dir(char *out, size_t size)
{
	const char *home = getenv("HOME");

	text_format(out, size, "%s/" USUAL_DIR, home && *home ? home : ".");
}

static int take_common(struct cli *c, struct err *e)
{
	const char *dir = given(c, "data", "SHIMING_DATA");

	if (opt(c, "language"))
		i18n_init(opt(c, "language"));
	c->language = opt(c, "language");
	c->user = given(c, "user", "SHIMING_USER");
	c->password_file = opt(c, "password-file");
	c->project = opt(c, "project");
	c->json = opt(c, "json") != NULL;
	if (!dir || !*dir)
		usual_dir(c->dir, sizeof(c->dir));
	else if (!text_copy(c->dir, sizeof(c->dir), dir))
		return err_set(e, ERR_USAGE, "--data");
	return 0;
}

static int run_command(struct cli *c, struct err *e)
{
	if (opt(c, "help")) {
		help_command(c);
		return 0;
	}
	if (c->command->flags & CMD_LOGIN ? ask_login(c, e) : c->command->flags & CMD_DATA ? ask_open(c, e) : 0)
		return -1;
	return c->command->run(c, e);
}

/* `shiming practice …` reads its own options: it has nothing in common with the rest. */
int run_practice(struct cli *c, struct err *e)
{
	(void)c;
	return err_set(e, ERR_INTERNAL, "practice");
}

static bool group_help(int argc, char **argv, int word)
{
	return word + 1 >= argc || strcmp(argv[word + 1], "--help") == 0;
}

static int dispatch(struct cli *c, int argc, char **argv, int word, struct err *e)
{
	const char *name = argv[word], *verb = word + 1 < argc ? argv[word + 1] : NULL;
	int last;

	if (!command_known(name))
		return err_set(e, ERR_USAGE, _("没有“%s”这个命令"), name);
	c->command = command_find(name, verb);
	if (!c->command && group_help(argc, argv, word)) {
		help_group(name);
		return verb ? 0 : 2;
	}
	if (!c->command)
		return err_set(e, ERR_USAGE, _("%s 没有“%s”这个操作"), name, verb);
	if (c->command->run == run_practice)
		return c->hooks->practice(argc - word, argv + word);
	last = word + (c->command->verb ? 1 : 0);
	if (options_after(c, c->command, argc - last, argv + last, e) || take_common(c, e))
		return -1;
	return run_command(c, e);
}

/* Without a word: help, or the screens. */
static void no_command(struct cli *c, struct cli_screens *screens, bool *open_screens)
{
	if (opt(c, "help")) {
		help_all();
		return;
	}
	text_copy(screens->dir, sizeof(screens->dir), c->dir);
	text_copy(screens->language, sizeof(screens->language), c->language ? c->language : "");
	*open_screens = true;
}

static int run(struct cli *c, int argc, char **argv, struct cli_screens *screens, bool *open_screens, struct err *e)
{
	int word;

	if (options_before(c, argc, argv, &word, e) || take_common(c, e))
		return -1;
	if (word < argc)
		return dispatch(c, argc, argv, word, e);
	no_command(c, screens, open_screens);
	return 0;
}

/* R16: a damaged file is refused, with the way to the last good backup. */
void cli_say_last_backup(const struct err *e, const char *dir)
{
	struct backup_place *p = e->code == ERR_DATA_DAMAGED ? calloc(BACKUP_PLACES, sizeof(*p)) : NULL;

	if (!p)
		return;
	desk_backups_seen(dir, "", p);
	if (p->newest[0])
		fprintf(stderr, _("  最近一份备份：%s\n  另建目录恢复：shiming --data 新目录 restore 备份文件\n"), p->newest);
	free(p);
}

/* Failed: said once, here. What could not be written is not done. */
static int conclude(int status, const char *dir, struct err *e)
{
	if (status >= 0 && (fflush(stdout) || ferror(stdout)))
		status = err_errno(e, "stdout");
	if (status >= 0)
		return status;
	if (!e->code)
		err_set(e, ERR_INTERNAL, NULL);
	print_error(e);
	cli_say_last_backup(e, dir);
	return err_exit_status(e->code);
}

#define TELLING 11 /* digits in a row: a telephone's, and more than a date or a count has */

static bool tells_a_number(const char *text)
{
	for (; *text; text += *text != '\0') {
		size_t n = strspn(text, "0123456789");

		if (n >= TELLING)
			return true;
		text += n;
	}
	return false;
}

/*
 * The process list shows everybody what a program was started with (S1): our own copies are used, and numbers of people, telephones and cards are
 * blotted out where they came from. The shell's own history is the clerk's; the manual says how to keep them out of it.
 */
static char **own_arguments(int argc, char **argv, struct err *e)
{
	char **own = calloc((size_t)argc + 1, sizeof(*own));
	bool whole = own != NULL;

	for (int i = 0; whole && i < argc; i++)
		whole = (own[i] = held_copy(argv[i])) != NULL;
	if (!whole)
		err_set(e, ERR_MEMORY, "arguments");
	for (int i = 0; whole && i < argc; i++)
		if (tells_a_number(argv[i]))
			memset(argv[i], '*', strlen(argv[i]));
	return own;
}

static void drop_arguments(int argc, char **own)
{
	for (int i = 0; own && i < argc; i++)
		held_drop(own[i]);
	free(own);
}

int cli_main(int argc, char **argv, const struct cli_hooks *hooks, struct cli_screens *screens)
{
	struct cli *c = calloc(1, sizeof(*c));
	struct err e = {0};
	char **own = c ? own_arguments(argc, argv, &e) : NULL;
	bool open_screens = false;
	int status;

	if (!c) {
		err_set(&e, ERR_MEMORY, "start");
		return conclude(-1, "", &e);
	}
	c->hooks = hooks;
	status = conclude(e.code ? -1 : run(c, argc, own, screens, &open_screens, &e), c->dir, &e);
	if (c->desk)
		desk_close(c->desk);
	free(c->argv);
	free(c);
	drop_arguments(argc, own);
	return open_screens && status == 0 ? CLI_OPEN_SCREENS : status;
}
