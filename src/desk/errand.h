/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One errand under way (connection.c), as elsewhere.c reads the answer of one. */
#ifndef DESK_ERRAND_H
#define DESK_ERRAND_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/child.h"
#include "desk/connection.h"
#include "desk_private.h"

struct errand {
	struct desk *desk;
	enum errand_kind kind;
	struct child child;
	struct buf in;
	int64_t until_ms;
	cJSON *answer; /* of a look-up that has ended; else NULL */
};

#endif
