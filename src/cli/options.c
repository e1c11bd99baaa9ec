/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arguments by argp, from our own rows: what a command takes stands once, in its table. Messages and help are ours, so that they come in the
 * clerk's language; hence argp's own are switched off.
 */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define FIRST_KEY 1000 /* beyond characters: no short options but the ones named here */

static const struct option_row common[] = {
	{"data", N_("目录"), N_("数据目录；默认取 SHIMING_DATA，再默认 ~/.local/share/shiming")},
	{"user", N_("帐号"), N_("登录帐号；默认取 SHIMING_USER")},
	{"password-file", N_("文件"), N_("从文件第一行读口令；“-”为标准输入")},
	{"project", N_("项目"), N_("项目编码或名称；默认第一个项目")},
	{"language", "zh|en", N_("界面语言")},
	{"json", NULL, N_("以 JSON 输出")},
	{"help", NULL, N_("显示这份说明")},
};

static void add_option(struct cli *c, const struct option_row *row)
{
	if (c->n_options < CLI_OPTIONS_MAX)
		c->option[c->n_options++] = *row;
}

static void add_fields(struct cli *c)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = field_get((enum field_id)i);
		char *name = c->field_option[i];

		text_copy(name, sizeof(c->field_option[i]), f->name);
		for (char *s = name; *s; s++)
			if (*s == '_')
				*s = '-';
		add_option(c, &(struct option_row){name, f->label, f->help});
	}
}

void options_of(struct cli *c, const struct command *command)
{
	c->n_options = 0;
	for (size_t i = 0; command && i < command->n_options; i++)
		add_option(c, &command->options[i]);
	if (command && (command->flags & CMD_FIELDS))
		add_fields(c);
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		add_option(c, &common[i]);
}

struct parsing {
	struct cli *cli;
	struct err *e;
	bool stop_at_word; /* the words before the command: stop there */
	int words;
};

static void wrong(struct parsing *p, const struct argp_state *state)
{
	int at = state->next > 0 ? state->next - 1 : 0;

	if (!p->e->code)
		err_set(p->e, ERR_USAGE, _("不认识或缺少参数的选项：%s"), state->argv[at < state->argc ? at : state->argc - 1]);
}

static error_t take(int key, char *arg, struct argp_state *state)
{
	struct parsing *p = state->input;
	struct cli *c = p->cli;

	if (key >= FIRST_KEY && (size_t)(key - FIRST_KEY) < c->n_options) {
		/* values that mean something again later: the last word wins, as everywhere */
		c->value[key - FIRST_KEY] = arg ? arg : "";
		return 0;
	}
	if (key == ARGP_KEY_ARG) {
		if (p->stop_at_word) {
			p->words = state->next - 1;
			state->next = state->argc;
			return 0;
		}
		c->argv[c->argc++] = arg;
		return 0;
	}
	if (key == ARGP_KEY_ERROR)
		wrong(p, state);
	return key == ARGP_KEY_END || key == ARGP_KEY_INIT || key == ARGP_KEY_SUCCESS || key == ARGP_KEY_FINI ||
			       key == ARGP_KEY_NO_ARGS || key == ARGP_KEY_ERROR
		       ? 0
		       : ARGP_ERR_UNKNOWN;
}

static int parse(struct parsing *p, int argc, char **argv, unsigned flags)
{
	struct argp_option rows[CLI_OPTIONS_MAX + 1] = {{0}};
	struct cli *c = p->cli;
	struct argp parser = {.options = rows, .parser = take};

	for (size_t i = 0; i < c->n_options; i++)
		rows[i] = (struct argp_option){.name = c->option[i].name, .key = FIRST_KEY + (int)i, .arg = c->option[i].arg, .doc = ""};
	flags |= ARGP_NO_HELP | ARGP_NO_ERRS | ARGP_NO_EXIT;
	if (argp_parse(&parser, argc, argv, flags, NULL, p) || p->e->code) {
		if (!p->e->code)
			err_set(p->e, ERR_USAGE, NULL);
		return -1;
	}
	return 0;
}

int options_before(struct cli *c, int argc, char **argv, int *word, struct err *e)
{
	struct parsing p = {.cli = c, .e = e, .stop_at_word = true, .words = argc};

	options_of(c, NULL);
	if (parse(&p, argc, argv, ARGP_IN_ORDER))
		return -1;
	*word = p.words;
	return 0;
}

/* The common options may stand before the command: they keep their values unless given again. */
static void keep_common(struct cli *c, const struct option_row *was, const char *const *value, size_t n)
{
	for (size_t i = 0; i < c->n_options; i++)
		for (size_t k = 0; k < n; k++)
			if (value[k] && strcmp(was[k].name, c->option[i].name) == 0)
				c->value[i] = value[k];
}

int options_after(struct cli *c, const struct command *command, int argc, char **argv, struct err *e)
{
	struct parsing p = {.cli = c, .e = e};
	struct option_row was[CLI_OPTIONS_MAX];
	const char *value[CLI_OPTIONS_MAX];
	size_t n = c->n_options;

	memcpy(was, c->option, sizeof(was));
	memcpy(value, c->value, sizeof(value));
	memset(c->value, 0, sizeof(c->value));
	options_of(c, command);
	keep_common(c, was, value, n);
	c->argc = 0;
	c->argv = calloc((size_t)argc + 1, sizeof(*c->argv));
	if (!c->argv)
		return err_set(e, ERR_MEMORY, "arguments");
	if (parse(&p, argc, argv, 0))
		return -1;
	if (!opt(c, "help") && (c->argc < command->least || (command->most >= 0 && c->argc > command->most)))
		return err_set(e, ERR_USAGE, c->argc < command->least ? _("缺少参数") : _("参数太多"));
	return 0;
}

const char *opt(const struct cli *c, const char *name)
{
	for (size_t i = 0; i < c->n_options; i++)
		if (strcmp(c->option[i].name, name) == 0)
			return c->value[i];
	return NULL;
}

bool opt_number(const struct cli *c, const char *name, long least, long most, long *out)
{
	const char *text = opt(c, name);
	char *end;
	long n;

	if (!text)
		return true;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < least || n > most)
		return false;
	*out = n;
	return true;
}

int opt_date(const struct cli *c, const char *name, date_t *out, struct err *e)
{
	const char *text = opt(c, name);
	date_t d = DATE_NONE;

	if (text && (!date_parse(text, &d) || d == DATE_LONG_TERM))
		return err_set(e, ERR_USAGE, _("--%s 应是日期，例如 2026-11-20"), name);
	*out = d;
	return 0;
}
