/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper_one.h"

#include <string.h>
#include <sys/mman.h>

#include "base/i18n.h"
#include "desk/export.h"
#include "desk/paper.h"
#include "dialog.h"

enum { BACK, PRINTER, WRITE };

static int into(struct ui *ui, const struct paper_one *p, bool printer, int fd, struct err *e)
{
	struct export_spec spec = {.list = p->list, .form = printer ? "printer" : "pdf"};
	struct office_out out;
	struct err own = {0};
	int last;

	if (desk_export_begin(ui_desk(ui), &spec, e))
		return -1;
	last = office_out_open(&out, "pdf", fd, e);
	if (!last) {
		last = p->put(ui_desk(ui), p, &out, e) || office_out_end(&out, e) ? -1 : 0;
		office_out_release(&out);
	}
	if (!last && printer)
		last = desk_printer_send(fd, e);
	return desk_export_end(ui_desk(ui), &spec, last ? -1 : 1, last ? &own : e) && !last ? -1 : last;
}

static int open_target(struct office_file *f, bool printer, const char *path, struct err *e)
{
	if (!printer)
		return office_file_new(f, path, false, e);
	*f = (struct office_file){.fd = memfd_create("paper", MFD_CLOEXEC)};
	return f->fd < 0 ? err_errno(e, "memfd_create") : 0;
}

static void named(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct paper_one *p = owner;
	bool printer = answer == PRINTER;
	const char *kind = office_kind_of(input);
	struct office_file f;
	struct err e = {0};

	if (answer != PRINTER && answer != WRITE)
		return;
	if (!printer && (!kind || strcmp(kind, "pdf")))
		ui_say(ui, SAY_ERROR, "%s", _("文件名要以 .pdf 结尾"));
	else if (open_target(&f, printer, input, &e) ||
		 office_file_end(&f, into(ui, p, printer, f.fd, &e), &e))
		ui_fail(ui, &e);
	else if (printer)
		ui_say(ui, SAY_DONE, "%s", _("已送打印机"));
	else
		ui_say(ui, SAY_DONE, _("已写出：%s"), f.path);
}

void paper_one_ask(struct ui *ui, struct paper_one *p)
{
	dialog_ask(
		ui,
		&(struct dialog_arg){
			.title = N_("打印这一条"),
			.text = _("一张 A4，签字用：写成 PDF 文件（文件名以 .pdf 结尾），或直接送打印机。"),
			.button = {N_("返回"), N_("送打印机"), N_("写出")},
			.n_buttons = 3,
			.focus = WRITE,
			.input_label = N_("文件"),
			.input_chars = 300,
			.done = named,
			.owner = p});
}

int paper_one_put(cJSON *sheet, struct office_out *out, struct err *e)
{
	int last = desk_paper_put(sheet, out, e);

	cJSON_Delete(sheet);
	return last;
}
