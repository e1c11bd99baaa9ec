/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world for a journey: an invented site in a directory of its own, the reference platform over TLS on loopback, the simulated module
 * behind our driver under a private pcscd. All real processes, all ended by world_close(). Every function fails the test when it fails.
 */
#ifndef TESTS_JOURNEYS_WORLD_H
#define TESTS_JOURNEYS_WORLD_H

#include "journeys/terminal.h"
#include "practice_services.h"

struct world {
	char dir[48], data[64], platform[64], runtime[64];
	struct practice_services services;
	const char *platform_extra[24]; /* --consent-after …, --left-out … : from the profile; the test may append --fault RULE */
	size_t n_extra;
};

/* consent_after: seconds as text, or NULL: only by world_decide(). */
void world_open(struct world *w, const char *profile, const char *consent_after);
/* The same site with the weeks after entry behind it, everything of it sent (practice_weeks.h). */
void world_open_weeks(struct world *w, const char *profile);
void world_close(struct world *w);

/* The application on an 80×24 terminal, not yet logged in. */
struct terminal *world_shiming(struct world *w);
/* Runs a program to its end, its output into out; returns its exit status. */
int world_run(struct world *w, const char *const *argv, char *out, size_t size);

/* The folder of the programs as that user can reach it: the build's own, or, where the tree is closed to others, a copy in `dir`. */
void world_programs_for(uid_t uid, const char *dir, char *out, size_t size);

/* From the next login on the sessions keep a gateway for the site's devices; its address, 127.0.0.1:PORT. */
void world_gateway(struct world *w, char address[32]);

/* Cards on the reader. */
void world_place(struct world *w, const char *card);
void world_remove(struct world *w);

/* The platform: off, on again at the same place; what a person or another unit decides there ("consent all"). */
void world_platform_off(struct world *w);
void world_platform_kill(struct world *w);
void world_platform_on(struct world *w);
void world_decide(struct world *w, const char *command);
/* One number or text out of the platform's own database: the journeys' last word. */
int64_t world_platform_number(struct world *w, const char *sql);
void world_platform_text(struct world *w, const char *sql, char *out, size_t size);
/* The same, waited for. */
#define world_expect(w, sql, want) world_expect_at((w), (sql), (want), __FILE__, __LINE__)
void world_expect_at(struct world *w, const char *sql, const char *want, const char *file, int line);
/* The same of the box's own database. */
void world_box_text(struct world *w, const char *sql, char *out, size_t size);
void world_wait_box(struct world *w, const char *sql, const char *want);
/* Rows of the box's outbox that are not yet at rest. -1: the file cannot be read just now. */
int64_t world_outbox_open(struct world *w);
void world_wait_outbox_empty(struct world *w);
/* Processes that run for this world's directory, by their command lines: for "nothing is left". */
pid_t world_find_process(struct world *w, const char *program); /* by the name of its file; 0: none */
int world_processes(struct world *w, pid_t *pids, size_t cap);

#endif
