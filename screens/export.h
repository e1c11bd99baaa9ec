/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list below taken out as a table or on paper: what list.c's shared actions open. */
#ifndef SCREENS_EXPORT_H
#define SCREENS_EXPORT_H

#include "list.h"

struct export_arg {
	struct list *list;  /* of the screen below, which stays where it is */
	const char *name;   /* of that screen: for the record */
	const char *title;  /* msgid */
	bool print;         /* offer paper first */
};

#endif
