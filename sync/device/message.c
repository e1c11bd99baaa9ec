/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "device_private.h"

/* Widths as JM-3 1.2 prints them. */
#define W_CODE 32
#define W_NUMBER 18
#define W_NAME 30
#define W_SEX 2
#define W_NATION 4
#define W_BIRTH 16
#define W_ADDRESS 140
#define W_AUTHORITY 60
#define W_VALIDITY 64
#define W_RESERVED 99
#define W_REASON 30
#define W_TITLE 100
#define W_SHORT_NAME 10
#define W_RECORD 41
#define LONG_TERM "长期"
#define NATIONS 58
#define SECOND_MS 1000LL
#define DAY_MS 86400000LL
#define CHINA_MS (8 * 3600 * SECOND_MS)

/* --- reading in order, never beyond the end ---------------------------------------------------------- */

struct take {
	const unsigned char *at;
	size_t left;
	bool ran_out, starved; /* starved: no memory for a text */
};

static const unsigned char *bytes(struct take *t, size_t n)
{
	static const unsigned char none[W_ADDRESS + 1];
	const unsigned char *at = t->at;

	if (n > t->left) {
		t->ran_out = true;
		t->left = 0;
		return n <= sizeof(none) ? none : NULL;
	}
	t->at += n;
	t->left -= n;
	return at;
}

static uint32_t number(struct take *t, size_t n)
{
	return device_get(bytes(t, n), n);
}

static void text(const struct device_manner *m, bool ascii, struct take *t, size_t width, char *out,
		 size_t size)
{
	if (!device_get_text(m, ascii, bytes(t, width), width, out, size))
		t->starved = true;
}

static struct device_photo photo(struct take *t)
{
	struct device_photo p = {.n = number(t, 4)};

	p.data = bytes(t, p.n);
	if (t->ran_out || !p.n)
		p = (struct device_photo){0};
	return p;
}

static int over(const struct take *t, const char *what, struct err *e)
{
	if (t->starved)
		return err_set(e, ERR_MEMORY, "%s", what);
	if (t->ran_out || t->left)
		return err_set(e, ERR_NET_ANSWER, "%s: %s", what, t->ran_out ? "too short" : "too long");
	return 0;
}

static struct take of(const struct device_frame *f)
{
	return (struct take){.at = f->content, .left = f->n};
}

static void zeros(struct buf *out, size_t n)
{
	device_put(out, 0, n);
}

static void put_photo(const struct device_photo *p, struct buf *out)
{
	device_put(out, p->n, 4);
	if (p->n)
		buf_add(out, p->data, p->n);
}

/* --- 843 --------------------------------------------------------------------------------------------- */

void device_login_write(const struct device_manner *m, const struct device_login *l, struct buf *out)
{
	device_put_text(m, true, l->maker, W_CODE, out);
	device_put_text(m, true, l->device, W_CODE, out);
}

int device_login_read(const struct device_manner *m, const struct device_frame *f, struct device_login *out,
		      struct err *e)
{
	struct take t = of(f);

	*out = (struct device_login){0};
	text(m, true, &t, W_CODE, out->maker, sizeof(out->maker));
	text(m, true, &t, W_CODE, out->device, sizeof(out->device));
	return over(&t, "login", e);
}

/* --- fields of people -------------------------------------------------------------------------------- */

/* 1 male, 0 female: the opposite of the national interface. 2 is the card's own code for female. */
static void put_sex(const struct device_manner *m, enum device_sex sex, struct buf *out)
{
	device_put_text(m, true, sex == DEVICE_MALE ? "1" : sex == DEVICE_FEMALE ? "0" : "", W_SEX, out);
}

static enum device_sex sex_of(const char *digits)
{
	if (!text_is_digits(digits))
		return DEVICE_SEX_UNKNOWN;
	switch (atoi(digits)) {
	case 1:
		return DEVICE_MALE;
	case 0:
	case 2:
		return DEVICE_FEMALE;
	default:
		return DEVICE_SEX_UNKNOWN;
	}
}

static void put_nation(const struct device_manner *m, unsigned nation, struct buf *out)
{
	char digits[12] = "";

	if (nation)
		text_format(digits, sizeof(digits), "%0*u", m->nation_digits ? (int)m->nation_digits : 2,
			    nation);
	device_put_text(m, true, digits, W_NATION, out);
}

static unsigned nation_of(const char *digits)
{
	long n = text_is_digits(digits) ? atol(digits) : 0;

	return n >= 1 && n <= NATIONS ? (unsigned)n : 0;
}

static void put_date(const struct device_manner *m, date_t on, size_t width, struct buf *out)
{
	char iso[DATE_TEXT], digits[9] = "";
	size_t n = 0;

	if (on != DATE_NONE && on != DATE_LONG_TERM) {
		date_format(on, iso);
		for (const char *c = iso; *c && n < sizeof(digits) - 1; c++) {
			if (*c != '-')
				digits[n++] = *c;
		}
		digits[n] = '\0';
	}
	device_put_text(m, true, digits, width, out);
}

