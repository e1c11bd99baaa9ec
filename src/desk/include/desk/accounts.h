/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking after accounts (REQUIREMENTS I4, I6): new passwords for others, and roles lent for a time. Making, disabling and listing accounts, and
 * one's own password, are desk/desk.h.
 *
 * Lending (SH-QA second round, management 7: a project manager may authorise others of the project for what is in his duties): whoever holds a
 * role may lend it to an account that works with people, until a last day that he names. The borrower acts in his own name; who lent him the
 * role stands in the audit log. A loan counts from the borrower's next login. It ends with the day, when it is taken back, or when either account is disabled; a session that is open then loses the
 * role with its next action. Nothing that is lent can be lent on.
 */
#ifndef DESK_ACCOUNTS_H
#define DESK_ACCOUNTS_H

#include "desk/desk.h"

/* A new password for another account, by whoever may make accounts; where the account works with people, by a session with the key (DESIGN 5). An
 * enabled account gets its way in by this. ERR_PASSWORD_WEAK, ERR_PASSWORD_REUSED, ERR_NOT_PERMITTED; one's own: ERR_FORBIDDEN. */
int desk_account_password(struct desk *d, const char *name, const char *new_password, struct err *e);

#define LEND_DAYS_MOST 92 /* a quarter; longer is another role, not a loan */
/* ERR_NOT_PERMITTED: not one's own roles. ERR_DATE: before today or too far. ERR_FORBIDDEN: to oneself, to a disabled account or one without key. */
int desk_lend(struct desk *d, const char *name, unsigned roles, date_t until, struct err *e);
struct loan { int64_t id; char name[64], by_name[64]; unsigned roles; date_t until; bool mine; /* lent by this session's account */ };
int desk_loan_list(struct desk *d, struct loan *rows, size_t cap, size_t *n, struct err *e); /* those that hold today */
/* By who lent it, or by who may make accounts. */
int desk_loan_end(struct desk *d, int64_t id, struct err *e);

#endif
