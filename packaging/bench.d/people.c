/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Commoner surnames stand oftener: a name is drawn by place. */
static const char *const surnames[] = {
	"王", "王", "王", "李", "李", "李", "张", "张", "张", "刘", "刘", "陈", "陈", "杨", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱",
	"胡", "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘",
	"于", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪", "范", "金",
	"石", "廖", "贾", "夏", "韦", "付", "方", "白", "邹", "孟", "熊", "秦", "邱", "江", "尹", "薛", "闫", "段", "雷", "侯", "龙", "史", "陶",
	"黎", "贺", "顾", "毛", "郝", "龚", "邵", "万", "钱", "严", "欧阳", "司马", "单", "尉迟",
};
static const char *const given[] = {
	"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华",
	"玉", "萍", "红", "玲", "芬", "燕", "彬", "建", "国", "文", "志", "德", "海", "春", "金", "福", "荣", "生", "兴", "旺", "贵", "林", "森", "山",
	"川", "河", "云", "峰", "龙", "虎", "波", "浩", "宇", "轩", "梓", "涵", "子", "俊", "家", "豪", "嘉", "欣", "怡", "佳", "慧", "晓", "东", "南",
	"西", "北", "宁", "安", "康", "乐", "新", "立", "学", "永", "长", "万", "顺", "先", "大", "小", "少", "光", "正", "义", "仁", "礼", "智", "信",
	"忠", "孝", "廷", "朝", "凤", "兰", "梅", "竹", "菊", "莲", "珍", "珠", "宝", "玺", "铁", "钢", "柱", "栓", "锁", "根", "栋", "梁", "柏", "松",
};

static uint32_t mix(uint32_t x) /* any fixed scattering will do: the same people on every machine */
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ x >> 16;
}

void bench_person(struct bench_person *out, unsigned i)
{
	uint32_t a = mix(i * 2 + 1), b = mix(i * 2 + 2);
	const char *second = a >> 28 == 0 ? "" : given[(b >> 8) % ARRAY_LEN(given)];
	int year, month, day;
	char digits[32];
	date_t first;

	snprintf(out->name, sizeof(out->name), "%s%s%s", surnames[a % ARRAY_LEN(surnames)], given[b % ARRAY_LEN(given)], second);
	date_from_ymd(1966, 3, 1, &first);
	date_to_ymd(first + (date_t)(i / 1000 % 14000), &year, &month, &day);
	snprintf(digits, sizeof(digits), "110199%08u%03u", (unsigned)(year * 10000 + month * 100 + day), i % 1000);
	text_copy(out->number, sizeof(out->number), digits);
	out->number[17] = id_number_check_digit(out->number);
	out->number[18] = '\0';
	snprintf(digits, sizeof(digits), "1%u%09u", 3 + b % 7, mix(i + 77) % 1000000000U);
	text_copy(out->phone, sizeof(out->phone), digits);
}

/* Any value that the kind accepts: measuring needs full rows, not sensible ones. */
static void fill(struct record *r, const struct profile *p, const struct field *f, unsigned i)
{
	const struct code *codes;
	size_t n;

	switch (f->kind) {
	case FIELD_CODE:
		n = profile_codes(p, f->codes, &codes);
		if (n)
			record_set(r, f->id, codes[i % n].code, ORIGIN_TYPED);
		break;
	case FIELD_DATE:
		record_set(r, f->id, "2026-03-02", ORIGIN_TYPED);
		break;
	case FIELD_MONEY:
		record_set(r, f->id, "35000", ORIGIN_TYPED);
		break;
	case FIELD_YES_NO:
		record_set(r, f->id, "0", ORIGIN_TYPED);
		break;
	case FIELD_PHONE:
		record_set(r, f->id, "13800000000", ORIGIN_TYPED);
		break;
	case FIELD_BANK_CARD:
		record_set(r, f->id, "6200000000000000003", ORIGIN_TYPED);
		break;
	case FIELD_NAME:
		record_set(r, f->id, "赵甲", ORIGIN_TYPED);
		break;
	default:
		record_set(r, f->id, "无", ORIGIN_TYPED);
	}
}

int bench_record(struct record *r, const struct profile *p, const struct bench_person *who, unsigned i, const char *participant, const char *team)
{
	struct id_card card = { .type = ID_CARD_RESIDENT, .sex = id_number_sex(who->number), .nation_code = "01", .nation = "汉" };

	id_number_birth(who->number, &card.birth);
	date_format(card.birth, card.birth_text);
	text_copy(card.name, sizeof(card.name), who->name);
	text_copy(card.number, sizeof(card.number), who->number);
	text_copy(card.address, sizeof(card.address), "某省某市某区练习路一百二十三号四单元五零六室");
	text_copy(card.authority, sizeof(card.authority), "某市公安局某分局");
	date_parse("2020-05-01", &card.valid_from);
	date_parse("2040-05-01", &card.valid_to);
	text_copy(card.valid_from_text, sizeof(card.valid_from_text), "2020-05-01");
	text_copy(card.valid_to_text, sizeof(card.valid_to_text), "2040-05-01");
	if (record_from_card(r, &card) != 0)
		return -1;
	for (int id = 0; id < FIELD_COUNT; id++) {
		const struct field *f = field_get((enum field_id)id);

		if (!(f->flags & FIELD_FROM_CARD) && profile_offers(p, FORM_REGISTER, f->id) && !*record_get(r, f->id))
			fill(r, p, f, i);
	}
	record_set(r, F_PHONE, who->phone, ORIGIN_TYPED);
	record_set(r, F_COMPANY, participant, ORIGIN_TYPED);
	return record_set(r, F_TEAM, team, ORIGIN_TYPED);
}
