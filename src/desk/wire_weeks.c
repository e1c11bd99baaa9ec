/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies of what comes after entry and has no life cycle: wages, training, entries of registers, devices. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "books.h"
#include "json_out.h"
#include "store/book.h"
#include "store/device.h"
#include "store/dossier.h"
#include "store/wage.h"
#include "wire_private.h"

/* --- wages --------------------------------------------------------------------------------------------- */

static void month(const struct making *m, const char *key, int yyyymm)
{
	char s[16];

	text_format(s, sizeof(s), "%04d-%02d", yyyymm / 100 % 10000, yyyymm % 100);
	wire_text(m, key, yyyymm ? s : "");
}

/* Names as in Payroll.Add's detail list; money whole fen. */
static void amounts(const struct making *m, const struct db_wage *w)
{
	month(m, "payMonth", w->month);
	month(m, "backPayMonth", w->back_month);
	json_out_number(m->out, "days", w->days);
	json_out_number(m->out, "totalPayAmount", w->owed);
	json_out_number(m->out, "actualAmount", w->paid);
	wire_date(m, "balanceDate", w->paid_on);
}

int wire_payroll(const struct making *m, struct err *e)
{
	struct db_person person;
	struct db_wage w;

	if (db_wage_get(m->d->store, m->fact->subject, &w, e) || db_person_get(m->d->store, w.person, &person, e))
		return -1;
	wire_text(m, "person", person.uid);
	wire_project(m);
	amounts(m, &w);
	wire_text(m, "payRollBankName", w.bank);
	wire_text(m, "payRollBankCardNumber", w.card);
	wire_text(m, "thirdPayRollCode", w.record);
	wipe(&w, sizeof(w));
	return 0;
}

/* The card that was paid to: the sheet's, else the one on file. */
static void paid_to(const struct making *m, const struct db_wage *w, const struct record *r)
{
	const char *bank = w->bank[0] ? w->bank : record_get(r, F_BANK);
	const struct code *code = bank[0] ? profile_code_said(m->d->profile, "banks", bank) : NULL;

	wire_text(m, "payRollBankCardNumber", w->card[0] ? w->card : record_get(r, F_BANK_NUMBER));
	wire_text(m, "payRollBankCode", code ? profile_wire_code(m->d->profile, "banks", code->code) : "");
	wire_text(m, "payRollBankName", code ? code->name : bank);
}

/* The account that the project pays wages from (GW724: one of its own): settings of the project. */
static int paid_from(const struct making *m, struct err *e)
{
	char number[64] = "", bank[32] = "";
	const struct code *code;

	if (desk_setting_get(m->d, SETTING_WAGE_ACCOUNT, number, sizeof(number), e) || desk_setting_get(m->d, SETTING_WAGE_BANK, bank, sizeof(bank), e))
		return -1;
	code = bank[0] ? profile_code_said(m->d->profile, "banks", bank) : NULL;
	wire_text(m, "payBankCardNumber", number);
	wire_text(m, "payBankCode", code ? profile_wire_code(m->d->profile, "banks", code->code) : "");
	wire_text(m, "payBankName", code ? code->name : bank);
	wipe(number, sizeof(number));
	return 0;
}

/* Our own number of the line: the bank's, else the row's own without its dashes (at most 50 characters there). */
static void own_number(const struct making *m, const struct db_wage *w)
{
	char out[UID_TEXT], *at = out;

	for (const char *s = w->uid; *s; s++)
		if (*s != '-')
			*at++ = *s;
	*at = '\0';
	wire_text(m, "thirdPayRollCode", w->record[0] ? w->record : out);
}

int wire_open_payroll(const struct making *m, const struct record *r, struct err *e)
{
	struct db_wage w;
	int rc;

	if (db_wage_get(m->d->store, m->fact->subject, &w, e))
		return -1;
	amounts(m, &w);
	json_out_number(m->out, "isBackPay", w.back_month != 0);
	paid_to(m, &w, r);
	own_number(m, &w);
	rc = paid_from(m, e);
	wipe(&w, sizeof(w));
	return rc;
}

/* --- training ------------------------------------------------------------------------------------------ */

/* A session of a register, or one person's lesson: what it was, and who took part. */
struct held_session {
	int64_t entry, person; /* one of them */
	char on[DATE_TEXT], kind[BOOK_VALUE], hours[BOOK_VALUE], name[BOOK_VALUE], trainer[BOOK_VALUE], place[BOOK_VALUE];
};

static void copy_part(const struct book *b, const struct book_entry *from, enum book_training part, char *out, size_t size)
{
	text_copy(out, size, b->training[part] >= 0 ? from->value[b->training[part]] : "");
}

static int session_of_book(const struct making *m, struct held_session *s, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	const struct book *b;
	int rc = entry ? book_told(m->d, m->fact->subject, &b, entry, e) : err_set(e, ERR_MEMORY, "entry");

	if (!rc) {
		s->entry = entry->id;
		copy_part(b, entry, BOOK_TRAINED_ON, s->on, sizeof(s->on));
		copy_part(b, entry, BOOK_TRAINED_KIND, s->kind, sizeof(s->kind));
		copy_part(b, entry, BOOK_TRAINED_HOURS, s->hours, sizeof(s->hours));
		copy_part(b, entry, BOOK_TRAINED_NAME, s->name, sizeof(s->name));
		copy_part(b, entry, BOOK_TRAINED_TRAINER, s->trainer, sizeof(s->trainer));
		copy_part(b, entry, BOOK_TRAINED_PLACE, s->place, sizeof(s->place));
	}
	free(entry);
	return rc;
}

