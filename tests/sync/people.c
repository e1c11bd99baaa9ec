/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/dates.h"
#include "base/text.h"

static uint64_t state;

static unsigned pick(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 20) % n);
}

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵",	"吴",
				       "周", "徐", "孙", "马", "朱", "胡", "林", "欧阳"};
static const char *const givens[] = {"伟",   "芳",   "娜",   "秀英", "敏",   "静",  "丽",   "强",
				     "磊",   "军",   "洋",   "勇",   "艳",   "杰",  "娟",   "涛",
				     "明",   "超",   "秀兰", "霞",   "平",   "刚",  "桂英", "建国",
				     "志强", "海燕", "国庆", "小红", "文斌", "天佑"};
static const char *const places[] = {"示例省样例市虚构县", "测试省演示市假设区", "样本自治区模拟州杜撰县",
				     "假想省例证市编造镇"};
static const char *const trades[] = {"010", "020", "030", "040", "050", "060",
				     "070", "080", "090", "100", "110", "900"};
static const char *const banks[] = {"102", "103", "104", "105", "301", "308", "403"};

#define PICK(list) list[pick((unsigned)ARRAY_LEN(list))]

static struct outgoing *add(struct people *p, const char *kind, struct buf *body)
{
	struct outgoing *o = &p->item[p->n];

	*o = (struct outgoing){.id = (int64_t)p->n + 1, .epoch = p->box.epoch, .sequence = ++p->box.sequence};
	uid_new(o->op);
	text_copy(o->kind, sizeof(o->kind), kind);
	o->body_bytes = body->len;
	o->body = buf_detach(body);
	assert_non_null(o->body);
	p->n++;
	return o;
}

