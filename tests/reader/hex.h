/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hex in tables and files. Blanks are passed over; returns how many bytes came out. */
#ifndef TESTS_READER_HEX_H
#define TESTS_READER_HEX_H

#include <stddef.h>
#include <stdint.h>

size_t hex_bytes(uint8_t *out, size_t size, const char *hex);
/* tests/data/cards/NAME.hex; fails the test when it is not there. */
size_t hex_card(uint8_t *out, size_t size, const char *name);

#endif
