/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands share: the table of commands, options, the open desk, printing. Nobody outside src/cli includes it. */
#ifndef CLI_PRIVATE_H
#define CLI_PRIVATE_H

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "cli/cli.h"
#include "desk/desk.h"
#include "domain/field.h"
#include "domain/lifecycle.h"

struct cli;

struct option_row {
	const char *name; /* "search" */
	const char *arg;  /* msgid of what it takes; NULL: a switch */
	const char *help; /* msgid */
};

enum command_flags {
	CMD_DATA = 1 << 0,   /* opens the data directory */
	CMD_LOGIN = 1 << 1,  /* and logs in */
	CMD_FIELDS = 1 << 2, /* takes every field of a registration as an option */
};

struct command {
	const char *name, *verb; /* verb NULL: the name alone is the command */
	const char *args;        /* msgid: "人员…"; NULL: none */
	const char *help;        /* msgid: one line */
	const struct option_row *options;
	size_t n_options;
	int least, most;         /* arguments; most -1: any number */
	unsigned flags;
	int (*run)(struct cli *c, struct err *e); /* 0, -1 with *e, or a positive exit status when everything is said */
	enum event event;        /* of commands that are one event */
};

#define CLI_OPTIONS_MAX 96

struct cli {
	const struct cli_hooks *hooks;
	const struct command *command;
	char dir[4096];
	const char *user, *password_file, *project, *language;
	bool json;
	struct option_row option[CLI_OPTIONS_MAX]; /* the command's, the fields', the common ones */
	const char *value[CLI_OPTIONS_MAX];        /* as given; "" for a switch; NULL: not given */
	size_t n_options;
	char field_option[FIELD_COUNT][32];        /* "contract-from" */
	char **argv;
	int argc;
	struct desk *desk;
	size_t printed; /* rows */
	struct exporting *exporting; /* rows of a list go there; NULL: they are printed */
};

/* --- commands.c: the table --- */
const struct command *command_find(const char *name, const char *verb);
bool command_known(const char *name);
const struct command *command_at(size_t i); /* NULL: past the end */

/* --- options.c --- */
const char *opt(const struct cli *c, const char *name); /* NULL: not given */
bool opt_number(const struct cli *c, const char *name, long least, long most, long *out); /* false: given and no such number */
int opt_date(const struct cli *c, const char *name, date_t *out, struct err *e);

/* --- help.c --- */
void help_all(void);
void help_command(const struct cli *c);
void help_group(const char *name);

/* --- ask.c: the desk, passwords, what a clerk's word names --- */
int ask_open(struct cli *c, struct err *e);  /* the data directory */
int ask_login(struct cli *c, struct err *e); /* and the account */
/* A password or code: from `file` ("-": stdin) if given, else asked for at the terminal with the echo off. */
int ask_secret(const char *file, const char *prompt, char *out, size_t size, struct err *e);
int ask_new_password(const char *file, char *out, size_t size, struct err *e); /* twice at the terminal */
int ask_person(struct cli *c, const char *word, int64_t *out, struct err *e);  /* its number, or a name that is one person's */
int ask_participant(struct cli *c, const char *word, char uid[UID_TEXT], struct err *e); /* uid, credit code, name or short name */
int ask_team(struct cli *c, const char *word, const char *participant_uid, char uid[UID_TEXT], struct err *e);
int ask_read_file(const char *path, size_t max, struct buf *out, struct err *e); /* with the clerk's own rights; "-": stdin */

/* A new file with the clerk's own rights, never over another one; "-": stdout. */
int ask_write_new(const char *path, const struct buf *b, struct err *e);

/* --- people.c: --search, --filter, --team, --limit --- */
struct roster_query;
int roster_query_of(struct cli *c, struct roster_query *q, long *limit, struct err *e);

/* --- print.c --- */
struct column {
	const char *key, *heading; /* heading: msgid */
	int width;                 /* columns; what is longer pushes the rest */
};
struct listing {
	struct cli *cli;
	const struct column *column;
	size_t n;
};
void print_text(FILE *f, const char *text);
void list_begin(struct listing *l, struct cli *c, const struct column *columns, size_t n);
int list_add(struct listing *l, cJSON *row, struct err *e); /* takes and frees it; NULL: no memory */
void list_end(struct listing *l);
void add_stamp(cJSON *o, const char *key, int64_t ms);      /* 0: "" */
void add_date(cJSON *o, const char *key, date_t d);         /* DATE_NONE: "" */
int print_object(cJSON *object, struct err *e);             /* takes and frees it */
void print_error(const struct err *e);

#endif