/* GB 11643: weights 2^(17-i) mod 11. */
static void make_number(char out[19])
{
	static const int weight[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	snprintf(out, 19, "110199%04u%02u%02u%03u", 1961 + pick(45), 1 + pick(12), 1 + pick(28), pick(1000));
	for (int i = 0; i < 17; i++)
		sum += (out[i] - '0') * weight[i];
	out[17] = "10X98765432"[sum % 11];
	out[18] = '\0';
}

static void add_person(struct people *p, char uid[UID_TEXT])
{
	unsigned from = 2010 + pick(15), month = 1 + pick(12), day = 1 + pick(28);
	const char *place = PICK(places);
	struct buf b;
	char id[19];

	uid_new(uid);
	make_number(id);
	buf_init(&b, 4096);
	buf_addf(&b,
		 "{\"uid\":\"%s\",\"workerName\":\"%s%s\",\"idCardType\":\"01\",\"idCardNumber\":\"%s\","
		 "\"gender\":\"%s\",\"nation\":\"%s\","
		 "\"birthday\":\"%.4s-%.2s-%.2s\",\"address\":\"%s第%u村民组%u号\",\"grantOrg\":\"%s公安局\","
		 "\"startDate\":\"%u-%02u-%02u\","
		 "\"expiryDate\":\"%u-%02u-%02u\",\"cellPhone\":\"1%u%08u\",\"cultureLevelType\":\"0%u\","
		 "\"politicsType\":\"13\",\"isManual\":0}",
		 uid, PICK(surnames), PICK(givens), id, (id[16] - '0') % 2 ? "男" : "女",
		 pick(12) ? "汉族" : "壮族", id + 6, id + 10, id + 12, place, 1 + pick(40), 1 + pick(400),
		 place, from, month, day, from + 20, month, day, 30 + pick(69), pick(100000000), 1 + pick(6));
	add(p, "person.add", &b);
}

static void add_employment(struct people *p, const char *person, char uid[UID_TEXT])
{
	struct buf b;

	uid_new(uid);
	buf_init(&b, 4096);
	buf_addf(&b,
		 "{\"uid\":\"%s\",\"person\":\"%s\",\"projectCode\":\"110199202611200101\",\"participant\":"
		 "\"%s\",\"corpCode\":\"91110199MA0000000A\","
		 "\"workRole\":\"20\",\"workType\":\"%s\",\"contractPeriodType\":\"1\",\"startDate\":\"2026-"
		 "11-20\",\"endDate\":\"2027-%02u-28\","
		 "\"payRollType\":\"%u\",\"wage\":%u,\"payRollTopBankCode\":\"%s\",\"payRollBankCardNumber\":"
		 "\"62%09u%08u\",\"trainedOn\":\"2026-11-%02u\"}",
		 uid, person, p->participant, PICK(trades), 1 + pick(12), 1 + pick(3),
		 20000 + pick(400) * 100, PICK(banks), pick(1000000000), pick(100000000), 1 + pick(20));
	add(p, "employment.offer", &b);
}

static void add_assignment(struct people *p, const char *person, const char *employment)
{
	char uid[UID_TEXT];
	struct buf b;

	uid_new(uid);
	buf_init(&b, 4096);
	buf_addf(&b,
		 "{\"uid\":\"%s\",\"employment\":\"%s\",\"person\":\"%s\",\"projectCode\":"
		 "\"110199202611200101\",\"team\":\"%s\","
		 "\"workType\":\"%s\",\"isTeamLeader\":0,\"date\":\"2026-11-20\"}",
		 uid, employment, person, p->team, PICK(trades));
	add(p, "assignment.submit", &b);
}

static void add_site(struct people *p)
{
	char company[UID_TEXT];
	struct buf b;

	uid_new(company);
	uid_new(p->participant);
	uid_new(p->team);
	buf_init(&b, 4096);
	buf_addf(&b, "{\"uid\":\"%s\",\"corpCode\":\"91110199MA0000000A\",\"corpName\":\"示例建筑有限公司\"}",
		 company);
	add(p, "company.add", &b);
	buf_addf(&b,
		 "{\"uid\":\"%s\",\"projectCode\":\"110199202611200101\",\"corpCode\":\"91110199MA0000000A\","
		 "\"corpName\":\"示例建筑有限公司\","
		 "\"corpType\":\"009\"}",
		 p->participant);
	add(p, "participant.add", &b);
	buf_addf(&b,
		 "{\"uid\":\"%s\",\"projectCode\":\"110199202611200101\",\"participant\":\"%s\",\"teamName\":"
		 "\"钢筋一班\",\"teamKind\":\"worker\"}",
		 p->team, p->participant);
	add(p, "team.add", &b);
	people_step(p, "participant.enter", p->participant, "2026-11-20");
	people_step(p, "team.enter", p->team, "2026-11-20");
}

void people_make(struct people *p, unsigned registrations, unsigned seed)
{
	char person[UID_TEXT], employment[UID_TEXT];

	*p = (struct people){.box = {.epoch = 1}};
	state = 0x9E3779B97F4A7C15u ^ seed;
	uid_new(p->box.uid);
	p->item = calloc(PEOPLE_SITE + registrations * 6 + 16, sizeof(*p->item));
	assert_non_null(p->item);
	clock_fix_ms(1795154400000 +
		     (int64_t)seed *
			     86400000); /* made in the course of days, as at a desk: uids tell the time */
	add_site(p);
	for (unsigned i = 0; i < registrations; i++) {
		clock_fix_ms(clock_now_ms() + 20000 + pick(200000));
		add_person(p, person);
		add_employment(p, person, employment);
		add_assignment(p, person, employment);
	}
	clock_fix_ms(0);
}

void people_release(struct people *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->item[i].body);
	free(p->item);
	*p = (struct people){0};
}

size_t people_step(struct people *p, const char *kind, const char *subject, const char *date)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_addf(&b, "{\"uid\":\"%s\",\"projectCode\":\"110199202611200101\",\"date\":\"%s\"}", subject,
		 date);
	add(p, kind, &b);
	return p->n - 1;
}

const char *people_subject(const struct people *p, size_t item, char uid[UID_TEXT])
{
	const char *at = strstr(p->item[item].body, "\"uid\":\"");

	assert_non_null(at);
	memcpy(uid, at + 7, UID_TEXT - 1);
	uid[UID_TEXT - 1] = '\0';
	return uid;
}
