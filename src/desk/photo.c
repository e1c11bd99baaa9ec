/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/photo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "deed.h"
#include "folk.h"
#include "personal.h"
#include "office/client.h"
#include "picture/client.h"
#include "picture/picture.h"
#include "store/fact.h"
#include "store/outbox.h"
#include "store/undo.h"
#include "wire_private.h"

#define CYCLE "photo" /* of the facts; their subject is the person */
#define PORTRAIT "portrait"
#define LIMIT 51200 /* where no profile says otherwise */

#define MAY_SET                                                                                              \
	(ROLE_CLERK | ROLE_SUBCONTRACTOR_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE |               \
	 ROLE_PROJECT_MANAGER)

static const struct {
	const char *name, *word;
	const char *role;  /* of the attachments */
	const char *event; /* of the facts */
	const char *kind;  /* of the operation where the dialect has no place for it; NULL: every dialect has one */
} kinds[PHOTO_KINDS] = {
	[PHOTO_FACE] = {"face", N_("照片"), "photo", "set", NULL},
	[PHOTO_CARD_FRONT] = {"front", N_("证件正面照"), "card_front", "card_front", "card.front"},
	[PHOTO_CARD_BACK] = {"back", N_("证件反面照"), "card_back", "card_back", "card.back"},
};

const char *photo_kind_name(enum photo_kind kind)
{
	return kinds[kind].name;
}

const char *photo_kind_word(enum photo_kind kind)
{
	return _(kinds[kind].word);
}

bool photo_kind_parse(const char *name, enum photo_kind *kind)
{
	for (size_t i = 0; i < PHOTO_KINDS; i++)
		if (!strcmp(kinds[i].name, name)) {
			*kind = (enum photo_kind)i;
			return true;
		}
	return false;
}

const char *desk_photo_way(const struct desk *d, enum photo_kind kind)
{
	if (wire_speaks(d, "native"))
		return _("保存后作为附件上传到平台");
	return kinds[kind].kind && wire_way(d, kinds[kind].kind) == WAY_BY_HAND ? _("平台接口不收证件照：保存后列入“平台页面待办”") : _("照片随人员信息上传到平台");
}

unsigned desk_photo_limit(const struct desk *d)
{
	return d->profile ? (unsigned)profile_number(d->profile, "limits.photo_base64", LIMIT) : LIMIT;
}

bool desk_photo_may(struct desk *d)
{
	return desk_may_in_project(d, MAY_SET, NULL) == 0;
}

/* --- is it bare? ------------------------------------------------------------------------------------- */

/* T.81 B.1: segments up to the scan. What applications and people write (APP1…APP15, COM) may name places and
 * people; APP0 is JFIF's, its thumbnail refused with its length. */
static bool segment_bare(const unsigned char *s, size_t length)
{
	return s[1] == 0xE0 ? length == 16 : s[1] != 0xFE && (s[1] & 0xF0) != 0xE0;
}

static bool bare_jpeg(const void *data, size_t n)
{
	const unsigned char *s = data, *end = s + n;

	if (n < 4 || s[0] != 0xFF || s[1] != 0xD8 || end[-2] != 0xFF || end[-1] != 0xD9)
		return false;
	for (s += 2; end - s > 4 && s[0] == 0xFF && s[1] >= 0xC0 && s[1] != 0xFF;) {
		size_t length = (size_t)s[2] << 8 | s[3];

		if (length < 2 || length + 2 > (size_t)(end - s) || !segment_bare(s, length))
			return false;
		if (s[1] == 0xDA)
			return true;
		s += length + 2;
	}
	return false;
}

/* --- what is on file --------------------------------------------------------------------------------- */

static int latest(struct desk *d, int64_t person, const char *role, struct db_attachment *out, struct err *e)
{
	struct err own = {ERR_NONE};

	out->id = 0;
	if (db_attachment_latest(d->store, person, role, out, &own) && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	return 0;
}

static int load_info(struct desk *d, int64_t person, enum photo_kind kind, struct photo *out, struct err *e)
{
	struct db_attachment a;
	struct db_fact f;

	memset(out, 0, sizeof(*out));
	if (latest(d, person, PORTRAIT, &a, e))
		return -1;
	out->portrait = a.id != 0;
	if (db_fact_latest(d->store, CYCLE, person, kinds[kind].event, &out->fact, e) || latest(d, person, kinds[kind].role, &a, e))
		return -1;
	if (!out->fact || !a.id)
		return 0;
	if (db_fact_get(d->store, out->fact, &f, e))
		return -1;
	out->bytes = a.bytes;
	out->at_ms = f.at_ms;
	text_copy(out->hash, sizeof(out->hash), a.hash);
	text_copy(out->by, sizeof(out->by), f.by);
	return 0;
}

int desk_photo_info(struct desk *d, int64_t person, enum photo_kind kind, struct photo *out, struct err *e)
{
	struct photo info;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) || load_info(d, person, kind, &info, e))
		return -1;
	*out = info;
	return 0;
}

