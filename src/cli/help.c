/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli_private.h"

#define LEFT 30 /* columns of the left half */

static void line(const char *left, const char *right)
{
	int used = text_width(left);

	printf("  %s%*s%s\n", left, used < LEFT ? LEFT - used : 1, "", right);
}

static void command_line(const struct command *command)
{
	char left[128];

	text_format(left, sizeof(left), "%s%s%s%s%s", command->name, command->verb ? " " : "", command->verb ? command->verb : "",
		    command->args ? " " : "", command->args ? _(command->args) : "");
	line(left, _(command->help));
}

void help_group(const char *name)
{
	const struct command *command;

	printf(_("用法：shiming %s 操作 [选项…]\n\n"), name);
	for (size_t i = 0; (command = command_at(i)); i++)
		if (strcmp(command->name, name) == 0)
			command_line(command);
	printf(_("\n每个操作的选项见：shiming %s 操作 --help\n"), name);
}

void help_all(void)
{
	const struct command *command;

	puts(_("shiming（实名）：工地实名制登记。不带命令时打开界面。\n\n用法：shiming [选项…] [命令 …]\n"));
	for (size_t i = 0; (command = command_at(i)); i++)
		command_line(command);
	puts(_("\n退出状态：0 完成；1 未能办理；2 用法不对；3 没有数据目录或被占用；4 无权限。\n"
	       "命令的选项见：shiming 命令 --help"));
}

static void option_line(const struct option_row *row)
{
	char left[96];

	text_format(left, sizeof(left), "--%s%s%s", row->name, row->arg ? "=" : "", row->arg ? _(row->arg) : "");
	line(left, _(row->help));
}

void help_command(const struct cli *c)
{
	const struct command *command = c->command;

	printf(_("用法：shiming %s%s%s [选项…]%s%s\n\n%s。\n\n"), command->name, command->verb ? " " : "",
	       command->verb ? command->verb : "", command->args ? " " : "", command->args ? _(command->args) : "", _(command->help));
	for (size_t i = 0; i < c->n_options; i++)
		option_line(&c->option[i]);
}
