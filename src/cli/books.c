/* SPDX-License-Identifier: GPL-3.0-or-later */
/* register books, list, add, edit, remove, import, template, print: the registers that the region declares (I1–I3, I5). */
#include "desk/books.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/export.h"

#define PAGE 50
#define PEOPLE_MOST 500

static int book_named(struct cli *c, const char *word, const struct book **out, struct err *e)
{
	const struct book *all = NULL;
	size_t n = desk_profile(c->desk) ? profile_books(desk_profile(c->desk), &all) : 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].name, word) || !strcmp(all[i].title, word)) {
			*out = &all[i];
			return 0;
		}
	return err_set(e, ERR_NO_SUCH, "%s", word);
}

int run_register_books(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"register", N_("名称"), 16}, {"title", N_("登记簿"), 16}, {"source", N_("依据"), 40}};
	const struct book *all = NULL;
	size_t n = desk_profile(c->desk) ? profile_books(desk_profile(c->desk), &all) : 0;
	struct listing l;
	int ret = 0;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < n; i++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "register", all[i].name);
		cJSON_AddStringToObject(o, "title", all[i].title);
		cJSON_AddStringToObject(o, "source", all[i].source);
		ret = list_add(&l, o, e);
	}
	list_end(&l);
	return ret;
}

/* --- list --------------------------------------------------------------------------------------------------------------- */

static cJSON *entry_json(struct cli *c, const struct book *b, const struct book_entry *r)
{
	cJSON *o = cJSON_CreateObject(), *values = c->json && !c->exporting ? cJSON_AddObjectToObject(o, "values") : o;
	char text[BOOK_VALUE];

	cJSON_AddNumberToObject(o, "entry", (double)r->id);
	if (b->people)
		cJSON_AddNumberToObject(o, "people", (double)r->people);
	else
		cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	for (size_t i = 0; i < b->n; i++) {
		desk_book_show(c->desk, &b->field[i], r->value[i], text, sizeof(text));
		cJSON_AddItemToObject(values, b->field[i].name, cJSON_CreateString(text));
	}
	return o;
}

static size_t columns_of(const struct book *b, struct column *out)
{
	size_t n = 0;

	out[n++] = (struct column){"entry", N_("编号"), 6};
	out[n++] = b->people ? (struct column){"people", N_("参加"), 5} : (struct column){"name", N_("姓名"), 10};
	for (size_t i = 0; i < b->n; i++)
		out[n++] = (struct column){b->field[i].name, b->field[i].label, b->field[i].list ? b->field[i].list : 12};
	return n;
}

static int page_of(struct cli *c, const struct book *b, int64_t person, int64_t before, struct book_entry *rows, size_t *n, struct err *e)
{
	if (opt(c, "search"))
		return desk_book_find(c->desk, b->name, opt(c, "search"), before, rows, PAGE, n, e);
	return desk_book_list(c->desk, b->name, person, before, rows, PAGE, n, e);
}

int run_register_list(struct cli *c, struct err *e)
{
	struct column columns[BOOK_FIELDS + 2];
	struct book_entry *rows;
	const struct book *b;
	struct listing l;
	int64_t person = 0, before = 0;
	size_t n = 0;
	int ret = 0;

	if (book_named(c, c->argc ? c->argv[0] : "", &b, e) || (opt(c, "person") && ask_person(c, opt(c, "person"), &person, e)))
		return -1;
	if (person && opt(c, "search"))
		return err_set(e, ERR_USAGE, "--person, --search");
	rows = calloc(PAGE, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "register");
	list_begin(&l, c, columns, columns_of(b, columns));
	do {
		ret = page_of(c, b, person, before, rows, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++) {
			before = rows[i].id;
			ret = list_add(&l, entry_json(c, b, &rows[i]), e);
		}
	} while (ret == 0 && n == PAGE);
	list_end(&l);
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return ret;
}

/* --- add, edit, remove ------------------------------------------------------------------------------------------------------ */

/* FIELD=VALUE: by name or label. */
static int put_value(const struct book *b, const char *word, struct book_entry *entry, struct err *e)
{
	const char *is = strchr(word, '=');

	for (size_t i = 0; is && i < b->n; i++) {
		size_t n = (size_t)(is - word);

		if ((strlen(b->field[i].name) == n && !strncmp(b->field[i].name, word, n)) ||
		    (strlen(b->field[i].label) == n && !strncmp(b->field[i].label, word, n))) {
			text_copy(entry->value[i], BOOK_VALUE, is + 1);
			return 0;
		}
	}
	return err_set(e, ERR_USAGE, "%s", word);
}

