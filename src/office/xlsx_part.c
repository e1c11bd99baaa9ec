/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xlsx_part.h"

#include <expat.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/text.h"
#include "office/table.h"

#define BLOCK 65536

struct xlsx {
	zip_t *zip;
	size_t file;	 /* bytes of it */
	size_t unpacked; /* of all parts so far */
};

int xlsx_open(struct xlsx **out, const void *data, size_t n, struct err *e)
{
	struct xlsx *x = calloc(1, sizeof(*x));
	zip_error_t trouble;
	zip_source_t *source;
	int last = 0;

	if (!x)
		return err_set(e, ERR_MEMORY, "xlsx");
	zip_error_init(&trouble);
	x->file = n;
	source = zip_source_buffer_create(data, n, 0, &trouble);
	if (source)
		x->zip = zip_open_from_source(source, ZIP_RDONLY, &trouble);
	if (!x->zip) {
		last = err_set(e, ERR_OFFICE_DAMAGED, "archive: %s", zip_error_strerror(&trouble));
		if (source)
			zip_source_free(source);
		free(x);
	}
	zip_error_fini(&trouble);
	if (last == 0)
		*out = x;
	return last;
}

void xlsx_close(struct xlsx *x)
{
	if (!x)
		return;
	zip_discard(x->zip);
	free(x);
}

/* --- XML ---------------------------------------------------------------------------------------------- */

struct reading {
	XML_Parser parser;
	const struct xml_sink *sink;
	int depth, last;
	struct err *e;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *xml_attr(const char **attr, const char *name)
{
	for (; attr[0]; attr += 2)
		if (!strcmp(local(attr[0]), name))
			return attr[1];
	return NULL;
}

static void stop(struct reading *r, int last)
{
	r->last = last;
	if (last)
		XML_StopParser(r->parser, XML_FALSE);
}

static void begin(void *arg, const XML_Char *name, const XML_Char **attr)
{
	struct reading *r = arg;

	if (r->last)
		return;
	if (++r->depth > XML_DEPTH_MAX)
		stop(r, err_set(r->e, ERR_OFFICE_DAMAGED, "too deep"));
	else
		stop(r, r->sink->begin(r->sink->arg, local(name), attr, r->e));
}

static void end(void *arg, const XML_Char *name)
{
	struct reading *r = arg;

	r->depth--;
	if (!r->last)
		stop(r, r->sink->end(r->sink->arg, local(name), r->e));
}

static void characters(void *arg, const XML_Char *text, int n)
{
	struct reading *r = arg;

	if (!r->last && r->sink->text)
		stop(r, r->sink->text(r->sink->arg, text, (size_t)n, r->e));
}

/* No spreadsheet declares anything; entities come with declarations, and with them every trick there is. */
static void declaration(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public_id,
			int inside)
{
	struct reading *r = arg;

	(void)name, (void)system, (void)public_id, (void)inside;
	if (!r->last)
		stop(r, err_set(r->e, ERR_OFFICE_DAMAGED, "a declaration"));
}

static int feed(struct xlsx *x, struct reading *r, zip_file_t *f, const char *part)
{
	char block[BLOCK];
	size_t most = x->file < (TABLE_PART_MAX - (1u << 20)) / TABLE_RATIO_MAX
			      ? (1u << 20) + x->file * TABLE_RATIO_MAX
			      : TABLE_PART_MAX;
	zip_int64_t n = 1;

	while (n > 0 && !r->last) {
		n = zip_fread(f, block, sizeof(block));
		if (n < 0)
			return err_set(r->e, ERR_OFFICE_DAMAGED, "%s: cannot be unpacked", part);
		x->unpacked += (size_t)n;
		if (x->unpacked > most)
			return err_set(r->e, ERR_OFFICE_TOO_LARGE, "%s unpacks to too much", part);
		if (XML_Parse(r->parser, block, (int)n, n == 0) == XML_STATUS_ERROR && !r->last)
			return err_set(r->e, ERR_OFFICE_DAMAGED, "%s: line %lu: %s", part,
				       (unsigned long)XML_GetCurrentLineNumber(r->parser),
				       XML_ErrorString(XML_GetErrorCode(r->parser)));
		wipe(block, (size_t)n);
	}
	return r->last;
}

int xlsx_part(struct xlsx *x, const char *name, const struct xml_sink *sink, bool *found, struct err *e)
{
	zip_file_t *f = zip_fopen(x->zip, name, ZIP_FL_NOCASE);
	struct reading r = {.sink = sink, .e = e};
	int last = -1;

	if (found)
		*found = f != NULL;
	if (!f)
		return found ? 0 : err_set(e, ERR_OFFICE_DAMAGED, "%s is missing", name);
	r.parser = XML_ParserCreate(NULL);
	if (!r.parser) {
		err_set(e, ERR_MEMORY, "XML");
		goto out;
	}
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, begin, end);
	XML_SetCharacterDataHandler(r.parser, characters);
	XML_SetStartDoctypeDeclHandler(r.parser, declaration);
	last = feed(x, &r, f, name);
out:
	if (r.parser)
		XML_ParserFree(r.parser);
	zip_fclose(f);
	return last;
}
