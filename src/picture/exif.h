/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PICTURE_EXIF_H
#define PICTURE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* The orientation (1..8) in EXIF data, which begin with a TIFF header ("II*\0" or "MM\0*"); 1 when they say
 * nothing sound. Reads tag 274 of the first directory and nothing else (TIFF 6.0, sections 2 and 8;
 * EXIF 2.3, 4.6.4). */
int exif_orientation(const uint8_t *tiff, size_t n);

#endif