static int save(struct cli *c, const struct book *b, struct book_entry *entry, int from, const int64_t *persons, size_t n, struct err *e)
{
	struct book_finding f = {.field = -1};
	int64_t id = 0;
	cJSON *o;

	for (int i = from; i < c->argc; i++)
		if (put_value(b, c->argv[i], entry, e))
			return -1;
	if (desk_book_save(c->desk, b->name, entry, persons, n, &id, &f, e)) {
		if (e->code == ERR_FINDINGS && f.field >= 0)
			return err_set(e, ERR_FINDINGS, _("%s：%s"), b->field[f.field].label, f.sentence);
		return -1;
	}
	if (!c->json) {
		printf("%lld\n", (long long)id);
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "entry", (double)id);
	return print_object(o, e);
}

static int people_of(struct cli *c, int64_t *persons, size_t *n, struct err *e)
{
	char words[4096], *rest = words, *word;

	*n = 0;
	text_copy(words, sizeof(words), opt(c, "people") ? opt(c, "people") : "");
	while ((word = strsep(&rest, ",")) != NULL)
		if (*word && (*n == PEOPLE_MOST || ask_person(c, word, &persons[(*n)++], e)))
			return -1;
	return 0;
}

int run_register_add(struct cli *c, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	int64_t *persons = calloc(PEOPLE_MOST, sizeof(*persons)), person = 0;
	const struct book *b;
	size_t n = 0;
	int ret = -1;

	if (!entry || !persons)
		err_set(e, ERR_MEMORY, "register");
	else if (!book_named(c, c->argv[0], &b, e) && (b->people ? !people_of(c, persons, &n, e) : !ask_person(c, c->argc > 1 ? c->argv[1] : "", &person, e)) &&
		 !desk_book_begin(c->desk, b->name, person, entry, e))
		ret = save(c, b, entry, b->people ? 1 : 2, persons, n, e);
	if (entry)
		wipe(entry, sizeof(*entry));
	free(entry);
	free(persons);
	return ret;
}

static int entry_named(const char *word, int64_t *out, struct err *e)
{
	if (!text_is_digits(word) || strlen(word) > 15)
		return err_set(e, ERR_NO_SUCH, "%s", word);
	*out = strtoll(word, NULL, 10);
	return 0;
}

int run_register_edit(struct cli *c, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	const struct book *b;
	int64_t id = 0;
	int ret = -1;

	if (!entry)
		err_set(e, ERR_MEMORY, "register");
	else if (!book_named(c, c->argv[0], &b, e) && !entry_named(c->argv[1], &id, e) && !desk_book_get(c->desk, b->name, id, entry, e))
		ret = save(c, b, entry, 2, NULL, 0, e);
	if (entry)
		wipe(entry, sizeof(*entry));
	free(entry);
	return ret;
}

int run_register_remove(struct cli *c, struct err *e)
{
	const struct book *b;
	int64_t id = 0;

	return book_named(c, c->argv[0], &b, e) || entry_named(c->argv[1], &id, e) || desk_book_remove(c->desk, b->name, id, opt(c, "note"), e) ? -1 : 0;
}

/* --- tables, paper ------------------------------------------------------------------------------------------------------------ */

int run_register_import(struct cli *c, struct err *e)
{
	const struct book *b;

	return book_named(c, c->argv[0], &b, e) ? -1 : sheet_import(c, b->name, c->argv[1], (struct month){.first = 0}, e);
}

int run_register_template(struct cli *c, struct err *e)
{
	const struct book *b;

	return book_named(c, c->argv[0], &b, e) ? -1 : sheet_template(c, b->name, c->argv[1], e);
}

static int paper(struct cli *c, const struct book *b, int64_t id, int fd, struct err *e)
{
	struct export_spec spec = {.list = b->name, .form = "pdf"};
	struct office_out out;
	struct err own = {0};
	int last;

	if (desk_export_begin(c->desk, &spec, e))
		return -1;
	last = office_out_open(&out, "pdf", fd, e);
	if (!last) {
		last = desk_book_paper(c->desk, b->name, id, &out, e) || office_out_end(&out, e) ? -1 : 0;
		office_out_release(&out);
	}
	return desk_export_end(c->desk, &spec, last ? -1 : 1, last ? &own : e) && !last ? -1 : last;
}

int run_register_print(struct cli *c, struct err *e)
{
	const char *kind = office_kind_of(c->argv[2]);
	const struct book *b;
	struct office_file f;
	int64_t id = 0;

	signal(SIGPIPE, SIG_IGN);
	if (!kind || strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, ".pdf");
	if (book_named(c, c->argv[0], &b, e) || entry_named(c->argv[1], &id, e) || office_file_new(&f, c->argv[2], opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, paper(c, b, id, f.fd, e), e);
}