/* --- a file ------------------------------------------------------------------------------------------ */

static int read_whole(int fd, struct buf *out, struct err *e)
{
	struct stat st;
	int got;

	if (fstat(fd, &st))
		return err_errno(e, "picture");
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_NOT_FOUND, "no plain file");
	if ((uint64_t)st.st_size > PICTURE_SOURCE_BYTES)
		return err_set(e, ERR_PICTURE_TOO_LARGE, "%lld bytes", (long long)st.st_size);
	errno = 0;
	while ((got = io_fill(fd, out)) > 0)
		;
	if (out->failed || out->len > PICTURE_SOURCE_BYTES)
		return err_set(e, ERR_PICTURE_TOO_LARGE, "it grows");
	if (errno)
		return err_errno(e, "picture");
	return out->len ? 0 : err_set(e, ERR_PICTURE_EMPTY, NULL);
}

int desk_photo_read_file(const char *path, struct buf *out, struct err *e)
{
	char whole[OFFICE_PATH];
	int fd, last;

	if (office_path(path, whole, e))
		return -1;
	buf_reset(out);
	fd = io_open_as_user(whole, O_RDONLY | O_NONBLOCK | O_NOCTTY, NULL);
	if (fd < 0)
		return err_errno(e, "picture");
	last = read_whole(fd, out, e);
	close(fd);
	return last;
}

/* --- putting one in ---------------------------------------------------------------------------------- */

struct setting_photo {
	struct desk *d;
	struct folk folk;
	enum photo_kind kind;
	const void *jpeg;
	size_t n;
};

static int same_as_now(struct setting_photo *s, const struct photo *now, bool *same, struct err *e)
{
	struct db_attachment a;
	struct buf content;
	int rc = -1;

	*same = false;
	if (!now->fact || (size_t)now->bytes != s->n)
		return 0;
	buf_init(&content, s->n);
	if (latest(s->d, s->folk.person.id, kinds[s->kind].role, &a, e) ||
	    db_attachment_content(s->d->store, a.id, &content, e))
		goto out;
	*same = content.len == s->n && memcmp(content.data, s->jpeg, s->n) == 0;
	rc = 0;
out:
	buf_wipe_release(&content);
	return rc;
}

/* One picture of a side is to be put in there: the newest. */
static int retire_older(struct setting_photo *s, const char *kind, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	if (db_outbox_of_subject(s->d->store, s->d->project.id, s->folk.person.uid, kind, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (row.state != OUTBOX_HELD && row.state != OUTBOX_READY && row.state != OUTBOX_WAITING)
		return 0;
	return db_outbox_state(s->d->store, row.id, row.state, OUTBOX_SUPERSEDED, e);
}

/* Where contents do not go after the texts, a side of the card is a call of the worker's or waits to be done on the platform's page (K4:
 * domain/upload_way.h); after the platform knows the person. */
static int queue_side(struct setting_photo *s, int64_t fact, struct err *e)
{
	const char *kind = kinds[s->kind].kind;
	int64_t need = 0;

	if (!kind || wire_speaks(s->d, "native"))
		return 0;
	if (retire_older(s, kind, e) ||
	    (s->folk.employment.id && deed_reported(s->d, CYCLE_EMPLOYMENT, s->folk.employment.id, &need, e)))
		return -1;
	return deed_queue(s->d,
			  &(struct operation){.kind = kind,
					      .uid = s->folk.person.uid,
					      .title = s->folk.person.name,
					      .fact = fact,
					      .person = s->folk.person.id,
					      .needs = &need,
					      .n_needs = 1},
			  e);
}

/* In the current project: fact, content, and what its line needs besides. */
static int put_picture(struct setting_photo *s, int64_t supersedes, struct err *e)
{
	struct db_fact fact = {.project = s->d->project.id,
			       .cycle = CYCLE,
			       .authority = "desk",
			       .subject = s->folk.person.id,
			       .person = s->folk.person.id,
			       .account = s->d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = date_today(),
			       .true_on = DATE_NONE,
			       .supersedes = supersedes};
	int64_t id;

	text_copy(fact.event, sizeof(fact.event), kinds[s->kind].event);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(s->d, CYCLE_EMPLOYMENT)));
	if (db_fact_insert(s->d->store, &fact, NULL, &id, e) ||
	    db_attachment_add(s->d->store, 0, s->folk.person.id, id, kinds[s->kind].role, "image/jpeg", s->jpeg, s->n, NULL, e) ||
	    queue_side(s, id, e))
		return -1;
	/* who goes with his photograph in one call is told again, where he has been told without this one */
	return s->kind == PHOTO_FACE ? personal_retell(s->d, &s->folk.person, s->d->project.id, "person.amend", e) : 0;
}

