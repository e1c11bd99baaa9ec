/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does a runner hold this data directory? Its lock is an OFD lock, which the kernel frees with the process
 * (DESIGN 5). */
#ifndef DESK_RUNNER_ALIVE_H
#define DESK_RUNNER_ALIVE_H

#include <stdbool.h>

bool runner_alive(const char *dir);

#endif
