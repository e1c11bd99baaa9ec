/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as EXIF: an orientation, always. */
#include <stdlib.h>

#include "exif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int orientation = exif_orientation(data, size);

	if (orientation < 1 || orientation > 8)
		abort();
	return 0;
}