/* D5: another project's platform has the person too. */
static int put_on_line(struct desk *d, const struct db_fact *told, void *arg, struct err *e)
{
	struct setting_photo there = *(const struct setting_photo *)arg;

	(void)told;
	return folk_load(d, there.folk.person.id, &there.folk, e) || put_picture(&there, 0, e) ? -1 : 0;
}

static int set_rows(struct setting_photo *s, struct err *e)
{
	char detail[64];
	struct photo now;
	bool same;

	if (load_info(s->d, s->folk.person.id, s->kind, &now, e) || same_as_now(s, &now, &same, e))
		return -1;
	if (same)
		return 0;
	db_act_none(s->d->store); /* replaced, never taken back: the newest content is what is on file */
	text_format(detail, sizeof(detail), "%s %s", kinds[s->kind].role, now.fact ? "superseded" : "first");
	/* the one of this project last: it is the newest */
	if (personal_other_lines(s->d, &s->folk.person, s->d->project.id, put_on_line, s, e) || put_picture(s, now.fact, e))
		return -1;
	return desk_audit(s->d,
			  &(struct audit_entry){.action = "photo",
						.object = "person",
						.uid = s->folk.person.uid,
						.detail = detail},
			  e);
}

int desk_photo_set(struct desk *d, int64_t person, enum photo_kind kind, const void *jpeg, size_t n, struct err *e)
{
	struct setting_photo s = {.d = d, .kind = kind, .jpeg = jpeg, .n = n};

	if (desk_may_in_project(d, MAY_SET, e) || folk_open(d, person, &s.folk, e))
		return -1;
	if ((n + 2) / 3 * 4 > desk_photo_limit(d))
		return err_set(e, ERR_PHOTO_LARGE, "%zu bytes", n);
	if (!bare_jpeg(jpeg, n))
		return err_set(e, ERR_PICTURE_FORMAT, "not a bare JPEG");
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, set_rows(&s, e), e);
}

/* --- opening ----------------------------------------------------------------------------------------- */

/* Recorded first: what cannot be recorded is not handed out. */
static int open_content(struct desk *d, int64_t person, const char *role, const char *what, struct buf *out,
			struct err *e)
{
	char detail[64];
	struct db_attachment a;
	struct folk f;
	int rc;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || folk_open(d, person, &f, e) ||
	    db_attachment_latest(d->store, person, role, &a, e) || store_begin(d->store, e))
		return -1;
	text_format(detail, sizeof(detail), "%s %s", role, what);
	rc = desk_audit(
		d, &(struct audit_entry){.action = "open", .object = "person", .uid = f.person.uid, .detail = detail},
		e);
	if (store_end(d->store, rc, e))
		return -1;
	buf_reset(out);
	return db_attachment_content(d->store, a.id, out, e);
}

int desk_photo_open(struct desk *d, int64_t person, enum photo_kind kind, const char *what, struct buf *jpeg, struct err *e)
{
	return open_content(d, person, kinds[kind].role, what, jpeg, e);
}

int desk_portrait_open(struct desk *d, int64_t person, const char *what, uint8_t wlt[PHOTO_PORTRAIT], struct err *e)
{
	struct buf content;
	int rc;

	buf_init(&content, PHOTO_PORTRAIT);
	rc = open_content(d, person, PORTRAIT, what, &content, e);
	if (!rc && content.len != PHOTO_PORTRAIT)
		rc = err_set(e, ERR_PICTURE_PORTRAIT, "%zu bytes", content.len);
	if (!rc)
		memcpy(wlt, content.data, PHOTO_PORTRAIT);
	buf_wipe_release(&content);
	return rc;
}

int desk_portrait_decode(struct desk *d, int64_t person, const char *what, const char *decoder, struct buf *jpeg,
			 struct err *e)
{
	uint8_t wlt[PHOTO_PORTRAIT];
	int rc;

	if (!decoder || !decoder[0])
		return err_set(e, ERR_PICTURE_NO_DECODER, NULL);
	rc = desk_portrait_open(d, person, what, wlt, e);
	if (!rc)
		rc = picture_client_wlt(wlt, decoder, jpeg, e);
	wipe(wlt, sizeof(wlt));
	return rc;
}
