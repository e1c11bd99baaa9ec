/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second readings, kept by hand; likeliest first. The table's own reading (pinyin_gen) is always kept as
 * well, so only what it may lack stands here. Traditional forms are listed beside the simplified ones: Hong
 * Kong, Macao and Taiwan permits have them.
 *
 * surnames: at the head of a name. Of two-character surnames, each character's reading.
 * others: anywhere in a name.
 */
struct second {
	const char *text;
	const char *readings; /* separated by blanks; of a two-character surname: first of the first, then of
				 the second */
};

static const struct second surnames[] = {
	{"么", "yao"},		{"单", "shan dan"},	{"單", "shan dan"},    {"曾", "zeng ceng"},
	{"解", "xie jie"},	{"仇", "qiu chou"},	{"查", "zha cha"},     {"盖", "ge gai"},
	{"蓋", "ge gai"},	{"区", "ou qu"},	{"區", "ou qu"},       {"朴", "piao pu"},
	{"乐", "yue le"},	{"樂", "yue le"},	{"覃", "qin tan"},     {"翟", "zhai di"},
	{"缪", "miao mou"},	{"繆", "miao mou"},	{"乜", "nie mie"},     {"员", "yun yuan"},
	{"員", "yun yuan"},	{"贠", "yun yuan"},	{"黑", "he hei"},      {"种", "chong zhong"},
	{"種", "chong zhong"},	{"召", "shao zhao"},	{"繁", "po fan"},      {"秘", "bi mi"},
	{"祕", "bi mi"},	{"洗", "xian xi"},	{"逢", "pang feng"},   {"佴", "nai er"},
	{"都", "du dou"},	{"会", "gui hui"},	{"會", "gui hui"},     {"车", "che ju"},
	{"車", "che ju"},	{"贾", "jia gu"},	{"賈", "jia gu"},      {"费", "fei bi"},
	{"費", "fei bi"},	{"谌", "chen shen"},	{"諶", "chen shen"},   {"郇", "xun huan"},
	{"郗", "xi chi"},	{"郄", "qie xi"},	{"隗", "wei kui"},     {"瞿", "qu ju"},
	{"牟", "mou mu"},	{"宓", "mi fu"},	{"宿", "su xiu"},      {"薄", "bo bao"},
	{"卜", "bu bo"},	{"折", "she zhe"},	{"尉", "wei yu"},      {"冒", "mao mo"},
	{"盛", "sheng cheng"},	{"祭", "zha ji"},	{"能", "nai neng"},    {"那", "na nuo"},
	{"莘", "shen xin"},	{"句", "gou ju"},	{"俞", "yu shu"},      {"沈", "shen chen"},
	{"炅", "gui jiong"},	{"炔", "gui que"},	{"钭", "tou dou"},     {"鈄", "tou dou"},
	{"镡", "tan chan xin"}, {"鐔", "tan chan xin"}, {"剡", "shan yan"},    {"啜", "chuai chuo"},
	{"粘", "nian zhan"},	{"蔚", "yu wei"},	{"阚", "kan"},	       {"强", "qiang jiang"},
	{"強", "qiang jiang"},	{"拓", "tuo ta"},	{"长", "chang zhang"}, {"長", "chang zhang"},
	{"刀", "dao diao"},	{"重", "chong zhong"},	{"柏", "bai bo"},      {"藏", "zang cang"},
	{"晟", "cheng sheng"},	{"澄", "cheng deng"},	{"角", "jue jiao"},    {"朝", "chao zhao"},
	{"颉", "xie jie"},	{"頡", "xie jie"},	{"隽", "juan jun"},    {"雋", "juan jun"},
	{"筠", "yun jun"},	{"峙", "shi zhi"},	{"褚", "chu zhu"},     {"盍", "he ge"},
	{"参", "shen can"},	{"參", "shen can"},	{"暴", "bao pu"},      {"乘", "sheng cheng"},
	{"尉迟", "yu chi"},	{"尉遲", "yu chi"},	{"万俟", "mo qi"},     {"萬俟", "mo qi"},
	{"长孙", "zhang sun"},	{"長孫", "zhang sun"},	{"单于", "chan yu"},   {"單于", "chan yu"},
	{"澹台", "tan tai"},	{"澹臺", "tan tai"},	{"难", "ning nan"},    {"難", "ning nan"},
	{"适", "kuo shi"},	{"降", "xiang jiang"},	{"令狐", "ling hu"},   {"夏侯", "xia hou"},
	{"宰父", "zai fu"},	{"乐正", "yue zheng"},	{"樂正", "yue zheng"}, {"鲜于", "xian yu"},
	{"鮮于", "xian yu"},	{"仉督", "zhang du"},	{"子车", "zi ju"},     {"子車", "zi ju"},
	{"颛孙", "zhuan sun"},	{"顓孫", "zhuan sun"},	{"亓官", "qi guan"},   {"谷梁", "gu liang"},
	{"百里", "bai li"},	{"拓跋", "tuo ba"},	{"夹谷", "jia gu"},    {"夾谷", "jia gu"},
	{"公冶", "gong ye"},	{"漆雕", "qi diao"},	{"壤驷", "rang si"},   {"相里", "xiang li"},
	{"不更", "bu geng"},	{"哥舒", "ge shu"},	{"赫连", "he lian"},   {"吐谷", "tu yu"},
	{"尔朱", "er zhu"},	{"呼延", "hu yan"},	{"可频", "ke pin"},    {"冒顿", "mo du"},
};

