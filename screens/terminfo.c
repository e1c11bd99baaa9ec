/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminfo.h"

#include <curses.h>
#include <term.h>
#include <string.h>

bool terminfo_open(const char *type, int fd)
{
	int status;

	return setupterm(type, fd, &status) == OK;
}

void terminfo_close(void)
{
	if (cur_term)
		del_curterm(cur_term);
}

const char *terminfo_string(const char *name)
{
	const char *s = tigetstr(name);

	return s == (const char *)-1 || !s || !*s ? NULL : s;
}

int terminfo_number(const char *name)
{
	return tigetnum(name);
}

bool terminfo_flag(const char *name)
{
	return tigetflag(name) > 0;
}

/* tputs() would ask the line's speed and pad for it. No terminal of today needs that; a delay stands as $<…>. */
void terminfo_put(struct buf *out, const char *cap)
{
	const char *end;

	if (!cap)
		return;
	while (*cap) {
		if (cap[0] == '$' && cap[1] == '<' && (end = strchr(cap, '>'))) {
			cap = end + 1;
			continue;
		}
		buf_add(out, cap++, 1);
	}
}

void terminfo_put2(struct buf *out, const char *cap, int a, int b)
{
	if (cap)
		terminfo_put(out, tparm(cap, (long)a, (long)b, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
}
