/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A person's photograph, or one of both sides of his card, and the card's portrait, side by side as cells; taking a picture, or putting one in from a file. A new one
 * is shown first and saved when the clerk says so.
 *
 * Everything that touches a picture is done by shiming-picture, one job at a time, beside the live screen: `jobs` says which is due.
 * Pictures cost bytes, so over ssh they are drawn when asked for (setting `pictures`: auto, on, off).
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/commands.h"
#include "desk/people.h"
#include "desk/photo.h"
#include "dialog.h"
#include "picture/client.h"
#include "picture/picture.h"
#include "screen_list.h"

#define ROOM_LEAST 3 /* rows below which a picture says nothing */
#define PATH_CHARS 380
#define JPEG_MOST (1u << 20)

enum side { SIDE_PHOTO, SIDE_PORTRAIT, SIDES };

struct pane {
	unsigned columns, rows;             /* the room there is, from the last paint; 0: too small */
	unsigned asked_columns, asked_rows; /* what the grid was asked for; 0: not yet */
	struct grid grid;
	char said[300];                     /* instead of a picture */
};

struct photo_state {
	int64_t person;
	char name[NAME_TEXT], tail[5];
	enum photo_kind kind;        /* which picture the left side is about */
	struct photo info;
	struct commands commands;
	bool shown;                  /* pictures are drawn */
	char opened[PHOTO_HASH];     /* what lies in jpeg; "": nothing */
	struct buf jpeg, portrait;   /* on file; the card's, decoded */
	struct buf source, fresh;    /* a file to be fitted; the new one, not saved yet */
	bool take;                   /* with the camera */
	uint8_t wlt[PHOTO_PORTRAIT];
	bool has_wlt;                /* to be decoded */
	struct pane pane[SIDES];
	const struct job *job;       /* under way; NULL: none */
	struct picture_run run;
	struct picture_args args;
};

/* What the helper does for us, the first that is due first. */
struct job {
	bool (*due)(struct ui *ui, struct photo_state *p);
	/* Fills p->args; returns what the helper is fed, which stays until the job is over. */
	const struct buf *(*prepare)(struct ui *ui, struct photo_state *p);
	void (*done)(struct ui *ui, struct photo_state *p, const struct buf *answer);
	void (*failed)(struct ui *ui, struct photo_state *p, const struct err *e);
	const char *word; /* msgid, while it lasts; NULL: too short to be said */
};

/* --- panes ------------------------------------------------------------------------------------------------------------------------- */

static void pane_forget(struct pane *s)
{
	if (s->grid.cells)
		wipe(s->grid.cells, (size_t)s->grid.columns * s->grid.rows * sizeof(*s->grid.cells));
	grid_release(&s->grid);
	s->asked_columns = s->asked_rows = 0;
	s->said[0] = '\0';
}

static struct buf *picture_of(struct photo_state *p, enum side side)
{
	return side == SIDE_PORTRAIT ? &p->portrait : p->fresh.len ? &p->fresh : &p->jpeg;
}

/* The picture of this side is another one now. */
static void changed(struct photo_state *p, enum side side)
{
	pane_forget(&p->pane[side]);
}

static void pane_fail(struct pane *s, const struct err *e)
{
	text_format(s->said, sizeof(s->said), "%s。%s", err_sentence(e->code), err_advice(e->code));
}

/* --- jobs -------------------------------------------------------------------------------------------------------------------------- */

static void stop_job(struct photo_state *p)
{
	if (!p->job)
		return;
	picture_run_release(&p->run);
	p->job = NULL;
	for (size_t i = 0; i < SIDES; i++)
		p->pane[i].asked_columns = p->pane[i].asked_rows = 0; /* it may have been drawing: due again */
}

static void take_fresh(struct ui *ui, struct photo_state *p, const struct buf *answer)
{
	buf_reset(&p->fresh);
	if (buf_add(&p->fresh, answer->data, answer->len)) {
		buf_reset(&p->fresh);
		ui_fail(ui, &(struct err){.code = ERR_MEMORY});
		return;
	}
	changed(p, SIDE_PHOTO);
	ui_say(ui, SAY_INFO, "%s", _("新照片还没有保存：看清楚后请保存，不满意可以重来"));
}

