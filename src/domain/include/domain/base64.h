/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648 section 4, with padding, no line ends): pictures inside JSON. Strict and bounded. */
#ifndef DOMAIN_BASE64_H
#define DOMAIN_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#define BASE64_TEXT(bytes) (((bytes) + 2) / 3 * 4 + 1) /* characters and NUL */

void base64_encode(char *out, const void *data, size_t n); /* out has BASE64_TEXT(n) bytes */
/* false, out untouched beyond what was decoded: not Base64, or more than `size` bytes. *n is set on success only. */
bool base64_decode(void *out, size_t size, size_t *n, const char *text);

#endif
