/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real program run as a script runs it: a line of words in, its output and exit status out. Whatever does not fit fails the test. */
#ifndef TESTS_CLI_PROGRAM_H
#define TESTS_CLI_PROGRAM_H

#include "base/buf.h"
#include "base/json.h"

#define OUTPUT (1 << 20)

extern char dir[64];         /* the test's own directory, and the current one */
extern struct buf out, err;  /* of the last run */
extern cJSON *answer;        /* of the last expect_json() */

void program_begin(void);
void program_end(void);      /* removes the directory */
int run_input(const char *input, char **argv);
int run_words(const char *input, const char *line); /* "person list --json": words between blanks */
int run(const char *line);
const char *stdout_text(void);
const char *stderr_text(void);
void expect(int status, const char *line);
const cJSON *expect_json(int status, const char *line); /* valid until the next one */
void expect_said(const char *words);                    /* on stdout or stderr of the last run */
void write_file(const char *name, const char *text);    /* in dir */
void set_env(const char *name, const char *rest);       /* to dir and rest */

#endif