static int session_of_lesson(const struct making *m, struct held_session *s, struct err *e)
{
	struct db_training t;

	if (db_training_by_fact(m->d->store, m->fact->id, &t, e))
		return -1;
	s->person = t.person;
	date_format(t.on, s->on);
	text_copy(s->kind, sizeof(s->kind), t.kind);
	text_format(s->hours, sizeof(s->hours), "%lld", (long long)t.hours);
	return 0;
}

/* Who took part, by uid; in the open.api by document, each of them with a pass: who failed is not written down as trained. */
static int worker_of(const struct making *m, int64_t person, struct err *e)
{
	struct record r;
	struct folk f;
	int rc = -1;

	if (folk_load(m->d, person, &f, e))
		return -1;
	if (!wire_speaks(m->d, "open_api")) {
		json_out_item(m->out, f.person.uid);
		return 0;
	}
	record_init(&r);
	if (folk_record(m->d, &f, &r, e) == 0) {
		json_out_open(m->out);
		wire_field(m, &r, F_DOC_TYPE);
		wire_field(m, &r, F_NUMBER);
		json_out_number(m->out, "isPass", 1);
		json_out_close(m->out);
		rc = 0;
	}
	record_release(&r);
	return rc;
}

static int workers(const struct making *m, const struct held_session *s, struct err *e)
{
	int64_t persons[32], after = 0;
	size_t n;

	if (s->person)
		return worker_of(m, s->person, e);
	do {
		if (db_book_persons(m->d->store, s->entry, after, persons, ARRAY_LEN(persons), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = persons[i];
			if (worker_of(m, persons[i], e))
				return -1;
		}
	} while (n == ARRAY_LEN(persons));
	return 0;
}

int wire_training(const struct making *m, struct err *e)
{
	struct held_session s = {.entry = 0};
	int rc;

	wire_project(m);
	if (!strcmp(m->fact->event, "remove")) {
		wire_date(m, "date", date_of_ms(m->fact->at_ms));
		return 0;
	}
	if (strcmp(m->fact->cycle, "book") ? session_of_lesson(m, &s, e) : session_of_book(m, &s, e))
		return -1;
	wire_text(m, "trainingDate", s.on);
	wire_text(m, "trainingTypeCode", profile_wire_code(m->d->profile, "training_kinds", s.kind));
	wire_text(m, "trainingName", s.name[0] ? s.name : desk_code_word(m->d, "training_kinds", s.kind));
	wire_text(m, "trainingDuration", s.hours[0] ? s.hours : "0");
	wire_text(m, "trainer", s.trainer);
	wire_text(m, "trainingAddress", s.place);
	if (wire_speaks(m->d, "open_api")) /* that wire has no number of ours: a lost answer is looked up by this */
		wire_text(m, "description", m->row->subject);
	json_out_list(m->out, "workers");
	rc = workers(m, &s, e);
	json_out_list_end(m->out);
	return rc;
}

/* --- registers ----------------------------------------------------------------------------------------- */

static int took_part(const struct making *m, int64_t entry, struct err *e)
{
	struct held_session s = {.entry = entry};
	int rc;

	json_out_list(m->out, "workers");
	rc = workers(m, &s, e);
	json_out_list_end(m->out);
	return rc;
}

/* Its fields by the names that the profile gives them, as they are kept: codes as codes. */
static int entry_body(const struct making *m, struct book_entry *entry, struct err *e)
{
	struct db_person person = {.uid = ""};
	const struct book *b;

	if (book_told(m->d, m->fact->subject, &b, entry, e) || (entry->person && db_person_get(m->d->store, entry->person, &person, e)))
		return -1;
	wire_text(m, "register", b->name);
	wire_text(m, "title", b->title);
	wire_text(m, "person", person.uid);
	json_out_object(m->out, "values");
	for (size_t i = 0; i < b->n; i++)
		wire_text(m, b->field[i].name, entry->value[i]);
	json_out_close(m->out);
	return b->people ? took_part(m, entry->id, e) : 0;
}

int wire_book(const struct making *m, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	int rc = 0;

	if (!entry)
		return err_set(e, ERR_MEMORY, "entry");
	wire_project(m);
	if (strcmp(m->fact->event, "remove"))
		rc = entry_body(m, entry, e);
	else
		wire_date(m, "date", date_of_ms(m->fact->at_ms));
	wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

/* --- devices ------------------------------------------------------------------------------------------- */

int wire_device(const struct making *m, struct err *e)
{
	struct db_device r;

	if (db_device_get(m->d->store, m->fact->subject, &r, e))
		return -1;
	wire_project(m);
	if (r.gone) {
		wire_date(m, "date", date_of_ms(m->fact->at_ms));
		return 0;
	}
	wire_text(m, "deviceKind", r.kind);
	wire_text(m, "serialNumber", r.serial);
	wire_text(m, "makerCode", r.maker);
	wire_text(m, "position", r.place);
	wire_text(m, "model", r.model);
	wire_text(m, "method", r.method);
	wire_text(m, "biometric", r.biometric);
	wire_text(m, "direction", r.way);
	return 0;
}
