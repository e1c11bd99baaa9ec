/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The photograph of somebody invented: a face drawn of a few ovals on a coloured field, plainly nobody's.
 * Practice needs one for everybody who is to be known by the site's devices (H4: a person without a
 * photograph is not pushed).
 */
#ifndef CLI_PRACTICE_FACE_H
#define CLI_PRACTICE_FACE_H

#include "base/buf.h"
#include "base/err.h"

/* A JPEG within the limit (characters of Base64; 0: the usual), made by shiming-picture; which: field, hair
 * and skin follow from it. jpeg: reset first. ERR_HELPER_MISSING where pictures are not installed. */
int practice_face(unsigned which, unsigned base64_limit, struct buf *jpeg, struct err *e);

#endif
