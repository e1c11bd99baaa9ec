/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The weeks that lie behind the invented site of `shiming practice`: people who have come, posts that are held and posts that are vacant,
 * a fortnight of clockings, a device that is silent, a register that is kept, a sheet of wages. Made through the desk like anybody's, with the
 * clock set back (base/dates.h), so that days, rates and alarms are reckoned as they would be on a real site. Everybody is invented; their
 * district 440199 does not exist.
 */
#ifndef CLI_PRACTICE_WEEKS_H
#define CLI_PRACTICE_WEEKS_H

#include "desk/desk.h"

#define PRACTICE_SILENT_DEVICE "LX-KQ-02" /* stands in the register and has not been heard for three days */

struct practice_weeks {
	const char *dir; /* an empty file is made there for a moment */
	const char *contractor, *labour; /* uids of the participants */
	const char *device; /* serial number of the one at which everybody clocks */
};
/* When the site is made: set the clock there before desk_init(). */
int64_t practice_weeks_begin_ms(void);
/* d: the clerk's session, which it is again afterwards. The clock is the machine's again, whatever the result. */
int practice_weeks_make(struct desk *d, const struct practice_weeks *w, struct err *e);

#endif
