/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person photo: put one in from a file or the camera, write it out, or say what is on file. */
#include "desk/photo.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "commands.h"
#include "desk/commands.h"
#include "picture/client.h"
#include "picture/picture.h"

#define JPEG_MOST (1u << 20)

static int from_file(struct cli *c, const char *path, struct buf *jpeg, struct err *e)
{
	bool stdin_too = strcmp(path, "-") == 0;
	struct buf source;
	int ret;

	buf_init(&source, PICTURE_SOURCE_BYTES);
	ret = stdin_too ? ask_read_file(path, PICTURE_SOURCE_BYTES, &source, e) : desk_photo_read_file(path, &source, e);
	if (ret == 0)
		ret = picture_client_fit(source.data, source.len, desk_photo_limit(c->desk), jpeg, e);
	buf_wipe_release(&source);
	return ret;
}

static int from_camera(struct cli *c, struct buf *jpeg, struct err *e)
{
	struct commands commands;

	if (commands_load(&commands, e))
		return -1;
	if (!c->json)
		fprintf(stderr, "%s\n", _("正在拍照，请看镜头……"));
	return picture_client_camera(commands.camera, commands.camera_seconds, desk_photo_limit(c->desk), jpeg, e);
}

static int put_in(struct cli *c, int64_t person, enum photo_kind kind, const char *file, struct err *e)
{
	struct buf jpeg;
	int ret = -1;

	buf_init(&jpeg, JPEG_MOST);
	signal(SIGPIPE, SIG_IGN); /* picture/client.h */
	/* who may not put it in need not sit for it */
	if (!desk_photo_may(c->desk))
		err_set(e, ERR_NOT_PERMITTED, "person photo");
	else if ((file ? from_file(c, file, &jpeg, e) : from_camera(c, &jpeg, e)) == 0)
		ret = desk_photo_set(c->desk, person, kind, jpeg.data, jpeg.len, e);
	buf_wipe_release(&jpeg);
	return ret;
}

static int write_out(struct cli *c, int64_t person, enum photo_kind kind, const char *path, struct err *e)
{
	struct photo info;
	struct buf jpeg;
	int ret;

	if (desk_photo_info(c->desk, person, kind, &info, e))
		return -1;
	if (!info.fact)
		return err_set(e, ERR_NO_SUCH, "%s", kind == PHOTO_FACE ? _("此人还没有照片") : _("此人还没有这一面的证件照"));
	buf_init(&jpeg, JPEG_MOST);
	ret = desk_photo_open(c->desk, person, kind, "file", &jpeg, e);
	if (ret == 0)
		ret = ask_write_new(path, &jpeg, e);
	buf_wipe_release(&jpeg);
	return ret;
}

static void add_picture(cJSON *o, const char *key, const struct photo *p)
{
	char at[STAMP_TEXT];
	cJSON *one;

	if (!p->fact)
		return;
	stamp_format(p->at_ms, at);
	one = cJSON_AddObjectToObject(o, key);
	cJSON_AddNumberToObject(one, "bytes", (double)p->bytes);
	cJSON_AddStringToObject(one, "sha256", p->hash);
	cJSON_AddStringToObject(one, "at", at);
	cJSON_AddStringToObject(one, "by", p->by);
}

static int say_json(int64_t person, const struct photo p[PHOTO_KINDS], struct err *e)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)person);
	cJSON_AddBoolToObject(o, "portrait", p[PHOTO_FACE].portrait);
	add_picture(o, "photo", &p[PHOTO_FACE]);
	add_picture(o, "card_front", &p[PHOTO_CARD_FRONT]);
	add_picture(o, "card_back", &p[PHOTO_CARD_BACK]);
	return print_object(o, e);
}

static void say_one(struct cli *c, enum photo_kind kind, const struct photo *p)
{
	char at[STAMP_TEXT];

	if (!p->fact) {
		printf(kind == PHOTO_FACE ? "%s\n" : _("%s：没有\n"), kind == PHOTO_FACE ? _("此人还没有照片") : photo_kind_word(kind));
		return;
	}
	stamp_format(p->at_ms, at);
	printf(_("%s：%lld 字节，%s，"), photo_kind_word(kind), (long long)p->bytes, at);
	print_text(stdout, p->by);
	printf("\n%s\n", desk_photo_way(c->desk, kind));
}

static int say_what_is_on_file(struct cli *c, int64_t person, struct err *e)
{
	struct photo p[PHOTO_KINDS];

	for (size_t i = 0; i < PHOTO_KINDS; i++)
		if (desk_photo_info(c->desk, person, (enum photo_kind)i, &p[i], e))
			return -1;
	if (c->json)
		return say_json(person, p, e);
	for (size_t i = 0; i < PHOTO_KINDS; i++)
		say_one(c, (enum photo_kind)i, &p[i]);
	puts(p[PHOTO_FACE].portrait ? _("证件照片：已存（读卡所得）") : _("没有读过证件，没有证件照片"));
	return 0;
}

int run_person_photo(struct cli *c, struct err *e)
{
	const char *file = opt(c, "file"), *out = opt(c, "out"), *which = opt(c, "picture");
	enum photo_kind kind = PHOTO_FACE;
	bool camera = opt(c, "camera") != NULL;
	int64_t person;

	if ((file != NULL) + camera + (out != NULL) > 1)
		return err_set(e, ERR_USAGE, "%s", _("--file、--camera、--out 只能用一个"));
	if (which && !photo_kind_parse(which, &kind))
		return err_set(e, ERR_USAGE, "%s", _("--picture 应为 face、front 或 back"));
	if (out && c->json && strcmp(out, "-") == 0)
		return err_set(e, ERR_USAGE, "%s", _("--json 与 --out=- 不能一起用"));
	if (ask_person(c, c->argv[0], &person, e))
		return -1;
	if (out && write_out(c, person, kind, out, e))
		return -1;
	if ((file || camera) && put_in(c, person, kind, file, e))
		return -1;
	return out && !c->json ? 0 : say_what_is_on_file(c, person, e);
}
