/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and texts as the frames carry them. */
#ifndef DEVICE_PRIVATE_H
#define DEVICE_PRIVATE_H

#include "device/frame.h"

void device_put(struct buf *out, uint64_t value, size_t bytes); /* little-endian */
uint32_t device_get(const unsigned char *from, size_t bytes);	/* at most four */

/* A text in `width` bytes, cut after the last character that fits, padded. ascii: never anything but the
 * manner's pad matters. */
void device_put_text(const struct device_manner *m, bool ascii, const char *text, size_t width,
		     struct buf *out);
/* Back to UTF-8: cut at the first NUL, blanks off its end, a broken last character dropped; bytes that are no
 * UTF-8 are tried as GB18030. Control characters are left out. False: there was no memory to convert it. */
bool device_get_text(const struct device_manner *m, bool ascii, const unsigned char *from, size_t width,
		     char *out, size_t size);

#endif
