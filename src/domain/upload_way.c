/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/upload_way.h"

#include <string.h>

#include "base/text.h"

static const char *const names[DIALECT_COUNT] = {[DIALECT_NATIVE] = "native", [DIALECT_OPEN_API] = "open_api", [DIALECT_DEVICE] = "device"};

#define SENT WAY_SENDS
#define WITH WAY_TOLD_WITH
#define HAND WAY_BY_HAND

/* In the open.api a worker's call says who he is, who employs him and in which team he is; a team's coming and going shows in its people's; consent
 * and confirming are not that platform's business; nothing is ever deleted there, and wages and training are not amended. */
static const struct upload_kind kinds[] = {
	/* kind                        native open.api device */
	{"company.add",               {SENT, SENT, HAND}},
	{"company.amend",             {SENT, HAND, HAND}},
	{"participant.add",           {SENT, SENT, HAND}},
	{"participant.amend",         {SENT, HAND, HAND}},
	{"participant.enter",         {SENT, SENT, HAND}},
	{"participant.exit",          {SENT, SENT, HAND}},
	{"team.add",                  {SENT, SENT, HAND}},
	{"team.amend",                {SENT, HAND, HAND}},
	{"team.associate",            {SENT, HAND, HAND}},
	{"team.confirm_association",  {SENT, HAND, HAND}},
	{"team.refuse_association",   {SENT, HAND, HAND}},
	{"team.unbind",               {SENT, HAND, HAND}},
	{"team.set_own",              {SENT, HAND, HAND}},
	{"team.enter",                {SENT, WITH, HAND}},
	{"team.exit",                 {SENT, WITH, HAND}},
	{"person.add",                {SENT, WITH, SENT}},
	{"person.amend",              {SENT, SENT, SENT}},
	{"card.front",                {WITH, SENT, HAND}}, /* native: contents go after the texts (attachments) */
	{"card.back",                 {WITH, SENT, HAND}},
	{"employment.offer",          {SENT, WITH, HAND}},
	{"employment.amend",          {SENT, SENT, HAND}},
	{"employment.register",       {SENT, WITH, HAND}},
	{"employment.withdraw_offer", {SENT, WITH, HAND}},
	{"employment.agree_leave",    {SENT, HAND, HAND}},
	{"employment.dismiss",        {SENT, HAND, HAND}},
	{"employment.record_leaving", {SENT, HAND, HAND}},
	{"employment.leaving_day",    {SENT, HAND, HAND}},
	{"employment.take_back",      {SENT, HAND, HAND}},
	{"employment.died",           {SENT, HAND, HAND}},
	{"employment.contract_ended", {SENT, HAND, HAND}},
	{"contract.add",              {SENT, SENT, HAND}},
	{"contract.amend",            {SENT, HAND, HAND}},
	{"contract.end",              {SENT, HAND, HAND}},
	{"contract.terminate",        {SENT, HAND, HAND}},
	{"assignment.submit",         {SENT, SENT, HAND}},
	{"assignment.amend",          {SENT, HAND, HAND}},
	{"assignment.accept",         {WITH, WITH, HAND}}, /* the first tier's own word: the confirmation tells it */
	{"assignment.confirm",        {SENT, WITH, HAND}},
	{"assignment.return",         {SENT, HAND, HAND}},
	{"assignment.withdraw",       {SENT, HAND, HAND}},
	{"assignment.enter",          {SENT, SENT, HAND}},
	{"assignment.exit",           {SENT, SENT, HAND}},
	{"attendance.clock",          {SENT, SENT, SENT}}, /* over the device protocol a face only (JM-3 1.2.4): dialect_device.c */
	{"payroll.add",               {SENT, SENT, HAND}},
	{"payroll.amend",             {SENT, HAND, HAND}},
	{"training.add",              {SENT, SENT, HAND}},
	{"training.amend",            {SENT, HAND, HAND}},
	{"training.remove",           {SENT, HAND, HAND}},
	{"book.add",                  {SENT, HAND, HAND}},
	{"book.amend",                {SENT, HAND, HAND}},
	{"book.remove",               {SENT, HAND, HAND}},
	{"device.add",                {SENT, HAND, HAND}},
	{"device.amend",              {SENT, HAND, HAND}},
	{"device.remove",             {SENT, HAND, HAND}},
	{"post.fill",                 {SENT, HAND, HAND}},
	{"post.vacate",               {SENT, HAND, HAND}},
	{"post.absence",              {SENT, HAND, HAND}},
};

static const struct upload_file files[] = {
	/* role          native open.api device */
	{"photo",       {SENT, WITH, WITH}},
	{"clock",       {SENT, WITH, WITH}},
	{"card_front",  {SENT, WITH, HAND}},
	{"card_back",   {SENT, WITH, HAND}},
	{"contract",    {SENT, WITH, HAND}},
	{"evidence",    {SENT, HAND, HAND}},
	{"association", {SENT, HAND, HAND}},
};

const struct upload_file *upload_file_at(unsigned i)
{
	return i < ARRAY_LEN(files) ? &files[i] : NULL;
}

const char *upload_dialect_name(enum upload_dialect d)
{
	return (unsigned)d < DIALECT_COUNT ? names[d] : "";
}

bool upload_dialect_parse(const char *name, enum upload_dialect *out)
{
	for (int i = 0; i < DIALECT_COUNT; i++)
		if (!strcmp(names[i], name)) {
			*out = (enum upload_dialect)i;
			return true;
		}
	return false;
}

const struct upload_kind *upload_kind_at(unsigned i)
{
	return i < ARRAY_LEN(kinds) ? &kinds[i] : NULL;
}

enum upload_way upload_way(enum upload_dialect d, const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].way[d];
	return d == DIALECT_NATIVE ? WAY_SENDS : WAY_BY_HAND;
}