static void drop_source(struct photo_state *p)
{
	buf_wipe_release(&p->source);
	buf_init(&p->source, PICTURE_SOURCE_BYTES);
}

static bool fit_due(struct ui *ui, struct photo_state *p)
{
	(void)ui;
	return p->source.len > 0;
}

static const struct buf *fit_prepare(struct ui *ui, struct photo_state *p)
{
	picture_args_fit(&p->args, desk_photo_limit(ui_desk(ui)));
	return &p->source;
}

static void fit_done(struct ui *ui, struct photo_state *p, const struct buf *answer)
{
	drop_source(p);
	take_fresh(ui, p, answer);
}

static void fit_failed(struct ui *ui, struct photo_state *p, const struct err *e)
{
	drop_source(p);
	ui_fail(ui, e);
}

static bool camera_due(struct ui *ui, struct photo_state *p)
{
	(void)ui;
	return p->take;
}

static const struct buf *camera_prepare(struct ui *ui, struct photo_state *p)
{
	picture_args_camera(&p->args, p->commands.camera, p->commands.camera_seconds, desk_photo_limit(ui_desk(ui)));
	return NULL;
}

static void camera_done(struct ui *ui, struct photo_state *p, const struct buf *answer)
{
	p->take = false;
	take_fresh(ui, p, answer);
}

static void camera_failed(struct ui *ui, struct photo_state *p, const struct err *e)
{
	p->take = false;
	ui_fail(ui, e);
}

static bool decode_due(struct ui *ui, struct photo_state *p)
{
	(void)ui;
	return p->shown && p->has_wlt;
}

static const struct buf *decode_prepare(struct ui *ui, struct photo_state *p)
{
	(void)ui;
	picture_args_wlt(&p->args, p->commands.decoder);
	buf_reset(&p->portrait);
	buf_add(&p->portrait, p->wlt, sizeof(p->wlt)); /* until the answer takes its place */
	return &p->portrait;
}

static void decode_over(struct photo_state *p)
{
	p->has_wlt = false;
	wipe(p->wlt, sizeof(p->wlt));
	buf_wipe_release(&p->portrait);
	buf_init(&p->portrait, JPEG_MOST);
	changed(p, SIDE_PORTRAIT);
}

static void decode_done(struct ui *ui, struct photo_state *p, const struct buf *answer)
{
	(void)ui;
	decode_over(p);
	if (buf_add(&p->portrait, answer->data, answer->len))
		buf_reset(&p->portrait);
}

static void decode_failed(struct ui *ui, struct photo_state *p, const struct err *e)
{
	(void)ui;
	decode_over(p);
	pane_fail(&p->pane[SIDE_PORTRAIT], e);
}

/* The grid is another size than the room, and there is a picture that could be drawn. */
static bool cells_due(struct photo_state *p, enum side side)
{
	const struct pane *s = &p->pane[side];

	return p->shown && picture_of(p, side)->len && s->rows && !s->said[0] && (s->columns != s->asked_columns || s->rows != s->asked_rows);
}

static const struct buf *cells_prepare(struct ui *ui, struct photo_state *p, enum side side)
{
	struct pane *s = &p->pane[side];

	s->asked_columns = s->columns;
	s->asked_rows = s->rows;
	picture_args_cells(&p->args, s->columns, s->rows, ui_palette(ui) >= 256 ? GRID_256 : GRID_NONE, ui_console(ui) ? "ascii" : NULL);
	return picture_of(p, side);
}

static void cells_done(struct pane *s, const struct buf *answer)
{
	struct grid got = {0};
	struct err e = {0};

	if (grid_read(&got, answer->data, answer->len, &e)) {
		pane_fail(s, &e);
		return;
	}
	if (s->grid.cells)
		wipe(s->grid.cells, (size_t)s->grid.columns * s->grid.rows * sizeof(*s->grid.cells));
	grid_release(&s->grid);
	s->grid = got;
}