static date_t date_of(const char *s)
{
	date_t on;

	return date_parse(s, &on) ? on : DATE_NONE;
}

static void validity_day(const struct device_manner *m, date_t on, char *out, size_t size)
{
	static const char separators[] = {[DEVICE_VALIDITY_PRINT] = '.', [DEVICE_VALIDITY_ISO] = '-'};
	char sep = m->validity == DEVICE_VALIDITY_COMPACT ? '\0' : separators[m->validity];
	int y, mo, d;

	if (on == DATE_LONG_TERM) {
		text_copy(out, size, LONG_TERM);
		return;
	}
	date_to_ymd(on, &y, &mo, &d);
	if (sep)
		text_format(out, size, "%04d%c%02d%c%02d", y, sep, mo, sep, d);
	else
		text_format(out, size, "%04d%02d%02d", y, mo, d);
}

static void put_validity(const struct device_manner *m, date_t from, date_t to, struct buf *out)
{
	char a[24] = "", b[24] = "", both[64] = "";

	if (from != DATE_NONE && to != DATE_NONE) {
		validity_day(m, from, a, sizeof(a));
		validity_day(m, to, b, sizeof(b));
		text_format(both, sizeof(both), "%s-%s", a, b);
	}
	device_put_text(m, false, both, W_VALIDITY, out);
}

/* All three forms: the middle separator is the one with as much on either side, or before 长期. */
static void validity_of(char *s, date_t *from, date_t *to)
{
	size_t n = strlen(s), half = (n - (n % 2)) / 2;
	char *middle = strstr(s, "-" LONG_TERM);

	*from = *to = DATE_NONE;
	if (!middle && n % 2 && s[half] == '-')
		middle = s + half;
	if (!middle)
		return;
	*middle = '\0';
	*from = date_of(s);
	*to = date_of(middle + 1);
}

/* --- 852 --------------------------------------------------------------------------------------------- */

void device_person_write(const struct device_manner *m, const struct device_person *p, struct buf *out)
{
	device_put_text(m, true, p->number, W_NUMBER, out);
	device_put_text(m, false, p->name, W_NAME, out);
	put_sex(m, p->sex, out);
	put_nation(m, p->nation, out);
	put_date(m, p->birth, W_BIRTH, out);
	device_put_text(m, false, p->address, W_ADDRESS, out);
	device_put(out, 0, 4); /* no feature */
	device_put(out, 0, 1); /* recognition: high */
	device_put(out, m->recollect, 1);
	device_put_text(m, false, p->authority, W_AUTHORITY, out);
	put_validity(m, p->valid_from, p->valid_to, out);
	device_put(out, p->manual, 1);
	for (size_t i = 0; i < W_RESERVED; i++)
		zeros(out, 1);
	put_photo(&p->card, out);
	put_photo(&p->collected, out);
}

int device_person_read(const struct device_manner *m, const struct device_frame *f, struct device_person *out,
		       struct err *e)
{
	char short_text[W_VALIDITY * 4 + 1];
	struct take t = of(f);

	*out = (struct device_person){0};
	text(m, true, &t, W_NUMBER, out->number, sizeof(out->number));
	text(m, false, &t, W_NAME, out->name, sizeof(out->name));
	text(m, true, &t, W_SEX, short_text, sizeof(short_text));
	out->sex = sex_of(short_text);
	text(m, true, &t, W_NATION, short_text, sizeof(short_text));
	out->nation = nation_of(short_text);
	text(m, true, &t, W_BIRTH, short_text, sizeof(short_text));
	out->birth = date_of(short_text);
	text(m, false, &t, W_ADDRESS, out->address, sizeof(out->address));
	photo(&t); /* the feature: not ours to use */
	bytes(&t, 2);
	text(m, false, &t, W_AUTHORITY, out->authority, sizeof(out->authority));
	text(m, false, &t, W_VALIDITY, short_text, sizeof(short_text));
	validity_of(short_text, &out->valid_from, &out->valid_to);
	out->manual = number(&t, 1) != 0;
	bytes(&t, W_RESERVED);
	out->card = photo(&t);
	out->collected = photo(&t);
	return over(&t, "collected person", e);
}

void device_person_reply_write(const struct device_manner *m, bool ok, const char *reason, struct buf *out)
{
	device_put(out, !ok, 1);
	device_put_text(m, false, reason, W_REASON, out);
	zeros(out, 8);
	zeros(out, 2);
}

