/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shiming: the one place where command line, screens and practice meet. */
#include <stdio.h>
#include <string.h>

#include "base/confine.h"
#include "base/dates.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/practice.h"
#include "screens/screens.h"

static int fail(const struct err *e)
{
	fprintf(stderr, "shiming: %s%s%s%s\n%s\n", err_sentence(e->code), e->detail[0] ? "（" : "", e->detail, e->detail[0] ? "）" : "",
		err_advice(e->code));
	return err_exit_status(e->code);
}

static int open_data(const struct cli_screens *c)
{
	struct screens_options options = { .dir = c->dir, .language = c->language[0] ? c->language : NULL, .card_control_fd = -1 };
	struct err e = { 0 };
	int status;

	if (screens_main(&options, &e) == 0)
		return 0;
	status = fail(&e);
	cli_say_last_backup(&e, c->dir);
	return status;
}

static int open_practice(const struct practice *p, struct err *e)
{
	struct screens_card cards[64];
	struct screens_options options = { .dir = practice_data_dir(p), .notice = practice_notice(p),
		.card_control_fd = practice_card_control(p), .card = cards };
	const struct practice_card *made_up = practice_cards(p, &options.n_cards);

	if (options.n_cards > sizeof(cards) / sizeof(cards[0]))
		options.n_cards = sizeof(cards) / sizeof(cards[0]);
	for (size_t i = 0; i < options.n_cards; i++)
		cards[i] = (struct screens_card){ .name = made_up[i].name, .label = made_up[i].label };
	return screens_main(&options, e);
}

static int practise(int argc, char **argv)
{
	return practice_command(argc, argv, open_practice);
}

int main(int argc, char **argv)
{
	static const struct cli_hooks hooks = { .practice = practise };
	struct cli_screens screens;
	int status;

	/* Practice holds nobody real, and its private pcscd needs a user namespace, whose maps an undumpable process cannot write. */
	if (argc < 2 || strcmp(argv[1], "practice"))
		confine_no_core();
	i18n_init(NULL);
	clock_init();
	status = cli_main(argc, argv, &hooks, &screens);
	return status == CLI_OPEN_SCREENS ? open_data(&screens) : status;
}