#define CELLS(name, side)                                                                                                                  \
	static bool name##_due(struct ui *ui, struct photo_state *p)                                                                       \
	{                                                                                                                                  \
		(void)ui;                                                                                                                  \
		return cells_due(p, side);                                                                                                 \
	}                                                                                                                                  \
	static const struct buf *name##_prepare(struct ui *ui, struct photo_state *p)                                                      \
	{                                                                                                                                  \
		return cells_prepare(ui, p, side);                                                                                         \
	}                                                                                                                                  \
	static void name##_done(struct ui *ui, struct photo_state *p, const struct buf *answer)                                            \
	{                                                                                                                                  \
		(void)ui;                                                                                                                  \
		cells_done(&p->pane[side], answer);                                                                                        \
	}                                                                                                                                  \
	static void name##_failed(struct ui *ui, struct photo_state *p, const struct err *e)                                               \
	{                                                                                                                                  \
		(void)ui;                                                                                                                  \
		pane_fail(&p->pane[side], e);                                                                                              \
	}
CELLS(photo_cells, SIDE_PHOTO)
CELLS(portrait_cells, SIDE_PORTRAIT)

static const struct job jobs[] = {
	{fit_due, fit_prepare, fit_done, fit_failed, N_("正在缩小照片……")},
	{camera_due, camera_prepare, camera_done, camera_failed, N_("正在拍照，请看镜头……")},
	{photo_cells_due, photo_cells_prepare, photo_cells_done, photo_cells_failed, NULL},
	{decode_due, decode_prepare, decode_done, decode_failed, NULL},
	{portrait_cells_due, portrait_cells_prepare, portrait_cells_done, portrait_cells_failed, NULL},
};

static bool start_next(struct ui *ui, struct photo_state *p)
{
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		const struct buf *in;
		struct err e = {0};
		int ms = PICTURE_CLIENT_MS;

		if (!jobs[i].due(ui, p))
			continue;
		in = jobs[i].prepare(ui, p);
		if (p->commands.camera_seconds)
			ms += (int)p->commands.camera_seconds * 1000;
		if (picture_run_start(&p->run, p->args.arg, in ? in->data : NULL, in ? in->len : 0, ms, &e)) {
			jobs[i].failed(ui, p, &e);
			continue;
		}
		p->job = &jobs[i];
		return true;
	}
	return false;
}

static void finish(struct ui *ui, struct photo_state *p)
{
	const struct job *job = p->job;
	struct err e = {0};
	struct buf answer;

	buf_init(&answer, GRID_WIRE_MAX);
	p->job = NULL;
	if (picture_run_result(&p->run, &answer, &e)) {
		picture_run_release(&p->run);
		job->failed(ui, p, &e);
	} else {
		picture_run_release(&p->run);
		job->done(ui, p, &answer);
	}
	buf_wipe_release(&answer);
}

static void advance(struct ui *ui, struct photo_state *p)
{
	if (p->job && picture_run_step(&p->run))
		finish(ui, p);
	if (!p->job)
		start_next(ui, p);
}

/* --- what is on file --------------------------------------------------------------------------------------------------------------- */

/* Opens what is to be drawn: on record, and only what is not here yet. */
static int open_pictures(struct ui *ui, struct photo_state *p, struct err *e)
{
	if (p->info.fact && strcmp(p->opened, p->info.hash)) {
		stop_job(p);
		if (desk_photo_open(ui_desk(ui), p->person, p->kind, "screen", &p->jpeg, e))
			return -1;
		text_copy(p->opened, sizeof(p->opened), p->info.hash);
		changed(p, SIDE_PHOTO);
	}
	if (p->info.portrait && p->commands.decoder[0] && !p->portrait.len && !p->has_wlt && !p->pane[SIDE_PORTRAIT].said[0]) {
		if (desk_portrait_open(ui_desk(ui), p->person, "screen", p->wlt, e))
			return -1;
		p->has_wlt = true;
	}
	return 0;
}

static void refresh(struct ui *ui, struct photo_state *p)
{
	struct err e = {0};

	if (desk_photo_info(ui_desk(ui), p->person, p->kind, &p->info, &e) || (p->shown && open_pictures(ui, p, &e)))
		ui_fail(ui, &e);
}

/* Far away every byte is waited for: there the clerk says when. */
static bool drawn_unasked(struct ui *ui)
{
	char value[16] = "";

	desk_setting_get(ui_desk(ui), "pictures", value, sizeof(value), NULL);
	if (!strcmp(value, "on") || !strcmp(value, "off"))
		return !strcmp(value, "on");
	return !getenv("SSH_CONNECTION");
}

