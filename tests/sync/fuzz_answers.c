/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a platform may say: results, one result, changes, box, contents, enrolment, refusal. What is taken
 * is bounded and clean; nothing crashes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sync/native.h"

#define A "0193483c-b000-7000-8000-00000000000a"
#define B "0193483c-b000-7000-8000-00000000000b"

static void must(bool it)
{
	if (!it)
		abort();
}

static void must_be_tame(const char *s, size_t most)
{
	uint32_t cp;

	for (size_t at = 0, n = s ? strlen(s) : 0; at < n;) {
		size_t len = text_decode(s + at, n - at, &cp);

		must(len && cp >= 0x20 && cp != 0x7F && !(cp > 0x7F && cp < 0xA0));
		at += len;
		must(at <= most);
	}
}

static void try_results(const char *text, size_t n)
{
	static const char *const ops[] = {A, B};
	struct answers got;

	answers_init(&got);
	if (native_parse_results(&got, ops, 2, text, n, NULL))
		return;
	must(got.n == 2 && !strcmp(got.item[0].op, A) && !strcmp(got.item[1].op, B));
	for (size_t i = 0; i < got.n; i++) {
		must_be_tame(got.item[i].reason, NATIVE_REASON_BYTES);
		must_be_tame(got.item[i].reason_code, NATIVE_CODE_BYTES);
		must_be_tame(got.item[i].field, NATIVE_CODE_BYTES);
		must_be_tame(got.item[i].number, NATIVE_NUMBER_BYTES);
		must(got.absent[i] == (got.item[i].kind == ANSWER_NOT_SENT));
	}
	answers_release(&got);
}

static void try_changes(const char *text, size_t n)
{
	struct changes got;

	changes_init(&got);
	if (native_parse_changes(&got, text, n, NULL))
		return;
	must(got.cursor && *got.cursor);
	for (size_t i = 0; i < got.n; i++) {
		must(uid_valid(got.item[i].uid) && uid_valid(got.item[i].subject) && got.item[i].at_ms >= 0);
		must_be_tame(got.item[i].kind, NATIVE_CODE_BYTES);
		must_be_tame(got.item[i].note, NATIVE_REASON_BYTES);
		must_be_tame(got.item[i].by, NAME_TEXT);
		must_be_tame(got.item[i].work.project, NAME_TEXT);
		must_be_tame(got.item[i].work.team, NAME_TEXT);
	}
	changes_release(&got);
}

/* What a platform says of contents: never more of one than there is of it. */
static void try_attachments(const char *text, size_t n)
{
	static const struct outgoing_attachment items[2] = {
		{.bytes = 1000, .hash = "00000000000000000000000000000000000000000000000000000000000000aa"},
		{.bytes = 5, .hash = "00000000000000000000000000000000000000000000000000000000000000bb"}};
	struct far_attachment far[2], piece;

	if (!native_parse_announced(items, 2, text, n, far, NULL))
		for (size_t i = 0; i < 2; i++)
			must(far[i].offset >= 0 && far[i].offset <= items[i].bytes);
	if (!native_parse_piece(&items[0], text, n, &piece, NULL))
		must(piece.offset >= 0 && piece.offset <= items[0].bytes);
}

static void try_enrolled(const char *text, size_t n)
{
	char token[513];

	if (!native_parse_enrolled(text, n, token, sizeof(token), NULL))
		must(*token && strlen(token) < sizeof(token));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "";
	char code[NATIVE_CODE_BYTES + 1], reason[NATIVE_REASON_BYTES + 1];
	struct answers one;
	struct far_box box;
	cJSON *person = NULL;

	try_results(text, size);
	try_changes(text, size);
	try_attachments(text, size);
	try_enrolled(text, size);
	answers_init(&one);
	if (!native_parse_result(&one, A, text, size, NULL))
		answers_release(&one);
	if (!native_parse_box(&box, text, size, NULL))
		must(box.epoch >= 0 && box.sequence >= 0 && (!box.known || uid_valid(box.uid)));
	if (!native_parse_person(text, size, &person, NULL))
		must(cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(person, "history")));
	cJSON_Delete(person);
	if (native_parse_refusal(text, size, code, sizeof(code), reason, sizeof(reason)))
		must_be_tame(reason, NATIVE_REASON_BYTES);
	return 0;
}
