/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies of operations: JSON objects in the words of the national data standard, made of what the file says
 * when the operation is frozen. Every body has the subject's own uid; empty values are left out; codes are
 * the profile's wire codes, money whole fen.
 *
 *   company.*         corpCode corpName corpShortName areaCode registerDate
 *   participant.add, .amend   projectCode corpCode corpName corpType pmName pmPhone pmIdCardType pmIdCardNumber
 *   team.associate, .unbind, .confirm_association, .refuse_association   projectCode corpCode corpName (the subcontractor's) date reason
 *   team.add, .amend  projectCode participant corpCode teamName teamKind
 *   person.*          the person's fields by their wire names, isManual
 *   employment.offer, .amend   person projectCode participant corpCode, the employment's fields
 *   contract.add, .amend       person employment projectCode corpCode contractPeriodType startDate endDate unit unitPrice scan renews date
 *   assignment.submit, .amend   employment person projectCode team workType isTeamLeader date
 *   attendance.clock  person assignment projectCode at direction means device image
 *   post.fill         projectCode post (code of trades) seat person date reason
 *   post.absence      projectCode post (the seat's uid) date reason
 *   payroll.add, .amend        person projectCode payMonth backPayMonth days totalPayAmount actualAmount balanceDate payRollBankName
 *                              payRollBankCardNumber thirdPayRollCode
 *   training.add, .amend       projectCode trainingDate trainingTypeCode trainingName trainingDuration trainer trainingAddress workers [uid]
 *   book.add, .amend           projectCode register title person workers [uid], values {the register's fields}
 *   device.add, .amend         projectCode deviceKind serialNumber makerCode position model method biometric direction
 *   training., book., device.remove   projectCode date
 *   anything else     projectCode date reason
 *
 * Where the dialect is the device protocol, person.* has nationNumber (its own dictionary) and headImage besides.
 * Where the project's dialect is the open.api, whose records have no uids, bodies are flat and whole (wire_open.c): a
 * worker with his company, his team's number, his document and his photograph in one.
 */
#ifndef DESK_WIRE_H
#define DESK_WIRE_H

#include "desk_private.h"
#include "domain/upload_way.h"
#include "store/outbox.h"

/* May the body be made now? A contract waits until the platform has the worker. A correction of a worker waits while his own operation is under way on a wire where that one tells everything:
 * made then, it would be told with what has left already. */
int wire_ready(struct desk *d, const struct db_outbox *row, bool *ready, struct err *e);
/* Must what an operation rests on have been accepted before its body is made? Where bodies name numbers that the platform gives. */
bool wire_in_steps(const struct desk *d);
/* Would a contract's scan of so many bytes go with the contract? Where scans do not go at all, it is done by hand and any will do. */
bool wire_takes_scan(const struct desk *d, size_t bytes);
/* How a kind reaches the project's platform. */
enum upload_way wire_way(const struct desk *d, const char *kind);
enum upload_dialect wire_dialect(const struct desk *d);
/* Has the project's dialect a place for wages that are not paid yet? */
bool wire_takes_unpaid(const struct desk *d);
/* Has it one for what an assignment that was submitted is corrected to, its team and leader? */
bool wire_moves(const struct desk *d);
/* Added to out, which the caller wipes. */
int wire_body(struct desk *d, const struct db_outbox *row, struct buf *out, struct err *e);

#endif