static int load_person(struct ui *ui, struct photo_state *p, struct err *e)
{
	struct person_file *f = calloc(1, sizeof(*f));
	int last;

	if (!f)
		return err_set(e, ERR_MEMORY, "person file");
	last = desk_person_file(ui_desk(ui), p->person, f, e);
	if (!last) {
		text_copy(p->name, sizeof(p->name), f->row.name);
		text_copy(p->tail, sizeof(p->tail), f->row.tail);
	}
	wipe(f, sizeof(*f));
	free(f);
	return last;
}

static int photo_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct photo_state *p = state;
	struct err own = {0};

	p->person = *(const int64_t *)arg;
	buf_init(&p->jpeg, JPEG_MOST);
	buf_init(&p->portrait, JPEG_MOST);
	buf_init(&p->fresh, JPEG_MOST);
	buf_init(&p->source, PICTURE_SOURCE_BYTES);
	if (load_person(ui, p, e) || desk_photo_info(ui_desk(ui), p->person, p->kind, &p->info, e))
		return -1;
	if (commands_load(&p->commands, &own)) /* said; what is on file is shown all the same */
		ui_fail(ui, &own);
	p->shown = drawn_unasked(ui);
	return p->shown ? open_pictures(ui, p, e) : 0;
}

static void photo_close(struct ui *ui, void *state)
{
	struct photo_state *p = state;

	(void)ui;
	stop_job(p);
	for (size_t i = 0; i < SIDES; i++)
		pane_forget(&p->pane[i]);
	buf_wipe_release(&p->jpeg);
	buf_wipe_release(&p->portrait);
	buf_wipe_release(&p->fresh);
	buf_wipe_release(&p->source);
}

static void photo_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		refresh(ui, state);
	else if (ev->kind == UI_EVENT_TICK)
		advance(ui, state);
}

static size_t photo_fds(const void *state, struct pollfd fds[UI_FDS])
{
	const struct photo_state *p = state;

	return p->job ? picture_run_fds(&p->run, fds) : 0;
}
_Static_assert(PICTURE_RUN_FDS <= UI_FDS, "a run's descriptors are a screen's");

/* --- drawing ----------------------------------------------------------------------------------------------------------------------- */

static void photo_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct photo_state *p = state;

	(void)ui;
	text_format(out, size, "%s  %s%s", p->name, _("尾号 "), p->tail);
}

static void caption(const struct photo_state *p, enum side side, char *out, size_t size)
{
	char day[DATE_TEXT];

	if (side == SIDE_PORTRAIT) {
		text_copy(out, size, _("证件照片"));
	} else if (p->fresh.len) {
		text_format(out, size, _("%s  新照片（未保存）  %zu 字节"), photo_kind_word(p->kind), p->fresh.len);
	} else if (p->info.fact) {
		date_format(date_of_ms(p->info.at_ms), day); /* the side is half a window wide */
		text_format(out, size, _("%s  %lld 字节  %s  %s"), photo_kind_word(p->kind), (long long)p->info.bytes, day, p->info.by);
	} else {
		text_copy(out, size, photo_kind_word(p->kind));
	}
}

/* Why no picture stands here. */
static const char *instead(struct photo_state *p, enum side side)
{
	const struct pane *s = &p->pane[side];

	if (side == SIDE_PHOTO && p->job && p->job->word)
		return _(p->job->word);
	if (s->said[0])
		return s->said;
	if (side == SIDE_PHOTO && !p->fresh.len && !p->info.fact)
		return p->kind == PHOTO_FACE ? _("还没有照片：可以拍照，或从文件放入") : _("还没有这一面的证件照：可以拍照，或从文件放入");
	if (side == SIDE_PORTRAIT && !p->info.portrait)
		return _("没有读过证件，没有证件照片");
	if (side == SIDE_PORTRAIT && !p->commands.decoder[0])
		return err_sentence(ERR_PICTURE_NO_DECODER);
	if (!p->shown)
		return _("为节省流量没有显示图片，需要时可按键显示");
	return s->rows ? _("正在准备图片……") : _("窗口太小，放不下图片");
}

