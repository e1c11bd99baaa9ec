/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Broken region files and what must be said of each: line, column, path, and a part of the reason. Every text is laid over the real
 * common.json; '\n' counts lines. NULL place: only the file's name (it is no JSON at all).
 */
#ifndef PROFILE_BROKEN_H
#define PROFILE_BROKEN_H

#define HEAD "{\"format\": 1, \"name\": \"broken\", \"title\": \"坏的\",\n \"sources\": {\"X\": \"某文件\"},\n"

static const struct broken {
	const char *text, *place, *reason;
} broken[] = {
	{"{\"format\": 1,", NULL, "JSON"},
	{"[1, 2]", "1:1", "对象"},
	{"{\"format\": 1, \"format\": 1}", NULL, "JSON"},
	{"{\"format\": 2, \"name\": \"broken\", \"title\": \"坏的\"}", "1:2 format", "format 应是 1"},
	{"{\"name\": \"broken\", \"title\": \"坏的\"}", "1:1", "format 应是 1"},
	{"{\"format\": 1, \"name\": \"other\", \"title\": \"坏的\"}", "1:15 name", "文件名"},
	{"{\"format\": 1, \"name\": \"broken\"}", "1:1", "缺少“title”"},
	{HEAD " \"colour\": {}}", "3:2 colour", "不认识的键"},
	{HEAD " \"rules\": []}", "3:2 rules", "对象"},
	{HEAD " \"prompts\": {}}", "3:2 prompts", "列表"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": 16}}}", "3:12 rules.limits.min_age", "缺少“source”"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": 16, \"source\": \"Y 一\"}}}", "3:44 rules.limits.min_age.source",
	 "没有列在 sources"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": 16, \"source\": \"X\"}}}", "3:44 rules.limits.min_age.source", "何处"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": \"16\", \"source\": \"X 一\"}}}", "3:31 rules.limits.min_age.value", "整数"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": 16.5, \"source\": \"X 一\"}}}", "3:31 rules.limits.min_age.value", "整数"},
	{HEAD " \"rules\": {\"limits.min_age\": {\"value\": 3, \"source\": \"X 一\"}}}", "3:31 rules.limits.min_age.value", "之间"},
	{HEAD " \"rules\": {\"limits.min_height\": {\"value\": 3, \"source\": \"X 一\"}}}", "3:12 rules.limits.min_height", "没有“limits.min_height”"},
	{HEAD " \"rules\": {\"over_age\": {\"value\": \"fatal\", \"source\": \"X 一\"}}}", "3:25 rules.over_age.value", "warn"},
	{HEAD " \"rules\": {\"leaving\": {\"value\": \"never\", \"source\": \"X 一\"}}}", "3:24 rules.leaving.value", "取值"},
	{HEAD " \"rules\": {\"teams.management_automatic\": {\"value\": 1, \"source\": \"X 一\"}}}",
	 "3:43 rules.teams.management_automatic.value", "true"},
	{HEAD " \"rules\": {\"over_age\": {\"value\": \"warn\", \"souce\": \"X\", \"source\": \"X 一\"}}}", "3:42 rules.over_age.souce",
	 "不认识的键"},
	{HEAD " \"steps\": {\"dance\": {\"own\": false, \"source\": \"X 一\"}}}", "3:12 steps.dance", "没有“dance”这个事件"},
	{HEAD " \"steps\": {\"enter\": {\"own\": false, \"source\": \"X 一\"}}}", "3:12 steps.enter", "不能省去"},
	{HEAD " \"steps\": {\"confirm\": {\"own\": \"no\", \"source\": \"X 一\"}}}", "3:24 steps.confirm.own", "true"},
	{HEAD " \"steps\": {\"confirm\": {\"authority\": \"king\", \"source\": \"X 一\"}}}", "3:24 steps.confirm.authority", "desk"},
	{HEAD " \"steps\": {\"confirm\": {\"own\": false, \"authority\": \"platform\", \"source\": \"X 一\"}}}", "3:12 steps.confirm",
	 "不能由平台"},
	{HEAD " \"steps\": {\"confirm\": {\"report\": true, \"source\": \"X 一\"}}}", "3:12 steps.confirm", "省去"},
	{HEAD " \"dates\": {\"enter\": {\"rule\": \"whenever\", \"source\": \"X 一\"}}}", "3:22 dates.enter.rule", "moment"},
	{HEAD " \"forms\": {\"dance\": {\"source\": \"X 一\"}}}", "3:12 forms.dance", "表单"},
	{HEAD " \"forms\": {\"exit\": {\"required\": {\"shoe_size\": {\"required\": true, \"source\": \"X 一\"}}, \"source\": \"X 一\"}}}",
	 "3:34 forms.exit.required.shoe_size", "shoe_size"},
	{HEAD " \"forms\": {\"exit\": {\"required\": {\"phone\": {\"required\": true, \"source\": \"X 一\"}}, \"source\": \"X 一\"}}}",
	 "3:34 forms.exit.required.phone", "不在 offer"},
	{HEAD " \"forms\": {\"exit\": {\"required\": {\"phone\": {\"source\": \"X 一\"}}, \"source\": \"X 一\"}}}",
	 "3:34 forms.exit.required.phone", "缺少“required”"},
	{HEAD " \"forms\": {\"exit\": {\"offer\": [\"phone\",\n  \"phone\"], \"source\": \"X 一\"}}}", "4:3 forms.exit.offer[1]", "两次"},
	{HEAD " \"forms\": {\"exit\": {\"offer\": [\"phone\", 3], \"source\": \"X 一\"}}}", "3:40 forms.exit.offer[1]", "字段名"},
	{HEAD " \"defaults\": {\"role\": {\"value\": \"77\", \"source\": \"X 一\"}}}", "3:15 defaults.role", "默认值"},
	{HEAD " \"defaults\": {\"contract_from\": {\"value\": \"soon\", \"source\": \"X 一\"}}}", "3:15 defaults.contract_from", "默认值"},
	{HEAD " \"defaults\": {\"number\": {\"value\": \"1\", \"source\": \"X 一\"}}}", "3:15 defaults.number", "默认值"},
	{HEAD " \"tables\": {\"more\": {\"file\": \"none.tsv\", \"source\": \"X 一\"}}}", "3:22 tables.more.file", "codes/none.tsv"},
	{HEAD " \"tables\": {\"more\": {\"file\": \"../common.json\", \"source\": \"X 一\"}}}", "3:22 tables.more.file", "文件名"},
	{HEAD " \"tables\": {\"sex\": {\"file\": \"sex.tsv\", \"only\": [\"male\", \"other\"], \"source\": \"X 一\"}}}",
	 "3:57 tables.sex.only[1]", "没有这个代码"},
	{HEAD " \"tables\": {\"sex\": {\"file\": \"sex.tsv\", \"wire\": {\"map\": {\"boy\": \"0\"}}, \"source\": \"X 一\"}}}",
	 "3:57 tables.sex.wire.map.boy", "没有代码“boy”"},
	{HEAD " \"tables\": {\"sex\": {\"file\": \"sex.tsv\", \"wire\": {\"send\": \"colour\"}, \"source\": \"X 一\"}}}",
	 "3:49 tables.sex.wire.send", "short_name"},
	{HEAD " \"prompts\": [{\"match\": \"甲\", \"cause\": \"乙\", \"action\": \"retry\", \"source\": \"X 一\"}]}", "3:14 prompts[0]",
	 "缺少“remedy”"},
};

#endif
