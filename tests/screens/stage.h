/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The application on a pty in the test's own process: the real desk over the invented site of tests/desk, the real terminal, keys given
 * as a person would type them. Nothing is waited for: each key is dealt with and painted before the call returns.
 */
#ifndef TESTS_SCREENS_STAGE_H
#define TESTS_SCREENS_STAGE_H

#include "desk/desk_site.h"
#include "screens/glass.h"

#include "../../screens/terminal.h"
#include "../../screens/ui.h"

struct stage {
	struct site site;
	struct glass *glass;
	struct term *term;
	struct ui *ui;
	struct screens_options options;
	int control[2];         /* what practice's card key writes comes out at [0] */
	int64_t now;            /* given to ui_tick() */
};

void stage_open(struct stage *s, const char *type);       /* people: as the site has them; nobody logged in; national rules */
void stage_open_in(struct stage *s, const char *type, const char *profile);
void stage_close(struct stage *s);
void stage_people(struct stage *s, unsigned n);           /* registers people 1…n, before or after the login */
void stage_login(struct stage *s, const char *account);   /* through the login screen */
/* Keys: text as it stands; <Enter> <Esc> <Tab> <BackTab> <Up> … <F1> <C-s>. Each one dispatched and painted. */
void stage_keys(struct stage *s, const char *keys);
size_t stage_bytes(struct stage *s, int key);             /* one key: the bytes it sent */
void stage_paint(struct stage *s);
void stage_tick(struct stage *s, int64_t ms);             /* time passes, in one step */
void stage_card(struct stage *s, unsigned person);        /* a card is read: person n of the invented ones */
void stage_card_event(struct stage *s, unsigned person, struct card_event *out); /* what the helper says of it */
void stage_start_ui(struct stage *s);                     /* a new application on the same terminal and desk, as after a start */
void stage_drop_ui(struct stage *s);

void stage_to_field(struct stage *s, const char *label);  /* with Tab, from wherever the cursor is */
void stage_fill_work(struct stage *s);                    /* what a card does not say, in the registration form */
void stage_save(struct stage *s);                         /* fills what still blocks with the first value of its list, or a date */

bool stage_shows(struct stage *s, const char *text);
void stage_on(struct stage *s, const char *screen);       /* the screen on top has this name */
#define stage_expect(s, text) do { if (!stage_shows((s), (text))) { glass_print((s)->glass); fail_msg("not on the screen: %s", (text)); } } while (0)
#define stage_expect_not(s, text) do { if (stage_shows((s), (text))) { glass_print((s)->glass); fail_msg("on the screen: %s", (text)); } } while (0)
void stage_assert_footer(struct stage *s);                /* nothing stands in it twice: no key, no word */
void stage_assert_cursor(struct stage *s);                /* U7: the hardware cursor is where the canvas says, and somebody said it */

#endif