static void draw_grid(const struct grid *g, struct canvas *c, struct area a)
{
	for (unsigned y = 0; y < g->rows; y++)
		for (unsigned x = 0; x < g->columns; x++) {
			const struct grid_cell *at = grid_at(g, x, y);

			canvas_picture(c, a.row + (int)y, a.col + (int)x, at->cp, at->fg, at->bg);
		}
}

static void draw_pane(struct photo_state *p, enum side side, struct canvas *c, struct area a)
{
	struct pane *s = &p->pane[side];
	struct area room = {a.row + 1, a.col, a.height - 1, a.width};
	char text[NAME_TEXT * 2];
	bool busy = side == SIDE_PHOTO && p->job && p->job->word;

	caption(p, side, text, sizeof(text));
	canvas_cut(c, a.row, a.col, a.width, ATTR_BOLD, text);
	s->columns = s->rows = 0;
	if (room.height >= ROOM_LEAST) {
		s->columns = (unsigned)room.width < GRID_MOST ? (unsigned)room.width : GRID_MOST;
		s->rows = (unsigned)room.height < GRID_MOST ? (unsigned)room.height : GRID_MOST;
	}
	if (!busy && p->shown && s->grid.cells && s->grid.columns <= s->columns && s->grid.rows <= s->rows)
		draw_grid(&s->grid, c, room);
	else
		canvas_paragraph(c, room.row, room.col, room.height, room.width, ATTR_PLAIN, instead(p, side));
}

static void photo_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct photo_state *p = state;
	int half = (a.width - 4) / 2;

	draw_pane(p, SIDE_PHOTO, c, (struct area){a.row, a.col + 1, a.height - 1, half});
	draw_pane(p, SIDE_PORTRAIT, c, (struct area){a.row, a.col + 3 + half, a.height - 1, half});
	canvas_cut(c, a.row + a.height - 1, a.col + 1, a.width - 2, ATTR_PLAIN, desk_photo_way(ui_desk(ui), p->kind));
	canvas_cursor(c, a.row, a.col + 1);
}

/* --- actions ----------------------------------------------------------------------------------------------------------------------- */

/* May a new one come in now? Says why not. */
static bool ready_for_new(struct ui *ui, struct photo_state *p)
{
	if (!desk_photo_may(ui_desk(ui))) {
		ui_fail(ui, &(struct err){.code = ERR_NOT_PERMITTED});
		return false;
	}
	if (p->job && p->job->word) {
		ui_say(ui, SAY_INFO, "%s", _(p->job->word));
		return false;
	}
	return true;
}

static enum reaction act_camera(struct ui *ui, void *state)
{
	struct photo_state *p = state;
	struct err e = {0};

	if (!ready_for_new(ui, p))
		return STAY;
	stop_job(p); /* before the commands that it may be using change */
	if (commands_load(&p->commands, &e)) {
		ui_fail(ui, &e);
	} else if (!p->commands.camera[0]) {
		ui_fail(ui, &(struct err){.code = ERR_CAMERA_NONE});
	} else {
		p->take = true;
		advance(ui, p);
	}
	return STAY;
}

static void take_file(struct ui *ui, void *owner, int answer, const char *input)
{
	struct photo_state *p = owner;
	char path[DIALOG_INPUT];
	struct err e = {0};

	if (answer != 1)
		return;
	text_copy(path, sizeof(path), input);
	text_trim(path);
	stop_job(p);
	if (desk_photo_read_file(path, &p->source, &e)) {
		drop_source(p);
		ui_fail(ui, &e);
		return;
	}
	advance(ui, p);
}

static enum reaction act_file(struct ui *ui, void *state)
{
	struct photo_state *p = state;

	if (ready_for_new(ui, p))
		dialog_ask(ui, &(struct dialog_arg){.title = N_("从文件放入照片"),
						    .text = _("JPEG 或 PNG，大小不限：会自动缩小到平台的限制以内。原文件不变。"),
						    .button = {N_("返回"), N_("打开")}, .n_buttons = 2, .focus = 1, .input_label = N_("文件"),
						    .input_chars = PATH_CHARS, .input_needed = true, .done = take_file, .owner = p});
	return STAY;
}