static const struct second others[] = {
	{"俟", "si qi"},	{"么", "me yao"},	{"圳", "zhen chou"},   {"埔", "pu bu"},
	{"乐", "le yue"},	{"樂", "le yue"},	{"长", "chang zhang"}, {"長", "chang zhang"},
	{"朝", "chao zhao"},	{"重", "zhong chong"},	{"行", "xing hang"},   {"盛", "sheng cheng"},
	{"晟", "sheng cheng"},	{"茜", "qian xi"},	{"莘", "xin shen"},    {"莎", "sha suo"},
	{"筠", "yun jun"},	{"单", "dan shan"},	{"單", "dan shan"},    {"曾", "zeng ceng"},
	{"会", "hui kuai"},	{"會", "hui kuai"},	{"都", "du dou"},      {"卜", "bu bo"},
	{"地", "di de"},	{"柏", "bai bo"},	{"伯", "bo bai"},      {"泊", "bo po"},
	{"薄", "bo bao"},	{"强", "qiang jiang"},	{"強", "qiang jiang"}, {"降", "jiang xiang"},
	{"藏", "zang cang"},	{"澄", "cheng deng"},	{"蔚", "wei yu"},      {"尉", "wei yu"},
	{"隽", "jun juan"},	{"雋", "jun juan"},	{"炅", "jiong gui"},   {"焘", "tao dao"},
	{"燾", "tao dao"},	{"栎", "li yue"},	{"乘", "cheng sheng"}, {"称", "cheng chen"},
	{"宿", "su xiu"},	{"莞", "guan wan"},	{"菀", "wan yu"},      {"仔", "zai zi"},
	{"琢", "zhuo zuo"},	{"露", "lu lou"},	{"觉", "jue jiao"},    {"覺", "jue jiao"},
	{"角", "jiao jue"},	{"盖", "gai ge"},	{"蓋", "gai ge"},      {"区", "qu ou"},
	{"参", "can shen cen"}, {"參", "can shen cen"}, {"拓", "tuo ta"},      {"适", "shi kuo"},
	{"解", "jie xie"},	{"颉", "jie xie"},	{"粘", "nian zhan"},   {"堡", "bao bu pu"},
	{"浚", "jun xun"},	{"濬", "jun xun"},	{"洗", "xi xian"},     {"嬛", "huan xuan"},
	{"沈", "shen chen"},	{"镐", "hao gao"},	{"鎬", "hao gao"},     {"龟", "gui qiu jun"},
	{"龜", "gui qiu jun"},	{"员", "yuan yun"},	{"員", "yuan yun"},    {"查", "cha zha"},
};