void device_person_reply_read(const struct device_manner *m, const struct device_frame *f, bool *ok,
			      char reason[DEVICE_REASON])
{
	reason[0] = '\0';
	*ok = false;
	if (f->n < 1 + W_REASON) { /* a bare failure is words, a bare success is no answer to this */
		device_frame_words(f, reason, DEVICE_REASON);
		return;
	}
	*ok = !f->flag && !f->content[0];
	device_get_text(m, false, f->content + 1, W_REASON, reason, DEVICE_REASON);
}

/* --- 849 --------------------------------------------------------------------------------------------- */

void device_list_release(struct device_list *l)
{
	if (l->item)
		wipe(l->item, l->n * sizeof(*l->item));
	free(l->item);
	*l = (struct device_list){0};
}

void device_list_ask_write(uint16_t people, uint32_t sum, struct buf *out)
{
	device_put(out, people, 2);
	device_put(out, sum, 4);
}

int device_list_ask_read(const struct device_frame *f, uint16_t *people, uint32_t *sum, struct err *e)
{
	struct take t = of(f);

	*people = (uint16_t)number(&t, 2);
	*sum = number(&t, 4);
	return over(&t, "whitelist question", e);
}

void device_list_write(const struct device_manner *m, const struct device_list *l, struct buf *out)
{
	device_put(out, l->project, 4);
	device_put_text(m, false, l->title, W_TITLE, out);
	for (size_t i = 0; i < l->n; i++) {
		const struct device_listed *p = &l->item[i];

		device_put(out, p->worker, 4);
		device_put_text(m, false, p->name, W_SHORT_NAME, out);
		device_put_text(m, true, p->number, W_NUMBER, out);
		device_put(out, p->photo_bytes, 4);
		zeros(out, 5);
		if (m->list_photos == DEVICE_PHOTOS_AFTER && p->photo.n == p->photo_bytes && p->photo.n)
			buf_add(out, p->photo.data, p->photo.n);
	}
}

/* Fifteen or eighteen characters of a document number: what tells a record from the middle of a photograph.
 */
