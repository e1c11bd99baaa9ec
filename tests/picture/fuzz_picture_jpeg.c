/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as JPEG: fitted, or refused with a name. */
#include "fuzz_picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_picture(data, size);
	return 0;
}
