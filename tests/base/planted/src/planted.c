/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Not compiled: what catalogue.sh must notice. */
static const char *const words[] = {_("没有译文"), N_("也没有译文"), P_("上下文", "没有译文"), _("有译文"), _("%d 人"), _("照抄"), _("两种")};
ERR(ERR_PLANTED, ERR_CLASS_ACTION, 1, "句子没有译文", "办法没有译文")