static bool plausible(const char *number_text)
{
	size_t n = strlen(number_text);

	return n >= 5 && n <= W_NUMBER && strspn(number_text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

static bool read_record(const struct device_manner *m, struct take *t, bool photos, struct device_listed *out)
{
	*out = (struct device_listed){.worker = number(t, 4)};
	text(m, false, t, W_SHORT_NAME, out->name, sizeof(out->name));
	text(m, true, t, W_NUMBER, out->number, sizeof(out->number));
	out->photo_bytes = number(t, 4);
	bytes(t, 5);
	if (photos) {
		out->photo = (struct device_photo){.n = out->photo_bytes};
		out->photo.data = bytes(t, out->photo.n);
	}
	return !t->ran_out && !t->starved && plausible(out->number);
}

static bool read_records(const struct device_manner *m, struct take t, bool photos, struct device_list *l,
			 size_t most)
{
	l->n = 0;
	while (t.left) {
		if (l->n == most || !read_record(m, &t, photos, &l->item[l->n]))
			return false;
		l->n++;
	}
	return true;
}

int device_list_read(const struct device_manner *m, const struct device_frame *f, struct device_list *out,
		     struct err *e)
{
	struct device_list made = {0};
	struct take t = of(f);
	size_t most;

	made.project = number(&t, 4);
	text(m, false, &t, W_TITLE, made.title, sizeof(made.title));
	if (t.ran_out)
		return err_set(e, ERR_NET_ANSWER, "whitelist: too short");
	most = t.left / W_RECORD;
	if (most > DEVICE_LIST_MOST)
		return err_set(e, ERR_NET_ANSWER, "whitelist of more than %d", DEVICE_LIST_MOST);
	made.item = calloc(most + 1, sizeof(*made.item));
	if (!made.item)
		return err_set(e, ERR_MEMORY, "whitelist");
	if ((m->list_photos != DEVICE_PHOTOS_AFTER && read_records(m, t, false, &made, most)) ||
	    (m->list_photos != DEVICE_PHOTOS_NONE && read_records(m, t, true, &made, most))) {
		*out = made;
		return 0;
	}
	made.n = most;
	device_list_release(&made);
	return err_set(e, ERR_NET_ANSWER, "whitelist: it does not end where its records do");
}

/* --- 845 --------------------------------------------------------------------------------------------- */

void device_features_ask_write(const struct device_manner *m, const char *device, const char *id,
			       struct buf *out)
{
	device_put_text(m, true, device, W_CODE, out);
	device_put_text(m, true, id, W_NUMBER, out);
}

int device_features_ask_read(const struct device_manner *m, const struct device_frame *f,
			     char device[DEVICE_CODE], char id[DEVICE_NUMBER], struct err *e)
{
	struct take t = of(f);

	text(m, true, &t, W_CODE, device, DEVICE_CODE);
	text(m, true, &t, W_NUMBER, id, DEVICE_NUMBER);
	return over(&t, "features question", e);
}

static unsigned bcd(unsigned n)
{
	return n / 10 << 4 | n % 10;
}

static bool unbcd(unsigned byte, unsigned *n)
{
	*n = (byte >> 4) * 10 + (byte & 15);
	return (byte >> 4) < 10 && (byte & 15) < 10;
}

static unsigned nation_byte(const struct device_manner *m, unsigned byte)
{
	unsigned n = byte;

	if (m->nation_bcd && !unbcd(byte, &n))
		return 0;
	return n <= NATIONS ? n : 0;
}

void device_features_write(const struct device_manner *m, const struct device_features *x, struct buf *out)
{
	const struct device_person *p = &x->person;

	device_put(out, x->worker, 4);
	device_put_text(m, false, p->name, W_NAME, out);
	device_put_text(m, true, p->number, W_NUMBER, out);
	device_put(out, m->nation_bcd ? bcd(p->nation) : p->nation, 1);
	put_sex(m, p->sex, out);
	device_put_text(m, false, p->address, W_ADDRESS, out);
	put_date(m, p->birth, W_BIRTH, out);
	device_put_text(m, false, p->authority, W_AUTHORITY, out);
	put_validity(m, p->valid_from, p->valid_to, out);
	put_photo(&p->collected, out);
	put_photo(&p->card, out);
	put_photo(&x->infrared, out);
}

int device_features_read(const struct device_manner *m, const struct device_frame *f,
			 struct device_features *out, struct err *e)
{
	char short_text[W_VALIDITY * 4 + 1];
	struct device_person *p = &out->person;
	struct take t = of(f);

	*out = (struct device_features){.worker = number(&t, 4)};
	text(m, false, &t, W_NAME, p->name, sizeof(p->name));
	text(m, true, &t, W_NUMBER, p->number, sizeof(p->number));
	p->nation = nation_byte(m, number(&t, 1));
	text(m, true, &t, W_SEX, short_text, sizeof(short_text));
	p->sex = sex_of(short_text);
	text(m, false, &t, W_ADDRESS, p->address, sizeof(p->address));
	text(m, true, &t, W_BIRTH, short_text, sizeof(short_text));
	p->birth = date_of(short_text);
	text(m, false, &t, W_AUTHORITY, p->authority, sizeof(p->authority));
	text(m, false, &t, W_VALIDITY, short_text, sizeof(short_text));
	validity_of(short_text, &p->valid_from, &p->valid_to);
	p->collected = photo(&t);
	p->card = photo(&t);
	out->infrared = photo(&t);
	return over(&t, "features", e);
}

/* --- 848 --------------------------------------------------------------------------------------------- */

void device_punch_write(const struct device_manner *m, const struct device_punch *p, struct buf *out)
{
	int64_t local = p->at_ms + CHINA_MS;
	unsigned second = (unsigned)(local % DAY_MS / SECOND_MS);
	int y, mo, d;

	date_to_ymd(date_of_ms(p->at_ms), &y, &mo, &d);
	device_put(out, p->worker, 4);
	device_put(out, bcd((unsigned)(m->year_le ? y % 100 : y / 100)), 1);
	device_put(out, bcd((unsigned)(m->year_le ? y / 100 : y % 100)), 1);
	device_put(out, bcd((unsigned)mo), 1);
	device_put(out, bcd((unsigned)d), 1);
	device_put(out, bcd(second / 3600), 1);
	device_put(out, bcd(second / 60 % 60), 1);
	device_put(out, bcd(second % 60), 1);
	device_put(out, p->mode, 1);
	put_photo(&p->photo, out);
}

static bool bcd_time(const struct device_manner *m, const unsigned char *b, int64_t *ms)
{
	unsigned part[7];
	date_t on;

	for (size_t i = 0; i < 7; i++) {
		if (!unbcd(b[i], &part[i]))
			return false;
	}
	if (!date_from_ymd((int)(m->year_le ? part[1] * 100 + part[0] : part[0] * 100 + part[1]),
			   (int)part[2], (int)part[3], &on) ||
	    part[4] > 23 || part[5] > 59 || part[6] > 59)
		return false;
	*ms = on * DAY_MS - CHINA_MS + (int64_t)(part[4] * 3600 + part[5] * 60 + part[6]) * SECOND_MS;
	return true;
}

int device_punch_read(const struct device_manner *m, const struct device_frame *f, struct device_punch *out,
		      struct err *e)
{
	struct take t = of(f);
	const unsigned char *time;

	*out = (struct device_punch){.worker = number(&t, 4)};
	time = bytes(&t, 7);
	out->mode = (unsigned char)number(&t, 1);
	out->photo = photo(&t);
	if (over(&t, "punch", e))
		return -1;
	return bcd_time(m, time, &out->at_ms) ? 0 : err_set(e, ERR_NET_ANSWER, "punch: no time");
}
