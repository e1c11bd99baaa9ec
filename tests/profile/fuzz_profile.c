/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a region's file over the real common.json, and as a code table: faults or a profile, never anything else. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "profile_data.h"

static void check(const char *path)
{
	struct fault_sink sink = {0};
	struct profile_fault fault[4];
	struct profile *p = calloc(1, sizeof(*p));
	struct table t = {0};
	struct table_fault wrong;
	struct err e = {0};

	sink.fault = fault;
	sink.cap = ARRAY_LEN(fault);
	if (!p)
		abort();
	profile_read(p, PROFILE_DIR, path, &sink, &e);
	for (size_t i = 0; i < sink.n && i < sink.cap; i++)
		if (!text_valid(fault[i].place, strlen(fault[i].place)) || !text_valid(fault[i].reason, strlen(fault[i].reason)))
			abort();
	profile_wire_code(p, "sex", "male");
	profile_prompt(p, "手机号码格式不正确");
	profile_free(p);
	table_read(&t, path, &wrong);
	table_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("profile", 0);
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	text_format(path, sizeof(path), "/proc/self/fd/%d", fd);
	check(path);
	close(fd);
	return 0;
}
