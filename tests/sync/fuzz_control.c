/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is said to the reference platform at its control socket, line by line: each line gets one JSON
 * object with "ok", on one line, and what is refused names why. Something is registered there, so that
 * decisions have somebody to be about: "$p", "$e", "$a" in a line stand for a person, an employment and an
 * assignment.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "platform/control.h"

#define NOW 1795163400000
#define MOST (1u << 20)
#define BOX "0193483c-b000-7000-8000-0000000000b0"
#define PERSON "0193483c-b000-7000-8000-0000000000c1"
#define COMPANY "0193483c-b000-7000-8000-0000000000c2"
#define PARTICIPANT "0193483c-b000-7000-8000-0000000000c3"
#define TEAM "0193483c-b000-7000-8000-0000000000c4"
#define EMPLOYMENT "0193483c-b000-7000-8000-0000000000c5"
#define ASSIGNMENT "0193483c-b000-7000-8000-0000000000c6"

static struct server server;

static void must(bool it)
{
	if (!it)
		abort();
}

/* What a box would have told it. */
static const char known[] =
	"{\"box\":\"" BOX "\",\"epoch\":1,\"operations\":["
	"{\"op\":\"0193483c-b000-7000-8000-000000000001\",\"sequence\":1,\"kind\":\"company.add\",\"madeAt\":"
	"1795163400000,"
	"\"body\":{\"uid\":\"" COMPANY "\",\"corpCode\":\"91110199MA0000000X\",\"corpName\":\"试建设\"}},"
	"{\"op\":\"0193483c-b000-7000-8000-000000000002\",\"sequence\":2,\"kind\":\"participant.add\","
	"\"madeAt\":1795163400000,"
	"\"body\":{\"uid\":\"" PARTICIPANT
	"\",\"corpCode\":\"91110199MA0000000X\",\"corpName\":\"试建设\",\"corpType\":\"009\"}},"
	"{\"op\":\"0193483c-b000-7000-8000-000000000003\",\"sequence\":3,\"kind\":\"team.add\",\"madeAt\":"
	"1795163400000,"
	"\"body\":{\"uid\":\"" TEAM "\",\"participant\":\"" PARTICIPANT "\",\"teamName\":\"试一班\"}},"
	"{\"op\":\"0193483c-b000-7000-8000-000000000004\",\"sequence\":4,\"kind\":\"person.add\",\"madeAt\":"
	"1795163400000,"
	"\"body\":{\"uid\":\"" PERSON
	"\",\"workerName\":\"试甲\",\"idCardType\":\"01\",\"idCardNumber\":\"110199199003070011\"}},"
	"{\"op\":\"0193483c-b000-7000-8000-000000000005\",\"sequence\":5,\"kind\":\"employment.register\","
	"\"madeAt\":1795163400000,"
	"\"body\":{\"uid\":\"" EMPLOYMENT "\",\"person\":\"" PERSON "\",\"participant\":\"" PARTICIPANT
	"\"}},"
	"{\"op\":\"0193483c-b000-7000-8000-000000000006\",\"sequence\":6,\"kind\":\"assignment.submit\","
	"\"madeAt\":1795163400000,"
	"\"body\":{\"uid\":\"" ASSIGNMENT "\",\"employment\":\"" EMPLOYMENT "\",\"person\":\"" PERSON
	"\",\"team\":\"" TEAM "\"}}]}";

static void tell_it(struct pstore *store)
{
	static const unsigned char hash[PSTORE_HASH] = {1};
	struct pbox box = {.id = 0};
	bool found = false;
	cJSON *doc = NULL;
	struct buf out;

	buf_init(&out, MOST);
	must(!pstore_token_put(store, "box", hash, NULL) &&
	     !pstore_box_by_token(store, hash, &box, &found, NULL) && found);
	must(!json_parse(&doc, known, sizeof(known) - 1, MOST, NULL));
	must(office_operations(&server.office, &box, doc, &out) == 200);
	cJSON_Delete(doc);
	buf_release(&out);
}

static void open_once(void)
{
	struct pstore *store;

	if (server.office.store)
		return;
	log_open("fuzz", -1, LOG_ERR);
	clock_fix_ms(NOW);
	must(!pstore_open(&store, ":memory:", NULL) && !server_init(&server, store, NULL));
	tell_it(store);
}

static void put_names(const char *line, struct buf *out)
{
	for (; *line; line++) {
		const char *name = line[0] != '$'   ? NULL
				   : line[1] == 'p' ? PERSON
				   : line[1] == 'e' ? EMPLOYMENT
				   : line[1] == 'a' ? ASSIGNMENT
						    : NULL;

		if (name) {
			buf_adds(out, name);
			line++;
		} else {
			buf_add(out, line, 1);
		}
	}
}

static void say(const char *line)
{
	struct buf answer, named;
	cJSON *doc = NULL;

	buf_init(&answer, 2 * MOST);
	buf_init(&named, MOST);
	put_names(line, &named);
	control_say(&server, named.data ? named.data : "", &answer);
	must(answer.len && memchr(answer.data, '\n', answer.len) == answer.data + answer.len - 1);
	must(!json_parse(&doc, answer.data, answer.len, 2 * MOST, NULL) && cJSON_IsBool(json_get(doc, "ok")));
	must(json_bool(doc, "ok", false) || json_string(doc, "error"));
	cJSON_Delete(doc);
	buf_release(&answer);
	buf_release(&named);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[2 * CONTROL_LINE];

	open_once();
	faults_init(&server.faults);
	for (size_t at = 0, n; at < size; at += n + 1) {
		const uint8_t *end = memchr(data + at, '\n', size - at);

		n = end ? (size_t)(end - (data + at)) : size - at;
		if (n >= sizeof(line) || memchr(data + at, '\0', n))
			continue;
		memcpy(line, data + at, n);
		line[n] = '\0';
		say(line);
	}
	return 0;
}