static void forget_picture(struct photo_state *p)
{
	stop_job(p);
	buf_wipe_release(&p->jpeg);
	buf_init(&p->jpeg, JPEG_MOST);
	p->opened[0] = '\0';
	changed(p, SIDE_PHOTO);
}

static enum reaction act_which(struct ui *ui, void *state)
{
	struct photo_state *p = state;

	if (p->fresh.len || (p->job && p->job->word)) {
		ui_say(ui, SAY_INFO, "%s", p->fresh.len ? _("新照片还没有保存：先保存，或返回时放弃") : _(p->job->word));
		return STAY;
	}
	forget_picture(p);
	p->kind = (enum photo_kind)((p->kind + 1) % PHOTO_KINDS);
	refresh(ui, p);
	advance(ui, p);
	return STAY;
}

static enum reaction act_show(struct ui *ui, void *state)
{
	struct photo_state *p = state;
	struct err e = {0};

	p->shown = !p->shown;
	for (size_t i = 0; i < SIDES; i++)
		if (p->pane[i].said[0])
			pane_forget(&p->pane[i]); /* tried once more */
	if (p->shown && open_pictures(ui, p, &e))
		ui_fail(ui, &e);
	advance(ui, p);
	return STAY;
}

static bool save(struct ui *ui, struct photo_state *p)
{
	struct err e = {0};

	stop_job(p);
	if (desk_photo_set(ui_desk(ui), p->person, p->kind, p->fresh.data, p->fresh.len, &e)) {
		ui_fail(ui, &e);
		return false;
	}
	buf_reset(&p->jpeg);
	buf_add(&p->jpeg, p->fresh.data, p->fresh.len);
	buf_wipe_release(&p->fresh);
	buf_init(&p->fresh, JPEG_MOST);
	if (!desk_photo_info(ui_desk(ui), p->person, p->kind, &p->info, &e)) /* the same picture: neither opened nor drawn again */
		text_copy(p->opened, sizeof(p->opened), p->info.hash);
	ui_changed(ui);
	ui_say(ui, SAY_DONE, "%s", _("照片已保存在本机"));
	return true;
}

static enum reaction act_save(struct ui *ui, void *state)
{
	save(ui, state);
	return STAY;
}

static void leave(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1 || (answer == 2 && save(ui, owner)))
		ui_pop_state(ui, owner);
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct photo_state *p = state;

	if (!p->fresh.len)
		return CLOSE;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("新照片还没有保存"), .text = _("离开之前要保存这张新照片吗？"),
					    .button = {N_("再看看"), N_("不保存，离开"), N_("保存并离开")}, .n_buttons = 3, .focus = 0, .done = leave,
					    .owner = p});
	return STAY;
}

/* For the action of saving: there is something to save. */
static bool photo_fresh(const void *state)
{
	return ((const struct photo_state *)state)->fresh.len > 0;
}

static const struct action actions[] = {
	{'c', 0, "camera", N_("拍照"), N_("用本机的摄像头拍一张；先看，再保存"), act_camera, NEEDS_KEY},
	{'f', 0, "file", N_("从文件"), N_("从照片文件放入（JPEG 或 PNG，大小不限）；先看，再保存"), act_file, NEEDS_KEY},
	{K_F2, K_CTRL('s'), "save", N_("保存"), N_("保存新照片；以前的照片留在档案里，不会删除"), act_save, NEEDS_KEY | NEEDS_ROW},
	{'n', 0, "which", N_("换一张"), N_("在本人照片、证件正面照、证件反面照之间切换"), act_which, NEEDS_KEY},
	{'v', 0, "show", N_("显示或收起"), N_("显示图片，或收起不显示；远程登录时默认不显示，以节省流量"), act_show, NEEDS_KEY},
	{K_ESC, 0, "back", N_("返回"), N_("返回档案；新照片没有保存时先询问"), act_back, 0},
};

const struct screen_ops photo_screen = {
	.name = "photo",
	.title = N_("照片"),
	.state_size = sizeof(struct photo_state),
	.open = photo_open,
	.heading = photo_heading,
	.draw = photo_draw,
	.event = photo_event,
	.close = photo_close,
	.has_row = photo_fresh,
	.fds = photo_fds,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
