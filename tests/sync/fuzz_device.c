/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever stands on a device's line, at either end, in any of the manners. What is taken is bounded, valid
 * text; photographs lie inside the frame. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "device/message.h"

static void must(bool it)
{
	if (!it)
		abort();
}

static void must_be_clean(const char *s, size_t size)
{
	uint32_t cp;

	must(memchr(s, '\0', size) != NULL);
	for (size_t at = 0, len; s[at]; at += len) {
		len = text_decode(s + at, strlen(s + at), &cp);
		must(len && cp >= 0x20 && cp != 0x7F && !(cp > 0x7F && cp < 0xA0));
	}
}

static void must_lie_in(const struct device_frame *f, const struct device_photo *p)
{
	must(!p->n || (p->data >= f->content && p->data + p->n <= f->content + f->n));
}

static void check_person(const struct device_frame *f, const struct device_person *p)
{
	must_be_clean(p->number, sizeof(p->number));
	must_be_clean(p->name, sizeof(p->name));
	must_be_clean(p->address, sizeof(p->address));
	must_be_clean(p->authority, sizeof(p->authority));
	must(p->nation <= 58);
	must_lie_in(f, &p->card);
	must_lie_in(f, &p->collected);
}

static void try_contents(const struct device_manner *m, const struct device_frame *f)
{
	char device[DEVICE_CODE], number[DEVICE_NUMBER], reason[DEVICE_REASON];
	struct device_features x;
	struct device_person p;
	struct device_login l;
	struct device_punch punch;
	struct device_list list;
	uint16_t people;
	uint32_t sum;
	bool ok;

	if (!device_login_read(m, f, &l, NULL))
		must_be_clean(l.maker, sizeof(l.maker));
	if (!device_person_read(m, f, &p, NULL))
		check_person(f, &p);
	if (!device_features_read(m, f, &x, NULL)) {
		check_person(f, &x.person);
		must_lie_in(f, &x.infrared);
	}
	if (!device_punch_read(m, f, &punch, NULL))
		must_lie_in(f, &punch.photo);
	if (!device_list_read(m, f, &list, NULL)) {
		for (size_t i = 0; i < list.n; i++) {
			must_be_clean(list.item[i].name, sizeof(list.item[i].name));
			must_lie_in(f, &list.item[i].photo);
		}
		device_list_release(&list);
	}
	if (!device_features_ask_read(m, f, device, number, NULL))
		must_be_clean(number, sizeof(number));
	device_list_ask_read(f, &people, &sum, NULL);
	device_person_reply_read(m, f, &ok, reason);
	must_be_clean(reason, sizeof(reason));
	device_frame_words(f, reason, sizeof(reason));
	must_be_clean(reason, sizeof(reason));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct device_manner manners[] = {
		{0},
		{.text = DEVICE_GB18030, .nation_bcd = true, .year_le = true},
		{.text = DEVICE_UTF16LE, .list_photos = DEVICE_PHOTOS_AFTER},
		{.max_len = 64, .list_photos = DEVICE_PHOTOS_NONE}};
	struct device_frame f;
	size_t used;
	bool by_frame;

	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		for (size_t at = 0; at < size; at += used) {
			if (device_frame_read(&manners[i], data + at, size - at, &f, &used, NULL) !=
			    DEVICE_WHOLE)
				break;
			must(used >= DEVICE_FRAME && used <= size - at);
			device_frame_sum(&f, &by_frame);
			try_contents(&manners[i], &f);
		}
		f = (struct device_frame){.content = data, .n = size};
		try_contents(&manners[i], &f);
	}
	return 0;
}
